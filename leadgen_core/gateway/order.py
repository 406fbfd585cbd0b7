"""Order: whose requests go first where there is no room for all.

The oldest company's. In the order of coming, all companies in flight would ask their first question, then all their
second: each would hold its first answers until the others have theirs, and none would be finished before the last.
"""

from __future__ import annotations

from contextvars import ContextVar

__all__ = ["company_place", "place"]

_PLACE: ContextVar[int] = ContextVar("place", default=0)

place = _PLACE.get
"""The place in the order of the company for which the present task works; who works for none stands with the first."""
company_place = _PLACE.set
"""From now on the present task, and those that it starts, work for the company with this place."""
