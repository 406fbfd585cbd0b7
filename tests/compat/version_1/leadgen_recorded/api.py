"""The API: one operation declared, one read by functions of this plugin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from leadgen_core import (
    ApiSpec,
    AuthKind,
    Credential,
    Failed,
    Keyed,
    Lifetime,
    Malformed,
    Meaning,
    Nothing,
    Ok,
    Operation,
    RawReply,
    Refused,
    RetryAt,
    Window,
)


def classify(_operation: str, reply: RawReply) -> Meaning:
    if reply.status == 200 and reply.is_json:
        return Ok()
    if reply.status == 404:
        return Nothing()
    if reply.status == 429:
        return RetryAt(reply.received_at + 1)
    if reply.status in (401, 403):
        return Refused("set api_key in [recorded]")
    return Failed(f"status {reply.status}") if reply.status >= 500 else Malformed(f"status {reply.status}")


def redact(operation: str, body: Any, keyed: Keyed) -> Any:
    if operation == "company":
        return {"name": body["name"], "status": body["status"]}
    rows = [{"name": row["name"], "role": row["role"], "born": keyed(row["born"])} for row in body["people"]]
    return {"people": rows, "next": body["next"]}


def read_windows(headers: Mapping[str, str], _received_at: float) -> Sequence[Window]:
    return (Window(int(headers["x-limit"]), 60.0),) if "x-limit" in headers else ()


RECORDED = ApiSpec(
    name="recorded",
    controller="Recorded Ltd",
    base_url="https://recorded.example",
    credential=Credential(kind=AuthKind.BEARER),
    operations={"company": Operation("company", path="/companies/{number}"), "people": Operation("people")},
    lifetimes={
        "company": Lifetime(soft=timedelta(days=1), hard=timedelta(days=7)),
        "people": Lifetime(soft=timedelta(hours=1), hard=timedelta(days=1), persist=False),
    },
    windows=(Window(limit=1000, length=60.0),),
    classify=classify,
    redact=redact,
    read_windows=read_windows,
)
