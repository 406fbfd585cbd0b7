"""An API that is declared and needs no code: its paths, its pages, what it keeps, what it means."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from leadgen_core import (
    ApiSpec,
    Cause,
    Claim,
    CompanyNumber,
    CompanyProfile,
    Credential,
    Found,
    Lifetime,
    Lookup,
    Malformed,
    Nothing,
    Ok,
    Operation,
    Paging,
    RawReply,
    Refused,
    Request,
    Unanswered,
    Unreadable,
)
from leadgen_core.testing import ScriptedContext, scripted_reply

LIFETIMES = {"data": Lifetime(timedelta(days=1), timedelta(days=7))}
NUMBER = CompanyNumber("01234567")


def api(**changes: Any) -> ApiSpec:
    values: dict[str, Any] = {
        "name": "guild",
        "controller": "The Guild",
        "base_url": "https://guild.example",
        "credential": Credential(field="token"),
        "lifetimes": LIFETIMES,
        "operations": {
            "member": Operation("data", path="/m/{number}", keep={"name": str}, nothing={"error": "none"}),
            "list": Operation(
                "data",
                path="/m/{number}/list",
                keep={"rows": [{"id": str}], "next": int | None},
                paging=Paging("page", "next"),
            ),
        },
    }
    return ApiSpec(**(values | changes))


GUILD = api()


def test_a_lookup_by_the_names_of_the_path() -> None:
    lookup = GUILD.get("list", number=NUMBER, page=2, sort=None, **{"filter[a]": "b c"})
    assert (lookup.api, lookup.operation) == (GUILD, "list")
    assert lookup.build([lookup.key]) == Request("/m/01234567/list", {"page": "2", "filter[a]": "b c"})
    same = Lookup.get(GUILD, "list", "/m/01234567/list", {"filter[a]": "b c", "page": 2})
    assert lookup.key == same.key


def test_what_comes_from_outside_cannot_change_the_path() -> None:
    lookup = GUILD.get("member", number="a/../b?c{number}")
    assert lookup.build([lookup.key]).path == "/m/a%2F..%2Fb%3Fc%7Bnumber%7D"


@pytest.mark.parametrize(
    ("operation", "values", "because"),
    [
        ("gone", {}, "guild declares no operation gone with a path"),
        ("member", {}, "guild.member: the path needs a value for number"),
        ("member", {"number": ""}, "guild.member: the path needs a value for number"),
        ("member", {"number": None}, "guild.member: the path needs a value for number"),
    ],
)
def test_a_lookup_that_cannot_be_made(operation: str, values: dict[str, Any], because: str) -> None:
    with pytest.raises(ValueError, match=f"^{because}$"):
        GUILD.get(operation, **values)


@pytest.mark.parametrize(
    ("operations", "because"),
    [
        ({"a": Operation("data")}, "guild.a: say in keep what may be kept of its answers, or give redact"),
        (
            {"a": Operation("data", keep={"rows": [str]}, paging=Paging("page", "next"))},
            "guild.a: keep drops next, by which its pages are turned",
        ),
    ],
)
def test_an_api_that_would_keep_by_accident(operations: dict[str, Operation], because: str) -> None:
    with pytest.raises(ValueError, match=f"^{because}$"):
        api(operations=operations)
    api(operations=operations, redact=lambda _operation, body, _keyed: body)


def test_what_is_declared_is_what_is_meant_and_kept() -> None:
    assert GUILD.classify("member", scripted_reply(404, {"error": "none"})) == Nothing()
    assert isinstance(GUILD.classify("list", scripted_reply(404, {"error": "none"})), Malformed)
    assert GUILD.classify("list", scripted_reply(200, {})) == Ok()
    refused = Refused("The Guild does not accept the credential (401): check token")
    assert GUILD.classify("list", scripted_reply(401, {})) == refused
    assert GUILD.redact("member", {"name": "A", "more": 1}, str) == {"name": "A"}
    with pytest.raises(Unreadable):
        GUILD.redact("list", {"rows": {}}, str)


def pages(*following: int | None) -> ScriptedContext:
    def script(request: Request) -> RawReply:
        page = int(request.params.get("page", 1))
        return scripted_reply(200, {"rows": [{"id": f"r{page}"}], "next": following[page - 1]})

    return ScriptedContext(script)


async def test_pages_are_turned_as_declared() -> None:
    ctx = pages(2, 3, None)
    rows = [row["id"] async for page in ctx.pages(GUILD.get("list", number=NUMBER)) for row in page.body["rows"]]
    assert rows == ["r1", "r2", "r3"]
    assert [dict(request.params) for request in ctx.asked] == [{}, {"page": "2"}, {"page": "3"}]


async def test_pages_that_go_round_end() -> None:
    ctx = pages(2, 2)
    with pytest.raises(Unanswered, match="the list goes on after 200 pages"):
        [page async for page in ctx.pages(GUILD.get("list", number=NUMBER))]
    assert len(ctx.asked) == 2


async def test_pages_that_are_not_declared_need_a_function() -> None:
    ctx = ScriptedContext(lambda _request: scripted_reply(200, {"name": "A"}))
    with pytest.raises(ValueError, match=r"guild\.member declares no paging"):
        [page async for page in ctx.pages(GUILD.get("member", number=NUMBER))]


async def test_what_cannot_be_read_names_its_place() -> None:
    ctx = ScriptedContext(lambda _request: scripted_reply(200, {"rows": [{"id": {"SECRET": 1}}]}))
    with pytest.raises(Unanswered) as caught:
        await ctx.ask(GUILD.get("list", number=NUMBER))
    assert (caught.value.cause, caught.value.because) == (Cause.MALFORMED, "list: rows[0].id is no text")


async def test_one_claim_or_several_are_kept() -> None:
    ctx = ScriptedContext(lambda _request: scripted_reply(200, {"name": "A"}))
    member = await ctx.ask(GUILD.get("member", number=NUMBER))
    claims: list[Claim] = [
        CompanyProfile(provenance=member.provenance, number=NUMBER, incorporated_on=date(2000, 1, day))
        for day in (1, 2, 3)
    ]
    ctx.keep(claims[0])
    ctx.keep(iter(claims[1:]))
    assert ctx.kept == claims
    assert Found() == Found(())
