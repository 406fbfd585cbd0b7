"""Run the checks and say what was found."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable

from attrs import frozen

from leadgen_core.testing.conformance.check import Broken, Check, NotChecked, checks_of
from leadgen_core.testing.conformance.specimen import Specimen

__all__ = ["FAILED", "NOT_CHECKED", "PASSED", "Finding", "examine", "judge"]

PASSED = "passed"
FAILED = "failed"
NOT_CHECKED = "not checked"
_SECONDS = 60.0
"""No check takes longer; one that does has met something that hangs."""


@frozen
class Finding:
    """How one check ended. ``because`` is empty when it passed."""

    check: Check
    question: str
    state: str
    because: str = ""


async def examine(specimens: Iterable[Specimen]) -> AsyncIterator[Finding]:
    """Every check on every specimen that it is for."""
    for specimen in specimens:
        for check in checks_of(specimen.hook):
            yield await judge(check, specimen)


async def judge(check: Check, specimen: Specimen) -> Finding:
    """One check on one specimen; whatever the plugin does, it is a finding."""
    try:
        async with asyncio.timeout(_SECONDS) as timer:
            await check.judge(specimen)
    except NotChecked as reason:
        return Finding(check, specimen.question, NOT_CHECKED, str(reason))
    except Broken as broken:
        return Finding(check, specimen.question, FAILED, str(broken))
    except (Exception, SystemExit) as error:
        if timer.expired():
            return Finding(check, specimen.question, FAILED, f"it did not end within {_SECONDS:g} s")
        return Finding(check, specimen.question, FAILED, f"it raised {type(error).__name__}: {error}")
    return Finding(check, specimen.question, PASSED)
