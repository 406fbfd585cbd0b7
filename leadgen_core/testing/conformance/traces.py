"""Looking for a text in everything that something leaves behind."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping

from leadgen_core.contracts.api import ApiSpec, AuthKind
from leadgen_core.testing.conformance.bench import Bench
from leadgen_core.testing.conformance.hearing import Heard
from leadgen_core.testing.conformance.specimen import SECRET
from leadgen_core.testing.conformance.trial import Trial

__all__ = ["forms_of_secret", "left_by", "sent_by"]


def forms_of_secret() -> tuple[str, ...]:
    """The suite's credential as it stands, and as user or password of HTTP Basic."""
    encoded = [base64.b64encode(text.encode()).decode().rstrip("=") for text in (SECRET, f"{SECRET}:")]
    return (SECRET, *encoded)


def left_by(stand: Bench, trials: Iterable[Trial], heard: Heard) -> Iterator[tuple[str, str]]:
    """In words where, and the text that is there: logs, cache, events, answers, errors."""
    yield "a log line or the output", str(heard)
    for key, text in stand.store.texts.items():
        yield "a cache key", key
        yield "the cache", text
    yield "an event", repr(stand.events)
    for trial in trials:
        yield "a claim", repr(trial.claims)
        yield "an answer", repr(trial.answer)
        yield "the body of a reply", repr([reply.body for reply, _ in trial.replies])
        if trial.raised is not None:
            yield "an exception", f"{trial.raised} {trial.raised!r}"


def sent_by(stand: Bench, api: ApiSpec) -> Iterator[tuple[str, str]]:
    """What reached the API, without the header that signs."""
    signing = _signing(api)
    for asked in stand.asked:
        yield "the address of a request", asked.target
        yield "the body of a request", asked.sent.decode(errors="replace")
        headers: Mapping[str, str] = asked.headers
        for name, value in headers.items():
            if name.lower() != signing:
                yield f"the header {name} of a request", value


def _signing(api: ApiSpec) -> str | None:
    if api.credential is None:
        return None
    header = api.credential.header if api.credential.kind is AuthKind.HEADER else None
    return (header or "Authorization").lower()
