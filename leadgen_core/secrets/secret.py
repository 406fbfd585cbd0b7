"""A value that prints as stars everywhere."""

from __future__ import annotations

import hashlib
from typing import NoReturn

__all__ = ["STARS", "Secret"]

STARS = "*******"


class Secret:
    """A credential. Only :meth:`reveal` gives the value; printing, formatting and logging give stars.

    ``id`` tells credentials apart in cache keys, quotas and the audit: ten hex digits of a one-way digest.
    """

    __slots__ = ("_value", "id")

    def __init__(self, value: str) -> None:
        self._value = value
        self.id = hashlib.blake2b(value.encode(), digest_size=5, person=b"leadgen-cred-id").hexdigest()

    def reveal(self) -> str:
        """The value itself. Call it where a request is signed and nowhere else."""
        return self._value

    def __str__(self) -> str:
        return STARS

    def __repr__(self) -> str:
        return f"Secret({STARS})"

    def __format__(self, _spec: str) -> str:
        return STARS

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self.id)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret does not leave the process")
