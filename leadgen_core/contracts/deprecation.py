"""Deprecation: what will go, said once to whoever still uses it, with what to use and until when it works.

A hook, an argument of a hook, a member of a spec or a public name is entered in one of the tables here two minor
versions before it goes (docs/compatibility.md). Nothing is deprecated now.
"""

from __future__ import annotations

from leadgen_core.model.records import frozen

__all__ = ["ARGUMENTS", "HOOKS_GOING", "MEMBERS", "NAMES", "Deprecated", "tell"]


@frozen(kw_only=True)
class Deprecated:
    """``instead`` says in words what to use; ``gone_in`` is the first version of leadgen-core without it."""

    instead: str
    gone_in: str


HOOKS_GOING: dict[str, Deprecated] = {}
"""By name of the hook."""
ARGUMENTS: dict[tuple[str, str], Deprecated] = {}
"""By hook and argument."""
MEMBERS: dict[tuple[str, str], Deprecated] = {}
"""By spec class and member; used is what differs from its default."""
NAMES: dict[str, tuple[str, Deprecated]] = {}
"""Public names of ``leadgen_core`` that were renamed: the present name, and the notice."""

_told: set[tuple[str, str]] = set()


def tell(who: str, what: str, notice: Deprecated) -> None:
    """Warn in the log that ``who`` (a plugin with distribution and version) uses ``what``: once in a process."""
    if (who, what) in _told:
        return
    _told.add((who, what))
    from loguru import logger

    logger.warning(f"{who} uses {what}, which goes in leadgen-core {notice.gone_in}: {notice.instead}")
