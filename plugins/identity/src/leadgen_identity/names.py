"""Names of people: the register's three forms, one record, and whether two records can be one human's name.

The forms (companies-house.md §1.10, §1.11) are the officers list's ``SURNAME, Forename Other, Dr``, the
appointments list's ``Forename SURNAME`` and the PSC list's ``Mr Forename Other Surname``. Every function is
total: a text without a letter gives None, nothing raises.
"""

from __future__ import annotations

from collections.abc import Sequence

from attrs import field

from leadgen_identity.capitals import PARTICLES, family_capitals, given_capitals
from leadgen_identity.record import record
from leadgen_identity.text import clean, fold, is_mixed, tokens
from leadgen_identity.titles import PEERAGE, Tail, has_title, read_appendix, strip_tail, strip_titles

__all__ = [
    "HumanName",
    "clashing",
    "compatible_given",
    "from_appointments",
    "from_control",
    "from_officers",
    "same_family",
    "same_given",
]

# Small words that belong to the surname behind them although they keep their capital (Le Roux, St John).
_LEADERS = PARTICLES - {"y"} | {"le", "la", "los", "las", "di", "st", "saint", "san", "el", "al", "abu", "mc"}


@record
class HumanName:
    """A name in ordinary capitals, accents kept. ``own_capitals``: its owner's, not set by rule.

    ``given`` is empty for people of one name. Titles and honours are no part of the name: they compare as
    nothing. ``generation`` (``Jr``) is, for it tells father from son.
    """

    given: tuple[str, ...]
    family: str
    title: str | None = None
    honours: tuple[str, ...] = ()
    generation: str | None = None
    own_capitals: bool = field(default=False, eq=False)
    family_key: str = field(init=False, eq=False, repr=False)
    """``O'Brien``, ``O BRIEN`` and ``Obrien`` are one."""
    given_key: tuple[str, ...] = field(init=False, eq=False, repr=False)
    """Each given name's key; ``Mary-Ann`` counts as two."""

    @family_key.default
    def _family_key(self) -> str:
        return fold(self.family)

    @given_key.default
    def _given_key(self) -> tuple[str, ...]:
        return tuple([key for name in self.given for piece in name.split("-") if (key := fold(piece))])

    @property
    def full(self) -> str:
        """Given names first: ``Jane Q. Smith``."""
        return " ".join([part for part in (*self.given, self.family, self.generation) if part])

    @property
    def key(self) -> str:
        """The key of the full name."""
        return "".join([*self.given_key, self.family_key, fold(self.generation or "")])


def _build(given: Sequence[str], family: Sequence[str], title: str | None, *tails: Tail) -> HumanName | None:
    if not family:
        given, family = given[:-1], given[-1:]
    if not family:
        return None
    honours: tuple[str, ...] = ()
    generation = None
    for tail in tails:
        honours += tail.honours
        generation = generation or tail.generation
    return HumanName(
        given=tuple(map(given_capitals, given)),
        family=family_capitals(family),
        title=title,
        honours=honours,
        generation=generation,
        own_capitals=any(map(is_mixed, family)),
    )


def from_officers(text: str) -> HumanName | None:
    """``SURNAME, Forename Other``, a title behind a second comma; no comma: a person of one name."""
    before, comma, after = clean(text).partition(",")
    if not comma:
        words = tokens(before)
        if all(word == word.upper() for word in words):
            return _build([], words, None)
        return from_appointments(text)
    middle, _, appendix = after.partition(",")
    title, behind = read_appendix(appendix.replace(",", " "))
    family = strip_tail(tokens(before))
    given = strip_tail(tokens(middle))
    words, own_title = strip_titles(given.words, plain_only=True)
    if len(words) == 1 and fold(words[0]) in PEERAGE:
        # A peer has no given name in the register: "ALDERMOOR, Lord".
        words, own_title = [], words[0].capitalize()
    return _build(words, family.words, title or own_title, family, given, behind)


def from_appointments(text: str) -> HumanName | None:
    """``Forename SURNAME``: the surname is the last words in capitals; without these, the last word."""
    text = clean(text)
    words, title = strip_titles(tokens(text))
    tail = strip_tail(words)
    words = tail.words
    start = len(words)
    while start > 0 and len(fold(words[start - 1])) > 1 and _is_capitals(words[start - 1]):
        start -= 1
    if start == 0 or start == len(words) or "," in text:
        return _plain(text)
    while start > 1 and fold(words[start - 1]) in _LEADERS and not is_mixed(words[start - 1]):
        start -= 1
    return _build(words[:start], words[start:], title, tail)


