"""The register's name forms, ordinary capitals, and which names can be one human's."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from leadgen_identity.names import (
    HumanName,
    clashing,
    compatible_given,
    from_appointments,
    from_control,
    from_officers,
    same_family,
    same_given,
)
from leadgen_identity.text import fold


def listed(text: str) -> HumanName:
    name = from_officers(text)
    assert name is not None
    return name


@pytest.mark.parametrize(
    ("text", "full", "given_names", "family"),
    [
        ("QUILLFEATHER, Uriah", "Uriah Quillfeather", ("Uriah",), "Quillfeather"),
        ("SMITH, Jane Q", "Jane Q. Smith", ("Jane", "Q."), "Smith"),
        ("SMITH, J.P.", "J. P. Smith", ("J.", "P."), "Smith"),
        ("SMITH, JP", "JP Smith", ("JP",), "Smith"),
        ("smith, jane", "Jane Smith", ("Jane",), "Smith"),
        ("SMITH, JANE MARY", "Jane Mary Smith", ("Jane", "Mary"), "Smith"),
        ("O'BRIEN, Séan", "Séan O'Brien", ("Séan",), "O'Brien"),
        ("O’NEILL, Sinéad", "Sinéad O'Neill", ("Sinéad",), "O'Neill"),
        ("O CARROLL, Pat", "Pat O'Carroll", ("Pat",), "O'Carroll"),
        ("D'ARCY-MCDONALD, Ann", "Ann D'Arcy-McDonald", ("Ann",), "D'Arcy-McDonald"),
        ("MC BRIDE, Al", "Al McBride", ("Al",), "McBride"),
        ("Mcdonald, Flora", "Flora McDonald", ("Flora",), "McDonald"),
        ("McDONALD, Flora", "Flora McDonald", ("Flora",), "McDonald"),
        ("MACDONALD, Ian", "Ian MacDonald", ("Ian",), "MacDonald"),
        ("MACHIN, Ian", "Ian Machin", ("Ian",), "Machin"),
        ("MACKIE, Ian", "Ian Mackie", ("Ian",), "Mackie"),
        ("VON TRAPP, Maria", "Maria von Trapp", ("Maria",), "von Trapp"),
        ("VAN DER BERG, Jan", "Jan van der Berg", ("Jan",), "van der Berg"),
        ("Van Der Berg, Jan", "Jan Van Der Berg", ("Jan",), "Van Der Berg"),
        ("DE LA CRUZ, Inés", "Inés de la Cruz", ("Inés",), "de la Cruz"),
        ("AP GWILYM, Dafydd", "Dafydd ap Gwilym", ("Dafydd",), "ap Gwilym"),
        ("LE, Van An", "Van An Le", ("Van", "An"), "Le"),
        ("VAN, Thi", "Thi Van", ("Thi",), "Van"),
        ("LEE, Hon Wai", "Hon Wai Lee", ("Hon", "Wai"), "Lee"),
        ("ÖZTÜRK, Zoë", "Zoë Öztürk", ("Zoë",), "Öztürk"),
        ("SMITH, Mary-Ann", "Mary-Ann Smith", ("Mary-Ann",), "Smith"),
        ("JONES (NEE EVANS), Mary", "Mary Jones", ("Mary",), "Jones"),
        ("ALMOND, John Jr", "John Almond Jr", ("John",), "Almond"),
        ("ALMOND JNR, John", "John Almond Jr", ("John",), "Almond"),
        ("SUHARDI", "Suhardi", (), "Suhardi"),
        (", John", "John", (), "John"),
    ],
)
def test_officers_list(text: str, full: str, given_names: tuple[str, ...], family: str) -> None:
    name = listed(text)
    assert (name.full, name.given, name.family) == (full, given_names, family)


def test_officers_list_titles_and_honours_are_no_part_of_the_name() -> None:
    name = listed("SMITH, John, Dr")
    assert (name.full, name.title, name.honours) == ("John Smith", "Dr", ())
    name = listed("SMITH OBE, Sir John Alan MBA")
    assert (name.full, name.title, name.honours) == ("John Alan Smith", "Sir", ("OBE", "MBA"))
    assert listed("SMITH, John, Lord Smith of Ely").title == "Lord Smith of Ely"
    assert listed("SMITH, John, Jr").generation == "Jr"
    assert listed("SIR, Dame").full == "Dame Sir"


@pytest.mark.parametrize(
    ("text", "full", "family"),
    [
        ("Uriah QUILLFEATHER", "Uriah Quillfeather", "Quillfeather"),
        ("John A SMITH", "John A. Smith", "Smith"),
        ("Flora McDONALD", "Flora McDonald", "McDonald"),
        ("Maria GARCIA LOPEZ", "Maria Garcia Lopez", "Garcia Lopez"),
        ("Maria de la CRUZ", "Maria de la Cruz", "de la Cruz"),
        ("JOHN SMITH", "John Smith", "Smith"),
        ("Dr John SMITH OBE", "John Smith", "Smith"),
        ("Jane Smith", "Jane Smith", "Smith"),
        ("SUHARDI", "Suhardi", "Suhardi"),
    ],
)
def test_appointments_list(text: str, full: str, family: str) -> None:
    name = from_appointments(text)
    assert name is not None
    assert (name.full, name.family) == (full, family)


@pytest.mark.parametrize(
    ("text", "full", "family", "title"),
    [
        ("Mr Uriah Quillfeather", "Uriah Quillfeather", "Quillfeather", "Mr"),
        ("Mr Jan van der Berg", "Jan van der Berg", "van der Berg", "Mr"),
        ("Ms Mary St John", "Mary St John", "St John", "Ms"),
        ("Mr José Ortega y Gasset", "José Ortega y Gasset", "Ortega y Gasset", "Mr"),
        ("The Rt Hon Jane Smith MP", "Jane Smith", "Smith", "The Rt Hon"),
        ("Mr John Smith, OBE", "John Smith", "Smith", "Mr"),
        ("Smith, John", "John Smith", "Smith", None),
        ("Mr", "Mr", "Mr", None),
    ],
)
def test_control_without_elements(text: str, full: str, family: str, title: str | None) -> None:
    name = from_control(text)
    assert name is not None
    assert (name.full, name.family, name.title) == (full, family, title)


def test_control_elements_split_the_text() -> None:
    name = from_control("Mr Juan Garcia Lopez", title="Mr", forename="Juan", surname="Garcia Lopez")
    assert name is not None
    assert (name.given, name.family, name.title) == (("Juan",), "Garcia Lopez", "Mr")
    name = from_control("Earl Percy Hood", title="Earl", forename="Percy", surname="Hood")
    assert name is not None
    assert (name.given, name.title) == (("Percy",), "Earl")
    name = from_control("Earl Percy Hood", forename="Earl", middle_name="Percy", surname="Hood")
    assert name is not None
    assert (name.given, name.title) == (("Earl", "Percy"), None)
    name = from_control("Mr Suhardi", title="Mr", surname="Suhardi")
    assert name is not None
    assert (name.given, name.family) == ((), "Suhardi")


def test_control_keeps_a_name_that_the_elements_leave_out() -> None:
    name = from_control("Mr Jacob Alan Hood", title="Mr", forename="Jacob", surname="Hood")
    assert name is not None
    assert name.given == ("Jacob", "Alan")


def test_control_elements_of_somebody_else_are_left_alone() -> None:
    name = from_control("Mr John Smith", forename="Peter", surname="Brown")
    assert name is not None
    assert name.full == "John Smith"


def test_nothing_to_read_is_none() -> None:
    for text in ("", " ", ",", ", ,", "-", "()"):
        assert from_officers(text) is None
        assert from_appointments(text) is None
        assert from_control(text) is None
    assert from_control(None) is None


def test_surnames_compare_without_accents_signs_and_case() -> None:
    for one, other in [
        ("O'BRIEN, A", "O BRIEN, B"),
        ("O’Brien, A", "OBRIEN, B"),
        ("ÖZTÜRK, A", "Ozturk, B"),
        ("SØRENSEN, A", "Sorensen, B"),
        ("SMITH-JONES, A", "Smith Jones, B"),
        ("DE LA CRUZ, A", "DELACRUZ, B"),
        ("STRAßER, A", "STRASSER, B"),
    ]:
        assert same_family(listed(one), listed(other))
    assert not same_family(listed("SMITH, A"), listed("SMYTH, A"))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("John", "John", True),
        ("John", "J", True),
        ("J", "J", True),
        ("John Paul", "John", True),
        ("John Paul", "John P", True),
        ("John Paul", "J P", True),
        ("John Paul Mark", "John Mark", True),
        ("Mary-Ann", "Mary Ann", True),
        ("Maryann", "Mary Ann", True),
        ("Séan", "Sean", True),
        ("John", "James", False),
        ("John", "Paul", False),
        ("John Paul", "Paul", False),
        ("John Paul", "John Mark", False),
        ("John Paul", "John M", False),
        ("William", "Bill", False),
        ("Jo", "John", False),
        ("John Jr", "John Sr", False),
        ("John Jr", "John", True),
    ],
)
def test_compatible_given_names(one: str, other: str, expected: bool) -> None:
    names = listed(f"ALMOND, {one}"), listed(f"ALMOND, {other}")
    assert compatible_given(*names) is expected
    assert compatible_given(*reversed(names)) is expected
    assert clashing(*names) is not expected


def test_initials_and_surnames_alone_are_never_the_same_given_names() -> None:
    assert same_given(listed("A, Mary-Ann"), listed("B, MARY ANN"))
    assert not same_given(listed("ALMOND, J"), listed("ALMOND, J"))
    assert not same_given(listed("ALMOND, John"), listed("ALMOND, J"))
    assert not same_given(listed("ALMOND, John P"), listed("ALMOND, John Paul"))
    assert not same_given(listed("ALMOND, John"), listed("ALMOND, John Paul"))
    assert not same_given(listed("ALMOND, John Jr"), listed("ALMOND, John"))
    assert not same_given(listed("ALMOND"), listed("ALMOND"))
    assert not compatible_given(listed("ALMOND"), listed("ALMOND, John"))


anything = st.text(max_size=40) | st.text(alphabet="aB é'’-.,()\"IJr &ÑßØİ1\x00", max_size=30)


@settings(deadline=None)
@given(anything, anything)
def test_any_text_is_read_without_an_error(one: str, other: str) -> None:
    for name in (
        from_officers(one),
        from_appointments(one),
        from_control(one),
        from_control(one, title=other, forename=one, middle_name=other, surname=one),
        from_control(one, surname=other),
        from_control(None, forename=one, surname=other),
    ):
        if name is not None:
            assert name.full
            assert name.full == " ".join(name.full.split())
            assert same_family(name, name) == bool(fold(name.family))


@settings(deadline=None)
@given(anything)
def test_fold_is_stable_and_blind_to_case(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@settings(deadline=None)
@given(st.lists(st.from_regex(r"[A-Z][a-z]{2,8}", fullmatch=True), min_size=1, max_size=3))
def test_ordinary_words_read_the_same_in_the_three_forms(words: list[str]) -> None:
    family, given_names = "Quillfeather", " ".join(words)
    forms = (
        from_officers(f"{family.upper()}, {given_names}"),
        from_appointments(f"{given_names} {family.upper()}"),
        from_control(f"Mr {given_names} {family}", title="Mr", forename=given_names, surname=family),
    )
    assert len({name.full for name in forms if name}) == 1
    assert None not in forms
