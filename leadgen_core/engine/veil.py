"""The veil: no credential of the configuration leaves in a lead or a reject, whichever plugin put it there."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile

from leadgen_core.logs.scrub import forms
from leadgen_core.secrets import STARS, Secret

__all__ = ["LeakedSecret", "Veil"]

_SHORTEST = 12
"""Characters. A shorter value may stand in honest data, which must not be changed."""


class LeakedSecret(Exception):
    """A plugin put a credential into what it gave."""


class Veil:
    """Looks for the values of these secrets, in each form that they travel in."""

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        values = (secret.reveal() for secret in secrets)
        found = {form for value in values if len(value) >= _SHORTEST for form in forms(value)}
        self._texts = sorted(found, key=lambda form: (-len(form), form))
        self._lines = [form.encode("utf-8", "surrogatepass") for form in self._texts]
        self._hints = _hints(self._lines)

    def cover(self, line: bytes) -> bytes:
        """The line with stars for every secret; the line itself when there is none."""
        for hint in self._hints:
            if hint in line:
                return self._starred(line)
        return line

    def _starred(self, line: bytes) -> bytes:
        for form in self._lines:
            if form in line:
                line = line.replace(form, STARS.encode())
        return line

    def holds(self, record: object) -> bool:
        """Whether a secret stands anywhere in a record. Slow: it is printed for that."""
        text = repr(record)
        return any(form in text for form in self._texts)


def _hints(forms: Iterable[bytes]) -> list[bytes]:
    """As few as will do, of which at least one stands wherever a form stands: every line is searched for each.

    Several forms of a secret begin alike (in base64, with and without what follows it).
    """
    hints: list[bytes] = []
    for form in sorted(forms):
        if any(hint in form for hint in hints):
            continue
        begins = _common(hints[-1], form) if hints else b""
        if len(begins) >= _SHORTEST:
            hints[-1] = begins
        else:
            hints.append(form)
    return hints


def _common(one: bytes, other: bytes) -> bytes:
    """What both begin with."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return one[: sum(1 for _ in same)]