def _is_capitals(word: str) -> bool:
    """``SMITH``, and ``McDONALD`` as the register stores it."""
    rest = word.removeprefix("Mc").removeprefix("Mac")
    return rest == rest.upper() and rest != rest.lower()


def _plain(text: str) -> HumanName | None:
    """``Mr Forename Other Surname``, all in one case or without further help."""
    before, comma, after = text.partition(",")
    appended, behind = read_appendix(after)
    if comma and appended and not has_title([*tokens(appended), "x"]):
        return from_officers(text)
    words, title = strip_titles(tokens(before))
    tail = strip_tail(words)
    words = tail.words
    start = len(words) - 1
    while start > 1 and (fold(words[start - 1]) in _LEADERS or words[start - 1] == "y"):
        start -= 2 if words[start - 1] == "y" and start > 2 else 1
    start = max(start, 0)
    return _build(words[:start], words[start:], title or appended, tail, behind)


def from_control(
    text: str | None,
    *,
    title: str | None = None,
    forename: str | None = None,
    middle_name: str | None = None,
    surname: str | None = None,
) -> HumanName | None:
    """``Mr Forename Other Surname`` with the register's own elements, trusted as far as the text bears them out.

    Elements with the text's words are taken; when only the surname is in place, it splits the text; elements
    that speak of somebody else are left alone.
    """
    whole = clean(text or "")
    family = strip_tail(tokens(clean(surname or "")))
    if not family.words:
        return _plain(whole)
    names = strip_tail(tokens(clean(f"{forename or ''} {middle_name or ''}")), keep=0 if forename is None else 1)
    given, own_title = strip_titles(names.words, plain_only=True)
    title_words = tokens(clean(title or ""))
    spoken = title or own_title
    text_tail = strip_tail(tokens(whole.replace(",", " ")))
    words = text_tail.words
    lead = len(title_words)
    if lead < len(words) and _same_words(words[:lead], title_words):
        words = words[lead:]
    words, text_title = strip_titles(words)
    elements = [*given, *family.words]
    if not words or _same_words(words, elements) or sorted(map(fold, words)) == sorted(map(fold, elements)):
        return _build(given, family.words, spoken or text_title, names, family, text_tail)
    size = len(family.words)
    if _same_words(words[-size:], family.words):
        return _build(words[:-size], family.words, spoken or text_title, family, text_tail)
    return _plain(whole)


def _same_words(words: list[str], others: list[str]) -> bool:
    return words == others or list(map(fold, words)) == list(map(fold, others))


def same_family(one: HumanName, other: HumanName) -> bool:
    """Whether the surnames are equal but for accents, hyphens, blanks and case."""
    return bool(one.family_key) and one.family_key == other.family_key


def same_given(one: HumanName, other: HumanName) -> bool:
    """Whether all given names are the same and written out at least once: ``J.`` alone proves nothing."""
    keys, others = one.given_key, other.given_key
    if one.generation != other.generation or not any(len(key) > 1 for key in keys):
        return False
    return keys == others or "".join(keys) == "".join(others)


def compatible_given(one: HumanName, other: HumanName) -> bool:
    """Whether these can be one human's given names: an initial stands for a name, middle names may be missing.

    First names must agree; Bill is not yet William. Father and son (``Jr``, ``Sr``) never agree.
    """
    keys, others = one.given_key, other.given_key
    if not keys or not others or (one.generation and other.generation and one.generation != other.generation):
        return False
    if keys == others or "".join(keys) == "".join(others):
        return True
    if len(keys) > len(others):
        keys, others = others, keys
    if not _stands_for(keys[0], others[0]):
        return False
    rest = iter(others[1:])
    return all(any(_stands_for(key, candidate) for candidate in rest) for key in keys[1:])


def _stands_for(one: str, other: str) -> bool:
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    return short == long or (len(short) == 1 and long.startswith(short))


def clashing(one: HumanName, other: HumanName) -> bool:
    """Whether the given names rule out one human. Names without given names rule out nothing."""
    if one.generation and other.generation and one.generation != other.generation:
        return True
    return bool(one.given_key) and bool(other.given_key) and not compatible_given(one, other)
