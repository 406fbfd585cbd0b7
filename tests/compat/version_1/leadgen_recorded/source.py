"""A source as a class, and one as a function."""

from __future__ import annotations

from leadgen_core import (
    Absent,
    Answer,
    CompanyNumber,
    CompanyProfile,
    Context,
    Found,
    Lookup,
    OfficerAppointment,
    Reply,
)
from leadgen_recorded import Config
from leadgen_recorded.api import RECORDED


class Companies:
    """The company itself."""

    def __init__(self, config: Config) -> None:
        self.config = config

    async def answer(self, subject: CompanyNumber, ctx: Context) -> Answer:
        reply = await ctx.ask(RECORDED.get("company", number=subject))
        if reply.nothing:
            return Absent(because="it is not recorded")
        claim = CompanyProfile(
            provenance=reply.provenance, number=subject, name=reply.body["name"], status=reply.body["status"]
        )
        return Found([claim], complete=True)

    async def aclose(self) -> None:
        """Nothing is held."""


async def people(subject: CompanyNumber, ctx: Context) -> Answer:
    """Its people, page by page."""

    def page(number: int) -> Lookup:
        return Lookup.get(RECORDED, "people", f"/companies/{Lookup.segment(str(subject))}/people", {"page": number})

    def following(reply: Reply) -> Lookup | None:
        return None if reply.nothing or reply.body["next"] is None else page(reply.body["next"])

    seen = False
    async for reply in ctx.pages(page(1), following, limit=20):
        for row in () if reply.nothing else reply.body["people"]:
            seen = True
            ctx.keep(
                [
                    OfficerAppointment(
                        provenance=reply.provenance,
                        company=subject,
                        name=row["name"],
                        role=row["role"],
                        birth_key=row["born"],
                    )
                ]
            )
    return Found(()) if seen else Absent()
