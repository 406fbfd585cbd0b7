"""What a client sees of each fault, on a real socket."""

from __future__ import annotations

import asyncio
import errno
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from leadgen_sandbox.serving.acting import faulty
from leadgen_sandbox.serving.faults import ApiFaults, Fault, Kind, Script, Scripted
from leadgen_sandbox.serving.spoiling import drifted, retyped

from plugins.sandbox.tests.sandbox_standin import CLOCK, Offer, Served, Spec, served

PATH = "/company/00000001"
BODY = {"company_name": "COMPANY 00000001 LTD", "company_number": "00000001", "sic_codes": ["62012"], "links": {}}


def always(kind: Kind, **given: float | str) -> dict[str, ApiFaults]:
    return {"tiny": ApiFaults(rates=[(Fault(kind, given), 1.0)])}


async def get(sandbox: Served, path: str = PATH, **headers: str) -> tuple[int, dict[str, str], bytes]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(sandbox.url(path), headers={**sandbox.headers(), **headers}) as answer,
    ):
        lower = {name.lower(): value for name, value in answer.headers.items()}
        return answer.status, lower, await answer.read()


async def get_json(sandbox: Served, path: str = PATH) -> Any:
    async with (
        aiohttp.ClientSession() as session,
        session.get(sandbox.url(path), headers=sandbox.headers()) as answer,
    ):
        return await answer.json()


async def test_without_faults_the_answer_is_the_simulators() -> None:
    async with served() as sandbox:
        assert await get_json(sandbox) == BODY
        assert (await get(sandbox, "/nowhere"))[0] == 404


async def test_429_has_the_quota_of_its_api() -> None:
    async with served(faults=always(Kind.THROTTLED), clock=CLOCK, window=20.0) as sandbox:
        status, headers, body = await get(sandbox)
        assert (status, body) == (429, b"")
        assert headers["x-ratelimit-limit"] == "600"
        assert headers["x-ratelimit-remain"] == "0"
        assert 0 <= int(headers["x-ratelimit-reset"]) - CLOCK.timestamp() - 20 <= 5
        assert "retry-after" not in headers
        assert "content-type" not in headers


async def test_429_of_an_api_that_states_no_reset_says_when_to_come_back() -> None:
    async with served(faults=always(Kind.THROTTLED, retry_after=7)) as sandbox:
        status, headers, _ = await get(sandbox, "/nowhere")
        assert (status, headers["retry-after"]) == (429, "7")


async def test_500_spends_the_quota_and_502_comes_from_a_proxy() -> None:
    async with served(faults=always(Kind.FAILED)) as sandbox:
        status, headers, body = await get(sandbox)
        assert (status, headers["content-type"]) == (500, "application/json")
        assert headers["x-ratelimit-remain"] == "599"
        assert b"Internal server error" in body
    async with served(faults=always(Kind.BAD_GATEWAY)) as sandbox:
        status, headers, body = await get(sandbox, Authorization="none")
        assert (status, headers["content-type"]) == (502, "text/html")
        assert "x-ratelimit-remain" not in headers
        assert b"<h1>502 Bad Gateway</h1>" in body


async def test_a_wrong_key_is_refused_in_the_apis_own_words() -> None:
    async with served(faults=always(Kind.WRONG_KEY)) as sandbox:
        status, _, body = await get(sandbox)
        assert (status, body) == (401, b'{"error": "Invalid Authorization"}')


@pytest.mark.parametrize("kind", [Kind.FAILED, Kind.THROTTLED, Kind.TRUNCATED, Kind.WRONG_TYPE, Kind.SCHEMA_DRIFT])
async def test_a_client_without_the_key_is_refused_all_the_same(kind: Kind) -> None:
    async with served(faults=always(kind)) as sandbox:
        assert (await get(sandbox, Authorization="Basic eDo="))[0] == 401


