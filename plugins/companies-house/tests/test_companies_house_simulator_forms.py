"""The simulator's answers about one company: forms, absences, counts, orders, pages (companies-house.md §1.3-1.12)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import attrs
import pytest
from leadgen_companies_house.simulator.answers import Answer, Form
from leadgen_companies_house.simulator.register import Register

from leadgen_core.contracts.world import AccountsState, Appointment, Human, World, WorldCompany

Json = dict[str, Any]
Get = Callable[[str], Answer]


@pytest.fixture
def get(world: World) -> Get:
    return Register(world, lambda: 1769778862.0).answer


def _body(answer: Answer) -> Json:
    body: Json = json.loads(answer.body)
    return body


def _names(answer: Answer) -> list[str]:
    return [row["name"] for row in _body(answer)["items"]]


# --- the forms of nothing -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/company/09370001/exemptions",
        "/company/09370001/registers",
        "/company/09370001/persons-with-significant-control-statements",
        "/company/09370001/persons-with-significant-control-statements/none",
        "/company/09370001/persons-with-significant-control/individual/none",
        "/company/09370001/persons-with-significant-control/corporate-entity/psc-ada-2",
        "/company/09370001/appointments/none",
        "/company/09370001/filing-history/none",
        "/company/CE000010/registered-office-address",
        "/company/99999999/officers",
        "/company/99999999/persons-with-significant-control",
        "/officers/none/appointments",
        "/advanced-search/companies?company_name_includes=nonesuch",
        "/nothing",
    ],
)
def test_most_that_is_not_there_is_an_empty_404(get: Get, path: str) -> None:
    assert get(path) == Answer(404, b"", Form.EMPTY)


def test_an_unknown_company_is_a_404_with_a_message(get: Get) -> None:
    answer = get("/company/00000000")

    assert (answer.status, answer.form) == (404, Form.JSON)
    assert _body(answer)["message"] == '404 NOT_FOUND "Resource not found for company profile 00000000"'


def test_insolvency_has_a_404_of_its_own(get: Get) -> None:
    answer = get("/company/01000003/insolvency")

    assert answer.status == 404
    path = "/company/01000003/insolvency"
    assert _body(answer) == {"error": "Not Found", "path": path, "status": 404, "timestamp": "2026-01-30"}


@pytest.mark.parametrize("path", ["/company/123456789", "/company/123456789/officers", "/company/invalid-number"])
def test_a_number_of_more_than_eight_characters_is_a_500(get: Get, path: str) -> None:
    answer = get(path)

    assert answer.status == 500
    assert _body(answer).keys() == {"exception_id", "error"}
    assert len(_body(answer)["exception_id"]) == 12
    assert _body(answer)["error"] == "Internal server error"


def test_some_that_is_not_there_is_a_200_with_zeros(get: Get) -> None:
    zeros: dict[str, Json] = {
        "charges": {"total_count": 0, "unfiltered_count": 0, "satisfied_count": 0, "part_satisfied_count": 0},
        "persons-with-significant-control": {"total_results": 0, "active_count": 0, "ceased_count": 0},
        "officers": {"total_results": 0, "active_count": 0, "inactive_count": 0, "resigned_count": 0, "etag": ""},
        "uk-establishments": {},
    }
    for part, expected in zeros.items():
        answer = get(f"/company/01000008/{part}")
        assert answer.status == 200
        assert _body(answer)["items"] == []
        assert {name: _body(answer)[name] for name in expected} == expected
    held_elsewhere = _body(get("/company/CE000010/filing-history"))
    assert (held_elsewhere["total_count"], held_elsewhere["items"]) == (0, [])
    assert held_elsewhere["filing_history_status"] == "filing-history-not-available-unknown-prefix"


# --- the profile --------------------------------------------------------------------------------------------


def test_no_answer_has_a_null_where_the_register_has_nothing(get: Get, world: World) -> None:
    for company in world.companies():
        parts = ("", "/officers", "/persons-with-significant-control")
        assert all(
            b"null" not in get(f"/company/{company.number}{part}").body.replace(b'"null"', b"") for part in parts
        )


def test_links_are_there_only_where_something_is(get: Get) -> None:
    def links(number: str) -> set[str]:
        return set(_body(get(f"/company/{number}"))["links"])

    assert links("09370001") == {"self", "filing_history", "officers", "persons_with_significant_control"}
    assert links("01000008") == {"self", "filing_history"}
    statements = "persons_with_significant_control_statements"
    assert links("08000010") == {"self", "filing_history", "officers", statements}
    assert links("CE000010") == {"self"}


def test_an_entry_of_the_index_has_little_more_than_a_name(get: Get) -> None:
    assert _body(get("/company/IP27215R")).keys() == {
        "can_file", "company_name", "company_number", "etag", "jurisdiction", "links", "partial_data_available", "type",
    }  # fmt: skip


def test_who_never_filed_accounts_has_the_type_null_as_a_text(get: Get) -> None:
    accounts = _body(get("/company/01000002"))["accounts"]
    assert accounts["last_accounts"] == {"type": "null"}
    assert accounts["accounting_reference_date"] == {"day": "31", "month": "03"}


def test_first_accounts_run_from_the_incorporation(
    make_world: Callable[[Iterable[WorldCompany]], World], world: World
) -> None:
    young = attrs.evolve(_of(world, "09370001"), incorporated_on=date(2025, 6, 10), accounts=AccountsState())
    accounts = _body(Register(make_world([young]), lambda: 0.0).answer("/company/09370001"))["accounts"]
    assert accounts["next_accounts"] == {
        "due_on": "2027-03-31", "overdue": False, "period_end_on": "2026-06-30", "period_start_on": "2025-06-10",
    }  # fmt: skip


def _of(world: World, number: str) -> WorldCompany:
    company = world.company(number)
    assert company is not None
    return company


@pytest.mark.parametrize(
    ("born", "overdue", "last", "due"),
    [
        (date(2020, 1, 30), False, "2026-01-30", "2027-02-13"),
        (date(2020, 1, 31), False, "2025-01-31", "2026-02-14"),
        (date(2020, 2, 29), False, "2025-02-28", "2026-03-14"),
        (date(2025, 3, 1), False, None, "2026-03-15"),
        (date(2020, 1, 10), True, "2025-01-10", "2026-01-24"),
        (date(2020, 6, 1), True, "2024-06-01", "2025-06-15"),
        (date(2024, 6, 1), True, None, "2025-06-15"),
    ],
)
def test_confirmations_follow_the_incorporation(
    make_world: Callable[[Iterable[WorldCompany]], World],
    world: World,
    born: date,
    overdue: bool,
    last: str | None,
    due: str,
) -> None:
    company = attrs.evolve(_of(world, "09370001"), incorporated_on=born, confirmation_overdue=overdue)
    statement = _body(Register(make_world([company]), lambda: 0.0).answer("/company/09370001"))[
        "confirmation_statement"
    ]

    assert (statement.get("last_made_up_to"), statement["next_due"]) == (last, due)
    assert statement["overdue"] is overdue
    assert overdue == (date.fromisoformat(due) < world.today)


# --- officers -----------------------------------------------------------------------------------------------


def test_names_stand_in_each_list_in_its_own_way(get: Get) -> None:
    assert _names(get("/company/SC095005/officers")) == [
        "BELL, Ivy",
        "ARGOSY NOMINEES LIMITED",
        "MAC LEOD, Iona Mary Ann, Dr",
        "ARGOSY NOMINEES LIMITED",
        "MASKED DIRECTOR LTD",
    ]
    assert _names(get("/officers/off-iona/appointments")) == ["Dr Iona Mary Ann MAC LEOD"]
    assert _names(get("/officers/off-ada/appointments"))[0] == "Ada QUILL"
    assert _names(get("/company/09370001/persons-with-significant-control")) == ["Mrs Ada Quill"]
    assert _names(get("/company/00500007/officers")) == ["ROOK, Abel, Sir", "ROOK, Jem", "SUHARTO"]


def test_a_secretary_shows_neither_birth_nor_residence_nor_anybody_a_day(get: Get, world: World) -> None:
    secretary = _body(get("/company/SC095005/appointments/app-sec"))
    assert secretary["officer_role"] == "secretary"
    assert not {"date_of_birth", "country_of_residence"} & secretary.keys()
    assert {"nationality", "occupation"} <= secretary.keys()
    assert "date_of_birth" not in _body(get("/officers/off-sec/appointments"))
    for company in world.companies():
        assert b'"day":' not in get(f"/company/{company.number}/officers").body


def test_an_appointment_before_1992_has_no_day(get: Get) -> None:
    old = _body(get("/company/00500007/appointments/app-old"))
    assert (old["appointed_before"], old["is_pre_1992_appointment"]) == ("1991-08-14", True)
    assert "appointed_on" not in old


def test_only_some_bodies_say_where_they_are_registered(get: Get) -> None:
    rows = {row["links"]["self"][-6:]: row for row in _body(get("/company/SC095005/officers"))["items"]}
    assert rows["argosy"]["identification"]["registration_number"] == "Sc095000"
    assert "identification" not in rows["masked"]


@pytest.mark.parametrize(
    ("number", "counts"),
    [
        ("09370001", (1, 0, 0, 1)),
        ("01000002", (0, 1, 1, 2)),  # dissolved: who never resigned is inactive
        ("01000003", (1, 0, 0, 1)),  # liquidation is no end
        ("07000001", (230, 0, 0, 230)),
    ],
)
def test_counts_know_closed_companies(get: Get, number: str, counts: tuple[int, ...]) -> None:
    body = _body(get(f"/company/{number}/officers"))
    names = ("active_count", "inactive_count", "resigned_count", "total_results")
    assert tuple(body[name] for name in names) == counts


def test_only_active_officers_on_request(get: Get) -> None:
    body = _body(get("/company/01000002/officers?filter=active"))
    assert [row["name"] for row in body["items"]] == ["QUILL, Ada"]
    assert body["total_results"] == 1


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("", ["BELL, Ivy", "AARDVARK, Ann", "ZED, Una", "PIKE, Noel"]),
        ("appointed_on", ["BELL, Ivy", "PIKE, Noel", "ZED, Una", "AARDVARK, Ann"]),
        ("resigned_on", ["PIKE, Noel", "ZED, Una", "AARDVARK, Ann", "BELL, Ivy"]),
        ("surname", ["AARDVARK, Ann", "BELL, Ivy", "PIKE, Noel", "ZED, Una"]),
    ],
)
def test_officers_stand_in_the_order_asked_for(
    make_world: Callable[[Iterable[WorldCompany]], World], world: World, order: str, names: list[str]
) -> None:
    def post(place: int, surname: str, forename: str, role: str, since: int, until: int | None = None) -> Appointment:
        return Appointment(
            id=f"a{place}",
            officer=f"o{place}",
            role=role,
            who=Human(person=surname, surname=surname, forename=forename),
            appointed_on=date(since, 1, 1),
            resigned_on=None if until is None else date(until, 1, 1),
        )

    posts = (
        post(1, "Zed", "Una", "director", 2012),
        post(2, "Pike", "Noel", "secretary", 2013, 2015),
        post(3, "Aardvark", "Ann", "nominee-director", 2011),
        post(4, "Bell", "Ivy", "secretary", 2014),
    )
    made = make_world([attrs.evolve(_of(world, "09370001"), appointments=posts)])
    query = f"?order_by={order}" if order else ""

    assert _names(Register(made, lambda: 0.0).answer(f"/company/09370001/officers{query}")) == names


@pytest.mark.parametrize(
    ("query", "told", "rows"),
    [
        ("", 35, 35),
        ("?items_per_page=200", 200, 200),
        ("?items_per_page=1000", 1000, 230),
        ("?items_per_page=0", 0, 230),
        ("?items_per_page=100&start_index=200", 100, 30),
        ("?start_index=229", 35, 1),
    ],
)
def test_a_page_of_officers_is_as_large_as_asked(get: Get, query: str, told: int, rows: int) -> None:
    body = _body(get(f"/company/07000001/officers{query}"))
    assert (body["items_per_page"], len(body["items"]), body["total_results"]) == (told, rows, 230)


def test_a_page_of_officers_beyond_the_end_says_zero_everywhere(get: Get) -> None:
    body = _body(get("/company/07000001/officers?start_index=230"))
    assert (body["items"], body["total_results"], body["active_count"], body["etag"]) == ([], 0, 0, "")


@pytest.mark.parametrize(
    "query",
    ["order_by=age", "order_by=", "filter=resigned", "register_type=people", "register_view=maybe", "start_index=x"],
)
def test_wrong_parameters_of_officers_are_a_400(get: Get, query: str) -> None:
    assert get(f"/company/09370001/officers?{query}") == Answer(400, b"", Form.EMPTY)


def test_a_register_that_is_not_held_is_not_found(get: Get) -> None:
    assert get("/company/09370001/officers?register_view=true&register_type=directors").status == 404
    assert get("/company/09370001/officers?register_view=false&register_type=directors").status == 200
    assert _body(get("/company/09370001/persons-with-significant-control?register_view=true"))["total_results"] == 0
