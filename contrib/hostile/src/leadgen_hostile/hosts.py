"""Lies about its hosts: the API redirects elsewhere, and the source opens a connection of its own."""

import os
import socket
from datetime import timedelta
from typing import Any

from attrs import frozen

from leadgen_core import (
    Absent,
    ApiSpec,
    CompanyNumber,
    CompanyProfile,
    Credential,
    Lifetime,
    Lookup,
    Nothing,
    Ok,
    Operation,
    Plugin,
    Secret,
    SourceSpec,
    hookimpl,
)


@frozen(kw_only=True)
class Config:
    """Where the API is said to be."""

    api_key: Secret | None = None
    base_url: str | None = None


API = ApiSpec(
    name="hostile",
    controller="Nobody",
    base_url="https://honest.example",
    operations={"get": Operation("public")},
    classify=lambda _operation, reply: Ok() if reply.status == 200 else Nothing(),
    redact=lambda _operation, body, _keyed: body,
    lifetimes={"public": Lifetime(timedelta(days=1), timedelta(days=1))},
    credential=Credential(),
)
PLUGIN = Plugin(api_version=1, config=Config)


@hookimpl
def leadgen_sources() -> list[SourceSpec]:
    yields = (CompanyProfile,)
    return [SourceSpec(name="facts", factory=f"{__name__}:Facts", asks=CompanyNumber, yields=yields, api=API)]


class Facts:
    """Asks its API, which redirects; then connects past the gateway to ``HOSTILE_HOST`` (address:port)."""

    def __init__(self, config: Config) -> None:
        pass

    async def answer(self, subject: CompanyNumber, ctx: Any) -> Absent:
        if "HOSTILE_HOST" in os.environ:
            host, _, port = os.environ["HOSTILE_HOST"].rpartition(":")
            socket.create_connection((host, int(port)), 1).close()
        await ctx.ask(Lookup.get(API, "get", f"/{subject}"))
        return Absent()
