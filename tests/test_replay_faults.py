"""Scripted faults of the replay server."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

import pytest
from attrs import evolve

from tests.replay import BROKEN, STATUS_ROWS, Action, Fault, RegisterThread, fixtures
from tests.replay.asking import ask, basic

make_register = fixtures.make_register
register = fixtures.register

PATH = "/company/00000001"


@pytest.mark.parametrize("name", sorted(STATUS_ROWS))
def test_every_status_row_is_answered_as_written(register: RegisterThread, name: str) -> None:
    row = STATUS_ROWS[name]
    register.control.script(row.on("^/company/00000001$", count=1))
    got = ask(register, PATH)
    assert (got.status, got.body) == (row.status, row.content)
    assert str(got.status) == name[:3]
    assert got.headers.get("content-type") == row.headers.get("content-type")
    assert ("x-ratelimit-remain" in got.headers) == row.quota
    assert ask(register, PATH).status == 200


def test_a_429_says_that_nothing_remains(register: RegisterThread) -> None:
    register.control.script(STATUS_ROWS["429"])
    got = ask(register, PATH)
    assert got.headers["x-ratelimit-remain"] == "0"
    assert int(got.headers["x-ratelimit-reset"]) > 1_700_000_000


def test_a_fault_waits_for_its_turn_and_is_used_up(register: RegisterThread) -> None:
    register.control.script(STATUS_ROWS["502"].on("/officers", count=2, skip=1), STATUS_ROWS["403"].on("/officers", 1))
    path = f"{PATH}/officers"
    assert [ask(register, path).status for _ in range(5)] == [403, 502, 502, 200, 200]
    assert ask(register, PATH).status == 200
    assert register.control.count("/officers", status=502) == 2


def test_a_query_can_be_meant(register: RegisterThread) -> None:
    register.control.script(STATUS_ROWS["500-empty"].on(r"/officers\?.*start_index=35"))
    statuses = [ask(register, f"/company/93000001/officers?start_index={start}").status for start in (0, 35, 70)]
    assert statuses == [200, 500, 200]


def test_proxies_count_nothing_and_ask_for_no_key(register: RegisterThread) -> None:
    register.control.script(STATUS_ROWS["502"].on("", 1), STATUS_ROWS["500-empty"].on("", 1))
    assert ask(register, PATH, authorization=basic("other")).status == 502
    assert register.control.quota.used("key:0") == 0
    assert ask(register, PATH).status == 500
    assert register.control.quota.used("key:0") == 1


@pytest.mark.parametrize("name", [name for name, fault in BROKEN.items() if fault.action is Action.ANSWER])
def test_broken_answers(register: RegisterThread, name: str) -> None:
    real = ask(register, PATH)
    fault = BROKEN[name]
    register.control.script(fault)
    got = ask(register, PATH)
    assert got.status == 200
    assert got.body == (real.body if fault.status is None else fault.content)
    kind = fault.headers["content-type"]
    assert got.headers["content-type"] == (kind or "application/octet-stream")
    assert got.headers["x-ratelimit-remain"] == "598"


def test_a_truncated_answer_ends_early(register: RegisterThread) -> None:
    register.control.script(BROKEN["truncated"].on("", 1))
    with pytest.raises(http.client.IncompleteRead) as cut:
        ask(register, PATH)
    assert cut.value.partial
    assert ask(register, PATH).status == 200


def test_a_reset_connection(register: RegisterThread) -> None:
    register.control.script(BROKEN["reset"].on("", 1))
    with pytest.raises(ConnectionResetError) as cut:
        ask(register, PATH)
    assert type(cut.value) is ConnectionResetError, "an orderly end is a RemoteDisconnected"
    assert register.control.log()[0].status == 0
    assert ask(register, PATH).status == 200


def test_a_stalled_answer_never_comes_and_ends_with_its_client(register: RegisterThread) -> None:
    register.control.script(BROKEN["stall"].on("", 1))
    connection = http.client.HTTPConnection(urlsplit(register.base_url).netloc, timeout=0.05)
    connection.request("GET", PATH, headers={"Authorization": basic(register.key)})
    with pytest.raises(TimeoutError):
        connection.getresponse()
    connection.close()
    assert ask(register, PATH).status == 200
    assert [entry.status for entry in register.control.log()] == [0, 200]


def test_a_stalled_answer_does_not_keep_the_server_from_ending(make_register: fixtures.MakeRegister) -> None:
    running = make_register(faults=[BROKEN["stall"]])
    connection = http.client.HTTPConnection(urlsplit(running.base_url).netloc)
    connection.request("GET", PATH, headers={"Authorization": basic(running.key)})
    running.control.wait(1)
    running.close()
    with pytest.raises(ConnectionError):
        connection.getresponse()
    connection.close()


def test_a_delayed_answer_is_the_real_one(register: RegisterThread) -> None:
    real = ask(register, PATH)
    register.control.script(Fault(delay=0.05))
    with pytest.raises(TimeoutError):
        ask(register, PATH, timeout=0.01)
    assert ask(register, PATH).body == real.body


def test_faults_travel_as_json() -> None:
    for fault in [*STATUS_ROWS.values(), *(fault for name, fault in BROKEN.items() if name != "not-utf-8")]:
        assert Fault.from_json(fault.to_json()).content == fault.content
        assert evolve(Fault.from_json(fault.to_json()), body=None) == evolve(fault, body=None)
    with pytest.raises(ValueError, match="a fault has no stats"):
        Fault.from_json({"stats": 404})
