"""``leadgen explain``: why a lead says what it says, for a person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import orjson

from leadgen_core.errors import UsageError
from leadgen_core.model.subjects import BadCompanyNumber, CompanyNumber

__all__ = ["command"]


@click.command("explain")
@click.argument("company_number")
@click.option(
    "-i", "path", type=click.Path(path_type=Path), default=Path("leads.jsonl"), show_default=True, metavar="LEADS"
)
def command(company_number: str, path: Path) -> None:
    """Print the chain of evidence and the reasons of one lead of LEADS (JSON Lines)."""
    try:
        number = str(CompanyNumber.parse(company_number))
    except BadCompanyNumber as error:
        raise UsageError(f"{company_number}: {error}") from None
    lead = _find(path, number)
    if lead is None:
        raise UsageError(f"{path}: holds no lead of {number}; rows without a lead stand in {path}.rejects.jsonl")
    for line in _lines(lead):
        click.echo(line)


def _find(path: Path, number: str) -> dict[str, Any] | None:
    """The last lead of this company in the file."""
    found: dict[str, Any] | None = None
    try:
        with path.open("rb") as file:
            for place, line in enumerate(file, 1):
                if number.encode() not in line:
                    continue
                try:
                    lead = orjson.loads(line)
                    if lead["company"]["number"] == number:
                        found = lead
                except (orjson.JSONDecodeError, KeyError, TypeError):
                    raise UsageError(f"{path}: line {place}: is no lead") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from None
    return found


def _lines(lead: dict[str, Any]) -> Iterator[str]:
    company = lead["company"]
    facts = [company["status"], company["type"], company["incorporated_on"] and f"since {company['incorporated_on']}"]
    yield f"{company['name'] or 'name unknown'} ({company['number']}): {', '.join(fact for fact in facts if fact)}"
    yield from _evidence(company["evidence"])
    for repaired in lead["input"]["repaired"]:
        yield f"  input: {repaired}"
    yield ""
    yield f"Executives: {len(lead['executives']) or 'none found'}"
    for person in lead["executives"]:
        roles = ", ".join(f"{role['role']}{_since(role)}" for role in person["roles"])
        yield f"- {person['name']['full']}: {roles}"
        yield f"  confidence: {_confidence(person)}"
        yield from _evidence(person["evidence"])
    for account in lead["accounts"]:
        yield f"Account {account['url']}: {account['verdict']}, {account['because']}"
        yield from _evidence(account["evidence"])
    if lead["site"]:
        yield f"Site {lead['site']['url']}: {lead['site']['owned']['verdict']}, {lead['site']['owned']['because']}"
        yield from _evidence(lead["site"]["evidence"])
    yield ""
    for name, score in lead["scores"].items():
        yield f"Score {name}: {'unknown' if score is None else format(score['value'], 'g')}"
        for reason in (score or {"reasons": []})["reasons"]:
            yield f"  {reason['points']:+g}: {reason['because']}"
    yield "Questions:"
    for question, outcome in lead["outcomes"].items():
        yield f"  {question}: {_outcome(outcome)}"
    stamp = lead["provenance"]
    plugins = ", ".join(f"{name} {version}" for name, version in stamp["plugins"].items())
    yield f"Made {stamp['generated_at']} by run {stamp['run']} with {plugins}"


def _since(role: dict[str, Any]) -> str:
    if role["since"]:
        return f" since {role['since']}"
    return f" since before {role['before']}" if role["before"] else ""


def _confidence(person: dict[str, Any]) -> str:
    if person["confidence"] is None:
        return "not measured; judge by the evidence"
    return f"{person['confidence']:.0%}, by {person['confidence_basis']}"


def _evidence(chain: list[dict[str, Any]]) -> Iterator[str]:
    for link in chain:
        yield f"  {link['claim']} ({link['strength']}): {link['source']}, {link['url']}, read {link['retrieved_at']}"


def _outcome(outcome: dict[str, Any]) -> str:
    words = str(outcome["state"])
    if outcome["cause"]:
        words += f" ({outcome['cause']}{', until ' + outcome['until'] if outcome['until'] else ''})"
    if outcome["because"]:
        words += f": {outcome['because']}"
    if outcome["stale_since"]:
        words += f"; from a cache, stale since {outcome['stale_since']}"
    return words
