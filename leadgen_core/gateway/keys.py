"""Cache keys: readable, without ambiguity, short and plain enough for every backend."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote

__all__ = ["Keys"]

_PLAIN = re.compile(r"[!-~]+")
"""Printable ASCII without the blank: memcached takes nothing else."""
_LONGEST = 200
"""Characters; memcached's bound is 250."""


class Keys:
    """The keys of one API under one credential and one installation key.

    The installation key's id is part of them because bodies hold HMACs under that key: a store shared with a
    machine that has another key must not answer.
    """

    def __init__(self, api: str, credential: str, key_id: str) -> None:
        self._head = f"leadgen:{quote(api, safe='')}:"
        self._tail = f":{quote(credential, safe='')}:{quote(key_id, safe='')}:"
        self._prefixes: dict[str, str] = {}

    def of(self, operation: str, key: str) -> str:
        """``leadgen:<api>:<operation>:<credential id>:<key id>:=<lookup key>``, or ``...:#<digest>`` of it.

        The two forms differ in the sign before the last part, so no lookup key can pose as another's digest.
        """
        prefix = self._prefixes.get(operation)
        if prefix is None:
            prefix = self._prefixes[operation] = f"{self._head}{quote(operation, safe='')}{self._tail}"
        if len(prefix) + len(key) < _LONGEST and _PLAIN.fullmatch(key):
            return f"{prefix}={key}"
        digest = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        return f"{prefix}#{digest}"
