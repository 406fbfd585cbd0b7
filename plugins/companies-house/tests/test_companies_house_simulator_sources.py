"""Our own sources ask the simulated register over HTTP and get the claims that its world means."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request as Call
from urllib.request import urlopen

import pytest
from leadgen_companies_house import Config, api
from leadgen_companies_house.sources import Officers, Profile, Psc, Search

from leadgen_core import (
    Absent,
    Answer,
    CompanyNumber,
    CompanyProfile,
    Found,
    NameMatch,
    NameQuery,
    OfficerAppointment,
    RawReply,
    Request,
    SignificantControl,
    Source,
    Unanswered,
    Unknown,
)
from leadgen_core.contracts.world import Body, Human, SimulatorDesk, World, WorldCompany
from leadgen_core.testing import ScriptedContext, scripted_reply

Serve = Callable[[World, SimulatorDesk], Awaitable[str]]
Ask = Callable[[Source, Any], Awaitable[Answer]]

KEY = {"Authorization": "Basic c2FuZGJveC1rZXk6"}


def _fetch(url: str, request: Request, headers: dict[str, str]) -> RawReply:
    """One request as the wire would make it."""
    query = f"?{urlencode(request.params)}" if request.params else ""
    try:
        answer = urlopen(Call(url + request.path + query, headers=headers), timeout=5)
    except HTTPError as refused:
        answer = refused
    with answer:
        lower = {name.lower(): value for name, value in answer.headers.items()}
        return scripted_reply(answer.status, answer.read(), lower, received_at=1769778862.0)


@pytest.fixture
async def ask(world: World, desk: SimulatorDesk, serve: Serve) -> Ask:
    """Lets a source answer against the simulator; the source runs in a thread of its own, as its calls block."""
    url = await serve(world, desk)

    async def asked(source: Source, subject: Any) -> Answer:
        ctx = ScriptedContext(lambda request: _fetch(url, request, KEY))
        return await asyncio.to_thread(lambda: asyncio.run(_answered(source, subject, ctx)))

    return asked


async def _answered(source: Source, subject: Any, ctx: ScriptedContext) -> Answer:
    return await source.answer(subject, ctx)


def _companies(world: World) -> list[tuple[CompanyNumber, WorldCompany]]:
    return [(CompanyNumber(company.number), company) for company in world.companies()]


async def test_profiles(world: World, ask: Ask) -> None:
    for number, company in _companies(world):
        answer = await ask(Profile(Config()), number)
        assert isinstance(answer, Found)
        (claim,) = answer.claims
        assert isinstance(claim, CompanyProfile)
        assert (claim.number, claim.name) == (number, company.name)
        assert (claim.status, claim.status_detail, claim.type) == (
            company.status or None,
            company.status_detail,
            company.type,
        )
        assert (claim.incorporated_on, claim.ceased_on) == (company.incorporated_on, company.ceased_on)
        assert claim.sic_codes == company.sic_codes
        assert (claim.address is None) == (company.address is None)
        assert [(name.name, name.effective_from, name.ceased_on) for name in claim.previous_names] == list(
            company.previous_names
        )
        if claim.accounts_type is not None:
            assert claim.accounts_type == company.accounts.type
            assert claim.accounts_made_up_to == company.accounts.made_up_to
            assert claim.accounts_overdue is company.accounts.overdue
        assert bool(claim.confirmation_overdue) is company.confirmation_overdue


async def test_officers(world: World, ask: Ask) -> None:
    for number, company in _companies(world):
        answer = await ask(Officers(Config()), number)
        if not company.appointments:
            assert isinstance(answer, Absent)
            continue
        assert isinstance(answer, Found)
        assert answer.complete
        claims = {claim.appointment: claim for claim in answer.claims if isinstance(claim, OfficerAppointment)}
        assert claims.keys() == {entry.id for entry in company.appointments}
        for entry in company.appointments:
            claim, who = claims[entry.id], entry.who
            assert (claim.company, claim.role, claim.officer_id) == (number, entry.role, entry.officer)
            assert (claim.appointed_on, claim.appointed_before) == (entry.appointed_on, entry.appointed_before)
            assert claim.resigned_on == entry.resigned_on
            if isinstance(who, Human):
                assert claim.name.split(", ")[0] == who.surname.upper()
                assert claim.registration is None
                assert (claim.birth_key is None) == (entry.role == "secretary" or who.born is None)
                assert bool(claim.identity_verified) == (who.verified_on is not None)
            else:
                assert claim.name == who.name
                assert (claim.registration is None) == (who.identification_type is None)
                assert claim.registration in (who.registration, "")


async def test_persons_with_significant_control(world: World, ask: Ask) -> None:
    for number, company in _companies(world):
        answer = await ask(Psc(Config()), number)
        if not company.controls:
            assert isinstance(answer, Absent)
            continue
        assert isinstance(answer, Found)
        assert answer.complete
        claims = {claim.notification: claim for claim in answer.claims if isinstance(claim, SignificantControl)}
        assert claims.keys() == {control.id for control in company.controls}
        for control in company.controls:
            claim, who = claims[control.id], control.who
            assert (claim.control_kind, claim.natures) == (control.kind, control.natures)
            assert (claim.ceased_on, claim.ceased) == (control.ceased_on, control.ceased_on is not None)
            assert claim.notified_on == control.notified_on
            match who:
                case None:
                    assert claim.name is None
                case Human():
                    assert (claim.title, claim.forename, claim.surname) == (who.title, who.forename, who.surname)
                    assert (claim.birth_key is None) == (who.born is None)
                case Body():
                    assert (claim.name, claim.registration) == (who.name, who.registration or "")


async def test_one_human_has_one_birth_key_in_both_lists(ask: Ask) -> None:
    officers, owners = (
        await ask(Officers(Config()), CompanyNumber("09370001")),
        await ask(Psc(Config()), CompanyNumber("09370001")),
    )
    assert isinstance(officers, Found)
    assert isinstance(owners, Found)
    (officer,), (owner,) = officers.claims, owners.claims
    assert isinstance(officer, OfficerAppointment)
    assert isinstance(owner, SignificantControl)
    assert officer.birth_key == owner.birth_key is not None
    assert officer.address == owner.address is not None


async def test_names_lead_to_their_company(world: World, ask: Ask) -> None:
    for number, company in _companies(world):
        if company.name.startswith("BRAMBLE HOLDINGS"):
            continue
        for name in (company.name.title(), *(name for name, _, _ in company.previous_names)):
            answer = await ask(Search(Config()), NameQuery(name))
            assert isinstance(answer, Found), name
            (match,) = answer.claims
            assert isinstance(match, NameMatch)
            assert match.puts_forward() == (number,)
    assert isinstance(await ask(Search(Config()), NameQuery("Nonesuch")), Absent)
    doubtful = await ask(Search(Config()), NameQuery("Bramble Holdings"))  # two companies have this name
    assert isinstance(doubtful, Unknown)
    assert {candidate.number.value for candidate in doubtful.candidates} >= {"08000011", "08000012"}


async def test_who_is_not_on_the_register_is_absent(ask: Ask) -> None:
    for source in (Profile(Config()), Officers(Config()), Psc(Config())):
        assert isinstance(await ask(source, CompanyNumber("99999999")), Absent)


async def test_every_refusal_has_its_meaning(world: World, desk: SimulatorDesk, serve: Serve) -> None:
    url = await serve(world, desk)

    async def meaning(request: Request, headers: dict[str, str]) -> str:
        reply = await asyncio.to_thread(_fetch, url, request, headers)
        return type(api.COMPANIES_HOUSE.classify("profile", reply)).__name__

    assert await meaning(Request("/company/09370001"), KEY) == "Ok"
    assert await meaning(Request("/company/09370001"), {"Authorization": "Bearer wrong"}) == "Refused"
    for path in ("/company/99999999", "/company/09370001/exemptions", "/company/09370001/insolvency"):
        assert await meaning(Request(path), KEY) == "Nothing"
    assert await meaning(Request("/company/123456789"), KEY) == "Failed"
    assert await meaning(Request("/search/companies", {"q": "a", "start_index": "1000"}), KEY) == "Malformed"
    reply = await asyncio.to_thread(_fetch, url, Request("/company/09370001"), KEY)
    (window,) = (api.COMPANIES_HOUSE.read_windows or (lambda headers, at: ()))(reply.headers, reply.received_at)
    assert (window.limit, window.length, window.remaining) == (600, 300.0, 593)
    assert window.resets_at == desk.now() + 300


async def test_a_key_that_is_wrong_is_a_cause(world: World, desk: SimulatorDesk, serve: Serve) -> None:
    url = await serve(world, desk)
    ctx = ScriptedContext(lambda request: _fetch(url, request, {"Authorization": "Basic d3Jvbmc6"}))

    with pytest.raises(Unanswered, match="does not accept the key"):
        await asyncio.to_thread(lambda: asyncio.run(_answered(Profile(Config()), CompanyNumber("09370001"), ctx)))
