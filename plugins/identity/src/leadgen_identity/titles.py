"""What stands around a name and is none: titles, honours, generations."""

from __future__ import annotations

from leadgen_identity.record import record
from leadgen_identity.text import fold, tokens, word_set

__all__ = ["PEERAGE", "Tail", "has_title", "read_appendix", "strip_tail", "strip_titles"]

# Titles that nobody bears as a given name.
_PLAIN = word_set(
    """
    mr mrs ms miss mx messrs dr doctor prof professor sir revd reverend
    """
)
# Titles that stand in front of a whole name, but which are given names somewhere (Dame, Lady, Lord). Earl, Major,
# Duke, Prince, Judge, Dean and Master are too often names: they are titles only where the register says so.
_LEADING = _PLAIN | word_set(
    """
    dame lord lady rev baroness viscount viscountess countess marchioness marquess brigadier brig colonel
    lieutenant capt captain cllr councillor cdr commander admiral rabbi imam monsieur madame herr frau
    """
)
PEERAGE = word_set("lord lady baron baroness viscount viscountess earl countess marquess marchioness")
"""Titles that stand for the given name of whoever bears them."""
_HONOURABLE = (["the", "rt", "hon"], ["the", "right", "honourable"], ["rt", "hon"], ["right", "honourable"],
               ["the", "hon"], ["the", "honourable"], ["rt", "rev"], ["rt", "revd"], ["the"])  # fmt: skip
_HONOURABLE_FIRST = frozenset(phrase[0] for phrase in _HONOURABLE)
_HONOURS = word_set(
    """
    obe mbe cbe kbe dbe gbe kcb kcmg cmg kcvo cvo lvo mvo bem qpm frs frse frcs frcp frics friba fca fcca acca
    fcma fcib mrics phd dphil bsc msc mba llb llm mbbs mrcvs mep msp esq esquire cpa dds dmd ceng miet
    """
)
_HONOURS_IF_CAPITALS = word_set(
    """
    mp kc qc jp md rn dl
    """
)
_GENERATIONS = {
    "jr": "Jr", "jnr": "Jr", "sr": "Sr", "snr": "Sr",
    "ii": "II", "iii": "III", "iv": "IV", "2nd": "II", "3rd": "III", "4th": "IV",
}  # fmt: skip


def has_title(words: list[str]) -> bool:
    """Whether a person's title stands in front of the words."""
    return len(strip_titles(words)[0]) < len(words)


def strip_titles(words: list[str], keep: int = 1, *, plain_only: bool = False) -> tuple[list[str], str | None]:
    """The words without leading titles, and these; at least ``keep`` words stay.

    ``plain_only`` is for a list of given names, where ``Lady`` or ``Hon`` is a name.
    """
    known = _PLAIN if plain_only else _LEADING
    first = fold(words[0]) if words else ""
    honourable = not plain_only and first in _HONOURABLE_FIRST
    if first not in known and not honourable:
        return words, None
    keys = [fold(word) for word in words]
    place = 0
    if honourable:
        for phrase in _HONOURABLE:
            size = len(phrase)
            if keys[:size] == phrase and (phrase != ["the"] or (len(keys) > 1 and keys[1] in known)):
                place = size
                break
    while place < len(words) and keys[place] in known:
        place += 1
    place = min(place, max(len(words) - keep, 0))
    return words[place:], " ".join(words[:place]) or None


@record
class Tail:
    """A name's words and what was taken from their end."""

    words: list[str]
    honours: tuple[str, ...] = ()
    generation: str | None = None


_NO_TAIL = Tail([])
_TAILS = _HONOURS | _HONOURS_IF_CAPITALS | _GENERATIONS.keys()


def strip_tail(words: list[str], keep: int = 1) -> Tail:
    """Take honours (``OBE``) and generations (``Jr``) from the end; at least ``keep`` words stay.

    Short honours count in capitals only, and not where all is in capitals: ``JOHN MD`` may be a name.
    """
    if len(words) <= keep or fold(words[-1]) not in _TAILS:
        return Tail(words)
    end, honours, generation = len(words), list[str](), None
    while end > keep:
        word = words[end - 1]
        key = fold(word)
        if key in _GENERATIONS and generation is None:
            generation = _GENERATIONS[key]
        elif key in _HONOURS or (key in _HONOURS_IF_CAPITALS and word == word.upper() and not _shouting(words)):
            honours.append(word)
        else:
            break
        end -= 1
    return Tail(words[:end], tuple(reversed(honours)), generation)


def _shouting(words: list[str]) -> bool:
    return all(word == word.upper() for word in words)


def read_appendix(text: str) -> tuple[str | None, Tail]:
    """What stands behind a name's comma (``Dr``, ``OBE``, ``Jr``): a title, or honours and a generation."""
    if not text:
        return None, _NO_TAIL
    tail = strip_tail(tokens(text), keep=0)
    generation = tail.generation
    rest = tail.words
    if rest and fold(rest[-1]) in {"junior", "senior"}:
        generation = "Jr" if fold(rest[-1]) == "junior" else "Sr"
        rest = rest[:-1]
    return " ".join(rest) or None, Tail([], tail.honours, generation)
