"""The Guild's API: its four calls, what may be kept of their answers, and for how long."""

from __future__ import annotations

from datetime import date, timedelta

import leadgen_core as lg

_MEMBER = {"name": str, "founded": date | None}
_OFFICER = {"id": str, "surname": str, "forenames": str, "office": str, "since": date, "born": lg.BirthKey | None}
_OFFICERS = {"officers": [_OFFICER], "next": int | None}
_ACCOUNTS = {"made_up_to": date, "overdue": bool}
_SEARCH = {"members": [{"number": lg.CompanyNumber, "name": str, "postcode": str | None}]}

_NO_MEMBER = {"error": "no such member"}
_NO_ACCOUNTS = {"error": "no accounts"}

GUILD = lg.ApiSpec(
    name="guild-register",
    controller="The Guild",
    base_url="https://api.guild-register.example",
    credential=lg.Credential(kind=lg.AuthKind.HEADER, header="X-Guild-Key"),
    operations={
        "member": lg.Operation("company", path="/members/{number}", keep=_MEMBER, nothing=_NO_MEMBER),
        "officers": lg.Operation(
            "people", path="/members/{number}/officers", keep=_OFFICERS, paging=lg.Paging("page", "next")
        ),
        "accounts": lg.Operation("company", path="/members/{number}/accounts", keep=_ACCOUNTS, nothing=_NO_ACCOUNTS),
        "search": lg.Operation("company", path="/search", keep=_SEARCH),
    },
    lifetimes={
        "company": lg.Lifetime(soft=timedelta(days=1), hard=timedelta(days=14)),
        "people": lg.Lifetime(soft=timedelta(days=1), hard=timedelta(days=7)),
    },
    windows=(lg.Window(limit=60, length=60.0),),
    probe=("member", lg.Request("/members/00000001")),
)
