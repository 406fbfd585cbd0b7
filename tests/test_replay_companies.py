"""Renumbered companies: consistent, deterministic, and of the shape that their number asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from tests.replay import MARKS, Person, RegisterThread, Shape, cast_of, company_name, find_marks, person, shape_of
from tests.replay.asking import ask
from tests.replay.people import _SURNAMES

PSC = "persons-with-significant-control"


@pytest.fixture(scope="module")
def register() -> Iterator[RegisterThread]:
    with RegisterThread(limit=10_000) as running:
        yield running


def profile(register: RegisterThread, number: str) -> Any:
    return ask(register, f"/company/{number}").json


def officers(register: RegisterThread, number: str, query: str = "") -> Any:
    return ask(register, f"/company/{number}/officers?items_per_page=500{query}").json


def psc(register: RegisterThread, number: str) -> Any:
    return ask(register, f"/company/{number}/{PSC}?items_per_page=100").json


def test_an_ordinary_company_is_the_recorded_one_under_its_own_number(register: RegisterThread) -> None:
    body = profile(register, "00000042")
    real = profile(register, "09370755")
    assert body.keys() == real.keys()
    assert (body["company_number"], body["company_name"]) == ("00000042", company_name("00000042"))
    assert body["links"].keys() == real["links"].keys()
    rows, real_rows = officers(register, "00000042"), officers(register, "09370755")
    assert rows.keys() == real_rows.keys()
    assert rows["items"][0].keys() == real_rows["items"][0].keys()
    surname = real_rows["items"][0]["name"].split(",")[0].casefold()
    for answer in (body, rows, psc(register, "00000042")):
        text = orjson.dumps(answer).decode().casefold()
        assert not [word for word in ("09370755", surname, real["company_name"].casefold()) if word in text]


def test_one_human_is_director_and_psc_under_the_names_of_each_list(register: RegisterThread) -> None:
    for number in (f"{place:08d}" for place in range(1, 60)):
        who = person(number)
        row, hold = officers(register, number)["items"][0], psc(register, number)["items"][0]
        assert row["name"] == who.officer_name
        assert row["name"].startswith(who.surname.upper() + ", ")
        assert hold["name"] == who.psc_name
        assert hold["name"].endswith(hold["name_elements"]["surname"])
        assert row["date_of_birth"] == hold["date_of_birth"] == {"month": who.month, "year": who.year}
        path = row["links"]["officer"]["appointments"]
        appointments = ask(register, path).json
        assert appointments["name"] == who.appointments_name
        assert appointments["items"][0]["appointed_to"]["company_number"] == number


def test_the_three_forms_of_a_name() -> None:
    who = Person("Zoë", "Ellis", "O'Neill", "Dr", 2, 1976)
    assert who.officer_name == "O'NEILL, Zoë Ellis, Dr"
    assert who.psc_name == "Dr Zoë Ellis O'Neill"
    assert who.appointments_name == "Zoë Ellis O'NEILL"
    assert Person(None, None, "Quigley", "Mr", 2, 1976).officer_name == "QUIGLEY"


def test_numbers_give_different_people_and_the_same_each_time(register: RegisterThread) -> None:
    numbers = [f"{place:08d}" for place in range(1, 200)]
    assert len({(person(number).officer_name, person(number).year) for number in numbers}) > 150
    etags = [
        body["etag"]
        for number in numbers[:20]
        for answer in (profile(register, number), officers(register, number), psc(register, number))
        for body in (answer, *answer.get("items", ()))
        if "etag" in body
    ]
    assert len(set(etags)) == len(etags) == 20 * 4
    with RegisterThread() as other:
        for path in ("/company/00000007/officers", f"/company/00000007/{PSC}", "/company/00000007"):
            assert ask(other, path).body == ask(register, path).body


def test_unknown_numbers_are_the_recorded_404(register: RegisterThread) -> None:
    got = ask(register, "/company/99123456")
    assert got.status == 404
    assert got.json["message"] == '404 NOT_FOUND "Resource not found for company profile 99123456"'
    assert len(got.json["request_id"]) == 28
    part = ask(register, "/company/99123456/officers")
    assert (part.status, part.body) == (404, b"")
    assert ask(register, "/company/0000000a").status == 404


def test_known_numbers_can_be_chosen() -> None:
    with RegisterThread(known=lambda number: number == "00000001", unknown="0000000[12]") as running:
        assert [ask(running, f"/company/{number}").status for number in ("00000001", "00000003", "09370755")] == [
            404,
            404,
            200,
        ]


# --- reserved numbers -----------------------------------------------------------------------------------------


def test_every_shape_has_a_number() -> None:
    prefixes = [f"{tens}{ones}" for tens in "0123456789" for ones in "0123456789"] + ["OC", "CE"]
    assert {shape_of(f"{prefix}000002") for prefix in prefixes} == set(Shape)


@pytest.mark.parametrize("number", ["80000002", "81000002", "OC300002", "SC000002", "CE000002"])
def test_shapes_of_the_profile(register: RegisterThread, number: str) -> None:
    body = profile(register, number)
    expected = {
        "80": ("dissolved", "ltd", "england-wales"),
        "81": ("liquidation", "ltd", "england-wales"),
        "OC": ("active", "llp", "england-wales"),
        "SC": ("active", "ltd", "scotland"),
        "CE": ("registered", "charitable-incorporated-organisation", "england-wales"),
    }
    assert (body["company_status"], body["type"], body["jurisdiction"]) == expected[number[:2]]
    assert ("date_of_cessation" in body) == number.startswith("80")
    assert ("insolvency" in body["links"]) == number.startswith("81")
    assert ("officers" in body["links"]) != number.startswith("CE")


def test_a_dissolved_company_counts_its_director_as_inactive(register: RegisterThread) -> None:
    rows = officers(register, "80000002")
    assert (rows["active_count"], rows["inactive_count"], rows["resigned_count"]) == (0, 1, 0)
    assert "resigned_on" not in rows["items"][0]


@pytest.mark.parametrize(
    ("prefix", "link", "statements"), [("82", False, 404), ("83", False, 200), ("86", True, 404), ("00", True, 404)]
)
def test_links_say_which_lists_there_are(register: RegisterThread, prefix: str, link: bool, statements: int) -> None:
    number = f"{prefix}000002"
    links = profile(register, number)["links"]
    assert ("persons_with_significant_control" in links) == link == bool(psc(register, number)["items"])
    assert ("persons_with_significant_control_statements" in links) == (statements == 200)
    got = ask(register, f"/company/{number}/{PSC}-statements")
    assert got.status == statements
    if statements == 200:
        assert got.json["items"][0]["statement"] == "no-individual-or-entity-with-signficant-control"


def roles(rows: Any) -> list[str]:
    return [row["officer_role"] for row in rows["items"]]


def test_companies_among_the_officers(register: RegisterThread) -> None:
    rows = officers(register, "84000002")
    assert sorted(roles(rows)) == ["corporate-director", "corporate-secretary", "director"]
    for row in rows["items"]:
        corporate = row["officer_role"].startswith("corporate-")
        assert ("date_of_birth" not in row) == ("nationality" not in row) == ("identification" in row) == corporate
    kinds = [hold["kind"] for hold in psc(register, "84000002")["items"]]
    assert kinds == [f"{kind}-person-with-significant-control" for kind in ("individual", "corporate-entity")]
    for number, identified in (("85000002", True), ("85000003", False)):
        company = next(row for row in officers(register, number)["items"] if row["name"].endswith("LIMITED"))
        assert company["officer_role"] == "director"
        assert ("identification" in company) == identified


def test_super_secure_and_ceased(register: RegisterThread) -> None:
    hidden = psc(register, "86000002")["items"][0]
    assert sorted(hidden) == ["ceased", "description", "etag", "kind", "links"]
    assert profile(register, "86000002")["has_super_secure_pscs"] is True
    both = psc(register, "87000002")
    assert (both["active_count"], both["ceased_count"], both["total_results"]) == (1, 1, 2)
    assert [hold["ceased"] for hold in both["items"]] == [False, True]
    assert both["items"][1]["ceased_on"] > both["items"][1]["notified_on"]


def test_resigned_and_active(register: RegisterThread) -> None:
    rows = officers(register, "88000002")
    assert (rows["active_count"], rows["resigned_count"], rows["total_results"]) == (1, 1, 2)
    active = officers(register, "88000002", "&filter=active")
    assert [row["name"] for row in active["items"]] == [person("88000002").officer_name]
    assert officers(register, "97000002")["active_count"] == 0


def test_a_secretary_has_no_birth(register: RegisterThread) -> None:
    row = officers(register, "89000002")["items"][0]
    assert row["officer_role"] == "secretary"
    assert not {"date_of_birth", "country_of_residence"} & row.keys()
    assert psc(register, "89000002")["items"][0]["name_elements"]["surname"].upper() != row["name"].split(",")[0]


def test_two_directors_of_one_surname(register: RegisterThread) -> None:
    for number, same_name in (("90000002", False), ("90000003", True)):
        first, second = officers(register, number)["items"]
        assert first["name"].split(",")[0] == second["name"].split(",")[0]
        assert first["name"].split(", ")[1][0] == second["name"].split(", ")[1][0]
        assert (first["name"] == second["name"]) == same_name
        assert first["date_of_birth"]["year"] != second["date_of_birth"]["year"]


def test_a_pre_1992_appointment(register: RegisterThread) -> None:
    row = officers(register, "91000002")["items"][0]
    assert row["is_pre_1992_appointment"] is True
    assert "appointed_on" not in row
    assert profile(register, "91000002")["date_of_creation"] < row["appointed_before"] < "1992"


def test_several_ids_of_one_human(register: RegisterThread) -> None:
    rows = officers(register, "92000002")["items"]
    assert len({row["links"]["officer"]["appointments"] for row in rows}) == 3
    assert len({(row["name"], orjson.dumps(row["date_of_birth"])) for row in rows}) == 1
    assert sum("resigned_on" in row for row in rows) == 1


def test_many_officers_over_pages(register: RegisterThread) -> None:
    pages = [
        ask(register, f"/company/93000002/officers?start_index={start}&items_per_page=100").json
        for start in (0, 100, 200)
    ]
    assert [len(page["items"]) for page in pages] == [100, 100, 30]
    assert {page["total_results"] for page in pages} == {230}
    assert len({row["name"] for page in pages for row in page["items"]}) == 230
    assert len(ask(register, "/company/93000002/officers").json["items"]) == 35
    held = psc(register, "94000002")
    assert (len(held["items"]), held["total_results"]) == (100, 130)


def test_the_orders_of_officers(register: RegisterThread) -> None:
    names = [row["name"] for row in officers(register, "93000002", "&order_by=surname")["items"]]
    assert names == sorted(names)
    by_date = [row["appointed_on"] for row in officers(register, "92000002", "&order_by=appointed_on")["items"]]
    assert by_date == sorted(by_date, reverse=True)
    assert roles(officers(register, "84000002"))[-1] == "corporate-secretary"


def test_nobody(register: RegisterThread) -> None:
    rows = officers(register, "96000002")
    assert (rows["total_results"], rows["items"], rows["etag"]) == (0, [], "")


def test_a_single_name_and_an_llp(register: RegisterThread) -> None:
    row, hold = officers(register, "98000002")["items"][0], psc(register, "98000002")["items"][0]
    assert "," not in row["name"]
    assert sorted(hold["name_elements"]) == ["surname", "title"]
    assert sorted(roles(officers(register, "OC300002"))) == ["corporate-llp-member"] + ["llp-designated-member"] * 2
    assert "limited-liability-partnership" in psc(register, "OC300002")["items"][0]["natures_of_control"][0]
    assert len(cast_of("OC300002").posts) == 3


# --- marks ------------------------------------------------------------------------------------------------------


def test_every_person_is_marked_and_still_one_person() -> None:
    with RegisterThread(marks=True) as running:
        for number in ("09370755", "00000001", "88000002", "OC300002", "98000002"):
            row, hold = officers(running, number)["items"][0], psc(running, number)["items"][0]
            kinds = {mark.kind for mark in find_marks(orjson.dumps(row))}
            assert kinds == {mark.kind for mark in MARKS}
            assert row["address"]["postal_code"] != profile(running, number)["registered_office_address"]["postal_code"]
            assert {mark.kind for mark in find_marks(orjson.dumps(hold))} >= {"birth", "nationality", "address"}
            if number != "OC300002":
                same = next(item for item in officers(running, number)["items"] if "resigned_on" not in item)
                assert same["date_of_birth"] == hold["date_of_birth"]
                assert same["address"] == hold["address"]
            assert find_marks(orjson.dumps(profile(running, number))) == []
        secretary = officers(running, "89000002")["items"][0]
        assert "date_of_birth" not in secretary
        corporate = [row for row in officers(running, "84000002")["items"] if "identification" in row]
        assert find_marks(orjson.dumps(corporate)) == []
        years = {row["date_of_birth"]["year"] for row in officers(running, "90000003")["items"]}
        assert len(years) == 2


def test_nothing_is_marked_unless_asked(register: RegisterThread) -> None:
    for number in ("09370755", "93000002", "94000002"):
        assert find_marks(orjson.dumps([officers(register, number), psc(register, number)])) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1887-05", True),
        ('{"year":1887}', True),
        ("born 05/1887.", True),
        ("1887-05-01T00:00:00Z", True),
        ("a71887bc", False),
        ("0.1887", False),
        ("12.1887", False),
        ("3f2a11c0-1887-4f00-8000-000000000000", False),
        ("18870000", False),
        ("nationality: zemblan", True),
        ("zx5+2QQ", True),
        ("ZX52QQ", True),
        ("aaZX52QQbb", False),
    ],
)
def test_marks_are_found_and_chance_is_not(text: str, found: bool) -> None:
    assert bool(find_marks(text.encode())) is found
    assert bool(find_marks(f"before {text} after")) is found


def test_marked_postcodes_tell_surnames_apart() -> None:
    from tests.replay.marks import mark

    codes = {mark({}, surname)["address"]["postal_code"] for surname in _SURNAMES}
    assert len(codes) == len(_SURNAMES)
    assert all(find_marks(code) for code in codes)
