"""The same 1,000 companies again, from one cache tier alone: memory, Redis, SQLite, PostgreSQL.

``python benchmarks/warm.py`` writes ``results/warm.md`` and ``.json``. Redis, SQLite and PostgreSQL: a second
``leadgen run``; memory: a second run of one Workspace. The register answers at once, so the cold run is as fast as it
ever gets. *Same leads*: equal in all members but those that the lead's schema marks volatile. Redis and PostgreSQL are
those of ``TEST_REDIS_URL`` and ``TEST_POSTGRES_URL``, else the standard local ports; a prefix of its own, no flushing.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from bodies import numbers
from contestants import environ, leadgen
from measuring import Server, Spread, run, write_input
from reporting import report, table

COMPANIES = 1_000
TIERS = ("memory", "redis", "sqlite", "postgresql")
_REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/0")
_POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/test")


def settings(tier: str, folder: Path, mark: str) -> dict[str, str]:
    """The environment that makes a plugin this tier and nothing else."""
    if tier == "redis":
        return {"LEADGEN_REDIS__URL": _REDIS, "LEADGEN_REDIS__PREFIX": f"bench-{mark}"}
    if tier == "sqlite":
        return {"LEADGEN_DATABASE__URL": f"sqlite+aiosqlite:///{folder / 'cache.db'}"}
    if tier == "postgresql":
        url = _POSTGRES.replace("postgresql://", "postgresql+asyncpg://")
        return {"LEADGEN_DATABASE__URL": url, "LEADGEN_DATABASE__SCHEMA": f"bench_{mark}"}
    return {}


async def _drop(schema: str) -> None:
    """Leave the database as it was."""
    import asyncpg

    connection = await asyncpg.connect(_POSTGRES)
    await connection.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
    await connection.close()


def plugins(tier: str) -> str:
    """The chain with this tier alone."""
    cache = {"sqlite": "database", "postgresql": "database"}.get(tier, tier)
    return f"companies-house,identity,quota,{cache},files"


def leads(path: Path) -> list[Any]:
    """The leads without what two runs may differ in."""
    return [_steady(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def _steady(value: Any) -> Any:
    if isinstance(value, dict):
        volatile = {"retrieved_at", "good_until", "generated_at", "run", "article14_due", "stale_since"}
        return {key: _steady(each) for key, each in value.items() if key not in volatile}
    return [_steady(each) for each in value] if isinstance(value, list) else value


def twice(tier: str, server: Server, folder: Path) -> dict[str, Any]:
    """A cold and a warm run."""
    folder.mkdir()
    source = write_input(folder / "in.csv", numbers(COMPANIES))
    environment = {**environ("leadgen", server.url, folder), **settings(tier, folder, uuid.uuid4().hex[:12])}
    server.count()
    runs = _in_one_process if tier == "memory" else _in_two
    figures = [{"wall": wall, "calls": server.count(), "hits": hits} for wall, hits in runs(tier, source, environment)]
    cold, warm = figures
    if tier == "postgresql":
        asyncio.run(_drop(environment["LEADGEN_DATABASE__SCHEMA"]))
    same = leads(folder / "cold.jsonl") == leads(folder / "warm.jsonl")
    return {"cold": cold, "warm": warm, "same": same, "leads": len(leads(folder / "warm.jsonl"))}


def _in_two(tier: str, source: Path, environment: Mapping[str, str]) -> Iterator[tuple[float, float]]:
    folder = source.parent
    for name in ("cold", "warm"):
        command = [leadgen(), "run", str(source), "--plugins", plugins(tier), "-o", str(folder / f"{name}.jsonl")]
        done = run(command, cwd=folder, environ=environment)
        yield done.wall, _hits(done.errors)


def _hits(summary: str) -> float:
    found = re.search(r"^cache companies-house\s+([\d.]+)% hits", summary, re.MULTILINE)
    return float(found[1]) / 100 if found else 0.0


def _in_one_process(_tier: str, source: Path, environment: Mapping[str, str]) -> Iterator[tuple[float, float]]:
    from leadgen_core.app import Options, RunRequest, open_workspace

    folder = source.parent
    with asyncio.Runner() as runner:
        workspace = open_workspace(Options(plugins=plugins("memory"), environ=environment, cwd=folder))
        for name in ("cold", "warm"):
            began = time.perf_counter()
            request = RunRequest(input_path=str(source), outputs=(str(folder / f"{name}.jsonl"),))
            summary = runner.run(workspace.run(request))
            tally = summary.apis["companies-house"]
            hits = sum(tally.hits.values())
            yield time.perf_counter() - began, hits / (hits + tally.misses)
        runner.run(workspace.aclose())


def main() -> None:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", help="Tiers with commas between; no results are written.")
    options = parser.parse_args()
    tiers = TIERS if options.only is None else tuple(options.only.split(","))
    found: dict[str, list[dict[str, Any]]] = {tier: [] for tier in tiers}
    with tempfile.TemporaryDirectory() as folder, Server(COMPANIES) as server:
        for number in range(options.rounds):
            for tier in tiers:
                found[tier].append(twice(tier, server, Path(folder) / f"{number}-{tier}"))
                sys.stderr.write(f"{tier}: {found[tier][-1]}\n")
    rows = []
    for tier in tiers:
        each = found[tier]
        cold = Spread([COMPANIES / one["cold"]["wall"] for one in each])
        warm = Spread([COMPANIES / one["warm"]["wall"] for one in each])
        rows.append(
            [
                tier,
                f"{min(one['warm']['hits'] for one in each):.1%}",
                str(max(one["warm"]["calls"] for one in each)),
                "yes" if all(one["same"] and one["leads"] == COMPANIES for one in each) else "NO",
                f"{cold.median:.0f} ({cold.least:.0f}-{cold.most:.0f})",
                f"{warm.median:.0f} ({warm.least:.0f}-{warm.most:.0f})",
                f"{warm.median / cold.median:.2f}x",
            ]
        )
    head = ["tier", "hits", "upstream calls", "same leads", "cold companies/s", "warm companies/s", "warm / cold"]
    text = table(head, rows)
    sys.stdout.write(text)
    if options.only is None:
        report("warm", "The same companies again", __doc__ or "", text, {"runs": found})


if __name__ == "__main__":
    main()
