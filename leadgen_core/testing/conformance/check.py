"""A check: one thing that the contract asks, a sentence that says it, and the mend when it does not hold."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from attrs import frozen

if TYPE_CHECKING:
    from leadgen_core.testing.conformance.specimen import Specimen

__all__ = ["Broken", "Check", "NotChecked", "check", "checks_of", "require"]

Judge = Callable[["Specimen"], Awaitable[None]]


class Broken(AssertionError):
    """What was asked does not hold. The message says in one sentence what was seen."""


class NotChecked(Exception):
    """It cannot be judged here. The message says why, and what would make it possible."""


@frozen
class Check:
    """``id`` is ``<kind>.<what>``; ``hook`` the hook whose specs it judges, or ``plugin`` for the plugin as a whole."""

    id: str
    hook: str
    says: str
    mend: str
    judge: Judge


_CHECKS: dict[str, Check] = {}


def check(hook: str, id: str, *, says: str, mend: str) -> Callable[[Judge], Judge]:  # noqa: A002 - the word for it
    """Register a check. The function returns when all is well and raises ``Broken`` or ``NotChecked`` otherwise."""

    def register(judge: Judge) -> Judge:
        if id in _CHECKS:
            raise ValueError(f"two checks have the id {id}")
        _CHECKS[id] = Check(id, hook, says, mend, judge)
        return judge

    return register


def checks_of(hook: str) -> tuple[Check, ...]:
    """The checks for the specs of one hook (``leadgen_sources``), or ``plugin``, in the order of their ids."""
    from leadgen_core.testing.conformance import kinds  # each registers its own

    kinds.load()
    return tuple(_CHECKS[each] for each in sorted(_CHECKS) if _CHECKS[each].hook == hook)


def require(holds: Any, because: str) -> None:
    """Raise ``Broken`` unless it holds."""
    if not holds:
        raise Broken(because)
