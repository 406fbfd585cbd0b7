"""The summary table at the end of a run or of a listing, on standard error."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TextIO

from leadgen_core.app.summary import ApiTally, Summary, used

if TYPE_CHECKING:
    from leadgen_core.app.discovery import Discovered
    from leadgen_core.contracts.api import Window

__all__ = ["render", "render_discovery", "render_json"]


def render(summary: Summary, stream: TextIO) -> None:
    """Two columns of plain text: what, and how much."""
    _render(_rows(summary), stream)


def render_json(summary: Summary, stream: TextIO) -> None:
    """The same for programs: one JSON object in one line, like those of the log."""
    import orjson

    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    entry = {"time": now, "level": "INFO", "message": "summary", "summary": summary.as_json()}
    stream.write(orjson.dumps(entry, option=orjson.OPT_NON_STR_KEYS).decode() + "\n")
    stream.flush()


def render_discovery(discovered: Discovered, stream: TextIO) -> None:
    """The same of a listing."""
    _render(_discovery_rows(discovered), stream)


def _render(given: Iterable[tuple[str, str]], stream: TextIO) -> None:
    rows = list(given)
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        stream.write(f"{name:<{width}}  {value}\n")
    stream.flush()


def _rows(summary: Summary) -> Iterator[tuple[str, str]]:
    states = {state: count for state, count in summary.states.items() if count}
    total = sum(states.values())
    yield "companies", f"{total} ({', '.join(f'{count} {state}' for state, count in states.items())})"
    yield "executives", str(summary.executives)
    for why, count in summary.unreached.items():
        yield "goal not reached", f"{count} × {why}"
    for question, count in summary.unanswered.most_common():
        yield "not answered", f"{count} × {question}"
    yield from _asked(summary)
    yield "time per company", _times(summary)
    yield from _process(summary)


def _discovery_rows(discovered: Discovered) -> Iterator[tuple[str, str]]:
    written = "" if discovered.summary.stopped is None else ", not written"
    yield "companies", f"{discovered.companies} (by {discovered.question}){written}"
    yield from _asked(discovered.summary)
    yield from _process(discovered.summary)


def _asked(summary: Summary) -> Iterator[tuple[str, str]]:
    for name, tally in sorted(summary.apis.items()):
        yield f"calls {name}", _calls(tally)
        yield f"cache {name}", _cache(tally)
        if tally.attempts > tally.calls > 0:
            yield f"repeated {name}", f"{tally.attempts - tally.calls} requests more than its {tally.calls} calls"
        yield f"throttled {name}", f"{tally.throttled:.1f} s waited"
        yield from _quotas(name, tally)
        if tally.lease_waits:
            waited = f"{tally.lease_waits} times, {tally.lease_seconds:.1f} s"
            yield f"waited {name}", f"{waited} for another process that asked the same"
        if tally.breaker:
            yield f"breaker {name}", ", ".join(f"{state} {count}" for state, count in tally.breaker.items())
    for what, count in summary.broken.items():
        yield "plugin broke", f"{what} ({count} times)"
    for tier, count in summary.tiers_down.items():
        yield "cache tier skipped", f"{tier} ({count} times)"
    for why, count in summary.leases_down.items():
        yield "leases skipped", f"{why} ({count} times)"


def _quotas(api: str, tally: ApiTally) -> Iterator[tuple[str, str]]:
    """The window with the fewest calls left; of an API with several quotas then each that is known, by name."""
    if tally.quota is not None and tally.quota_used is not None:
        yield f"quota {api}", _window(tally.quota)
    for quota, window in tally.quotas.items():
        if window.remaining is not None:
            yield f"quota {api} {quota or '(common)'}", _window(window)


def _window(window: Window) -> str:
    return f"{used(window)} of {window.limit} used in this window of {window.length:g} s"


def _process(summary: Summary) -> Iterator[tuple[str, str]]:
    yield "run", f"{summary.wall:.1f} s, peak memory {summary.peak_mb:.0f} MB"


def _calls(tally: ApiTally) -> str:
    success = "" if tally.success is None else f", {tally.success:.1%} answered"
    refused = f", {tally.refused} refused by the quota" if tally.refused else ""
    return f"{tally.attempts}{success}{refused}"


def _cache(tally: ApiTally) -> str:
    hits = sum(tally.hits.values())
    asked = hits + tally.misses
    share = f"{hits / asked:.1%}" if asked else "none asked"
    tiers = ", ".join(f"{tier} {count}" for tier, count in sorted(tally.hits.items()))
    stale = f", {tally.stale} stale" if tally.stale else ""
    revalidated = f", {tally.revalidated} not modified" if tally.revalidated else ""
    return f"{share} hits" + (f" ({tiers})" if tiers else "") + stale + revalidated


def _times(summary: Summary) -> str:
    mean, p50, p95 = summary.seconds.mean, summary.seconds.quantile(0.5), summary.seconds.quantile(0.95)
    if mean is None or p50 is None or p95 is None:
        return "none"
    return f"mean {mean:.3f} s, p50 {p50:.3f} s, p95 {p95:.3f} s"
