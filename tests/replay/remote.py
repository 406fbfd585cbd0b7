"""``/_control``: the control object over HTTP, for a server that is its own process.

No key. ``GET /_control/log?path=``, ``/count?path=&status=``, ``/violations``, ``/state``,
``/wait?count=&path=&stage=&timeout=`` (204, or 408 when it did not come); ``POST /_control`` takes one JSON
object with any of ``faults`` (the new script), ``hold`` (``{"path", "after"}``, or null: release),
``quota`` (``{"limit", "window"}``), ``reset`` (true). Bad requests get 400 and one sentence.
"""

from __future__ import annotations

import asyncio
import http.client
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson
from aiohttp import web
from attrs import asdict

from tests.replay.checker import Violation
from tests.replay.control import Control, Entry, Stage
from tests.replay.faults import Fault

__all__ = ["RemoteControl", "answer_control"]

_SLACK = 5.0


def _json(body: object, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json")


async def answer_control(
    control: Control, request: web.BaseRequest, path: str, query: Mapping[str, str]
) -> web.StreamResponse:
    """The answer to one request below ``/_control``; it is neither logged nor counted."""
    pattern = query.get("path", "")
    try:
        match request.method, path:
            case "POST", "":
                _steer(control, orjson.loads(await request.read()))
                return _json({})
            case "GET", "/log":
                return _json([entry.to_json() for entry in control.log(pattern)])
            case "GET", "/count":
                status = int(query["status"]) if "status" in query else None
                return _json(control.count(pattern, status=status))
            case "GET", "/violations":
                return _json([asdict(violation) for violation in control.violations])
            case "GET", "/state":
                return _json(
                    {"held": control.held, "max_concurrency": control.max_concurrency, "refused": control.refused}
                )
            case "GET", "/wait":
                stage = Stage(query.get("stage", Stage.ANSWERED))
                return await _wait(control, int(query["count"]), pattern, stage, float(query.get("timeout", "10")))
    except (ValueError, KeyError, TypeError) as error:
        return web.Response(status=400, text=f"the request to the control is wrong: {error}")
    return web.Response(status=404, text="the control has no such path")


def _steer(control: Control, orders: Mapping[str, Any]) -> None:
    if unknown := orders.keys() - {"faults", "hold", "quota", "reset"}:
        raise ValueError(f"there is no order {sorted(unknown)[0]}")
    if orders.get("reset"):
        control.reset()
    if "faults" in orders:
        control.script(*(Fault.from_json(raw) for raw in orders["faults"]))
    if "quota" in orders:
        control.set_quota(**orders["quota"])
    if "hold" in orders:
        if orders["hold"] is None:
            control.release()
        else:
            control.hold(**orders["hold"])


async def _wait(control: Control, count: int, pattern: str, stage: Stage, timeout: float) -> web.Response:  # noqa: ASYNC109 - asked for by the client
    reached = asyncio.Event()
    loop = asyncio.get_running_loop()
    watch = control.watch(count, pattern, stage, lambda: loop.call_soon_threadsafe(reached.set))
    try:
        async with asyncio.timeout(timeout):
            await reached.wait()
    except TimeoutError:
        return web.Response(status=408)
    finally:
        control.unwatch(watch)
    return web.Response(status=204)


class RemoteControl:
    """The methods of :class:`~tests.replay.control.Control` for a server in another process."""

    def __init__(self, base_url: str) -> None:
        self._netloc = urlsplit(base_url).netloc

    def _ask(self, method: str, path: str, body: object = None, timeout: float = 30.0) -> tuple[int, Any]:
        connection = http.client.HTTPConnection(self._netloc, timeout=timeout)
        try:
            connection.request(method, f"/_control{path}", None if body is None else orjson.dumps(body))
            reply = connection.getresponse()
            content = reply.read()
        finally:
            connection.close()
        if reply.status in {400, 404}:
            raise ValueError(content.decode())
        return reply.status, orjson.loads(content) if content else None

    def _get(self, what: str, **query: object) -> Any:
        return self._ask("GET", f"{what}?{urlencode(query)}")[1]

    @property
    def violations(self) -> list[Violation]:
        return [Violation(**raw) for raw in self._get("/violations")]

    @property
    def max_concurrency(self) -> int:
        return int(self._get("/state")["max_concurrency"])

    @property
    def held(self) -> int:
        return int(self._get("/state")["held"])

    @property
    def refused(self) -> int:
        """Calls that were over the quota."""
        return int(self._get("/state")["refused"])

    def log(self, path: str = "") -> list[Entry]:
        return [
            Entry(
                **{
                    **raw,
                    "query": [tuple(pair) for pair in raw["query"]],
                    "headers": tuple(tuple(pair) for pair in raw["headers"]),
                }
            )
            for raw in self._get("/log", path=path)
        ]

    def count(self, path: str = "", *, status: int | None = None) -> int:
        if status is None:
            return int(self._get("/count", path=path))
        return int(self._get("/count", path=path, status=status))

    def script(self, *faults: Fault) -> None:
        self._ask("POST", "", {"faults": [fault.to_json() for fault in faults]})

    def hold(self, path: str = "", *, after: int = 0) -> None:
        self._ask("POST", "", {"hold": {"path": path, "after": after}})

    def release(self) -> None:
        self._ask("POST", "", {"hold": None})

    def set_quota(self, limit: int | None = None, window: float | None = None) -> None:
        self._ask("POST", "", {"quota": {"limit": limit, "window": window}})

    def reset(self) -> None:
        self._ask("POST", "", {"reset": True})

    def wait(self, count: int, path: str = "", *, stage: Stage | str = Stage.ANSWERED, timeout: float = 10.0) -> None:
        """As in process; raises :class:`TimeoutError`."""
        query = urlencode({"count": count, "path": path, "stage": str(stage), "timeout": timeout})
        if self._ask("GET", f"/wait?{query}", timeout=timeout + _SLACK)[0] == 408:
            raise TimeoutError(f"{count} requests have not {stage} after {timeout:g} s")
