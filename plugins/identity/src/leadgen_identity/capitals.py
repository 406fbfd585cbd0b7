"""Ordinary capitals: ``O'BRIEN-MCDONALD`` as it is written to the person.

The register keeps surnames in upper case, so the owner's own capitals are lost there. A word in mixed case is
taken as it stands; only words in one case are set anew.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from leadgen_identity.text import fold, is_mixed, word_set

__all__ = ["PARTICLES", "family_capitals", "given_capitals"]

PARTICLES = word_set(
    """
    von van der den de da do dos das du del della degli dei zu zum zur af av ter ten te vd ap ab ferch bin ibn
    bint y
    """
)
"""Small words before a surname. The last word of a surname is never one: ``VAN`` alone is the name Van."""

# Surnames in Mac that are usually written with a second capital; Mackie, Machin, Macey and Mack are not.
_MAC = word_set(
    """
    alister allister andrew arthur askill aulay bean beth bride caig callum cormack corquodale crimmon culloch
    diarmid donald donnell dougall dowell duff eachern ewan ewen fadyen farlane fie gillivray gregor innes intosh
    intyre iver kay kellar kendrick kenna kenzie kinlay kinley kinnon kintosh lachlan laine laren lauchlan
    laughlin lean lellan lennan leod manus master millan murray nab naughton neil neill nicol niven phail phee
    pherson quarrie rae ritchie sween swan taggart tavish vicar william
    """
)
_ELISIONS = frozenset({"dell", "dall", "nell", "sant", "degl"})
# McDONALD as the register stores it; Mcdonald and O'brien as forms put it that raise first letters only.
_HALF_SET = re.compile(r"(?:Mc|Mac|[A-Z]')[A-Z]{2,}|(?:Mc|[A-Z]')[a-z]{2,}")
_INITIALS = re.compile(r"[BCDFGHJKLMNPQRSTVWXZ]{2,3}")


def _word(word: str) -> str:
    if is_mixed(word) and not _HALF_SET.fullmatch(word):
        return word
    return _set(word.lower())


def _set(word: str) -> str:
    before, mark, after = word.partition("'")
    if mark and before:
        # One letter before it (O'Brien, D'Arcy) begins a second word; inside a word (Ma'mun) it is a sound.
        second = len(before) == 1 or before in _ELISIONS
        return f"{before.capitalize()}'{_set(after) if second else after}"
    if word.startswith("mc") and len(word) > 3:
        return f"Mc{word[2:].capitalize()}"
    if word.startswith("mac") and word[3:] in _MAC:
        return f"Mac{word[3:].capitalize()}"
    return word.capitalize()


@lru_cache(maxsize=4096)
def _hyphened(word: str) -> str:
    return "-".join(_word(piece) for piece in word.split("-"))


@lru_cache(maxsize=4096)
def given_capitals(word: str) -> str:
    """One given name: ``URIAH`` is Uriah, ``q`` is ``Q.``, ``JP`` stays."""
    if len(word) == 1:
        return f"{word.upper()}."
    if _INITIALS.fullmatch(word) and word != "MD":
        return word
    return _hyphened(word)


def family_capitals(words: Sequence[str]) -> str:
    """A surname of one or more words: ``VAN DER BERG`` is van der Berg, ``MC BRIDE`` McBride, ``O NEIL`` O'Neil."""
    if len(words) == 1:
        return _hyphened(words[0])
    result: list[str] = []
    prefix = ""
    for place, word in enumerate(words):
        key, last = fold(word), place == len(words) - 1
        if not last and key in {"mc", "o"}:
            prefix = "Mc" if key == "mc" else "O'"
            continue
        follows = place > 0 and key in {"la", "las", "los"} and result[-1:] == ["de"]
        if not last and (key in PARTICLES or follows) and not is_mixed(word):
            result.append(prefix + word.lower())
        else:
            result.append(prefix + _hyphened(word))
        prefix = ""
    return " ".join(result)
