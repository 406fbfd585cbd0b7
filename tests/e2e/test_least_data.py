"""No credential, date of birth, private address or nationality in any file that a run leaves behind (law)."""

from __future__ import annotations

import base64
import sqlite3
from pathlib import Path

import pytest

from tests.e2e.guests import install
from tests.e2e.kit import PLUGINS, Home
from tests.replay.fixtures import MakeRegister
from tests.replay.marks import MARKS, find_marks
from tests.replay.running import RegisterThread

KEY = "a-key-that-occurs-nowhere-else-7f3a"
NUMBERS = ["09370755", "00000001", "84000001", "85000001", "86000001", "88000001", "91000001", "92000001", "OC300001"]


@pytest.fixture
def register(make_register: MakeRegister) -> RegisterThread:
    return make_register(marks=True, keys=(KEY,))


@pytest.fixture
def home(tmp_path: Path, register: RegisterThread) -> Home:
    home = Home.at(tmp_path, register, LEADGEN_COMPANIES_HOUSE__API_KEY=KEY)
    home.write([*(f"{number}," for number in NUMBERS), ",TWINS", ',"ORDINARY NAME"'], header="company_number,name")
    return home


def artefacts(home: Home) -> dict[str, bytes]:
    """Every file that the run left, databases dumped as text beside their bytes."""
    found: dict[str, bytes] = {}
    for path in home.path.rglob("*"):
        if not path.is_file() or path.name == "in.csv" or "site" in path.parts:
            continue
        found[str(path.relative_to(home.path))] = path.read_bytes()
        if path.suffix == ".db":
            with sqlite3.connect(path) as db:
                rows = [row for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type='table'").fetchall()
                        for row in db.execute(f"SELECT * FROM {table}")]  # fmt: skip
            texts = [value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row]
            found[f"{path.name} as text"] = b"\n".join(texts)
    return found


DISK = """
import pathlib

import orjson
from aiocache.base import BaseCache

from leadgen_core import CacheSpec, Plugin, hookimpl

PLUGIN = Plugin(api_version=1)


@hookimpl
def leadgen_caches():
    return [CacheSpec(name="disk", factory="guest_disk:Disk", persistent=True)]


class Disk(BaseCache):
    \"\"\"Writes whatever it is given; it never has anything.\"\"\"

    def __init__(self, config):
        super().__init__(timeout=0)

    async def _get(self, key, encoding="utf-8", _conn=None):
        return None

    async def _set(self, key, value, ttl=None, _cas_token=None, _conn=None):
        with pathlib.Path("cache.disk").open("ab") as file:
            file.write(orjson.dumps([key, value]) + b"\\n")
        return True

    def build_key(self, key, namespace=None):
        return key
"""

NO_REDACTION = """
from attrs import evolve

import leadgen_companies_house.api as api

object.__setattr__(api.COMPANIES_HOUSE, "redact", lambda operation, body, keyed: body)
"""


def run(home: Home) -> str:
    """A run with two outputs and a cache on disk; its standard error."""
    outputs = ("-o", "leads.jsonl", "-o", "leads.csv")
    return home.leadgen("run", "in.csv", "--plugins", f"{PLUGINS},disk", *outputs).err


def test_nothing_of_it_is_left_anywhere(home: Home, register: RegisterThread) -> None:
    home = install(home, "disk", DISK)
    err = run(home)
    assert len(home.leads()) >= len(NUMBERS) - 1, err
    files = artefacts(home)
    assert {"leads.jsonl", "leads.csv", "leads.jsonl.rejects.jsonl", "cache.disk", "run.db as text"} <= set(files)
    files["standard error"] = err.encode()
    for name, content in files.items():
        assert find_marks(content) == [], name
        assert KEY.encode() not in content, name
        assert base64.b64encode(f"{KEY}:".encode()) not in content, name


def test_without_redaction_the_search_finds_it(home: Home, register: RegisterThread) -> None:
    """The marks are there to be found, so their absence above means something."""
    home = install(home, "disk", DISK + NO_REDACTION)
    err = run(home)
    found = set(find_marks(artefacts(home)["cache.disk"]))
    assert len(found) > len(MARKS) / 4, err
