"""The second API: the profile of a company, as the first has it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import leadgen_core as lg
from leadgen_second import Config


def _classify(_operation: str, reply: lg.RawReply) -> lg.Meaning:
    if reply.status == 200 and reply.is_json:
        return lg.Ok()
    return lg.Failed(f"{reply.status}") if reply.status >= 500 else lg.Malformed(f"{reply.status}")


def _redact(_operation: str, body: Any, _keyed: lg.Keyed) -> Any:
    return {"name": body["company_name"]}


SECOND = lg.ApiSpec(
    name="second",
    controller="Second",
    base_url="http://127.0.0.1:1",
    credential=lg.Credential(),
    operations={"profile": lg.Operation(lifetime="all")},
    lifetimes={"all": lg.Lifetime(soft=timedelta(days=1), hard=timedelta(days=7))},
    classify=_classify,
    redact=_redact,
)


class Profile:
    """``second.profile``."""

    def __init__(self, _config: Config) -> None:
        pass

    async def answer(self, subject: lg.CompanyNumber, ctx: lg.Context) -> lg.Answer:
        """The name that the second API has for it."""
        reply = await ctx.ask(lg.Lookup.get(SECOND, "profile", f"/company/{subject.value}"))
        return lg.Found((lg.CompanyProfile(provenance=reply.provenance, number=subject, name=reply.body["name"]),))
