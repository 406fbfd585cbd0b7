"""``leadgen sandbox`` as its user has it: a process, its first line, its end, and what it refuses."""

from __future__ import annotations

import base64
import http.client
import json
import os
import resource
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from leadgen_sandbox.world import HAND_NUMBERS, make_world

COMMAND = [sys.executable, "-P", "-c", "from leadgen_core.cli import main; main()", "sandbox"]
TINY = """
from aiohttp import web

from leadgen_core import Plugin, SimulatorSpec, hookimpl

PLUGIN = Plugin(api_version=1)


@hookimpl
def leadgen_simulators():
    {hook}
    return [SimulatorSpec(name="sim", factory=f"{{__name__}}:Simulator", api="tiny")]


class Simulator:
    credentials = ("token", "secret")

    def __init__(self, config):
        pass

    def application(self, world, desk):
        {application}

        async def count(request):
            if request.headers.get("X-Token") != desk.credentials["token"]:
                return web.Response(status=401)
            return web.json_response({{"companies": len(world), "window": desk.window, "today": str(world.today)}})

        application = web.Application()
        application.router.add_get("/count", count)
        return application
"""


def environ(**more: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONUTF8": "1", **more}


@contextmanager
def running(*arguments: str, stdin: int | None = subprocess.DEVNULL, **env: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [*COMMAND, *arguments], env=environ(**env), stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()


def first_line(process: subprocess.Popen[bytes]) -> Any:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.endswith(b"\n"), process.communicate()[1].decode()
    return json.loads(line)


def get(base_url: str, path: str, **headers: str) -> tuple[int, Any]:
    connection = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=10)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        content = answer.read()
    finally:
        connection.close()
    return answer.status, json.loads(content) if content.startswith(b"{") else content


def key(api: dict[str, str]) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{api['api_key']}:".encode()).decode()}


def refused(*arguments: str, **env: str) -> str:
    done = subprocess.run(
        [*COMMAND, *arguments], env=environ(**env), capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.stderr.strip().splitlines()[-1]


def install(folder: Path, hook: str = "pass", application: str = "pass", name: str = "tiny") -> str:
    """A third party's plugin in a folder; gives the folder for PYTHONPATH."""
    (folder / f"guest_{name}.py").write_text(TINY.format(hook=hook, application=application))
    info = folder / f"guest_{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: guest-{name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[leadgen.plugins]\n{name} = guest_{name}\n")
    return str(folder)


def test_the_first_line_says_where_and_a_signal_ends_it() -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        with running() as process:
            apis = first_line(process)
            house = apis["companies-house"]
            assert house.keys() == {"base_url", "api_key"}
            status, body = get(house["base_url"], f"/company/{HAND_NUMBERS[0]}", **key(house))
            assert (status, body["company_number"]) == (200, HAND_NUMBERS[0])
            assert get(house["base_url"], f"/company/{HAND_NUMBERS[0]}")[0] == 401
            process.send_signal(number)
            out, err = process.communicate(timeout=10)
            assert (process.returncode, out, err) == (0, b"", b"")


def test_it_starts_within_a_second() -> None:
    """Of its own: a machine that is busy with other things makes nobody slower here."""

    def used() -> float:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    before = used()
    with running() as process:
        first_line(process)
    assert used() - before < 1.0


def test_the_seed_draws_the_credentials() -> None:
    def drawn(*arguments: str) -> str:
        with running(*arguments) as process:
            return str(first_line(process)["companies-house"]["api_key"])

    first = drawn()
    assert first == drawn("--seed", "1", "--world", "realistic")
    assert first != drawn("--seed", "2")


def test_its_end_can_be_that_of_its_standard_input() -> None:
    with running("--until-stdin-ends", stdin=subprocess.PIPE) as process:
        first_line(process)
        assert process.poll() is None
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(10) == 0


def test_it_dies_with_the_process_that_holds_its_standard_input(tmp_path: Path) -> None:
    parent = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)\n"
        "child.stdout.readline()\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", parent, *COMMAND, "--until-stdin-ends"], env=environ(), stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        watched = os.pidfd_open(int(process.stdout.readline()))
        try:
            process.kill()
            poll = select.poll()
            poll.register(watched)
            assert poll.poll(10_000)
        finally:
            os.close(watched)


