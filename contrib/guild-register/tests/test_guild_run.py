"""The whole journey with the Guild as its only register: ``leadgen run`` against a small server of its API."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tomllib
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from importlib import metadata
from pathlib import Path

import leadgen_guild_register
import pytest
import pytest_asyncio
from aiohttp import web

KEY = "guild-key-that-is-secret"
_HITS = {"Example Limited": [{"number": "1234567", "name": "EXAMPLE LTD", "postcode": "LS1 1AA"}]}


class Guild:
    """The invented register. Its first answer about officers is a 429, as after too many calls."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: Counter[str] = Counter()
        self.keys: set[str] = set()

    async def answer(self, request: web.Request) -> web.Response:
        place = request.path_qs
        if request.path == "/search":
            return web.json_response({"members": _HITS.get(request.query["name"], [])})
        self.asked[place] += 1
        self.keys.add(request.headers.get("X-Guild-Key", ""))
        if not place.startswith("/members/01234567"):
            return web.json_response({"error": "no such member"}, status=404)
        if place == "/members/01234567":
            return web.json_response({"name": "EXAMPLE LTD", "founded": "2014-12-30"})
        if place == "/members/01234567/accounts":
            return web.json_response({"error": "no accounts"}, status=404)
        if place == "/members/01234567/officers":
            if self.asked[place] == 1:
                return web.json_response({}, status=429, headers={"Retry-After": "1"})
            return web.json_response({"officers": [_officer("Smith", "master")], "next": 2})
        return web.json_response({"officers": [_officer("Jones", "clerk")], "next": None})


def _officer(surname: str, office: str) -> dict[str, str]:
    known = {"forenames": "Jane", "since": "2015-06-01", "born": "1970-05"}
    return {"id": surname, "surname": surname, "office": office, **known}


@pytest_asyncio.fixture
async def guild() -> AsyncIterator[Guild]:
    register = Guild()
    app = web.Application()
    app.router.add_get("/{tail:.*}", register.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    register.url = f"http://{host}:{port}"
    yield register
    await runner.cleanup()


@pytest.fixture
def installed(tmp_path: Path) -> str:
    """A folder for PYTHONPATH in which the plugin is installed, unless it is installed already."""
    try:
        metadata.distribution("leadgen-guild-register")
    except metadata.PackageNotFoundError:
        source = Path(leadgen_guild_register.__file__).parents[1]
        project = tomllib.loads((source.parent / "pyproject.toml").read_text())["project"]
        (entry,) = project["entry-points"]["leadgen.plugins"].items()
        folder = tmp_path / "site" / f"leadgen_guild_register-{project['version']}.dist-info"
        folder.mkdir(parents=True)
        (folder / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
        )
        (folder / "entry_points.txt").write_text(f"[leadgen.plugins]\n{entry[0]} = {entry[1]}\n")
        return f"{folder.parent}{os.pathsep}{source}"
    return ""


async def _leadgen(*arguments: str, cwd: Path, path: str, **environ: str) -> tuple[int | None, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from leadgen_core.cli import main; main()",
        *arguments,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": path, "XDG_DATA_HOME": str(cwd / "data"), **environ},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return process.returncode, output.decode()


async def test_a_run_with_a_register_of_a_third_party(guild: Guild, installed: str, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(
        "company_number,name,our_ref\n,Example Limited,A-17\n00000006,,A-18\n,Nobody Ltd,A-19\n"
    )
    code, output = await _leadgen(
        "run",
        "in.csv",
        "--plugins",
        "guild-register,identity,quota,files",
        cwd=tmp_path,
        path=installed,
        LEADGEN_GUILD_REGISTER__BASE_URL=guild.url,
        LEADGEN_GUILD_REGISTER__API_KEY=KEY,
    )
    assert code == 0, output

    (lead,) = (json.loads(line) for line in (tmp_path / "leads.jsonl").read_bytes().splitlines())
    assert lead["company"]["number"] == "01234567"
    assert lead["company"]["name"] == "EXAMPLE LTD"
    assert lead["company"]["incorporated_on"] == "2014-12-30"
    (person,) = lead["executives"]
    assert person["name"]["full"] == "Jane Smith"
    assert person["roles"] == [{"role": "director", "since": "2015-06-01", "before": None}]
    assert [link["source"] for link in person["evidence"]] == ["guild-register.members"]
    assert lead["outcomes"]["guild-register.members"]["state"] == "found"
    assert lead["input"]["columns"] == {"our_ref": "A-17"}

    rejects = [json.loads(line) for line in (tmp_path / "leads.jsonl.rejects.jsonl").read_bytes().splitlines()]
    assert [(reject["state"], reject["rows"]) for reject in rejects] == [("absent", [3]), ("absent", [4])]

    assert guild.keys == {KEY}
    assert guild.asked == {
        "/members/01234567": 1,
        "/members/01234567/accounts": 1,
        "/members/01234567/officers": 2,
        "/members/01234567/officers?page=2": 1,
        "/members/00000006": 1,
    }
    left_behind = b"".join(_contents(tmp_path))
    assert b"01234567" in left_behind
    assert KEY.encode() not in left_behind
    assert b"1970" not in left_behind
    assert KEY not in output


def _contents(folder: Path) -> Iterator[bytes]:
    return (file.read_bytes() for file in folder.rglob("*") if file.is_file())


async def test_a_run_without_the_key_says_which_is_missing(installed: str, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("company_number\n1234567\n")
    code, output = await _leadgen(
        "run", "in.csv", "--plugins", "guild-register,identity,quota,files", cwd=tmp_path, path=installed
    )
    assert code == 2
    assert "LEADGEN_GUILD_REGISTER__API_KEY" in output
    assert not (tmp_path / "leads.jsonl").exists()
