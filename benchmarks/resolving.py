"""The resolve and score steps alone: the same claims as in a run, resolved and scored again, and nothing else.

``python benchmarks/resolving.py --prepare 1000 --resolve N --cpu FILE``: the claims of all companies are made by the
register's own source from the server's answers before anything is resolved. The CPU seconds of the process from then
on go to FILE: the preparation costs many times as much, and its noise would drown these steps.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from attrs import evolve
from bodies import bodies, numbers

from leadgen_core import Case, Clock, CompanyNumber, Lookup, Provenance, RawReply, Reply, State, Unanswered
from leadgen_core.cli import collector
from leadgen_core.engine.collect import Asked, Collected, Collector, aims_of
from leadgen_core.model.lead import Company, InputRows, Lead, RunStamp
from leadgen_core.registry import Registry
from leadgen_core.secrets import keyed
from leadgen_core.settings import read_layers


class _Bodies:
    """The gateway's place: answers from the generator, classified and redacted as the gateway does it."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._keyed = keyed(b"benchmark" * 4)

    async def ask(self, lookup: Lookup, question: str) -> Reply:
        request = lookup.build((lookup.key,))
        place = ("profile", "officers", "psc").index(lookup.operation)
        body: Any = json.loads(bodies(request.path.split("/")[2])[place])
        raw = RawReply(200, {}, body, True, self._now.timestamp())
        if type(lookup.api.classify(lookup.operation, raw)).__name__ != "Ok":
            raise Unanswered
        kept = lookup.api.redact(lookup.operation, body, self._keyed)
        url = lookup.api.base_url + request.path
        return Reply(kept, False, Provenance(question, url, self._now, self._now))


async def _claims(sources: list[Asked], now: datetime, count: int) -> list[Collected]:
    async def admit(_subject: object) -> bool:
        return True

    def broke(question: str, error: BaseException) -> None:
        raise SystemExit(f"{question}: {error!r}")

    asks = Collector(
        sources, _Bodies(now), Clock(fixed=now), want=aims_of(sources), admit=admit, broke=broke, seconds=3600
    )
    return [await asks.collect([CompanyNumber(number)]) for number in numbers(count)]


def main() -> None:
    """The program."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--prepare", type=int, default=1_000)
    parser.add_argument("--resolve", type=int, required=True)
    parser.add_argument("--cpu", type=Path, required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        layers = read_layers(
            config=None, profile=None, environ={"LEADGEN_COMPANIES_HOUSE__API_KEY": "x"}, sets=(), cwd=Path(folder)
        )
        plugins = Registry.discover({}).load(None, layers)
    offers = [offer for offer in plugins.sources if offer.plugin.name == "companies-house"]
    sources = [Asked(offer.question, offer.spec, offer.make(), offer.spec.tier) for offer in offers]
    offered = plugins.resolver(None)
    if offered is None:
        raise SystemExit("no resolver is installed")
    resolver = offered.make()
    scorers = [offer.make() for offer in plugins.scorers]
    now = datetime.now(UTC).replace(microsecond=0)
    stamp = RunStamp(run="benchmark", generated_at=now, plugins=plugins.versions)
    collected = asyncio.run(_claims(sources, now, options.prepare))
    collector.settle()  # as in a run
    began = time.process_time()
    executives = 0
    for place, found in enumerate(collected[: options.resolve]):
        number = None if found.number is None else found.number.value
        draft = Lead(
            company=Company(number=number),
            outcomes=found.outcomes,
            provenance=evolve(stamp, generated_at=now),
            input=InputRows(rows=(place + 2,)),
        )
        case = Case(number=found.number, claims=tuple(found.claims), outcomes=found.outcomes, now=now)
        lead = resolver.resolve(case, draft)
        for scorer in scorers:
            scorer.score(lead, now)
        executives += len(lead.executives)
    options.cpu.write_text(str(time.process_time() - began), encoding="utf-8")
    if any(outcome.state is not State.FOUND for found in collected for outcome in found.outcomes.values()):
        raise SystemExit("a source did not find what the server has")
    sys.stdout.write(f"{executives}\n")


if __name__ == "__main__":
    main()
