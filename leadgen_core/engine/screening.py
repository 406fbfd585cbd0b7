"""Screening: every screen is asked, and a screen that breaks closes the way (law)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, cast

from leadgen_core.contracts.protocols import Screen
from leadgen_core.contracts.specs import ScreenSpec
from leadgen_core.engine.guard import cause_name, is_ours, within
from leadgen_core.engine.parts import Part, report
from leadgen_core.events import Events
from leadgen_core.model.lead import Lead
from leadgen_core.model.shape import flaw
from leadgen_core.model.subjects import Subject

__all__ = ["Screening", "SetAside"]


class SetAside(Exception):
    """A company cannot go on because a plugin broke. The text is for its reject."""


class NoAnswer(TypeError):
    """A screen gave back what it may not."""


class Screening:
    """All screens of a run as one."""

    def __init__(self, screens: Sequence[Part[ScreenSpec, Screen]], events: Events, *, seconds: float = 30.0) -> None:
        """``seconds`` is how long one question to one screen may take."""
        self._screens = screens
        self._events = events
        self._seconds = seconds

    def __bool__(self) -> bool:
        return bool(self._screens)

    async def admit(self, subject: Subject) -> bool:
        """Whether every screen lets this subject be asked about."""
        for screen in self._screens:
            admitted = await self._ask(screen, "admit", lambda made: made.admit(subject))
            if not isinstance(admitted, bool):
                raise self._closed(screen, "admit", NoAnswer())
            if not admitted:
                return False
        return True

    async def people(self, lead: Lead) -> Lead:
        """The lead without those who must not be profiled."""
        for screen in self._screens:
            lead = self._same(screen, "people", lead, await self._ask(screen, "people", _people(lead)))
        return lead

    async def release(self, lead: Lead, sink: str) -> Lead | None:
        """The lead as this sink may have it now; None holds it back."""
        for screen in self._screens:
            released = await self._ask(screen, "release", _release(lead, sink))
            if released is None:
                return None
            lead = self._same(screen, "release", lead, released)
        return lead

    async def _ask(self, screen: Part[ScreenSpec, Screen], where: str, ask: Callable[[Screen], Awaitable[Any]]) -> Any:
        try:
            return await within(self._seconds, ask(screen.made))
        except BaseException as error:
            if is_ours(error):
                raise
            raise self._closed(screen, where, error) from error

    def _same(self, screen: Part[ScreenSpec, Screen], where: str, before: Lead, after: Any) -> Lead:
        """What a screen gave back, if it is a lead of the same company."""
        try:
            sound = after is before or (
                type(after) is Lead and flaw(after) is None and after.company.number == before.company.number
            )
        except Exception as error:
            raise self._closed(screen, where, error) from error
        if not sound:
            raise self._closed(screen, where, NoAnswer())
        return cast("Lead", after)

    def _closed(self, screen: Part[ScreenSpec, Screen], where: str, error: BaseException) -> SetAside:
        report(self._events, screen, where, error)
        return SetAside(f"the screen {screen.name} raised {cause_name(error)}, so nothing of it is delivered")


def _people(lead: Lead) -> Callable[[Screen], Awaitable[Any]]:
    return lambda made: made.people(lead)


def _release(lead: Lead, sink: str) -> Callable[[Screen], Awaitable[Any]]:
    return lambda made: made.release(lead, sink)
