"""Invented answers of a company register, of the shapes and sizes of the real ones.

A profile has about 1.6 kB, a page of officers 5 to 7 kB, a page of persons with significant control about 1.9 kB
(performance-anchors.md, "How it was run"). Every name here is made up from lists of common words.
"""

from __future__ import annotations

import hashlib
import json
import random
from typing import Any

__all__ = ["FIRST", "KINDS", "bodies", "numbers"]

FIRST = 10_000_000
"""The number of the first company; the others follow it."""
KINDS = ("", "/officers", "/persons-with-significant-control")
"""What stands behind ``/company/<number>`` in the three paths."""

_FORENAMES = [
    "Ada",
    "Brian",
    "Chloe",
    "Dennis",
    "Elena",
    "Farah",
    "George",
    "Hannah",
    "Imran",
    "Joan",
    "Kofi",
    "Laura",
    "Martin",
    "Nadia",
    "Owen",
    "Priya",
]
_SURNAMES = [
    "Abbott",
    "Barlow",
    "Chaudhry",
    "Dunmore",
    "Eastham",
    "Foxley",
    "Garside",
    "Hepworth",
    "Ingram",
    "Jessop",
    "Kellet",
    "Langley",
    "Munro",
]
_TRADES = [
    "Joinery",
    "Roofing",
    "Bakery",
    "Lettings",
    "Dental",
    "Haulage",
    "Optics",
    "Plumbing",
    "Textiles",
    "Brewing",
    "Catering",
    "Surveying",
]
_TOWNS = [
    "Barnsley",
    "Derby",
    "Exeter",
    "Falkirk",
    "Halifax",
    "Ipswich",
    "Kendal",
    "Lincoln",
    "Margate",
    "Newark",
    "Oldham",
    "Preston",
]
_STREETS = ["Mill Lane", "Station Road", "Church Street", "Victoria Terrace", "Canal Wharf", "Albion Way"]
_JOBS = ["Company Director", "Accountant", "Engineer", "Chartered Surveyor", "Operations Manager", "Consultant"]


def numbers(count: int) -> list[str]:
    """The numbers of the first ``count`` companies."""
    return [str(FIRST + place) for place in range(count)]


def bodies(number: str) -> tuple[bytes, bytes, bytes]:
    """Profile, officers and persons with significant control of one company: always the same for one number."""
    rng = random.Random(number)  # noqa: S311 - invented data
    people = [_person(rng) for _ in range(rng.randint(6, 8))]
    return _dump(_profile(rng, number)), _dump(_officers(rng, number, people)), _dump(_psc(rng, number, people[:2]))


