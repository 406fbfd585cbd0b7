"""The resolver as a whole: pure, blind to order, total, and never two birth keys in one person."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import combinations

import leadgen_identity
import pytest
from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st
from leadgen_identity.join import join
from leadgen_identity.names import clashing
from leadgen_identity.people import article14_due
from leadgen_identity.resolver import IdentityResolver
from leadgen_identity.statements import DECIDING_ROLES, read_statements

from leadgen_core import (
    AccountLink,
    Case,
    Claim,
    Company,
    CompanyNumber,
    CompanyProfile,
    Lead,
    NameMatch,
    OfficerAppointment,
    Ownership,
    PersonalAddress,
    Provenance,
    ResolverSpec,
    RunStamp,
    SignificantControl,
    Site,
    Verdict,
)

NUMBER, OTHER = CompanyNumber("09990001"), CompanyNumber("09990002")
NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
DRAFT = Lead(company=Company(number=None), provenance=RunStamp(run="r1", generated_at=NOW))


@frozen(kw_only=True)
class Rumour(Claim):
    """A claim of a type that the resolver does not know."""

    text: str = ""


# Few values, so that statements meet: the same names, keys and ids again and again.
def few(*values: str | None) -> st.SearchStrategy[str | None]:
    return st.sampled_from(values)


def text(*values: str) -> st.SearchStrategy[str]:
    return st.sampled_from(values) | st.text(max_size=12)


days = st.none() | st.sampled_from([date(1991, 1, 1), date(2010, 1, 1), date(2026, 1, 31), date(2026, 2, 1)])
numbers = st.sampled_from([NUMBER, NUMBER, NUMBER, OTHER])
keys = few(None, "k1", "k2")
stamps = st.builds(
    Provenance,
    question=few("a.officers", "b.psc"),
    url=few("https://a.example", "https://b.example"),
    retrieved_at=st.sampled_from([NOW, NOW - timedelta(days=1)]),
    good_until=st.none() | st.just(NOW),
    stale_since=st.none() | st.just(NOW),
)
addresses = st.none() | st.builds(PersonalAddress, town=few("Ely", None), postcode_key=few(None, "p1", "p2"))
given_names = ["John", "J", "John Paul", "John P", "James", "Jöhn", "John Jr", "John-Paul", ""]
officers = st.builds(
    OfficerAppointment,
    provenance=stamps,
    company=numbers,
    name=st.builds("{}, {}".format, st.sampled_from(["ALMOND", "O'BRIEN", "O BRIEN"]), st.sampled_from(given_names))
    | text("ALMOND", "ACME LIMITED", "LIMITED, Acme", "John ALMOND"),
    role=text("director", "director", "llp-designated-member", "secretary", "corporate-director"),
    appointed_on=days,
    appointed_before=days,
    resigned_on=days,
    officer_id=few(None, "o1", "o2"),
    appointment=few(None, "a1"),
    registration=few(None, None, None, "123"),
    birth_key=keys,
    address=addresses,
)
controls = st.builds(
    SignificantControl,
    provenance=stamps,
    company=numbers,
    control_kind=text("individual-person-with-significant-control", "individual-beneficial-owner", "super-secure-x"),
    name=st.none()
    | st.builds("Mr {} {}".format, st.sampled_from(given_names), st.sampled_from(["Almond", "O'Brien"]))
    | text("Mr Almond"),
    forename=few(None, "John", "J"),
    middle_name=few(None, "Paul"),
    surname=few(None, "Almond", "O'Brien"),
    notified_on=days,
    ceased_on=days,
    ceased=st.booleans(),
    notification=few(None, "n1"),
    birth_key=keys,
    address=addresses,
)
profiles = st.builds(
    CompanyProfile,
    provenance=stamps,
    number=numbers,
    name=few(None, "A LTD", "B LTD"),
    status=few(None, "active"),
    sic_codes=st.sampled_from([(), ("62012",)]),
)
others: st.SearchStrategy[Claim] = st.builds(Rumour, provenance=stamps, text=st.text(max_size=3)) | st.builds(
    NameMatch, provenance=stamps, query=st.just("a"), number=numbers, name=st.just("A LTD")
)
claims = st.lists(officers | controls | profiles | others, max_size=8)


def resolve(found: list[Claim], number: CompanyNumber | None = NUMBER) -> Lead:
    case = Case(number=number, claims=tuple(found), outcomes={}, now=NOW)
    return IdentityResolver(leadgen_identity.Config()).resolve(case, DRAFT)


@settings(deadline=None, max_examples=200)
@given(claims, st.randoms(use_true_random=False))
def test_the_order_of_claims_does_not_matter_nor_their_repetition(found: list[Claim], random: object) -> None:
    shuffled = found.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    lead = resolve(found)
    assert resolve(shuffled) == lead
    assert resolve(found + shuffled) == lead


@settings(deadline=None, max_examples=300)
@given(claims)
def test_groups_hold_every_statement_once_and_never_two_birth_keys(found: list[Claim]) -> None:
    statements = read_statements(found, NUMBER, NOW)
    groups = join(statements)
    assert join(statements[::-1]) == groups
    assert sorted(s.order for group in groups for s in group) == [s.order for s in statements]
    for group in groups:
        assert len({statement.birth_key for statement in group} - {None}) <= 1
        assert not any(clashing(one.name, other.name) for one, other in combinations(group, 2))


@settings(deadline=None, max_examples=200)
@given(claims, st.none() | numbers)
def test_any_claims_give_a_lead_with_whole_executives(found: list[Claim], number: CompanyNumber | None) -> None:
    lead = resolve(found, number)
    assert lead.company.number == (str(number) if number else None)
    for person in lead.executives:
        assert person.name.full
        assert person.evidence
        roles = [role.role for role in person.roles]
        assert roles
        assert len(roles) == len(set(roles))
        assert set(roles) <= DECIDING_ROLES | {"person-with-significant-control"}
        assert any(link.claim.startswith("is-") for link in person.evidence)
        assert person.confidence is None


def test_site_accounts_and_everything_else_stay_as_drafted() -> None:
    site = Site(url="https://quill.example", owned=Ownership(verdict=Verdict.PROVEN, because="it says so"))
    account = AccountLink(provider="x", url="https://x.example/quill", verdict=Verdict.UNPROVEN, because="")
    draft = Lead(company=Company(number=None), site=site, accounts=(account,), provenance=DRAFT.provenance)
    case = Case(number=NUMBER, claims=(), outcomes={}, now=NOW)
    lead = IdentityResolver(leadgen_identity.Config()).resolve(case, draft)
    assert (lead.site, lead.accounts, lead.provenance) == (site, (account,), draft.provenance)
    assert lead.company == Company(number="09990001")


def test_the_plugin_offers_the_resolver() -> None:
    assert leadgen_identity.PLUGIN.config is leadgen_identity.Config
    assert tuple(leadgen_identity.leadgen_resolvers()) == (
        ResolverSpec(name="identity", factory="leadgen_identity.resolver:IdentityResolver"),
    )


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2028, 1, 31), date(2028, 2, 29)),
        (date(2026, 2, 28), date(2026, 3, 28)),
        (date(2026, 10, 31), date(2026, 11, 30)),
        (date(2026, 12, 31), date(2027, 1, 31)),
    ],
)
def test_the_person_must_be_told_within_one_calendar_month(day: date, due: date) -> None:
    assert article14_due(day) == due
