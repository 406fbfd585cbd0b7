"""When a found name is the name of a known human: equality of keys, never likeness.

The key of a name is made in three steps, and nothing else is done to it:

1. Titles in front (``Mr``, ``Dr``, ``Sir``, ...) and honours behind (``OBE``, ``FCA``, ...) go, because some clerks
   type them into the name. One word always stays.
2. What is left is decomposed (NFKD), without accents and case.
3. Only letters and digits stay, joined: ``O'Brien``, ``O BRIEN`` and ``Obrien`` are one, and so are ``Mary-Ann``
   and ``Mary Ann``.

A human has the key of every form in which an entry of the company writes them, besides that of their full name. So
``Bill`` is William only where some entry says so, and an initial stands for nothing.
"""

from __future__ import annotations

import unicodedata

__all__ = ["key", "letters"]

_TITLES = frozenset({
    "mr", "mrs", "ms", "miss", "mx", "master", "dr", "doctor", "prof", "professor", "sir", "dame", "lord", "lady",
    "rev", "reverend", "captain", "hon",
})  # fmt: skip
_HONOURS = frozenset({
    "kbe", "dbe", "cbe", "obe", "mbe", "bem", "kc", "qc", "mp", "jp", "dl", "fca", "aca", "acca", "fcca", "phd", "bsc",
    "ba", "ma", "msc", "mba",
})  # fmt: skip


def letters(text: str) -> str:
    """Letters and digits without accents and case, joined."""
    small = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in unicodedata.normalize("NFKD", small) if sign.isalnum())


def key(name: str) -> str:
    """What two writings of one full name share, given names first; empty for a text without a letter."""
    words = [word for word in map(letters, name.split()) if word]
    while len(words) > 1 and words[0] in _TITLES:
        del words[0]
    while len(words) > 1 and words[-1] in _HONOURS:
        del words[-1]
    return "".join(words)
