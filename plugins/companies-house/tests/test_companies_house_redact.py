"""What must not be kept is gone before anybody sees it; arbitrary JSON breaks neither redaction nor parsers."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from leadgen_companies_house import Config, companies, people
from leadgen_companies_house.listing import items, total
from leadgen_companies_house.reading import DAYS, Unreadable, day
from leadgen_companies_house.redact import redact
from leadgen_companies_house.sources import Officers, Profile, Psc, Search

from leadgen_core import Claim, CompanyNumber, Found, Lookup, NameQuery, Provenance, RawReply, Reply, Request, Source
from leadgen_core.testing import ScriptedContext, scripted_reply

NUMBER = CompanyNumber("01234567")
PROVENANCE = Provenance("companies-house.officers", "https://api.example/x", datetime(2026, 1, 30, tzinfo=UTC))
TODAY = date(2026, 1, 30)

MARKS = (
    "1913", "Zubrowka", "Gravedigger", "Marked Street", "Marked House", "Marked Region", "zz9", "9ZZ", "Old-Name",
    "Preferred-Name", "9000001", "Marked Contact", "Marked Principal", "Marked Service", "Marked Future", "Marked Prov",
    "Supervisory-Body", "Marked Etag", "Marked Country", "1988-08-08",
)  # fmt: skip

PRIVATE_ADDRESS = {
    "care_of": "Marked House", "po_box": "Marked House 1", "premises": "Marked House", "locality": "Neasden",
    "address_line_1": "Marked Street", "address_line_2": "Marked Street 2", "region": "Marked Region",
    "country": "Marked Country", "postal_code": "zz9 9ZZ", "marked_future": "Marked Future",
}  # fmt: skip
PRIVATE = {
    "nationality": "Zubrowkan",
    "country_of_residence": "Zubrowka",
    "occupation": "Gravedigger",
    "date_of_birth": {"day": 29, "month": 2, "year": 1913},
    "address": PRIVATE_ADDRESS,
    "service_address": {"address_line_1": "Marked Service"},
    "usual_residential_address": {"address_line_1": "Marked Service"},
    "principal_office_address": {"address_line_1": "Marked Principal"},
    "contact_details": {"contact_name": "Marked Contact"},
    "former_names": [{"forenames": "Ada", "surname": "Old-Name"}],
    "person_number": "90000010001",
    "etag": "Marked Etag",
    "future_member": {"anything": ["Marked Future"]},
    "identity_verification_details": {
        "appointment_verification_start_on": "2026-01-02",
        "appointment_verification_statement_date": "1988-08-08",
        "identity_verified_on": "1988-08-08",
        "preferred_name": "Preferred-Name",
        "authorised_corporate_service_provider_name": "Marked Provider",
        "anti_money_laundering_supervisory_bodies": ["Supervisory-Body"],
    },
}
OFFICERS = {
    "total_results": 1,
    "etag": "Marked Etag",
    "future_member": "Marked Future",
    "items": [
        {
            "name": "BRAMBLE, Ada",
            "officer_role": "director",
            "appointed_on": "2015-06-01",
            "links": {
                "self": "/company/01234567/appointments/aaa",
                "officer": {"appointments": "/officers/ooo/appointments", "future": "Marked Future"},
                "future": "Marked Future",
            },
            **PRIVATE,
        }
    ],
}
CONTROLS = {
    "total_results": 2,
    "items": [
        {
            "kind": "individual-person-with-significant-control",
            "name": "Ms Ada Bramble",
            "name_elements": {"title": "Ms", "forename": "Ada", "surname": "Bramble", "future": "Marked Future"},
            "ceased": False,
            "natures_of_control": ["voting-rights-75-to-100-percent"],
            "links": {"self": "/company/01234567/persons-with-significant-control/individual/ppp"},
            **PRIVATE,
            "date_of_birth": {"month": "02", "year": "1913"},
        },
        {
            # What must never be sent of a super-secure person is dropped all the same.
            "kind": "super-secure-person-with-significant-control",
            "description": "super-secure-persons-with-significant-control",
            "name": "Preferred-Name",
            "name_elements": {"surname": "Old-Name"},
            **PRIVATE,
        },
    ],
}
PROFILE = {
    "company_name": "BRAMBLE LIMITED",
    "company_number": "01234567",
    "registered_office_address": {"premises": "4", "address_line_1": "Hedge Row", "postal_code": "XX1 1XX"},
    "service_address": {"address_line_1": "Marked Service"},
    "foreign_company_details": {"governed_by": "Marked Future"},
    "etag": "Marked Etag",
    "links": {
        "officers": "/company/01234567/officers",
        "persons_with_significant_control": "/company/01234567/persons-with-significant-control",
        "future": "Marked Future",
    },
    "future_member": "Marked Future",
}
SEARCH = {
    "total_results": 1,
    "items": [
        {
            "title": "BRAMBLE LIMITED",
            "company_number": "01234567",
            "address": {"postal_code": "XX1 1XX", "address_line_1": "Marked Street"},
            "description": "Marked Future",
            "future_member": "Marked Future",
        }
    ],
}


def _upstream(request: Request) -> RawReply:
    bodies = {"officers": OFFICERS, "persons-with-significant-control": CONTROLS, "companies": SEARCH}
    return scripted_reply(200, bodies.get(request.path.rpartition("/")[2], PROFILE))


class Seen(ScriptedContext):
    """Remembers every body that a source saw; ``bypass`` switches the redaction off."""

    def __init__(self, bypass: bool) -> None:
        super().__init__(_upstream)
        self.bodies: list[Any] = []
        self._bypass = bypass

    async def ask(self, lookup: Lookup) -> Reply:
        if self._bypass:
            lookup = attrs.evolve(lookup, api=attrs.evolve(lookup.api, redact=lambda _operation, body, _keyed: body))
        reply = await super().ask(lookup)
        self.bodies.append(reply.body)
        return reply


async def _all_that_is_seen(bypass: bool = False) -> tuple[str, list[Claim]]:
    ctx = Seen(bypass)
    claims: list[Claim] = []
    sources: list[tuple[Source, object]] = [
        (Profile(Config()), NUMBER),
        (Officers(Config()), NUMBER),
        (Psc(Config()), NUMBER),
        (Search(Config()), NameQuery("Bramble Ltd")),
    ]
    for source, subject in sources:
        answer = await source.answer(subject, ctx)
        assert isinstance(answer, Found), answer
        claims.extend(answer.claims)
    return json.dumps(ctx.bodies) + repr(claims) + repr(ctx.kept), claims


async def test_marked_values_are_in_no_body_and_no_claim() -> None:
    seen, claims = await _all_that_is_seen()

    assert [mark for mark in MARKS if mark in seen] == []
    assert len(claims) == 5


async def test_the_marks_would_be_seen_without_redaction() -> None:
    seen, _ = await _all_that_is_seen(bypass=True)

    assert [mark for mark in MARKS if mark not in seen] == []


async def test_what_may_stay_of_a_person_stays_and_joins() -> None:
    _, claims = await _all_that_is_seen()
    officer = next(claim for claim in claims if type(claim).__name__ == "OfficerAppointment")
    control, hidden = (claim for claim in claims if type(claim).__name__ == "SignificantControl")

    birth, postcode = (
        hashlib.blake2b(text, key=b"test", digest_size=16).hexdigest() for text in (b"1913-02", b"ZZ99ZZ")
    )
    for claim in (officer, control):
        kept = attrs.asdict(claim)
        assert kept["birth_key"] == birth  # numbers in one list, digit strings in the other
        assert kept["address"] == {"town": "Neasden", "postcode_key": postcode}
        assert kept["identity_verified"] is True
    assert attrs.asdict(hidden)["name"] is None
    assert attrs.asdict(hidden)["birth_key"] is None
    assert attrs.asdict(hidden)["address"] is None


def test_the_registered_office_is_company_data_and_stays_whole() -> None:
    office = {name: f"part {name}" for name in attrs.fields_dict(type(_profile().address)) if name}

    kept = companies.profile(
        redact("profile", {**PROFILE, "registered_office_address": office}, str), NUMBER, PROVENANCE
    )

    assert kept.address is not None
    assert attrs.asdict(kept.address) == office


def _profile() -> Any:
    return companies.profile(redact("profile", PROFILE, str), NUMBER, PROVENANCE)


@pytest.mark.parametrize(
    ("birth", "kept"),
    [
        ({"month": 2, "year": 1931}, "1931-02"),
        ({"month": "2", "year": "1931"}, "1931-02"),
        ({"month": "02", "year": " 1931"}, "1931-02"),
        ({"day": 3, "month": 12, "year": 1931}, "1931-12"),
        ({"month": 13, "year": 1931}, None),
        ({"month": 0, "year": 1931}, None),
        ({"month": 2, "year": 76}, None),
        ({"month": True, "year": 1931}, None),
        ({"month": 2.0, "year": 1931}, None),
        ({"year": 1931}, None),
        ({"month": 2, "year": None}, None),
        ({"month": "Feb", "year": 1931}, None),
        ("1931-02-03", None),
        (None, None),
        ([], None),
    ],
)
def test_the_key_of_a_birth_is_of_year_and_month(birth: object, kept: str | None) -> None:
    for operation in ("officers", "psc"):
        body = redact(operation, {"items": [{"date_of_birth": birth}]}, lambda text: f"keyed {text}")
        assert body["items"][0].get("birth_key") == (kept and f"keyed {kept}")


@pytest.mark.parametrize(
    ("postcode", "kept"),
    [("xx1  1xx", "XX11XX"), ("XX1 1XX.", "XX11XX"), ("", None), ("--", None), (None, None), ({}, None)],
)
def test_the_key_of_a_postcode_is_of_its_plain_form(postcode: object, kept: str | None) -> None:
    address = {"postal_code": postcode, "locality": None}

    item = redact("officers", {"items": [{"address": address}]}, lambda text: f"keyed {text}")["items"][0]

    assert item.get("address", {}).get("postcode_key") == (kept and f"keyed {kept}")


def test_each_key_has_hashes_of_its_own_however_often_the_same_person_comes() -> None:
    person = {"date_of_birth": {"month": 2, "year": 1931}, "address": {"postal_code": "XX1 1XX"}}

    for name in ("one", "other", "one"):
        for operation in ("officers", "psc"):
            (item,) = redact(operation, {"items": [person]}, f"{name} {{}}".format)["items"]
            assert (item["birth_key"], item["address"]) == (f"{name} 1931-02", {"postcode_key": f"{name} XX11XX"})


def test_more_people_than_stay_at_hand_are_kept_alike() -> None:
    people = [
        {
            "date_of_birth": {"month": number % 12 + 1, "year": 1000 + number},
            "address": {"postal_code": f"{'x' * (number % 40)} {number}"},
        }
        for number in range(5_000)
    ]

    for _ in range(2):
        for number, item in enumerate(redact("officers", {"items": people}, str)["items"]):
            assert item["birth_key"] == f"{1000 + number}-{number % 12 + 1:02}"
            assert item["address"] == {"postcode_key": f"{'X' * (number % 40)}{number}"}


def test_days_at_hand_are_bounded() -> None:
    first = date(2000, 1, 1)
    for later in range(5_000):
        on = first + timedelta(days=later)
        assert day(f" {on.isoformat()}T00:00:00Z") == day(on.isoformat()) == on
    assert day("x" * 200) is None
    assert len(DAYS) <= 4096
    assert max(map(len, DAYS)) <= 32


def test_what_is_of_a_wrong_type_is_not_kept_but_stays_visible() -> None:
    secret = {"x": "Marked Street"}
    body = {"items": [{"name": secret, "resigned_on": secret, "links": {"self": [secret]}}, "Marked Street", None]}

    kept = redact("officers", body, str)

    assert kept == {"items": [{"name": [], "resigned_on": [], "links": {"self": []}}, False, False]}
    assert redact("officers", {"items": secret, "total_results": secret}, str) == {"items": False, "total_results": []}
    assert redact("officers", [secret], str) == {}
    assert redact("something-new", {"items": [secret]}, str) == {}


# --- arbitrary JSON ---------------------------------------------------------------------------------------

MEMBERS = (
    "items", "total_results", "links", "self", "officer", "appointments", "officers", "data", "company_number", "title",
    "company_name", "name", "kind", "officer_role", "date_of_birth", "month", "year", "address", "postal_code",
    "locality", "resigned_on", "ceased", "ceased_on", "appointed_on", "name_elements", "identification",
    "registration_number", "identity_verification_details", "appointment_verification_start_on",
    "appointment_verification_end_on", "accounts", "last_accounts", "previous_company_names", "sic_codes",
    "registered_office_address", "natures_of_control", "is_pre_1992_appointment", "birth_key", "snippet",
)  # fmt: skip
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["01234567", "director", "2015-06-01", "0", "Unknown", "9999-12-31", "super-secure-x"])
)
JSON: st.SearchStrategy[Any] = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS) | st.text(), inner, max_size=5)
    ),
    max_leaves=15,
)
LISTS = st.fixed_dictionaries({"items": st.lists(st.dictionaries(st.sampled_from(MEMBERS), JSON), max_size=3)})
PARSERS: dict[str, Callable[[Any], object]] = {
    "profile": lambda body: companies.profile(body, NUMBER, PROVENANCE),
    "search": companies.hits,
    "officers": lambda body: people.officers(body, NUMBER, PROVENANCE, TODAY),
    "psc": lambda body: people.psc(body, NUMBER, PROVENANCE, TODAY),
}


@pytest.mark.parametrize("operation", PARSERS)
@settings(max_examples=150, deadline=None)
@given(body=JSON | LISTS)
def test_arbitrary_json_raises_nothing_but_the_declared_error(operation: str, body: Any) -> None:
    for shape in (body, redact(operation, body, str)):
        total(shape)
        items(shape)
        companies.has_link(shape, "officers")
        with contextlib.suppress(Unreadable):
            PARSERS[operation](shape)


@settings(max_examples=100, deadline=None)
@given(body=JSON | LISTS)
async def test_arbitrary_json_gives_an_answer(body: Any) -> None:
    number = CompanyNumber("01234567")
    ctx = ScriptedContext(lambda request: scripted_reply(200, body if isinstance(body, dict) else {"items": body}))
    sources: list[tuple[Source, object]] = [
        (Profile(Config()), number),
        (Officers(Config()), number),
        (Psc(Config()), number),
        (Search(Config()), NameQuery("Nobody")),
    ]
    for source, subject in sources:
        await source.answer(subject, ctx)
