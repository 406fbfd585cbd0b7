"""What the tests of the world share: worlds made once, a digest of a world, the recorded data beside the checkout."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import attrs
import pytest
from leadgen_sandbox.world import Made, make_world

from leadgen_core.contracts.world import Appointment, Control, Human, WorldCompany

__all__ = ["both_lists", "digest", "entries", "enumeration", "humans", "made", "register_data"]


@cache
def made(seed: int = 1, companies: int = 1_500, profile: str = "clean") -> Made:
    """A world that nobody changes, so tests may share it."""
    return make_world(seed, companies, profile)


def digest(companies: Iterable[WorldCompany]) -> str:
    """Of everything that the companies say."""
    hashed = hashlib.sha256()
    for company in companies:
        hashed.update(json.dumps(attrs.asdict(company), default=str, sort_keys=True, ensure_ascii=True).encode())
    return hashed.hexdigest()


def entries(company: WorldCompany) -> Iterator[Appointment | Control]:
    """Both lists."""
    yield from company.appointments
    yield from company.controls


def humans(company: WorldCompany) -> Iterator[Human]:
    """Every entry of a human."""
    for entry in entries(company):
        if isinstance(entry.who, Human):
            yield entry.who


def both_lists(companies: Iterable[WorldCompany]) -> Iterator[tuple[list[Human], Human]]:
    """For each human in both lists of a company: their officer entries, and their PSC entry."""
    for company in companies:
        officers: dict[str, list[Human]] = {}
        for appointment in company.appointments:
            if isinstance(appointment.who, Human):
                officers.setdefault(appointment.who.person, []).append(appointment.who)
        done: set[str] = set()
        for control in company.controls:
            who = control.who
            if isinstance(who, Human) and who.person in officers and who.person not in done:
                done.add(who.person)
                yield officers[who.person], who


def register_data(*parts: str) -> Path:
    """A path in ``data/companies-house`` of the shared folder, or a skip; see LEADGEN_SHARED."""
    named = os.environ.get("LEADGEN_SHARED")
    folders = [Path(named)] if named else [folder / "shared" for folder in Path(__file__).resolve().parents]
    for folder in folders:
        path = folder.joinpath("data", "companies-house", *parts)
        if path.exists():
            return path
    pytest.skip(f"{'/'.join(parts)} is not beside this checkout; LEADGEN_SHARED can name the folder")


@cache
def _loaded(path: Path) -> dict[str, dict[str, Any]]:
    import yaml

    with path.open(encoding="utf-8") as file:
        loaded: dict[str, dict[str, Any]] = yaml.load(file, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return loaded


def enumeration(file: str, name: str) -> frozenset[str]:
    """The keys of one of the register's enumerations."""
    return frozenset(_loaded(register_data("enumerations", file))[name])