def test_third_parties_simulators_join_by_hook(tmp_path: Path) -> None:
    site = install(tmp_path)
    with running("--companies", "500", "--window", "2.5", "--clock", "2027-05-06", PYTHONPATH=site) as process:
        tiny = first_line(process)["tiny"]
        assert tiny.keys() == {"base_url", "token", "secret"}
        answer = get(tiny["base_url"], "/count", **{"X-Token": tiny["token"]})
        assert answer == (200, {"companies": 500, "window": 2.5, "today": "2027-05-06"})
        assert get(tiny["base_url"], "/count")[0] == 401


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (
            {"hook": "raise RuntimeError('hunter2')"},
            "the plugin tiny (guest-tiny 1.0): the hook leadgen_simulators failed",
        ),
        (
            {"application": "raise RuntimeError('hunter2')"},
            "the simulator of tiny is left out: the plugin tiny (guest-tiny 1.0) broke with RuntimeError",
        ),
    ],
)
def test_a_simulator_that_raises_is_named_and_left_out(tmp_path: Path, broken: dict[str, str], says: str) -> None:
    with running(PYTHONPATH=install(tmp_path, **broken)) as process:
        assert list(first_line(process)) == ["companies-house"]
        process.terminate()
        err = process.communicate(timeout=10)[1].decode()
        assert says in err
        assert "hunter2" not in err
        assert "Traceback" not in err


def test_without_any_simulator_there_is_nothing_to_serve() -> None:
    assert "there is nothing to serve" in refused(LEADGEN_PLUGINS="sandbox")


def test_the_truth_is_written_before_the_first_line(tmp_path: Path) -> None:
    path = tmp_path / "truth.json"
    with running("--truth", str(path), "--companies", "300", "--seed", "7") as process:
        first_line(process)
        truth = json.loads(path.read_bytes())
    assert truth == make_world(seed=7, companies=300, profile="clean").truth.as_json()
    assert [file.name for file in tmp_path.iterdir()] == ["truth.json"]


def test_faults_stand_in_front_of_a_real_simulator(tmp_path: Path) -> None:
    path = tmp_path / "faults.toml"
    path.write_text('[[companies-house.script]]\npath = "/officers"\nnth = 2\nfault = "502-html"\n')
    with running("--faults", str(path)) as process:
        house = first_line(process)["companies-house"]
        connection = http.client.HTTPConnection(urlsplit(house["base_url"]).netloc, timeout=10)
        statuses = []
        for _ in range(3):
            connection.request("GET", f"/company/{HAND_NUMBERS[0]}/officers", headers=key(house))
            answer = connection.getresponse()
            answer.read()
            statuses.append(answer.status)
        connection.close()
        assert statuses == [200, 502, 200]


def test_the_realistic_world_has_faults_and_a_file_replaces_them(tmp_path: Path) -> None:
    def met(*arguments: str, most: int) -> list[int]:
        """The statuses until the first bad gateway."""
        with running("--world", "realistic", *arguments) as process:
            house = first_line(process)["companies-house"]
            statuses: list[int] = []
            while 502 not in statuses and len(statuses) < most:
                try:
                    path = f"/company/{HAND_NUMBERS[0]}?x={len(statuses)}"
                    statuses.append(get(house["base_url"], path, **key(house))[0])
                except (http.client.HTTPException, ConnectionError):
                    statuses.append(0)
            return statuses

    none = tmp_path / "none.toml"
    none.write_text("")
    statuses = met(most=1000)
    assert statuses[-1] == 502
    assert met("--faults", str(none), most=len(statuses)) == [200] * len(statuses)


def test_a_port_in_use() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        assert f"--port {port}: the port {port} for companies-house is in use" in refused("--port", str(port))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--seed", "one"], "Invalid value for '--seed'"),
        (["--seed", "-1"], "Invalid value for '--seed'"),
        (["--companies", "0"], "--companies 0: a world has"),
        (["--companies", "1000000"], "--companies 1000000: a world has"),
        (["--companies", "many"], "Invalid value for '--companies'"),
        (["--port", "70000"], "Invalid value for '--port'"),
        (["--port", "-1"], "Invalid value for '--port'"),
        (["--world", "easy"], "Invalid value for '--world'"),
        (["--window", "0"], "Invalid value for '--window'"),
        (["--window", "nan"], "--window: must be a number of seconds above 0"),
        (["--clock", "yesterday"], "--clock: a time such as 2026-01-30T13:14:22Z is expected"),
        (["--clock", "1999-01-01"], "--clock 1999-01-01: the world's day is"),
        (["--faults", "nowhere.toml"], "--faults nowhere.toml: cannot be read: No such file or directory"),
        (["--truth", "nowhere/truth.json"], "--truth nowhere/truth.json: cannot be written: No such file or directory"),
    ],
)
def test_wrong_usage_is_one_sentence(arguments: list[str], says: str) -> None:
    assert says in refused(*arguments)


def test_a_faults_file_that_is_wrong_is_told_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "faults.toml"
    path.write_text("[companies-house.rates]\nreste = 0.1\n")
    says = f"leadgen: --faults {path}: [companies-house] rates: there is no key reste; the nearest is reset"
    assert refused("--faults", str(path)) == says
