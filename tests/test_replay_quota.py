"""The replay's fixed quota window, and its keys."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

import pytest

from tests.replay import RegisterThread, fixtures
from tests.replay.asking import Got, ask, basic
from tests.replay.quota import Quota

make_register = fixtures.make_register
register = fixtures.register


class Now:
    """A clock that a test moves."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def test_the_first_call_opens_the_window_and_only_its_end_opens_the_next() -> None:
    now = Now(1000.7)
    quota = Quota(3, 300.0, now)
    first = quota.spend("a")
    assert (first.limit, first.remain, first.reset, first.over) == (3, 2, 1300, False)
    now.now = 1299.9
    assert [quota.spend("a").remain for _ in range(2)] == [1, 0]
    refused = quota.spend("a")
    assert (refused.remain, refused.reset, refused.over, quota.refused) == (0, 1300, True, 1)
    now.now = 1300.0
    assert quota.used("a") == 0
    now.now = 1450.2
    again = quota.spend("a")
    assert (again.remain, again.reset, again.over) == (2, 1750, False)


def test_credentials_do_not_share_a_window() -> None:
    quota = Quota(1, 300.0, Now(0.0))
    assert not quota.spend("a").over
    assert not quota.spend("b").over
    assert quota.spend("a").over


def test_a_window_of_a_fraction_ends_when_it_ends_and_its_reset_is_not_early() -> None:
    now = Now(10.5)
    quota = Quota(1, 0.25, now)
    assert quota.spend("a").reset == 11
    now.now = 10.74
    assert quota.spend("a").over
    now.now = 10.75
    assert not quota.spend("a").over


@pytest.mark.parametrize(("length", "label"), [(300.0, "5m"), (60.0, "1m"), (2.0, "2s"), (0.5, "0.5s")])
def test_the_window_is_labelled_as_the_register_does(length: float, label: str) -> None:
    assert Quota(1, length, Now(0.0)).label == label


def standing(got: Got) -> tuple[str, ...]:
    return tuple(got.headers[f"x-ratelimit-{name}"] for name in ("limit", "remain", "reset", "window"))


def test_every_answer_spends_and_the_one_too_many_is_an_empty_429(make_register: fixtures.MakeRegister) -> None:
    now = Now(1_795_000_000.0)
    running = make_register(limit=4, window=300.0, now=now)
    paths = ["/company/00000001", "/company/99000001", "/search/companies?q=x&start_index=2000", "/company/00000002"]
    got = [ask(running, path) for path in paths]
    assert [answer.status for answer in got] == [200, 404, 416, 200]
    assert [standing(answer) for answer in got] == [("4", str(left), "1795000300", "5m") for left in (3, 2, 1, 0)]
    over = ask(running, "/company/00000003")
    assert (over.status, over.body, standing(over)[1]) == (429, b"", "0")
    assert "retry-after" not in over.headers
    assert parsedate_to_datetime(over.headers["date"]).timestamp() == now()
    assert running.control.quota.refused == 1
    now.now += 300
    assert ask(running, "/company/00000003").status == 200


def test_a_raised_limit_shows_at_once(register: RegisterThread) -> None:
    ask(register, "/company/00000001")
    register.control.set_quota(limit=1200)
    assert standing(ask(register, "/company/00000001"))[:2] == ("1200", "1198")


def test_the_server_can_be_ahead(make_register: fixtures.MakeRegister) -> None:
    running = make_register(now=Now(1_795_000_000.0), offset=3600.0)
    assert standing(ask(running, "/company/00000001"))[2] == "1795003900"


@pytest.mark.parametrize(
    ("authorization", "error"),
    [
        (None, "Empty Authorization header"),
        (basic("other"), "Invalid Authorization"),
        (basic(""), "Invalid Authorization"),
        ("Bearer test-key", "Invalid Authorization"),
        (basic("test-token"), "Invalid Authorization"),
        ("test-key", "Invalid Authorization"),
        ("Basic !!!", "Invalid Authorization"),
    ],
)
def test_a_wrong_or_missing_key_is_the_401_of_the_register(
    register: RegisterThread, authorization: str | None, error: str
) -> None:
    got = ask(register, "/company/09370755", authorization=authorization)
    assert (got.status, got.json) == (401, {"error": error, "type": "ch:service"})
    assert "x-ratelimit-remain" not in got.headers
    assert register.control.log()[0].credential is None


def test_key_and_token_are_taken_and_have_quotas_of_their_own(make_register: fixtures.MakeRegister) -> None:
    running = make_register(keys=("one", "two"), tokens=("three",))
    for header in (basic("one"), basic("two", "ignored"), "Bearer three", "bearer three"):
        assert ask(running, "/company/09370755", authorization=header).status == 200
    assert [entry.credential for entry in running.control.log()] == ["key:0", "key:1", "token:0", "token:0"]
    assert running.control.quota.used("token:0") == 2
