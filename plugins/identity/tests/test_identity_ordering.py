"""The order of claims: that of their texts, though the texts are hardly ever made."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st
from leadgen_identity.ordering import PersonClaim, in_order

from leadgen_core import CompanyNumber, OfficerAppointment, Provenance, SignificantControl

NUMBER = CompanyNumber("09990001")
NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
# As in a run, one object stands for a page; two pages may say the same of themselves.
PAGES = [
    Provenance("a.officers", "https://a.example", NOW),
    Provenance("a.officers", "https://a.example", NOW),
    Provenance("a.officers", "https://a.example", NOW - timedelta(days=1)),
    Provenance("b.psc", "https://b.example/it's", NOW),
]


@frozen(kw_only=True, repr=False)
class Trustee(OfficerAppointment):
    """A class of a plugin's own, with a text of its own."""

    def __repr__(self) -> str:
        return f"A trustee, {self.name}"


# Quotation marks change how a text is quoted, and each name is the beginning of another.
names = st.sampled_from(["A", "A'", 'A"', "A'\"", "A', role='director", "A, B", "Á"]) | st.text(max_size=3)
pages = st.sampled_from(PAGES)
days = st.none() | st.just(date(2010, 1, 1))
officers = st.builds(
    OfficerAppointment,
    provenance=pages,
    company=st.just(NUMBER),
    name=names,
    role=st.sampled_from(["director", "secretary"]),
    appointed_on=days,
)
controls = st.builds(
    SignificantControl,
    provenance=pages,
    company=st.just(NUMBER),
    control_kind=st.sampled_from(["individual", "individual-beneficial-owner", "individual'"]),
    name=st.none() | names,
    notified_on=days,
)
trustees = st.builds(Trustee, provenance=pages, company=st.just(NUMBER), name=names, role=st.just("director"))


def by_text(claims: list[PersonClaim]) -> list[PersonClaim]:
    texts = {repr(claim): claim for claim in claims}
    return [texts[text] for text in sorted(texts)]


@settings(deadline=None, max_examples=300)
@given(st.lists(officers | controls, max_size=8) | st.lists(officers | controls | trustees, max_size=6))
def test_claims_are_in_the_order_of_their_texts_each_once(claims: list[PersonClaim]) -> None:
    assert in_order(claims) == by_text(claims)


def test_claims_of_one_page_are_in_the_order_of_their_texts_too() -> None:
    claims: list[PersonClaim] = [
        OfficerAppointment(provenance=PAGES[0], company=NUMBER, name=name, role=role)
        for name in ("B", "A, B", "A", "A'")
        for role in ("secretary", "director", "director")
    ]
    assert in_order(claims) == by_text(claims)
    assert [(claim.name, claim.role) for claim in in_order(claims) if isinstance(claim, OfficerAppointment)][:2] == [
        ("A'", "director"),
        ("A'", "secretary"),
    ]
