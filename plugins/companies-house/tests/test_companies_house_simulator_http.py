"""The simulated register over HTTP: key, quota and headers, whatever is asked (companies-house.md §1.1-1.3)."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterable
from importlib import import_module

import aiohttp
import leadgen_companies_house as plugin
import pytest

from leadgen_core.contracts.world import SimulatorDesk, World, WorldCompany
from leadgen_core.testing import VirtualClock

Serve = Callable[[World, SimulatorDesk], Awaitable[str]]

NOW = 1_769_778_862


def _basic(text: str) -> str:
    return "Basic " + b64encode(text.encode()).decode()


KEY = {"Authorization": _basic("sandbox-key:")}


async def _get(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
        return answer.status, {name.lower(): value for name, value in answer.headers.items()}, await answer.read()


# --- the key ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    ["", " ", "Basic", _basic("stream-key:"), _basic("sandbox-key"[:-1] + ":"), _basic(":sandbox-key"),
     "Basic ***", "Basic c2FuZGJveC1rZXk6é", "Bearer wrong", "Bearer", "Digest sandbox-key", "sandbox-key"],
)  # fmt: skip
async def test_a_wrong_key_is_refused_and_spends_nothing(
    world: World, desk: SimulatorDesk, serve: Serve, header: str
) -> None:
    url = await serve(world, desk)
    status, headers, body = await _get(f"{url}/company/09370001", Authorization=header)

    told = b"Empty Authorization header" if not header.strip() else b"Invalid Authorization"
    assert status == 401
    assert body == b'{"error":"%b","type":"ch:service"}' % told
    assert headers["content-type"] == "application/json"
    assert not any(name.startswith("x-ratelimit") for name in headers)
    assert (await _get(f"{url}/company/09370001", **KEY))[1]["x-ratelimit-remain"] == "599"


async def test_no_header_at_all_is_refused(world: World, desk: SimulatorDesk, serve: Serve) -> None:
    status, _, body = await _get(f"{await serve(world, desk)}/company/09370001")

    assert (status, body) == (401, b'{"error":"Empty Authorization header","type":"ch:service"}')


@pytest.mark.parametrize(
    "header", [_basic("sandbox-key:"), _basic("sandbox-key:any word"), _basic("sandbox-key"), "Bearer sandbox-key",
               "bearer  sandbox-key ", "BASIC " + _basic("sandbox-key:")[6:]],
)  # fmt: skip
async def test_the_key_is_the_user_of_basic_or_a_bearer_token(
    world: World, desk: SimulatorDesk, serve: Serve, header: str
) -> None:
    url = await serve(world, desk)

    assert (await _get(f"{url}/company/09370001", Authorization=header))[0] == 200
    # Both are one key with one quota.
    assert (await _get(f"{url}/company/09370001", **KEY))[1]["x-ratelimit-remain"] == "598"


# --- the quota ----------------------------------------------------------------------------------------------


async def test_every_answer_spends_the_quota_and_says_so(world: World, desk: SimulatorDesk, serve: Serve) -> None:
    url = await serve(world, desk)
    asked = [
        ("/company/09370001", 200),
        ("/company/00000000", 404),
        ("/company/09370001/exemptions", 404),
        ("/company/09370001/insolvency", 404),
        ("/nothing/like/this", 404),
        ("/search/companies?q=a&start_index=1000", 416),
        ("/company/09370001/officers?order_by=age", 400),
        ("/advanced-search/companies?size=0", 422),
        ("/advanced-search/companies?incorporated_from=", 400),
        ("/company/123456789", 500),
    ]
    for place, (path, expected) in enumerate(asked):
        status, headers, _ = await _get(url + path, **KEY)
        assert (path, status) == (path, expected)
        quota = {name: value for name, value in headers.items() if name.startswith("x-ratelimit")}
        assert quota == {
            "x-ratelimit-limit": "600",
            "x-ratelimit-remain": str(599 - place),
            "x-ratelimit-reset": str(NOW + 300),
            "x-ratelimit-window": "5m",
        }


async def test_over_the_quota_every_call_is_a_429_until_the_reset(
    world: World, make_desk: Callable[..., SimulatorDesk], clock: VirtualClock, serve: Serve
) -> None:
    url = await serve(world, make_desk(window=10.0)) + "/company/09370001/charges"
    async with aiohttp.ClientSession(headers=KEY) as session:

        async def ask() -> tuple[int, dict[str, str], bytes]:
            async with session.get(url) as answer:
                return answer.status, dict(answer.headers), await answer.read()

        answers = [await ask() for _ in range(602)]
        assert [status for status, _, _ in answers] == [200] * 600 + [429] * 2
        _, headers, body = answers[-1]
        assert body == b""
        assert "Retry-After" not in headers
        assert headers["X-RateLimit-Remain"] == "0"
        assert headers["X-RateLimit-Reset"] == str(NOW + 10)
        assert headers["X-RateLimit-Window"] == "10s"
        await clock.advance(9.9)
        assert (await ask())[0] == 429
        await clock.advance(0.1)
        status, headers, _ = await ask()
        assert (status, headers["X-RateLimit-Remain"], headers["X-RateLimit-Reset"]) == (200, "599", str(NOW + 20))


async def test_the_first_window_can_be_half_over(
    world: World, make_desk: Callable[..., SimulatorDesk], serve: Serve
) -> None:
    url = await serve(world, make_desk(phase=297.0))
    assert (await _get(f"{url}/company/09370001", **KEY))[1]["x-ratelimit-reset"] == str(NOW + 3)


async def test_the_date_is_that_of_the_desk(
    world: World, desk: SimulatorDesk, clock: VirtualClock, serve: Serve
) -> None:
    url = await serve(world, desk)
    assert (await _get(f"{url}/company/09370001", **KEY))[1]["date"] == "Fri, 30 Jan 2026 13:14:22 GMT"
    await clock.advance(86_400.5)
    assert (await _get(f"{url}/company/09370001", **KEY))[1]["date"] == "Sat, 31 Jan 2026 13:14:22 GMT"


# --- HTTP ---------------------------------------------------------------------------------------------------


async def _raw(url: str, request: bytes) -> bytes:
    port = int(url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    return answer


async def test_a_client_of_http_1_0_gets_a_whole_answer_without_chunks(
    world: World, desk: SimulatorDesk, serve: Serve
) -> None:
    request = f"GET /company/09370001 HTTP/1.0\r\nAuthorization: {KEY['Authorization']}\r\n\r\n"
    head, _, body = (await _raw(await serve(world, desk), request.encode())).partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.0 200 ")
    assert b"chunked" not in head
    assert body.startswith(b'{"company_name":"BRAMBLE TEXTILES LTD"')
    assert body.endswith(b"}")


async def test_other_methods_than_get_change_nothing(world: World, desk: SimulatorDesk, serve: Serve) -> None:
    url = await serve(world, desk) + "/company/09370001"
    async with aiohttp.ClientSession(headers=KEY) as session:
        head = await session.head(url)
        assert (head.status, await head.read()) == (200, b"")
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
            answer = await session.request(method, url, data=b"{}")
            assert (answer.status, await answer.read()) == (405, b"")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/company/%30%39370001", 200),
        ("/company/SC095005%20", 500),
        ("/company/sc095005", 404),
        ("/company/", 404),
        ("/company", 404),
        ("/", 404),
        ("/company/09370001/", 404),
        ("/company//officers", 404),
        ("/company/%E2%82%AC%FF", 404),
        ("/officers/none/appointments", 404),
        ("/search/companies?q=%FF%FE%00", 200),
        ("/search/companies?q=" + "a" * 4000, 200),
        ("/company/09370001/officers?items_per_page=99999999999", 400),
        ("/company/09370001/officers?start_index=-5&items_per_page=-2", 200),
    ],
)
async def test_whatever_is_asked_is_answered(
    world: World, desk: SimulatorDesk, serve: Serve, path: str, status: int
) -> None:
    url = await serve(world, desk)
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: {KEY['Authorization']}\r\n\r\n"

    assert int((await _raw(url, request.encode())).split()[1]) == status


async def test_one_world_and_one_clock_give_the_same_bytes(
    world: World,
    make_world: Callable[[Iterable[WorldCompany]], World],
    make_desk: Callable[..., SimulatorDesk],
    serve: Serve,
) -> None:
    paths = ("/company/invalid", "/advanced-search/companies", "/search/companies?q=bramble", "/company/123456789")
    again = make_world(world.companies())
    answers = []
    for each in (world, again):
        url = await serve(each, make_desk())
        answers.append([await _get(url + path, **KEY) for path in paths * 2])
    assert answers[0] == answers[1]
    cookies = [headers["set-cookie"] for _, headers, _ in answers[0]]
    assert len(set(cookies)) == len(cookies)
    assert answers[0][1][2] != answers[0][5][2]  # the etag of the advanced search is new every time
    assert answers[0][0][2] != answers[0][4][2]  # and so is the id of a request


# --- the plugin ---------------------------------------------------------------------------------------------


def test_the_hook_offers_the_simulator() -> None:
    (spec,) = plugin.leadgen_simulators()
    module, _, attribute = spec.factory.partition(":")
    simulator = getattr(import_module(module), attribute)(plugin.Config())

    assert (spec.name, spec.api) == ("companies-house", "companies-house")
    assert simulator.credentials == ("api_key",)


def test_the_hook_imports_neither_the_simulator_nor_a_server() -> None:
    code = (
        "import sys, leadgen_companies_house as p; list(p.leadgen_simulators());"
        "print([m for m in sys.modules if m == 'aiohttp' or 'simulator' in m or m.endswith('contracts.world')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
