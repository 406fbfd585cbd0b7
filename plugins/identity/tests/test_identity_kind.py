"""Person or body, by role, name and fields."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from leadgen_identity.given_names import GIVEN_NAMES
from leadgen_identity.kind import Kind, has_legal_form, kind_of, kind_of_name
from leadgen_identity.vocabulary import BODY_WORDS, LEGAL_FORMS, NEVER_SURNAMES, SURNAMES_TOO

BODIES = [
    "QUILLFEATHER LIMITED",
    "Quillfeather Ltd.",
    "QUILLFEATHER P.L.C.",
    "Cwmni Plu Cyfyngedig",
    "Plu Cyf",
    "QUILLFEATHER NOMINEES",
    "QUILLFEATHER CIC",
    "Quillfeather LLP",
    "Quillfeather GmbH & Co. KG",
    "Quillfeather S.A.",
    "Quillfeather B.V.",
    "Quillfeather A/S",
    "Quillfeather AG",
    "Quillfeather Sp. z o.o.",
    "Quillfeather Inc",
    "THE QUILLFEATHER FAMILY TRUST",
    "Quillfeather Trustees",
    "Nether Wallop Parish Council",
    "Quillfeather Secretaries",
    "Secretarial Services",
    "Quillfeather Holdings",
    "Quillfeather & Almond",
    "Quillfeather and Co",
    "Quillfeather and Almond Partnership",
    "Quillfeather 2000",
    "4U Quills",
    "quillfeather.co.uk",
    "Quillfeather's",
    "YouQuill",
    "QRS Quill",
    "Quillotech",
    "Church of the Quill",
    "Kelly High School",
]
PEOPLE = [
    "QUILLFEATHER, Uriah",
    "QUILLFEATHER, Uriah, Dr",
    "Uriah QUILLFEATHER",
    "Mr Uriah Quillfeather",
    "Dr Anne Church",
    "CHURCH, Anne",
    "LAW, Henry",
    "Henry Law",
    "J. K. Steel",
    "TO, Wing On",
    "KIM, In Sung",
    "DE SOUSA, Sá",
    "SA, Maria",
    "SMITH, S.A.",
    "SMITH, B.V.",
    "McKenzie, DeShawn",
    "Ian MacDonald",
    "O'Neill, Tip",
    "Zoë van der Berg",
    "John Smith 3rd",
    "ng, Li",
]


@pytest.mark.parametrize("name", BODIES)
def test_bodies_by_name(name: str) -> None:
    assert kind_of_name(name) is Kind.BODY


@pytest.mark.parametrize("name", PEOPLE)
def test_people_by_name(name: str) -> None:
    assert kind_of_name(name) is Kind.PERSON


@pytest.mark.parametrize("name", [None, "", " ", "...", "J. P.", "Mary & John Almond", "a b c d e f g"])
def test_unsure_by_name(name: str | None) -> None:
    assert kind_of_name(name) is Kind.UNSURE


@pytest.mark.parametrize("name", BODIES)
def test_a_body_under_a_personal_role_is_found_by_its_name(name: str) -> None:
    assert kind_of(name, role="director") is Kind.BODY


def test_fields_of_a_body_decide_whatever_the_name() -> None:
    name = "ALMOND, Anne"
    assert kind_of(name, role="director") is Kind.PERSON
    assert kind_of(name, role="corporate-director", has_birth_key=True) is Kind.BODY
    assert kind_of(name, role="director", registration="Sc095000") is Kind.BODY
    assert kind_of(name, role="director", registration="") is Kind.BODY
    assert kind_of("Mrs Anne Almond", control_kind="corporate-entity-person-with-significant-control") is Kind.BODY
    assert kind_of("Mrs Anne Almond", control_kind="legal-person-person-with-significant-control") is Kind.BODY
    assert kind_of("Mrs Anne Almond", control_kind="corporate-entity-beneficial-owner") is Kind.BODY


def test_a_birth_key_speaks_for_a_person_unless_the_name_holds_a_legal_form() -> None:
    assert kind_of("TRUST, Anne", role="director", has_birth_key=True) is Kind.PERSON
    assert kind_of("SUHARDI", role="director", has_birth_key=True) is Kind.PERSON
    for filed_as_human in ("LIMITED, Almond Nominees", "ALMOND LIMITED", "LLP, Almond", "ALMOND, Plc"):
        assert kind_of(filed_as_human, role="director", has_birth_key=True) is Kind.BODY


def test_without_a_comma_or_a_field_an_officer_is_not_a_person() -> None:
    assert kind_of("ANNE ALMOND", role="director") is Kind.UNSURE
    assert kind_of("SUHARDI", role="director") is Kind.UNSURE
    assert kind_of("Mrs Anne Almond", role="director") is Kind.PERSON
    assert kind_of("NOMINEES, Almond", role="director") is Kind.BODY
    assert kind_of("SERVICES, Almond Secretarial", role="director") is Kind.BODY


def test_individual_control_speaks_for_a_person_unless_the_name_speaks_against_it() -> None:
    kind = "individual-person-with-significant-control"
    assert kind_of("Anne Almond", control_kind=kind) is Kind.PERSON
    assert kind_of("Anne Almond", control_kind="individual-beneficial-owner") is Kind.PERSON
    assert kind_of("Almond Trustees", control_kind=kind) is Kind.UNSURE
    assert kind_of("Almond Limited", control_kind=kind, has_birth_key=True) is Kind.BODY
    assert kind_of("Anne Almond", control_kind="super-secure-person-with-significant-control") is Kind.UNSURE
    assert kind_of(None, control_kind=kind) is Kind.UNSURE


def test_tables_do_not_contradict_each_other() -> None:
    assert not BODY_WORDS & GIVEN_NAMES
    assert not NEVER_SURNAMES & SURNAMES_TOO
    assert not LEGAL_FORMS & (SURNAMES_TOO | GIVEN_NAMES)


@settings(deadline=None)
@given(
    st.none() | st.text(max_size=40) | st.text(alphabet="aB é'-.,&/0\x00", max_size=20),
    st.none() | st.sampled_from(["director", "corporate-director", "secretary", ""]),
    st.booleans(),
    st.none() | st.text(max_size=5),
    st.none() | st.sampled_from(["individual-beneficial-owner", "legal-person-beneficial-owner", "x"]),
)
def test_any_text_has_a_kind(
    name: str | None, role: str | None, has_birth_key: bool, registration: str | None, control_kind: str | None
) -> None:
    assert kind_of_name(name) in Kind
    kind = kind_of(name, role=role, has_birth_key=has_birth_key, registration=registration, control_kind=control_kind)
    if name is not None and has_legal_form(name):
        assert kind is not Kind.PERSON
