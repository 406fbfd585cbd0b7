"""Screening: every screen is asked, and a screen that breaks closes the way (law)."""

from __future__ import annotations

from collections.abc import Sequence

from leadgen_core.contracts.protocols import Screen
from leadgen_core.contracts.specs import ScreenSpec
from leadgen_core.engine.parts import Part, report
from leadgen_core.events import Events
from leadgen_core.model.lead import Lead
from leadgen_core.model.subjects import Subject

__all__ = ["Screening", "SetAside"]


class SetAside(Exception):
    """A company cannot go on because a plugin broke. The text is for its reject."""


class Screening:
    """All screens of a run as one."""

    def __init__(self, screens: Sequence[Part[ScreenSpec, Screen]], events: Events) -> None:
        self._screens = screens
        self._events = events

    def __bool__(self) -> bool:
        return bool(self._screens)

    async def admit(self, subject: Subject) -> bool:
        """Whether every screen lets this subject be asked about."""
        for screen in self._screens:
            try:
                if not await screen.made.admit(subject):
                    return False
            except Exception as error:
                raise self._closed(screen, "admit", error) from error
        return True

    async def people(self, lead: Lead) -> Lead:
        """The lead without those who must not be profiled."""
        for screen in self._screens:
            try:
                lead = await screen.made.people(lead)
            except Exception as error:
                raise self._closed(screen, "people", error) from error
        return lead

    async def release(self, lead: Lead, sink: str) -> Lead | None:
        """The lead as this sink may have it now; None holds it back."""
        released: Lead | None = lead
        for screen in self._screens:
            if released is None:
                return None
            try:
                released = await screen.made.release(released, sink)
            except Exception as error:
                raise self._closed(screen, "release", error) from error
        return released

    def _closed(self, screen: Part[ScreenSpec, Screen], where: str, error: Exception) -> SetAside:
        report(self._events, screen, where, error)
        return SetAside(f"the screen {screen.name} raised {type(error).__name__}, so nothing of it is delivered")
