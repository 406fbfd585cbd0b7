"""The rule: a founding, a change of name, a new executive; the later, the more points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from leadgen_core import Lead, NoConfig, Reason, Score

__all__ = ["Recency"]

_YEAR = 365

# Days up to which they hold, and points; the best of the three kinds add up to 100.
_FOUNDED = ((183, 60), (_YEAR, 50), (2 * _YEAR, 35), (5 * _YEAR, 15))
_RENAMED = ((_YEAR, 25), (2 * _YEAR, 10))
_APPOINTED = ((_YEAR, 15),)

_FIRST_APPOINTMENTS = timedelta(days=31)
"""Whoever is appointed this soon after the founding is no change: every company begins with directors."""


class Recency:
    """Pure: the score ``recency``, or none where the lead knows no date of the three kinds."""

    def __init__(self, _config: NoConfig) -> None:
        pass

    def score(self, lead: Lead, now: datetime) -> Mapping[str, Score]:
        """0 to 100, each event that counts a reason."""
        events = [event for event in _events(lead) if event[1] <= now.date()]
        if not events:
            return {}
        reasons = []
        for what, steps in (("founded", _FOUNDED), ("renamed", _RENAMED), ("executive appointed", _APPOINTED)):
            days = min(((now.date() - day).days for kind, day in events if kind == what), default=None)
            if days is not None and (points := _points(days, steps)):
                reasons.append(Reason(points=points, because=f"{what} {days} days ago"))
        return {"recency": Score(value=sum(reason.points for reason in reasons), reasons=tuple(reasons))}


def _events(lead: Lead) -> Iterator[tuple[str, date]]:
    founded = lead.company.incorporated_on
    if founded is not None:
        yield "founded", founded
    for name in lead.company.previous_names:
        if name.ceased_on is not None:
            yield "renamed", name.ceased_on
    for executive in lead.executives:
        for role in executive.roles:
            if role.since is not None and (founded is None or role.since - founded > _FIRST_APPOINTMENTS):
                yield "executive appointed", role.since


def _points(days: int, steps: Sequence[tuple[int, int]]) -> int:
    return next((points for limit, points in steps if days <= limit), 0)
