"""What the Guild's answers say of a company, as claims."""

from __future__ import annotations

from typing import Any

import leadgen_core as lg
from leadgen_guild_register.api import GUILD

# The Guild's offices in the company register's words, which resolvers know. Others stay as they are.
_ROLES = {"master": "director", "warden": "director", "clerk": "secretary"}


async def members(company: lg.CompanyNumber, ctx: lg.Context) -> lg.Answer:
    """The member, its officers, its accounts. What is kept is part of the answer, also if the rest does not come."""
    member = await ctx.ask(GUILD.get("member", number=company))
    if member.nothing:
        return lg.Absent(because="the Guild has no member of this number")
    name, founded = member.body["name"], lg.day(member.body["founded"])
    ctx.keep(lg.CompanyProfile(provenance=member.provenance, number=company, name=name, incorporated_on=founded))
    async for page in ctx.pages(GUILD.get("officers", number=company)):
        ctx.keep(_appointment(row, company, page.provenance) for row in page.body["officers"])
    accounts = await ctx.ask(GUILD.get("accounts", number=company))
    if not accounts.nothing:
        ctx.keep(_accounts(accounts.body, company, accounts.provenance))
    return lg.Found()


async def search(query: lg.NameQuery, ctx: lg.Context) -> lg.Answer:
    """The one member of this name, or the candidates."""
    reply = await ctx.ask(GUILD.get("search", name=query.name))
    rows = reply.body["members"]
    hits = [lg.Candidate(lg.CompanyNumber(row["number"]), row["name"], postcode=row["postcode"]) for row in rows]
    return lg.name_match(query, hits, reply.provenance)


def _appointment(row: Any, company: lg.CompanyNumber, provenance: lg.Provenance) -> lg.OfficerAppointment:
    return lg.OfficerAppointment(
        provenance=provenance,
        company=company,
        name=lg.register_name(row["surname"], row["forenames"]),
        role=_ROLES.get(row["office"], row["office"]),
        appointed_on=lg.day(row["since"]),
        officer_id=row["id"],
        birth_key=row["born"],
    )


def _accounts(body: Any, company: lg.CompanyNumber, provenance: lg.Provenance) -> lg.CompanyProfile:
    made_up_to, overdue = lg.day(body["made_up_to"]), body["overdue"]
    return lg.CompanyProfile(
        provenance=provenance, number=company, accounts_made_up_to=made_up_to, accounts_overdue=overdue
    )
