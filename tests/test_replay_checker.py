"""The check of every request against the register's specifications."""

from __future__ import annotations

import pytest

from tests.replay import RegisterThread, fixtures
from tests.replay.asking import ask

make_register = fixtures.make_register
register = fixtures.register

PSC = "/company/09370755/persons-with-significant-control"

VALID = [
    "/company/09370755",
    "/company/09370755/officers",
    "/company/09370755/officers?items_per_page=35&start_index=0&order_by=surname&register_view=false",
    f"{PSC}?items_per_page=25&start_index=0&register_view=false",
    f"{PSC}-statements?items_per_page=25&start_index=0&register_view=false",
    f"{PSC}/individual/aaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "/search/companies?q=Apple&items_per_page=20&start_index=0&restrictions=active-companies",
    "/advanced-search/companies?company_status=active&company_status=open&incorporated_from=2020-01-01&size=5000",
    "/company/09370755/charges?items_per_page=25&start_index=0",
    "/company/09370755/registered-office-address",
    "/company/09370755/exemptions",
    "/officers/aaaaaaaaaaaaaaaaaaaaaaaaaaa/appointments?items_per_page=50",
]

WRONG = [
    ("/companies/09370755", "the path is not in the specification"),
    ("/company/09370755/", "the path is not in the specification"),
    ("/company//officers", "the path is not in the specification"),
    ("/company/09370755/officer", "the path is not in the specification"),
    ("/company/09370755/officers/", "the path is not in the specification"),
    ("/company/09370755?items_per_page=1", "the query parameter items_per_page is not in the specification"),
    ("/company/09370755/officers?filter=active", "the query parameter filter is not in the specification"),
    ("/company/09370755/officers?order_by=name", "the query parameter order_by is none of the listed values"),
    ("/company/09370755/officers?items_per_page=many", "the query parameter items_per_page is no integer"),
    ("/company/09370755/officers?items_per_page=", "the query parameter items_per_page is no integer"),
    ("/company/09370755/officers?start_index=0&start_index=35", "the query parameter start_index is given twice"),
    (f"{PSC}?items_per_page=25&start_index=0", "the query parameter register_view is missing"),
    (
        f"{PSC}?items_per_page=25&start_index=0&register_view=no",
        "the query parameter register_view is none of the listed values",
    ),
    ("/search/companies?items_per_page=20", "the query parameter q is missing"),
    ("/search/companies?q=", "the query parameter q is empty"),
    ("/advanced-search/companies?incorporated_from=01/02/2020", "the query parameter incorporated_from is no date"),
]


def test_valid_requests_break_nothing(register: RegisterThread) -> None:
    for path in VALID:
        ask(register, path)
        assert register.control.violations == []


@pytest.mark.parametrize(("path", "problem"), WRONG)
def test_wrong_requests_are_reported_by_both_specifications(register: RegisterThread, path: str, problem: str) -> None:
    ask(register, path)
    found = register.control.violations
    assert {violation.problem for violation in found} == {problem}
    assert {violation.spec for violation in found} == {"2023", "2026"}
    assert {violation.path for violation in found} == {path.partition("?")[0]}


def test_the_method_is_checked(register: RegisterThread) -> None:
    assert ask(register, "/company/09370755", method="DELETE").status == 404
    assert {violation.problem for violation in register.control.violations} == {
        "the method is not in the specification"
    }


def test_what_only_one_specification_knows(register: RegisterThread) -> None:
    ask(register, "/officers/aaaaaaaaaaaaaaaaaaaaaaaaaaa/appointments?filter=active")
    ask(register, "/alphabetical-search/companies?q=Apple")
    assert [(violation.spec, violation.path.split("/")[1]) for violation in register.control.violations] == [
        ("2023", "officers"),
        ("2023", "alphabetical-search"),
    ]


def test_a_parameter_can_be_tolerated(make_register: fixtures.MakeRegister) -> None:
    running = make_register(tolerate={"filter"})
    assert ask(running, "/company/09370755/officers?filter=active").status == 200
    assert running.control.violations == []


def test_quoted_paths_are_read(register: RegisterThread) -> None:
    assert ask(register, "/company/0937075%35").json["company_number"] == "09370755"
    ask(register, "/company/SC%2F12345")
    assert register.control.violations == []
