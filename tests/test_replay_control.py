"""The control of the replay server, in process and over HTTP, and the process itself."""

from __future__ import annotations

import http.client
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.replay import BROKEN, STATUS_ROWS, RegisterProcess, RegisterThread, Stage, find_marks, fixtures
from tests.replay.asking import ask

make_register = fixtures.make_register
register_process = fixtures.register_process

Running = RegisterThread | RegisterProcess


@pytest.fixture(params=["thread", "process"])
def running(request: pytest.FixtureRequest) -> Any:
    kind = RegisterThread if request.param == "thread" else RegisterProcess
    with kind(limit=50) as made:
        yield made


def test_the_log_has_everything_but_the_key(running: Running) -> None:
    ask(running, "/company/00000001/officers?start_index=0&items_per_page=35")
    ask(running, "/company/99000001")
    first, second = running.control.log()
    assert (first.method, first.path, first.status) == ("GET", "/company/00000001/officers", 200)
    assert first.query == [("start_index", "0"), ("items_per_page", "35")]
    assert first.target == f"{first.path}?start_index=0&items_per_page=35"
    assert first.credential == "key:0"
    assert ("accept-encoding", "identity") in first.headers
    assert not [pair for pair in first.headers if "authorization" in pair[0]]
    assert (second.status, second.time >= first.time > 1_700_000_000) == (404, True)
    assert running.control.count() == 2
    assert running.control.count("/officers") == running.control.count(status=404) == 1
    assert [entry.status for entry in running.control.log("^/company/99")] == [404]


def test_the_gate_holds_answers_after_some(running: Running) -> None:
    steer = running.control
    steer.hold("/officers", after=2)
    with ThreadPoolExecutor(5) as pool:
        free = [pool.submit(ask, running, f"/company/0000000{place}/officers") for place in (1, 2)]
        assert [future.result().status for future in free] == [200, 200]
        shut = [pool.submit(ask, running, f"/company/0000000{place}/officers") for place in (3, 4, 5)]
        steer.wait(3, stage=Stage.HELD)
        assert steer.held == 3
        assert steer.count(status=200) == 2
        assert ask(running, "/company/00000009").status == 200
        assert not any(future.done() for future in shut)
        steer.release()
        assert [future.result().status for future in shut] == [200, 200, 200]
    assert (steer.held, steer.max_concurrency) == (0, 4)


def test_waiting_counts_from_the_start_of_the_log_and_gives_up(running: Running) -> None:
    steer = running.control
    ask(running, "/company/00000001")
    steer.wait(1)
    steer.wait(1, "/company/0", stage="arrived")
    with pytest.raises(TimeoutError):
        steer.wait(2, timeout=0.01)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(steer.wait, 3, "/company")
        ask(running, "/company/00000002")
        assert not waiting.done()
        ask(running, "/company/00000003")
        waiting.result()


def test_faults_quota_and_violations_while_running(running: Running) -> None:
    steer = running.control
    steer.script(STATUS_ROWS["503"].on("", 1), BROKEN["reset"].on("/officers"))
    assert ask(running, "/company/00000001").status == 503
    with pytest.raises(ConnectionResetError):
        ask(running, "/company/00000001/officers")
    ask(running, "/companies")
    assert len(steer.violations) == 2
    steer.set_quota(limit=2)
    assert ask(running, "/company/00000001").status == 429
    steer.reset()
    assert ask(running, "/company/00000001/officers").status == 200
    assert (steer.count(), steer.violations) == (1, [])


def test_a_client_that_goes_away_leaves_the_gate(make_register: fixtures.MakeRegister) -> None:
    running = make_register()
    running.control.hold("/company/00000001")
    connection = http.client.HTTPConnection(urlsplit(running.base_url).netloc)
    connection.request("GET", "/company/00000001")
    running.control.wait(1, stage="held")
    assert running.control.held == 1
    connection.close()
    # Each answer is at least one turn of the server's loop, in which it hears of the end.
    assert any(ask(running, "/company/00000009").status == 200 and running.control.held == 0 for _ in range(100))


def test_the_control_says_what_is_wrong_with_an_order(register_process: fixtures.MakeRegisterProcess) -> None:
    running = register_process()
    for order, sentence in (({"fault": []}, "no order fault"), ({"faults": [{"x": 1}]}, "a fault has no x")):
        with pytest.raises(ValueError, match=sentence):
            running.control._ask("POST", "", order)
    with pytest.raises(ValueError, match="no such path"):
        running.control._ask("GET", "/nothing")
    assert running.control.count() == 0


def test_a_process_takes_its_options_and_ends_on_sigterm(register_process: fixtures.MakeRegisterProcess) -> None:
    running = register_process(
        keys=("one",),
        tokens=("two",),
        limit=7,
        window=60.0,
        offset=3600.0,
        marks=True,
        unknown="0000000[1-4]",
        tolerate={"filter"},
        faults=[STATUS_ROWS["504"].on("/officers", 1)],
    )
    assert running.pid != os.getpid()
    assert ask(running, "/company/00000005/officers?filter=active").status == 504
    got = ask(running, "/company/00000005/officers?filter=active")
    assert find_marks(got.body)
    assert [got.headers[f"x-ratelimit-{name}"] for name in ("limit", "remain", "window")] == ["7", "6", "1m"]
    assert ask(running, "/company/00000004").status == 404
    assert ask(running, "/company/00000005", authorization="Bearer two").status == 200
    assert running.violations == []
    assert running.close() == 0
    with pytest.raises(ConnectionRefusedError):
        ask(running, "/company/00000005")


def test_a_process_that_cannot_start_says_so(register_process: fixtures.MakeRegisterProcess) -> None:
    with pytest.raises(RuntimeError, match="ended before it listened"):
        register_process(unknown="(")


def test_fixtures_close_what_they_made() -> None:
    with RegisterThread() as running:
        assert ask(running, "/company/09370755").status == 200
    running.close()
    with pytest.raises(ConnectionRefusedError):
        ask(running, "/company/09370755")
