"""Every sample and every recorded answer of an endpoint used here is accepted (read where it stands, never copied)."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import attrs
from leadgen_companies_house import Config, companies, people
from leadgen_companies_house.redact import redact
from leadgen_companies_house.sources import Officers, Profile, Psc, Search

from leadgen_core import (
    Absent,
    Cause,
    CompanyNumber,
    CompanyProfile,
    Found,
    NameMatch,
    NameQuery,
    OfficerAppointment,
    Provenance,
    RawReply,
    Request,
    SignificantControl,
    Unknown,
)
from leadgen_core.testing import ScriptedContext

PROVENANCE = Provenance("companies-house.psc", "https://api.example/x", datetime(2026, 1, 30, tzinfo=UTC))
TODAY = date(2026, 1, 30)
REAL = CompanyNumber("09370755")


def _body(folder: Path, pattern: str) -> dict[str, Any]:
    (file,) = (folder / "recorded").glob(pattern)
    body: dict[str, Any] = json.loads(file.read_text())["content"]["json"]
    return body


def _recorded(folder: Path) -> ScriptedContext:
    """The recorded answers by path; whatever was not recorded is an unknown company."""
    answers: dict[str, RawReply] = {}
    for file in sorted((folder / "recorded").glob("*.json")):
        saved: dict[str, Any] = json.loads(file.read_text())
        path = saved["url"].partition(".uk")[2].partition("?")[0]
        body = saved["content"].get("json", b"")
        answers.setdefault(path, RawReply(saved["status_code"], saved["headers"], body, isinstance(body, dict), 0.0))
    unknown = answers["/company/00000000"]

    def script(request: Request) -> RawReply:
        if request.path == "/search/companies" and request.params["start_index"] != "0":
            return RawReply(200, {}, {"items": [], "total_results": 6580}, True, 0.0)
        return answers.get(request.path, unknown)

    return ScriptedContext(script)


async def test_the_recorded_company_gives_the_right_claims(register_data: Path) -> None:
    ctx = _recorded(register_data)

    profile, officers, controls = [
        await source.answer(REAL, ctx) for source in (Profile(Config()), Officers(Config()), Psc(Config()))
    ]

    assert isinstance(profile, Found)
    assert isinstance(officers, Found)
    assert isinstance(controls, Found)
    (company,), (director,), (control,) = profile.claims, officers.claims, controls.claims
    raw = _body(register_data, "company_09370755.json")
    (raw_director,) = _body(register_data, "company_09370755_officers*page-200.json")["items"]
    (raw_control,) = _body(register_data, "company_09370755_persons*.json")["items"]
    assert isinstance(company, CompanyProfile)
    assert (company.number, company.name) == (REAL, raw["company_name"])
    assert (company.status, company.type) == (raw["company_status"], raw["type"]) == ("active", "ltd")
    assert company.incorporated_on == date.fromisoformat(raw["date_of_creation"])
    assert company.accounts_type == raw["accounts"]["last_accounts"]["type"]
    assert company.accounts_overdue is False
    assert company.address is not None
    kept = attrs.asdict(company.address, filter=lambda _attribute, value: value is not None)
    assert kept == raw["registered_office_address"]
    assert list(company.sic_codes) == raw["sic_codes"]
    assert isinstance(director, OfficerAppointment)
    assert (director.name, director.role) == (raw_director["name"], "director")
    assert director.appointed_on == date.fromisoformat(raw_director["appointed_on"])
    assert director.fulfils()
    assert re.fullmatch(r"[\w-]{27}", director.officer_id or "")
    assert director.identity_verified is True  # although the end 9999-12-31 stands there
    assert isinstance(control, SignificantControl)
    assert (control.name, list(control.natures)) == (raw_control["name"], raw_control["natures_of_control"])
    assert control.fulfils()
    assert control.identity_verified is False  # a statement, no start
    assert director.birth_key
    assert director.birth_key == control.birth_key
    assert director.address is not None
    assert director.address == control.address
    assert director.address.town == raw_director["address"]["locality"]
    assert director.address.postcode_key
    assert director.name.partition(",")[0].casefold() == (control.surname or "").casefold()
    assert officers.complete
    assert controls.complete
    assert len(ctx.asked) == 3


async def test_the_recorded_unknown_company_is_absent(register_data: Path) -> None:
    ctx = _recorded(register_data)

    for source in (Profile(Config()), Officers(Config()), Psc(Config())):
        assert isinstance(await source.answer(CompanyNumber("00000000"), ctx), Absent)
    assert [request.path for request in ctx.asked] == ["/company/00000000"]


async def test_the_recorded_search_gives_a_match_or_candidates(register_data: Path) -> None:
    bodies = _body(register_data, "search_companies*start_index-0*")["items"]
    ctx = _recorded(register_data)
    search = Search(Config())

    # Two of one name, of which one is dissolved; a name with a legal form; a name that nobody has.
    twice = [item for item in bodies if sum(item["title"] == other["title"] for other in bodies) == 2]
    (living,) = [item for item in twice if item["company_status"] == "active"]
    found = await search.answer(NameQuery(living["title"].title()), ctx)
    assert isinstance(found, Found)
    (match,) = found.claims
    assert isinstance(match, NameMatch)
    assert match.puts_forward() == (CompanyNumber(living["company_number"]),)
    dissolved = next(item for item in twice if item is not living)
    by_postcode = await search.answer(NameQuery(living["title"], dissolved["address"]["postal_code"].lower()), ctx)
    assert isinstance(by_postcode, Found)
    assert by_postcode.claims[0].puts_forward() == (CompanyNumber(dissolved["company_number"]),)
    for item in bodies:
        if item not in twice:
            answer = await search.answer(NameQuery(item["title"].replace("LIMITED", "Ltd.").replace("&", "and")), ctx)
            assert isinstance(answer, Found), item["company_number"]
            assert answer.claims[0].puts_forward() == (CompanyNumber(item["company_number"]),)
    nobody = await search.answer(NameQuery("Appel Ltd"), ctx)
    assert isinstance(nobody, Unknown)
    assert nobody.cause is Cause.AMBIGUOUS
    assert len(nobody.candidates) == 10


def test_every_recorded_list_is_read_whole(register_data: Path) -> None:
    for file in (register_data / "recorded").glob("*.json"):
        body = json.loads(file.read_text())["content"].get("json")
        if "_officers_" in file.name:
            officers = people.officers(redact("officers", body, str), REAL, PROVENANCE, TODAY)
            assert (len(officers.rows), officers.unreadable) == (len(body["items"]), ())
        elif "_persons-" in file.name:
            controls = people.psc(redact("psc", body, str), REAL, PROVENANCE, TODAY)
            assert (len(controls.rows), controls.unreadable) == (len(body["items"]), ())
        elif file.name.startswith("search") and body is not None:
            hits = companies.hits(redact("search", body, str))
            assert (len(hits.rows), hits.unreadable) == (len(body["items"]), ())


def test_every_profile_sample_is_accepted(register_data: Path) -> None:
    files = [
        file
        for file in sorted((register_data / "samples/rest/company-profile").glob("*.json"))
        if "Establishments" not in file.name  # another endpoint
    ]
    assert len(files) == 3
    for file in files:
        number = CompanyNumber(file.name[:8])
        body = redact("profile", json.loads(file.read_text()), str)
        profile = companies.profile(body, number, PROVENANCE)
        assert profile.number == number
        assert profile.type
        assert companies.has_link(body, "officers")
        # The wrapped one has null where the others have a link.
        assert companies.has_link(body, "persons_with_significant_control") is (profile.name is not None)


def test_every_psc_sample_is_accepted(register_data: Path) -> None:
    folder = register_data / "samples/rest/psc"
    single = sorted(folder.glob("get_*.json"))
    assert len(single) == 8
    for file in single:
        item = json.loads(file.read_text())
        body = redact("psc", {"items": [item], "total_results": 1}, str)
        listing = people.psc(body, REAL, PROVENANCE, TODAY)
        assert listing.unreadable == (), file.name
        (control,) = (row.value for row in listing.rows)
        assert control.control_kind == item["kind"]
        assert control.notified_on == date(2023, 11, 20)
        assert control.ceased == ("ceased_on" in item)
        assert (control.name is None) == ("super_secure" in file.name)
        assert (control.registration is not None) == ("identification" in item)
        assert control.middle_name == item.get("name_elements", {}).get("other_forenames")
        if "identity_verification_details" in item:
            assert control.identity_verified is False  # it has an end that has passed
    for name, size in (("psc_list_output.json", 2), ("empty_psc_list_register_view_output.json", 0)):
        body = redact("psc", json.loads((folder / name).read_text()), str)
        listing = people.psc(body, REAL, PROVENANCE, TODAY)
        assert (len(listing.rows), listing.unreadable) == (size, ())


def test_every_stream_and_snapshot_line_of_a_person_is_accepted(register_data: Path) -> None:
    officer = json.loads((register_data / "samples/stream/officers.json").read_text())["data"]
    officers = people.officers(redact("officers", {"items": [officer]}, str), REAL, PROVENANCE, TODAY)
    assert [row.value.resigned_on for row in officers.rows] == [date(2019, 1, 25)]
    controls = [
        json.loads((register_data / "samples/stream/persons-with-significant-control.json").read_text())["data"]
    ]
    for line in (register_data / "samples/bulk/psc-snapshot_sample.jsonl").read_text().splitlines():
        entry = json.loads(line)
        if "company_number" in entry and "statement" not in entry["data"]:
            controls.append(entry["data"])
    listing = people.psc(redact("psc", {"items": controls}, str), REAL, PROVENANCE, TODAY)
    assert (len(listing.rows), listing.unreadable) == (len(controls), ())


def test_every_officer_role_and_status_of_the_register_is_kept(register_data: Path) -> None:
    text = (register_data / "enumerations/constants.yml").read_text()

    def values(name: str) -> list[str]:
        block = text.partition(f"\n{name}:\n")[2]
        return re.findall(r"^    '([\w-]+)' ?:", block[: re.search(r"^\S", block, re.MULTILINE).start()], re.MULTILINE)  # type: ignore[union-attr]

    roles = values("officer_role")
    assert len(roles) == 32
    body = {"items": [{"name": "BRAMBLE, Ada", "officer_role": role} for role in [*roles, "role-of-tomorrow"]]}
    listing = people.officers(redact("officers", body, str), REAL, PROVENANCE, TODAY)
    assert [row.value.role for row in listing.rows] == [*roles, "role-of-tomorrow"]
    assert [row.value.fulfils() for row in listing.rows] == [
        not role.startswith("corporate-") for role in [*roles, "role-of-tomorrow"]
    ]
    statuses = values("company_status")
    assert len(statuses) == 12
    for status in [*statuses, "status-of-tomorrow"]:
        profile = {"company_number": REAL.value, "company_status": status}
        assert companies.profile(redact("profile", profile, str), REAL, PROVENANCE).status == status
