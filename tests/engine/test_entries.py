"""A row of the input is the same after it was stored, and rows that mean one company have one key."""

from __future__ import annotations

import pytest

from leadgen_core import CompanyNumber, Host, NameQuery, Subject
from leadgen_core.engine.entries import Entry, pack, unpack
from leadgen_core.engine.inputs import Row

NUMBER = CompanyNumber("01234567")


def stored(*subjects: Subject, bad: str | None = None, **columns: str) -> Entry:
    return unpack((7, *pack(Row(line=3, subjects=subjects, columns=columns, bad=bad))))


def key(name: str, postcode: str | None = None) -> str:
    return pack(Row(line=3, subjects=(NameQuery(name, postcode),), columns={}))[0]


def test_a_name_means_one_company_in_each_case_of_its_letters() -> None:
    assert key("Groß Ltd") == key("GROSS LTD") == key("gross ltd")
    assert key("Gross Ltd") != key("Gros Ltd")


def test_a_name_at_another_postcode_is_another_company() -> None:
    assert len({key("Acme", "M4 1BF"), key("Acme", "M4 1BG"), key("Acme")}) == 3


@pytest.mark.parametrize(
    ("subjects", "known"),
    [
        ((NUMBER,), {"company_number": "01234567"}),
        ((NUMBER, Host("a.example")), {"company_number": "01234567", "domain": "a.example"}),
        ((NameQuery("Acme", None),), {"name": "Acme"}),
        ((NameQuery("Acme", "M4 1BF"), NUMBER), {"name": "Acme", "postcode": "M4 1BF", "company_number": "01234567"}),
    ],
)
def test_a_reject_has_the_whole_row(subjects: tuple[Subject, ...], known: dict[str, str]) -> None:
    entry = stored(*subjects, ref="r1", note="é")
    assert entry.subjects == subjects
    assert entry.given == {"ref": "r1", "note": "é", **known}
    assert entry.input.columns == {"ref": "r1", "note": "é"}
    assert (entry.ordinal, entry.input.rows, entry.bad) == (7, (3,), None)


def test_a_bad_row_keeps_what_could_be_read_of_it() -> None:
    entry = stored(NUMBER, bad="the postcode is none", ref="r1")
    assert (entry.subjects, entry.bad) == ((NUMBER,), "the postcode is none")
    assert entry.given == {"ref": "r1", "company_number": "01234567"}


def test_what_is_no_subject_is_not_stored() -> None:
    with pytest.raises(TypeError, match="no subject of the type str"):
        pack(Row(line=3, subjects=(NUMBER, "a.example"), columns={}))  # type: ignore[arg-type]
