"""The Guild's API: what its answers mean, what may be kept of them, and the source that reads them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import leadgen_core as lg
from leadgen_guild_register import Config

# The Guild's offices in the company register's words, which resolvers know. Others stay as they are.
_ROLES = {"master": "director", "warden": "director", "clerk": "secretary"}


def classify(operation: str, reply: lg.RawReply) -> lg.Meaning:
    """Only the Guild's own 404 is proof: that of a wrong base_url must not make every company absent."""
    if reply.status == 200 and reply.is_json:
        return lg.Ok()
    if reply.status == 404 and operation == "member" and reply.body == {"error": "no such member"}:
        return lg.Nothing()
    if reply.status == 429:
        after = reply.headers.get("retry-after", "")
        return lg.RetryAt(reply.received_at + int(after) if after.isdecimal() else None)
    if reply.status in (401, 403):
        return lg.Refused("the Guild does not accept the key: check guild-register.api_key")
    return (lg.Failed if reply.status >= 500 else lg.Malformed)(f"the Guild answered {reply.status}")


def redact(operation: str, body: Any, keyed: lg.Keyed) -> Any:
    """All that is kept of a body. One of another shape raises, and the gateway calls the answer malformed."""
    if operation == "member":
        return {"name": body["name"].strip()}
    return {"officers": [_officer(row, keyed) for row in body["officers"]], "next": body["next"] and int(body["next"])}


def _officer(row: Any, keyed: lg.Keyed) -> dict[str, str | None]:
    return {
        "id": row["id"].strip(),
        "name": f"{row['surname'].strip().upper()}, {row['forenames'].strip()}",
        "role": _ROLES.get(row["office"], row["office"].strip()),
        "since": date.fromisoformat(row["since"]).isoformat(),
        "birth_key": keyed(row["born"]) if row["born"] else None,
    }


GUILD = lg.ApiSpec(
    name="guild-register",
    controller="The Guild",
    base_url="https://api.guild-register.example",
    credential=lg.Credential(kind=lg.AuthKind.HEADER, header="X-Guild-Key"),
    operations={"member": lg.Operation(lifetime="register"), "officers": lg.Operation(lifetime="register")},
    lifetimes={"register": lg.Lifetime(soft=timedelta(days=1), hard=timedelta(days=7))},
    windows=(lg.Window(limit=60, length=60.0),),
    classify=classify,
    redact=redact,
    probe=("member", lg.Request("/members/00000001")),
)


class Members:
    """``guild-register.members``: the member and the officers that it has now."""

    def __init__(self, _config: Config) -> None:
        pass

    async def answer(self, subject: lg.CompanyNumber, ctx: lg.Context) -> lg.Answer:
        path = f"/members/{lg.Lookup.segment(subject.value)}"
        member = await ctx.ask(lg.Lookup.get(GUILD, "member", path))
        if member.nothing:
            return lg.Absent(because="the Guild has no member of this number")
        profile = lg.CompanyProfile(provenance=member.provenance, number=subject, name=member.body["name"])
        claims: list[lg.Claim] = [profile]
        ctx.keep(claims)  # what was read survives if a later page does not come
        async for page in ctx.pages(_page(path, 1), lambda page: page.body["next"] and _page(path, page.body["next"])):
            officers = [_appointment(row, subject, page.provenance) for row in page.body["officers"]]
            ctx.keep(officers)
            claims += officers
        return lg.Found(claims)


def _page(path: str, number: int) -> lg.Lookup:
    return lg.Lookup.get(GUILD, "officers", f"{path}/officers", {"page": number})


def _appointment(row: Any, company: lg.CompanyNumber, provenance: lg.Provenance) -> lg.OfficerAppointment:
    return lg.OfficerAppointment(
        provenance=provenance,
        company=company,
        name=row["name"],
        role=row["role"],
        appointed_on=date.fromisoformat(row["since"]),
        officer_id=row["id"],
        birth_key=row["birth_key"],
    )
