"""Running the command line as its user does: a process of its own, an environment of its own, a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson
from attrs import field, frozen

from tests.replay.running import RegisterProcess, RegisterThread

__all__ = ["CLOCK", "LEADGEN", "PLUGINS", "Home", "Run", "lines"]

LEADGEN = str(Path(sys.executable).with_name("leadgen"))
PLUGINS = "companies-house,identity,quota,memory,files"
CLOCK = "2026-01-30T13:14:22Z"
KEY = "LEADGEN_COMPANIES_HOUSE__API_KEY"


@frozen
class Run:
    """How a command ended."""

    code: int
    out: str
    err: str


@frozen
class Home:
    """A folder in which commands run; ``env`` is all that they see of the environment besides PATH."""

    path: Path
    env: Mapping[str, str] = field(factory=dict)

    @classmethod
    def at(cls, path: Path, register: RegisterThread | RegisterProcess, **env: str) -> Home:
        """A folder whose register is this one."""
        return cls(
            path,
            {
                "LEADGEN_COMPANIES_HOUSE__BASE_URL": register.base_url,
                KEY: register.key,
                "XDG_DATA_HOME": str(path / "data"),
                "HOME": str(path),
                **env,
            },
        )

    def environ(self, env: Mapping[str, str] | None = None) -> dict[str, str]:
        """What a command sees."""
        return {"PATH": os.environ["PATH"], "PYTHONUTF8": "1", **self.env, **(env or {})}

    def write(self, rows: Iterable[str], name: str = "in.csv", header: str = "company_number") -> Path:
        """A CSV of one column (or more, as the header says)."""
        path = self.path / name
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return path

    def leadgen(
        self, *arguments: str, env: Mapping[str, str] | None = None, stdin: bytes = b"", timeout: float = 120
    ) -> Run:
        """Run ``leadgen ARGUMENTS`` to its end."""
        done = subprocess.run(
            [LEADGEN, *arguments],
            cwd=self.path,
            env=self.environ(env),
            input=stdin,
            capture_output=True,
            timeout=timeout,
            check=False,
        )
        return Run(done.returncode, done.stdout.decode(), done.stderr.decode())

    def run(self, *arguments: str, name: str = "in.csv", env: Mapping[str, str] | None = None) -> Run:
        """``leadgen run in.csv`` with the usual plugins and a fixed clock."""
        return self.leadgen("run", name, "--plugins", PLUGINS, "--clock", CLOCK, *arguments, env=env)

    def leads(self, name: str = "leads.jsonl") -> list[Any]:
        """The leads of the output."""
        return lines(self.path / name)

    def rejects(self, name: str = "leads.jsonl") -> list[Any]:
        """The rows that gave none."""
        return lines(self.path / f"{name}.rejects.jsonl")


def lines(path: Path) -> list[Any]:
    """The objects of a JSON Lines file."""
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]
