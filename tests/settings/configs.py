"""Config classes as plugins have them, and a short way to read layers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Literal

from attrs import Attribute, field, frozen
from attrs.validators import ge, matches_re, optional

from leadgen_core import Secret, UsageError
from leadgen_core.settings import Layers, read_layers

__all__ = ["AcmeConfig", "Auth", "Paging", "read"]


class Auth(StrEnum):
    BASIC = "basic"
    BEARER = "bearer"


@frozen(kw_only=True)
class Paging:
    """How lists are read."""

    size: int = field(default=35, validator=ge(1))


def _without_slash(url: str) -> str:
    return url.rstrip("/")


@frozen(kw_only=True)
class AcmeConfig:
    """An invented register."""

    base_url: str = field(default="https://api.acme.example", converter=_without_slash)
    """Where the API is."""

    api_key: Secret | None = None
    auth: Auth = Auth.BASIC
    quota: int | None = field(default=None, validator=optional(ge(1)))
    mode: Literal["fast", "slow"] = "fast"
    verbose: bool = False
    ratio: float = 0.5
    tags: tuple[str, ...] = ()
    counts: list[int] = field(factory=list)
    folder: Path = Path("cache")
    lifetime: timedelta = timedelta(days=1)
    headers: Mapping[str, str] = field(factory=dict)
    paging: Paging = Paging()
    region: str = field(default="uk", validator=matches_re("[a-z]{2}"))
    floor: int = 0
    ceiling: int = 10
    colour: str = field(default="red")

    @colour.validator
    def _check_colour(self, _attribute: Attribute[str], value: str) -> None:
        if value == "clashing-with-everything":
            raise ValueError(f"no {value} please")
        if value not in ("red", "green"):
            raise ValueError("it is red or green")

    def __attrs_post_init__(self) -> None:
        if self.floor > self.ceiling:
            raise ValueError("the floor is above the top")
        if self.floor == self.ceiling:
            raise UsageError("acme: floor and ceiling are the same")


def read(
    folder: Path,
    toml: str | None = None,
    *,
    profile: str | None = None,
    environ: Mapping[str, str] | None = None,
    sets: tuple[str, ...] = (),
) -> Layers:
    """The layers of a folder with this leadgen.toml in it, and nothing of the real environment."""
    if toml is not None:
        (folder / "leadgen.toml").write_text(toml, encoding="utf-8")
    return read_layers(profile=profile, environ=environ or {}, sets=sets, cwd=folder)
