"""What every contestant shares: its command line, the paths that it asks, the record that it writes.

Only the standard library is imported here, so that it costs all of them the same.
"""

from __future__ import annotations

import argparse
import base64
import csv
import os
from pathlib import Path
from typing import Any

__all__ = ["KEY", "PATHS", "SIGNED", "Job", "job", "record"]

KEY = os.environ.get("BENCHMARK_KEY", "benchmark-key")
SIGNED = {"Authorization": "Basic " + base64.b64encode(f"{KEY}:".encode()).decode("ascii")}
PATHS = (
    "/company/{}",
    "/company/{}/officers?items_per_page=100&start_index=0",
    "/company/{}/persons-with-significant-control?items_per_page=100&start_index=0&register_view=false",
)


class Job:
    """The address of the server, the companies, where the lines go, and how many requests may be open."""

    def __init__(self, base_url: str, numbers: list[str], output: Path, concurrency: int) -> None:
        self.base_url = base_url
        self.numbers = numbers
        self.output = output
        self.concurrency = concurrency


def job() -> Job:
    """From the command line: ``--base-url URL --input FILE.csv --output FILE.jsonl [--concurrency N]``."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--base-url", required=True)
    parser.add_argument("--input", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--concurrency", type=int, default=20)
    options = parser.parse_args()
    with options.input.open(newline="", encoding="utf-8") as stream:
        numbers = [row["company_number"] for row in csv.DictReader(stream)]
    return Job(options.base_url, numbers, options.output, options.concurrency)


def record(profile: dict[str, Any], officers: dict[str, Any], psc: dict[str, Any]) -> dict[str, Any]:
    """The line of one company: who is an active director and a human, and who controls it."""
    return {
        "number": profile["company_number"],
        "name": profile["company_name"],
        "status": profile["company_status"],
        "sic_codes": profile.get("sic_codes", []),
        "postcode": profile.get("registered_office_address", {}).get("postal_code"),
        "directors": [
            {"name": item["name"], "role": item["officer_role"], "since": item.get("appointed_on")}
            for item in officers.get("items", [])
            if not item.get("resigned_on")
            and item["officer_role"] in ("director", "llp-designated-member")
            and "identification" not in item
        ],
        "control": [
            {"name": item["name"], "natures": item.get("natures_of_control", [])}
            for item in psc.get("items", [])
            if not item.get("ceased") and item["kind"].startswith("individual-")
        ],
    }
