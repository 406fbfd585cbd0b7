"""A sound little plugin with an API of its own: what the broken ones of this folder are variations of."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

from attrs import evolve, frozen

import leadgen_core as lg
from leadgen_core.contracts.world import WorldCompany
from leadgen_core.testing import Samples, small_world


@frozen(kw_only=True)
class Config:
    base_url: str = "https://api.sound.example"
    api_key: lg.Secret | None = None
    quota: int | None = None


def classify(operation: str, reply: lg.RawReply) -> lg.Meaning:
    if reply.status == 200 and reply.is_json and isinstance(reply.body, dict):
        return lg.Ok()
    if reply.status == 404 and reply.body == {"error": "no such company"}:
        return lg.Nothing()
    if reply.status == 429:
        after = reply.headers.get("retry-after", "")
        return lg.RetryAt(reply.received_at + int(after) if after.isdecimal() else None)
    if reply.status in (401, 403):
        return lg.Refused("check sound.api_key")
    return (lg.Failed if reply.status >= 500 else lg.Malformed)(f"status {reply.status}")


def redact(operation: str, body: Any, keyed: lg.Keyed) -> Any:
    if operation == "company":
        return {"name": text(body["name"])}
    if operation == "officers":
        return {"officers": [officer(row, keyed) for row in body["officers"]], "next": page_number(body["next"])}
    rows = [{"number": text(row["number"]), "name": text(row["name"])} for row in body["companies"]]
    return {"companies": rows, "next": page_number(body["next"])}


def officer(row: Any, keyed: lg.Keyed) -> dict[str, Any]:
    since = None if row["since"] is None else date.fromisoformat(row["since"]).isoformat()
    return {
        "id": text(row["id"]),
        "name": text(row["name"]),
        "role": text(row["role"]),
        "since": since,
        "birth_key": keyed(text(row["born"])) if row["born"] else None,
    }


def text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("no text")
    return value.strip()


def page_number(value: Any) -> int | None:
    if value is not None and type(value) is not int:
        raise ValueError("no number")
    return value


API = lg.ApiSpec(
    name="sound",
    controller="Sound",
    base_url="https://api.sound.example",
    credential=lg.Credential(kind=lg.AuthKind.HEADER, header="X-Key"),
    operations={name: lg.Operation(lifetime="register") for name in ("company", "officers", "list")},
    lifetimes={"register": lg.Lifetime(soft=timedelta(days=1), hard=timedelta(days=7))},
    windows=(lg.Window(limit=30, length=60.0),),
    classify=classify,
    redact=redact,
    probe=("company", lg.Request("/companies/00000001")),
)


class Members:
    """The source: a company and its officers, page by page."""

    def __init__(self, config: Config) -> None:
        self.config = config

    async def answer(self, subject: lg.CompanyNumber, ctx: lg.Context) -> lg.Answer:
        path = f"/companies/{lg.Lookup.segment(subject.value)}"
        company = await ctx.ask(lg.Lookup.get(API, "company", path))
        if company.nothing:
            return lg.Absent(because="no such company")
        profile = lg.CompanyProfile(provenance=company.provenance, number=subject, name=company.body["name"])
        claims: list[lg.Claim] = [profile]
        async for page in ctx.pages(
            officers(path, 1), lambda page: page.body["next"] and officers(path, page.body["next"])
        ):
            claims += [appointment(row, subject, page.provenance) for row in page.body["officers"]]
        return lg.Found(claims)


def officers(path: str, page: int) -> lg.Lookup:
    return lg.Lookup.get(API, "officers", f"{path}/officers", {"page": page})


def following(path: str, page: lg.Reply) -> lg.Lookup | None:
    return officers(path, page.body["next"]) if page.body["next"] else None


def appointment(row: Any, company: lg.CompanyNumber, provenance: lg.Provenance) -> lg.OfficerAppointment:
    return lg.OfficerAppointment(
        provenance=provenance,
        company=company,
        name=row["name"],
        role=row["role"],
        appointed_on=date.fromisoformat(row["since"]) if row["since"] else None,
        officer_id=row["id"],
        birth_key=row["birth_key"],
    )


class Listing:
    """The discoverer: every company, filtered by status alone."""

    def __init__(self, config: Config) -> None:
        self.config = config

    async def discover(self, query: lg.DiscoveryQuery, ctx: lg.Context) -> AsyncIterator[lg.Candidate]:
        params = self.params(query)
        given = 0
        async for page in ctx.pages(self.page(params, 1), lambda page: self.following(params, page)):
            for row in page.body["companies"]:
                yield lg.Candidate(lg.CompanyNumber.parse(row["number"]), row["name"])
                given += 1
                if given == query.limit:
                    return

    def params(self, query: lg.DiscoveryQuery) -> dict[str, str | int]:
        if query.sic_codes or query.location or query.types or query.incorporated_from or query.incorporated_to:
            raise lg.UsageError("sound lists companies by their status alone")
        if set(query.statuses) - {"active", "dissolved", "liquidation"}:
            raise lg.UsageError("sound knows the statuses active, dissolved and liquidation")
        return {"status": ",".join(sorted(query.statuses))} if query.statuses else {}

    def page(self, params: dict[str, str | int], number: int) -> lg.Lookup:
        return lg.Lookup.get(API, "list", "/companies", {**params, "page": number})

    def following(self, params: dict[str, str | int], page: lg.Reply) -> lg.Lookup | None:
        return self.page(params, page.body["next"]) if page.body["next"] else None


def few() -> tuple[WorldCompany, ...]:
    """Some of the dozen, and of the many officers of one as many as make three pages: the tests are quick with them."""
    chosen = [company for company in small_world().companies() if company.number not in ("01000010", "01000012")]
    return tuple(evolve(company, appointments=company.appointments[:11], controls=()) for company in chosen)


SAMPLES = Samples(world=small_world(few()))
SOURCE = lg.SourceSpec(
    name="members",
    factory=f"{__name__}:Members",
    asks=lg.CompanyNumber,
    yields=(lg.CompanyProfile, lg.OfficerAppointment),
    api=API,
    categories=("name", "role", "keyed hash of month and year of birth"),
)
DISCOVERER = lg.DiscovererSpec(name="listing", factory=f"{__name__}:Listing", api=API)
SIMULATOR = lg.SimulatorSpec(name="sound", api="sound", factory="tests.kit.sound_simulator:Simulator")
