"""Leads as the outbox holds them: JSON with every member."""

from __future__ import annotations

from typing import Any

import orjson

from leadgen_core import Delivery

__all__ = ["delivery", "executive", "lead"]


def executive(full: str = "Jane Q. Smith", **members: Any) -> dict[str, Any]:
    return {
        "name": {"full": full, "given": "Jane", "family": "Smith"},
        "roles": [
            {"role": "director", "since": "2015-06-01", "before": None},
            {"role": "secretary", "since": None, "before": "1992-01-01"},
            {"role": "person with significant control", "since": None, "before": None},
        ],
        "accounts": [],
        "contacts": [],
        "confidence": 0.97,
        "confidence_basis": "world:v3",
        "article14_due": "2026-12-24",
        "evidence": [
            {"claim": "is-current-director", "url": "https://register.example/officers"},
            {"claim": "controls", "url": "https://register.example/psc"},
            {"claim": "is-current-director", "url": "https://register.example/officers"},
        ],
        **members,
    }


def lead(number: str = "01234567", **members: Any) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "company": {
            "number": number,
            "name": "ACME LTD",
            "status": "active",
            "type": "ltd",
            "sic_codes": ["62012", "73110"],
            "incorporated_on": "2011-03-01",
            "address": {
                "care_of": None,
                "po_box": None,
                "premises": "12",
                "address_line_1": "High Street",
                "address_line_2": None,
                "locality": "Leeds",
                "region": None,
                "country": "England",
                "postal_code": "LS1 1AA",
            },
            "previous_names": [],
            "evidence": [{"claim": "profile", "url": "https://register.example/company"}],
        },
        "site": {"url": "https://acme.example/", "owned": {"verdict": "proven", "because": "footer"}},
        "accounts": [],
        "executives": [],
        "scores": {"seo_need": {"value": 72.0, "reasons": []}, "recency": None, "pay": {"value": 0.5, "reasons": []}},
        "outcomes": {
            "companies-house.profile": {"state": "found", "cause": None},
            "companies-house.psc": {"state": "unknown", "cause": "throttled"},
        },
        "compliance": {"subscriber": "corporate", "lia": None, "suppressed_people": 0},
        "provenance": {"run": "r-1", "generated_at": "2026-01-30T13:14:22Z", "plugins": {}},
        "input": {"rows": [7, 12], "columns": {"our_ref": "A-17", "phone": "+44 20 7946 0958"}, "repaired": []},
        **members,
    }


def delivery(body: dict[str, Any], ordinal: int = 0) -> Delivery:
    return Delivery(ordinal=ordinal, revision=1, key=f"r-1:{ordinal}", line=orjson.dumps(body))