async def test_slow_waits_and_then_answers() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text="done")

    application = web.Application(middlewares=[faulty(Scripted(1, "tiny", always(Kind.SLOW)["tiny"]), (), sleep)])
    application.router.add_get("/", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        async with aiohttp.ClientSession() as session, session.get(url) as got:
            assert await got.text() == "done"
        assert slept == [1.0]
    finally:
        await runner.cleanup()


async def test_a_stalled_answer_never_comes_and_others_do() -> None:
    script = ApiFaults(scripts=[Script(fault=Fault(Kind.STALL), path=PATH)])
    async with served(faults={"tiny": script}) as sandbox:
        asked = [asyncio.ensure_future(get(sandbox)) for _ in range(2)]
        (answered,), (stalled,) = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        assert answered.result()[0] == 200
        assert (await get(sandbox, "/company/00000002"))[0] == 200
        assert not stalled.done()
        stalled.cancel()


async def test_a_stall_can_end_with_a_reset() -> None:
    async with served(faults=always(Kind.STALL, seconds=0)) as sandbox:
        with pytest.raises(aiohttp.ClientOSError):
            await get(sandbox)


async def test_a_reset_is_one() -> None:
    async with served(faults=always(Kind.RESET)) as sandbox:
        with pytest.raises(aiohttp.ClientOSError) as broken:
            await get(sandbox)
        assert broken.value.errno == errno.ECONNRESET


@pytest.mark.parametrize("path", [PATH, "/company/99999999"], ids=["a body", "no body"])
async def test_a_truncated_answer_promises_more_than_it_has(path: str) -> None:
    async with (
        served(faults=always(Kind.TRUNCATED, share=0.9)) as sandbox,
        aiohttp.ClientSession() as session,
        session.get(sandbox.url(path), headers=sandbox.headers()) as answer,
    ):
        assert answer.headers["x-ratelimit-remain"] == "599"
        with pytest.raises(aiohttp.ClientPayloadError):
            await answer.read()


async def test_wrong_types_and_a_schema_that_has_moved_on() -> None:
    async with served(faults=always(Kind.WRONG_TYPE)) as sandbox:
        body = await get_json(sandbox)
        assert body.keys() == BODY.keys()
        assert all(type(body[name]) is not type(BODY[name]) for name in BODY)
    async with served(faults=always(Kind.WRONG_TYPE, of="content-type")) as sandbox:
        _, headers, content = await get(sandbox)
        assert headers["content-type"].startswith("text/plain")
        assert b"COMPANY 00000001 LTD" in content
    async with served(faults=always(Kind.SCHEMA_DRIFT)) as sandbox:
        assert set(await get_json(sandbox)) == {"companyName", "companyNumber", "sicCodes", "linksV2"}
    async with served(faults=always(Kind.SCHEMA_DRIFT, how="add")) as sandbox:
        body = await get_json(sandbox)
        assert all(body[name] == value for name, value in BODY.items() if name != "links")
        assert body.keys() - BODY.keys() == {"x_added_later"}
        assert body["links"].keys() == {"x_added_later"}


@pytest.mark.parametrize("value", [True, 7, 2.5, "text", ["a"], {"a": 1}, None])
def test_no_value_keeps_its_type(value: Any) -> None:
    assert type(retyped({"member": value})["member"]) is not type(value)
    assert type(retyped(value)) is not type(value) or isinstance(value, dict)


@pytest.mark.parametrize("how", ["rename", "add", "wrap"])
@pytest.mark.parametrize("body", [None, 7, [], [{"a": 1}], {"a_b": {"c": []}}])
def test_every_drift_changes_what_has_members(how: str, body: Any) -> None:
    changed = drifted(body, how)
    if how != "add" or (body and body != 7):
        assert changed != body


async def test_the_window_can_begin_at_any_phase() -> None:
    async with served(faults={"tiny": ApiFaults(window_phase=250)}, clock=CLOCK) as sandbox:
        _, headers, _ = await get(sandbox)
        assert 0 <= int(headers["x-ratelimit-reset"]) - CLOCK.timestamp() - 50 <= 5


async def test_faults_of_one_api_leave_the_others_alone() -> None:
    offers = [Offer(), Offer(Spec("other"))]
    async with served(*offers, faults=always(Kind.RESET)) as sandbox:
        async with (
            aiohttp.ClientSession() as session,
            session.get(sandbox.url(PATH, "other"), headers=sandbox.headers("other")) as answer,
        ):
            assert answer.status == 200
        with pytest.raises(aiohttp.ClientOSError):
            await get(sandbox)
