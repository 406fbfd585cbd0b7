"""Sources, sinks and screens that do what a test tells them, and claims by invented sources."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, date, datetime
from inspect import isawaitable
from typing import Any

from attrs import evolve

from leadgen_core import (
    Answer,
    ApiSpec,
    Case,
    Claim,
    CompanyNumber,
    CompanyProfile,
    Delivery,
    Executive,
    Found,
    Lead,
    Lookup,
    NameMatch,
    OfficerAppointment,
    PersonName,
    Provenance,
    Reply,
    ResolverSpec,
    Role,
    SinkSpec,
    SourceSpec,
    Subject,
    Target,
)
from leadgen_core.engine.collect import Asked
from leadgen_core.engine.parts import Owner, Part

NOW = datetime(2026, 1, 30, 13, 14, 22, tzinfo=UTC)
NUMBER = CompanyNumber("01234567")
OWNER = Owner("test", "leadgen-test", "1.0")


UNSTAMPED: set[str] = set()
"""Questions whose claims are stamped anew: those of these parts, since one claim serves several sources."""


def provenance(question: str = "test.source") -> Provenance:
    return Provenance(question=question, url="https://example.test/x", retrieved_at=NOW)


def profile(number: CompanyNumber = NUMBER, name: str = "ACME LTD") -> CompanyProfile:
    return CompanyProfile(provenance=provenance(), number=number, name=name)


def director(name: str = "DOE, Jane", number: CompanyNumber = NUMBER) -> OfficerAppointment:
    return OfficerAppointment(
        provenance=provenance(), company=number, name=name, role="director", appointed_on=date(2020, 1, 1)
    )


def match(number: CompanyNumber = NUMBER) -> NameMatch:
    return NameMatch(provenance=provenance(), query="Acme", number=number, name="ACME LTD")


class Scripted:
    """A source that answers by calling a function and remembers what it was asked."""

    def __init__(self, script: Callable[[Any, Any], Answer | Awaitable[Answer]]) -> None:
        self.script = script
        self.asked: list[Subject] = []

    async def answer(self, subject: Subject, ctx: Any) -> Answer:
        self.asked.append(subject)
        answer: Any = None
        try:
            answer = self.script(subject, ctx)
            answer = await answer if isawaitable(answer) else answer
        finally:
            for claim in (*ctx.kept, *getattr(answer, "claims", ())):
                self._stamp(claim, ctx)
        return answer  # type: ignore[no-any-return]

    @staticmethod
    def _stamp(claim: Any, ctx: Any) -> None:
        """Claims are made before it is known who gives them: here they get the provenance of the last reply."""
        replies = [*ctx._stamps.values()]
        if isinstance(claim, Claim) and claim.provenance.question in UNSTAMPED:
            stamp = replies[-1] if replies else evolve(claim.provenance, question=ctx.question)
            object.__setattr__(claim, "provenance", stamp)


def source(
    name: str,
    script: Callable[[Any, Any], Any],
    *,
    asks: type[Subject] = CompanyNumber,
    yields: tuple[type[Claim], ...] = (CompanyProfile, OfficerAppointment, NameMatch),
    tier: int = 0,
    api: ApiSpec | None = None,
) -> tuple[Asked, Scripted]:
    made = Scripted(script)
    UNSTAMPED.update(("test.source", f"test.{name}"))
    spec = SourceSpec(name=name, factory="x:y", asks=asks, yields=yields, tier=tier, api=api)
    return Asked(f"test.{name}", spec, made, tier), made


def found(*claims: Claim) -> Callable[[Any, Any], Answer]:
    return lambda _subject, _ctx: Found(claims)


class NoGateway:
    """For sources that ask nothing."""

    async def ask(self, lookup: Lookup, question: str) -> Reply:
        raise AssertionError(f"{question} asked {lookup.key}")


class Directors:
    """A resolver that takes every director at his word."""

    def resolve(self, case: Case, draft: Lead) -> Lead:
        people = tuple(
            Executive(name=PersonName(full=claim.name), roles=(Role(role=claim.role),))
            for claim in case.claims
            if isinstance(claim, OfficerAppointment)
        )
        names = [claim.name for claim in case.claims if isinstance(claim, CompanyProfile)]
        return evolve(draft, executives=people, company=evolve(draft.company, name=names[0] if names else None))


def resolver(made: Any = None) -> Part[ResolverSpec, Any]:
    return Part(ResolverSpec(name="resolver", factory="x:y"), OWNER, made or Directors())


class ListSink:
    """A sink in memory; its checkpoint is how many it has. ``before_write`` may raise or wait."""

    def __init__(self, lines: list[bytes] | None = None) -> None:
        self.lines: list[bytes] = [] if lines is None else lines
        self.opened: list[str | None] = []
        self.before_write: Callable[[Sequence[Delivery]], Awaitable[None] | None] = lambda _: None

    async def open(self, target: Target, checkpoint: str | None) -> None:
        self.opened.append(checkpoint)
        del self.lines[int(checkpoint or 0) :]

    async def write(self, deliveries: Sequence[Delivery]) -> str:
        waiting = self.before_write(deliveries)
        if waiting is not None:
            await waiting
        self.lines.extend(delivery.line for delivery in deliveries)
        return str(len(self.lines))

    async def replace(self, target: Target, deliveries: AsyncIterator[Delivery]) -> str:
        fresh = [delivery.line async for delivery in deliveries]
        self.lines[:] = fresh
        return str(len(self.lines))


def sink_part(made: Any, name: str = "list") -> Part[SinkSpec, Any]:
    return Part(SinkSpec(name=name, factory="x:y", endings=(".jsonl",)), OWNER, made)
