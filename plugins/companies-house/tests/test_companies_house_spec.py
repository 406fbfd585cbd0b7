"""Every request that a source makes is one that both of the register's specifications have."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from leadgen_companies_house import Config, api
from leadgen_companies_house.sources import Officers, Profile, Psc, Search

from leadgen_core import CompanyNumber, NameQuery, RawReply, Request, Source
from leadgen_core.testing import ScriptedContext, scripted_reply

SPECS = ("public-data-openapi-2026.json", "public-data-swagger2-2023-dereferenced.json")


def _wrong(request: Request, spec: dict[str, Any]) -> list[str]:
    """What the specification does not allow in a request; nothing when it is valid."""
    for template, item in spec["paths"].items():
        names = re.findall(r"{(\w+)}", template)
        match = re.fullmatch(re.sub(r"{\w+}", "([^/]+)", template), request.path)
        if match is None:
            continue
        # In the file of 2026 some path items have their one GET's members at the path's level.
        operation = item.get("get", item)
        parameters = {
            parameter["name"]: parameter
            for parameter in (*item.get("parameters", ()), *operation.get("parameters", ()))
        }
        if "responses" not in operation or request.method != "GET":
            return [f"{template} has no {request.method}"]
        declared = {name for name, parameter in parameters.items() if parameter["in"] == "path"}
        wrong = [] if len(declared) == len(names) else [f"{template} does not declare its path"]
        query = {name: parameter for name, parameter in parameters.items() if parameter["in"] == "query"}
        wrong += [f"{name} is missing" for name, one in query.items() if one["required"] and name not in request.params]
        for name, value in request.params.items():
            wrong += _wrong_value(name, value, query.get(name))
        return wrong
    return [f"no path {request.path}"]


def _wrong_value(name: str, value: str, parameter: dict[str, Any] | None) -> list[str]:
    if parameter is None:
        return [f"{name} is not known"]
    schema = parameter.get("schema", parameter)
    if schema["type"] == "integer" and not re.fullmatch("-?[0-9]+", value):
        return [f"{name} is no integer"]
    if value not in schema.get("enum", [value]):
        return [f"{name} is none of the values"]
    return []


@pytest.fixture(params=SPECS)
def spec(request: pytest.FixtureRequest, register_data: Path) -> dict[str, Any]:
    """One of the two specifications, with ``required`` filled in where it is left out."""
    loaded: dict[str, Any] = json.loads((register_data / "openapi" / request.param).read_text())
    for item in loaded["paths"].values():
        for operation in (item, item.get("get", {})):
            for parameter in operation.get("parameters", ()):
                parameter.setdefault("required", False)
    return loaded


async def test_every_request_of_every_source_is_in_the_specification(spec: dict[str, Any]) -> None:
    def answer(request: Request) -> RawReply:
        links = {"officers": "/x", "persons_with_significant_control": "/x"}
        start = int(request.params.get("start_index", "0"))
        item = {
            "name": "A",
            "officer_role": "director",
            "kind": "individual-x",
            "company_number": "00000001",
            "title": "A",
        }
        items = [{**item, "links": {"self": f"/{start + place}"}} for place in range(100)]
        return scripted_reply(200, {"links": links, "items": items, "total_results": 300})

    asked: list[Request] = []
    for number in ("09370755", "SC095000", "IP27215R", "RS0031EN"):
        sources: list[tuple[Source, object]] = [
            (Profile(Config()), CompanyNumber(number)),
            (Officers(Config()), CompanyNumber(number)),
            (Psc(Config()), CompanyNumber(number)),
            (Search(Config()), NameQuery(" Bramble & Thicket / 100%\n#? Ltd ")),
        ]
        for source, subject in sources:
            ctx = ScriptedContext(answer)
            await source.answer(subject, ctx)
            asked.extend(ctx.asked)
    assert api.COMPANIES_HOUSE.probe is not None
    asked.append(api.COMPANIES_HOUSE.probe[1])

    assert {len(request.path.split("/")) for request in asked} == {3, 4}
    assert len([request for request in asked if request.params.get("start_index") == "200"]) == 12
    assert [problem for request in asked for problem in _wrong(request, spec)] == []


@pytest.mark.parametrize(
    "request_",
    [
        Request("/company/01234567/officers", {"filter": "active"}),
        Request("/company/01234567/officers", {"items_per_page": "many"}),
        Request("/company/01234567/officers", {"order_by": "age"}),
        Request("/company/01234567/directors"),
        Request("/company/01234567/persons-with-significant-control", {"items_per_page": "100", "start_index": "0"}),
        Request("/search/companies", {"items_per_page": "100"}),
        Request("/company/01234567", {"items_per_page": "100"}),
        Request("/company/01/234567"),
        Request("/search/companies", {"q": "x"}, "POST"),
    ],
    ids=lambda request: f"{request.method} {request.path} {dict(request.params)}",
)
def test_the_checker_sees_what_is_wrong(spec: dict[str, Any], request_: Request) -> None:
    assert _wrong(request_, spec)


def test_nothing_in_a_number_or_a_name_can_change_the_request() -> None:
    lookup = api.search("a&start_index=7#/../x?", 0)

    request = lookup.build([lookup.key])
    assert request.path == "/search/companies"
    assert request.params["q"] == "a&start_index=7#/../x?"
    assert request.params["start_index"] == "0"
    assert api.officers(CompanyNumber("SC095000"), 100).key != api.officers(CompanyNumber("SC095000"), 0).key
    assert api.profile(CompanyNumber("SC095000")).key == api.profile(CompanyNumber.parse("sc 95000")).key
