"""The answers about one company: the recorded bodies renumbered, its people renamed (companies-house.md §1.9-1.11)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from tests.replay.marks import mark
from tests.replay.people import Person, etag, token
from tests.replay.recorded import Recorded
from tests.replay.shapes import Cast, Hold, Post, Shape, cast_of, shape_of

__all__ = ["CLOSED", "Company", "company_name"]

CLOSED = frozenset({"dissolved", "converted-closed", "closed"})
"""States in which the officers list reports nobody as active (§1.5)."""

_WORDS_A = ("AMBER", "BRISTLE", "COPPER", "DAPPLED", "EMBER", "FENLAND", "GRANITE", "HEATHER", "INDIGO", "JUNIPER")
_WORDS_B = ("QUAY", "FORGE", "LOOM", "ORCHARD", "BEACON", "MILL", "HARBOUR", "ATELIER", "KILN", "FOUNDRY")
_JURISDICTIONS = {"SC": "scotland", "SO": "scotland", "NI": "northern-ireland", "NC": "northern-ireland"}
_STUB_KEEPS = ("can_file", "company_name", "company_number", "company_status", "date_of_creation", "etag")


def company_name(number: str) -> str:
    """The name of a built company. A search for it finds exactly this number, in any process."""
    seed = sum((place + 1) * ord(char) for place, char in enumerate(number))
    ending = "LLP" if shape_of(number) is Shape.LLP else "LTD"
    return f"{_WORDS_A[seed % 10]} {_WORDS_B[seed // 10 % 10]} {number} {ending}"


def _officer_id(number: str, index: int) -> str:
    # Number and row stand in the id, so the appointments of a person can be answered without a table.
    return f"{number}{index:03d}" + token(16, "officer", number, index)


class Company:
    """One company. ``listing``: the search hit that names it, which the profile then follows."""

    def __init__(
        self, recorded: Recorded, number: str, *, marks: bool = False, listing: Mapping[str, Any] | None = None
    ) -> None:
        self.number = number
        self._recorded = recorded
        self._real = number == recorded.number
        self._marks = marks
        self.listing = listing
        self._cast = Cast((), ()) if self._real else cast_of(number)

    # --- the profile ----------------------------------------------------------------------------------------

    @cached_property
    def profile(self) -> dict[str, Any]:
        if self._real:
            return self._recorded.profile
        number, shape = self.number, shape_of(self.number)
        base = f"/company/{number}"
        links = {"filing_history": f"{base}/filing-history", "officers": f"{base}/officers", "self": base}
        if self._cast.holds:
            links["persons_with_significant_control"] = f"{base}/persons-with-significant-control"
        if self._cast.statement:
            links["persons_with_significant_control_statements"] = f"{base}/persons-with-significant-control-statements"
        body = {
            **self._recorded.profile,
            "company_name": company_name(number),
            "company_number": number,
            "etag": etag("profile", number),
            "has_super_secure_pscs": shape is Shape.SUPER_SECURE,
            "jurisdiction": _JURISDICTIONS.get(number[:2], "england-wales"),
            "links": links,
        }
        if shape is Shape.DISSOLVED:
            body |= {"company_status": "dissolved", "date_of_cessation": "2021-11-30", "can_file": False}
        elif shape is Shape.LIQUIDATION:
            body |= {"company_status": "liquidation", "has_insolvency_history": True, "has_been_liquidated": True}
            links["insolvency"] = f"{base}/insolvency"
        elif shape is Shape.PRE_1992:
            body["date_of_creation"] = "1975-05-02"
        elif shape is Shape.LLP:
            body["type"] = "llp"
            del body["sic_codes"]
        elif shape is Shape.STUB:
            body = {key: body[key] for key in _STUB_KEEPS} | {
                "company_status": "registered",
                "jurisdiction": body["jurisdiction"],
                "links": {"self": base},
                "partial_data_available": "full-data-available-from-the-company",
                "type": "charitable-incorporated-organisation",
            }
        return {**body, **self._from_listing()}

    def _from_listing(self) -> dict[str, Any]:
        if self.listing is None:
            return {}
        listing = self.listing
        same = ("company_status", "date_of_creation", "date_of_cessation")
        kept = {key: listing[key] for key in same if key in listing}
        kept |= {"company_name": listing["title"], "type": listing["company_type"]}
        if kept.get("date_of_cessation") == "Unknown":
            del kept["date_of_cessation"]
        if address := listing.get("address"):
            # The profile folds the premises into the first line, the search splits them off (§1.9).
            lines = [address[key] for key in ("premises", "address_line_1") if key in address]
            kept["registered_office_address"] = {
                **{key: value for key, value in address.items() if key != "premises"},
                "address_line_1": ", ".join(lines),
            }
        if snippet := listing.get("snippet"):
            kept["previous_company_names"] = [
                {"name": snippet, "effective_from": "2014-12-31", "ceased_on": "2018-02-14"}
            ]
        return kept

    # --- the officers ---------------------------------------------------------------------------------------

    @cached_property
    def officers(self) -> list[dict[str, Any]]:
        """All rows, in no order."""
        if self._real:
            rows = self._recorded.officers["items"]
            return [mark(row, row["name"].split(",")[0]) for row in rows] if self._marks else rows
        return [self._officer(index, post) for index, post in enumerate(self._cast.posts)]

    @property
    def officers_etag(self) -> str:
        if not self.officers:
            return ""
        return str(self._recorded.officers["etag"] if self._real else etag("officers", self.number))

    @property
    def is_closed(self) -> bool:
        return self.profile.get("company_status") in CLOSED

    def _officer(self, index: int, post: Post) -> dict[str, Any]:
        number = self.number
        row = {
            **self._recorded.officers["items"][0],
            "etag": etag("officer", number, index),
            "links": {
                "officer": {"appointments": f"/officers/{_officer_id(number, index)}/appointments"},
                "self": f"/company/{number}/appointments/{token(27, 'appointment', number, index)}",
            },
            "officer_role": post.role,
            "person_number": f"{int.from_bytes(etag('person', number, index).encode()) % 10**9:09d}0001",
        }
        if post.appointed is None:
            del row["appointed_on"]
            row |= {"appointed_before": post.before, "is_pre_1992_appointment": True}
        else:
            row["appointed_on"] = post.appointed
        if post.resigned is not None:
            row["resigned_on"] = post.resigned
        if isinstance(post.who, str):
            return self._corporate(row, post, post.who)
        row["name"] = post.who.officer_name
        if post.role.endswith("secretary"):
            del row["date_of_birth"], row["country_of_residence"]
        else:
            row["date_of_birth"] = {"month": post.who.month, "year": post.who.year}
        return mark(row, post.who.surname) if self._marks else row

    @staticmethod
    def _corporate(row: dict[str, Any], post: Post, name: str) -> dict[str, Any]:
        for key in ("date_of_birth", "country_of_residence", "nationality", "identity_verification_details"):
            del row[key]
        row["name"] = name
        if post.registered is not None:
            row["identification"] = {
                "identification_type": "uk-limited-company",
                "legal_authority": "Companies Act 2006",
                "legal_form": "Private Limited Company",
                "place_registered": "Companies House",
                "registration_number": post.registered,
            }
        return row

    def appointments(self, officer_id: str) -> dict[str, Any] | None:
        """``/officers/{id}/appointments`` of one row, None for an id that is not of this company (§1.10)."""
        index = officer_id[8:11]
        if self._real or not index.isdigit() or int(index) >= len(self._cast.posts):
            return None
        if officer_id != _officer_id(self.number, int(index)):
            return None
        post, row = self._cast.posts[int(index)], self.officers[int(index)]
        who = post.who
        profile = self.profile
        item = {key: value for key, value in row.items() if key not in {"etag", "date_of_birth", "person_number"}}
        item |= {
            "appointed_to": {key: profile[key] for key in ("company_name", "company_number", "company_status")},
            "links": {"company": f"/company/{self.number}"},
            "name": who.appointments_name if isinstance(who, Person) else who,
        }
        if isinstance(who, Person):
            item["name_elements"] = who.elements("other_forenames")
        head = {"date_of_birth": row["date_of_birth"]} if "date_of_birth" in row else {}
        return {
            **head,
            "etag": etag("appointments", officer_id),
            "is_corporate_officer": isinstance(who, str),
            "items": [item],
            "kind": "personal-appointment",
            "links": {"self": f"/officers/{officer_id}/appointments"},
            "name": item["name"],
        }

    # --- persons with significant control --------------------------------------------------------------------

    @cached_property
    def psc(self) -> list[dict[str, Any]]:
        """All rows."""
        if self._real:
            rows = self._recorded.psc["items"]
            return [mark(row, row["name_elements"]["surname"]) for row in rows] if self._marks else rows
        return [self._psc(index, hold) for index, hold in enumerate(self._cast.holds)]

    def _psc(self, index: int, hold: Hold) -> dict[str, Any]:
        number, who = self.number, hold.who
        kind = "super-secure" if who is None else "corporate-entity" if isinstance(who, str) else "individual"
        path = f"/company/{number}/persons-with-significant-control/{kind}/{token(27, 'psc', number, index)}"
        own = {"ceased": False, "etag": etag("psc", number, index), "links": {"self": path}}
        if who is None:
            own["kind"] = "super-secure-person-with-significant-control"
            return {**own, "description": "super-secure-persons-with-significant-control"}
        row = {**self._recorded.psc["items"][0], **own, "kind": f"{kind}-person-with-significant-control"}
        if hold.ceased is not None:
            row |= {"ceased": True, "ceased_on": hold.ceased}
        if shape_of(number) is Shape.LLP:
            row["natures_of_control"] = ["voting-rights-75-to-100-percent-limited-liability-partnership"]
        if isinstance(who, str):
            for key in ("date_of_birth", "country_of_residence", "nationality", "name_elements"):
                del row[key]
            del row["identity_verification_details"]
            row["name"] = who
            row["identification"] = {
                "country_registered": "Scotland",
                "legal_authority": "Companies Act 2006",
                "legal_form": "Private Limited Company",
                "place_registered": "Companies House",
                "registration_number": "Sc095000",
            }
            return row
        row |= {
            "date_of_birth": {"month": who.month, "year": who.year},
            "name": who.psc_name,
            "name_elements": who.elements("middle_name"),
        }
        return mark(row, who.surname) if self._marks else row

    @cached_property
    def statements(self) -> list[dict[str, Any]]:
        """The PSC statements; none for most companies."""
        if not self._cast.statement:
            return []
        path = f"/company/{self.number}/persons-with-significant-control-statements"
        return [
            {
                "etag": etag("statement", self.number),
                "kind": "persons-with-significant-control-statement",
                "links": {"self": f"{path}/{token(27, 'statement', self.number)}"},
                "notified_on": "2016-12-31",
                # The register's own spelling (§1.11).
                "statement": "no-individual-or-entity-with-signficant-control",
            }
        ]