def _dump(value: dict[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _id(rng: random.Random) -> str:
    return hashlib.blake2b(rng.randbytes(8), digest_size=14).hexdigest()[:27]


def _day(rng: random.Random, first: int, last: int) -> str:
    return f"{rng.randint(first, last)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"


def _address(rng: random.Random) -> dict[str, Any]:
    return {
        "address_line_1": f"{rng.choice(_STREETS)}",
        "address_line_2": "Old Quarter",
        "country": "England",
        "locality": rng.choice(_TOWNS),
        "postal_code": f"ZZ{rng.randint(1, 99)} {rng.randint(1, 9)}XX",
        "premises": str(rng.randint(1, 240)),
        "region": "Northshire",
    }


def _person(rng: random.Random) -> dict[str, Any]:
    forename, middle, surname = rng.choice(_FORENAMES), rng.choice(_FORENAMES), rng.choice(_SURNAMES)
    return {
        "forename": forename,
        "middle": middle,
        "surname": surname,
        "birth": {"month": rng.randint(1, 12), "year": rng.randint(1945, 2000)},
        "address": _address(rng),
        "nationality": "British",
        "since": _day(rng, 2010, 2023),
    }


def _profile(rng: random.Random, number: str) -> dict[str, Any]:
    name = f"{rng.choice(_SURNAMES)} {rng.choice(_TRADES)} {rng.choice(_TOWNS)}".upper()
    return {
        "accounts": {
            "accounting_reference_date": {"day": "31", "month": "03"},
            "last_accounts": {
                "made_up_to": "2025-03-31",
                "period_end_on": "2025-03-31",
                "period_start_on": "2024-04-01",
                "type": "micro-entity",
            },
            "next_accounts": {
                "due_on": "2026-12-31",
                "overdue": False,
                "period_end_on": "2026-03-31",
                "period_start_on": "2025-04-01",
            },
            "next_due": "2026-12-31",
            "next_made_up_to": "2026-03-31",
            "overdue": False,
        },
        "can_file": True,
        "company_name": f"{name} LIMITED",
        "company_number": number,
        "company_status": "active",
        "confirmation_statement": {
            "last_made_up_to": "2025-11-20",
            "next_due": "2026-12-04",
            "next_made_up_to": "2026-11-20",
            "overdue": False,
        },
        "date_of_creation": _day(rng, 1990, 2009),
        "etag": _id(rng),
        "has_been_liquidated": False,
        "has_charges": False,
        "has_insolvency_history": False,
        "has_super_secure_pscs": False,
        "jurisdiction": "england-wales",
        "last_full_members_list_date": "2015-11-20",
        "links": {
            "filing_history": f"/company/{number}/filing-history",
            "officers": f"/company/{number}/officers",
            "persons_with_significant_control": f"/company/{number}/persons-with-significant-control",
            "self": f"/company/{number}",
        },
        "previous_company_names": [
            {"ceased_on": "2012-02-01", "effective_from": "2009-06-01", "name": f"{name} TRADING LIMITED"}
        ],
        "registered_office_address": _address(rng),
        "registered_office_is_in_dispute": False,
        "sic_codes": [str(rng.randint(10_000, 99_999)), str(rng.randint(10_000, 99_999))],
        "type": "ltd",
        "undeliverable_registered_office_address": False,
    }


def _officers(rng: random.Random, number: str, people: list[dict[str, Any]]) -> dict[str, Any]:
    items = []
    for place, person in enumerate(people):
        item = {
            "address": person["address"],
            "appointed_on": person["since"],
            "country_of_residence": "England",
            "date_of_birth": person["birth"],
            "etag": _id(rng),
            "identity_verification_details": {
                "appointment_verification_end_on": "9999-12-31",
                "appointment_verification_start_on": "2026-01-02",
            },
            "is_pre_1992_appointment": False,
            "links": {
                "officer": {"appointments": f"/officers/{_id(rng)}/appointments"},
                "self": f"/company/{number}/appointments/{_id(rng)}",
            },
            "name": f"{person['surname'].upper()}, {person['forename']} {person['middle']}",
            "nationality": person["nationality"],
            "occupation": rng.choice(_JOBS),
            "officer_role": "secretary" if place == 2 else "director",
            "person_number": str(rng.randint(10**11, 10**12 - 1)),
        }
        if place > 3:
            item["resigned_on"] = _day(rng, 2024, 2025)
        items.append(item)
    return {
        "active_count": 4,
        "etag": _id(rng),
        "inactive_count": 0,
        "items": items,
        "items_per_page": 100,
        "kind": "officer-list",
        "links": {"self": f"/company/{number}/officers"},
        "resigned_count": len(items) - 4,
        "start_index": 0,
        "total_results": len(items),
    }


def _psc(rng: random.Random, number: str, people: list[dict[str, Any]]) -> dict[str, Any]:
    items = [
        {
            "address": person["address"],
            "ceased": False,
            "country_of_residence": "England",
            "date_of_birth": person["birth"],
            "etag": _id(rng),
            "identity_verification_details": {
                "appointment_verification_statement_date": "2026-01-01",
                "appointment_verification_statement_due_on": "2026-01-14",
            },
            "kind": "individual-person-with-significant-control",
            "links": {"self": f"/company/{number}/persons-with-significant-control/individual/{_id(rng)}"},
            "name": f"Mr {person['forename']} {person['middle']} {person['surname']}",
            "name_elements": {
                "forename": person["forename"],
                "middle_name": person["middle"],
                "surname": person["surname"],
                "title": "Mr",
            },
            "nationality": person["nationality"],
            "natures_of_control": [
                "ownership-of-shares-25-to-50-percent",
                "voting-rights-25-to-50-percent",
            ],
            "notified_on": "2016-04-06",
        }
        for person in people
    ]
    return {
        "active_count": len(items),
        "ceased_count": 0,
        "items": items,
        "items_per_page": 100,
        "links": {"self": f"/company/{number}/persons-with-significant-control"},
        "start_index": 0,
        "total_results": len(items),
    }
