"""Text of names: cleaning, words, comparison keys. Total: any string gives an answer, none raises."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["clean", "fold", "is_mixed", "plain", "tokens", "word_set"]

_APOSTROPHES = dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u02b9\u0060\u00b4\u2032\uff07"), "'")
_HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d"), "-")
_SIGNS = _APOSTROPHES | _HYPHENS
_ASCII_SIGNS = {**dict.fromkeys((*range(32), 127), " "), ord("`"): "'"}
"""What :func:`plain` replaces in a text of ASCII: such a text is in every normal form as it stands."""
_EDGES = '.,;:-()[]"“”„'
_REMEMBERED = 4096
"""Words of which the key is kept: many rules ask for it, and first names come again. Whole names are not kept."""

# Letters that Unicode does not take apart, in the spelling that people use where the letter is missing.
_PLAIN = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th",
     "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ı": "i", "ħ": "h", "Ħ": "H"}
)  # fmt: skip

_ASIDE = re.compile(r"""\([^()]*\)|\[[^\[\]]*\]|["“”„][^"“”„]*["“”„]""")
_SURELY_NO_ASIDE = re.compile(r"""[^(\["“”„]*""")
_GLUED_DOT = re.compile(r"\.(?=[^\W\d_])")
_LOOSE_HYPHEN = re.compile(r"\s*-\s*")


def plain(text: str) -> str:
    """The text in NFC with plain apostrophes and hyphens and single blanks."""
    if text.isascii():
        if text.isprintable() and "  " not in text and "`" not in text:
            return text.strip()
        return " ".join(text.translate(_ASCII_SIGNS).split())
    text = unicodedata.normalize("NFC", text).translate(_SIGNS)
    return " ".join("".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in text).split())


def clean(text: str) -> str:
    """The plain text without asides (former names in brackets, nicknames in quotation marks)."""
    text = plain(text)
    if _SURELY_NO_ASIDE.fullmatch(text):
        return text
    without = _ASIDE.sub(" ", text)
    return " ".join((without if any(map(fold, without.split())) else text).split())


def tokens(text: str) -> list[str]:
    """The words of a cleaned text. ``J.P. Smith-Jones`` has three: glued initials are taken apart."""
    spaced = text.replace(", ", " ")
    if spaced.isascii() and spaced.replace(" ", "").isalpha():
        return spaced.split()  # nothing but letters, so nothing to take off and no word without a key
    if "." in text:
        text = _GLUED_DOT.sub(". ", text)
    if "-" in text:
        text = _LOOSE_HYPHEN.sub("-", text)
    return [word for piece in text.split() if fold(word := piece.strip(_EDGES))]


@lru_cache(maxsize=_REMEMBERED)
def fold(text: str) -> str:
    """What two spellings of one name share: letters and digits, without accents, case, hyphens, apostrophes."""
    if text.isascii():
        small = text.lower()
        return small if small.isalnum() else "".join([sign for sign in small if sign.isalnum()])
    small = unicodedata.normalize("NFKD", text).translate(_PLAIN).casefold()
    return "".join(
        sign
        for sign in unicodedata.normalize("NFKD", small)
        if unicodedata.category(sign)[0] in "LNM" and not unicodedata.combining(sign)
    )


def is_mixed(word: str) -> bool:
    """Whether the word has small and capital letters, so that its capitals say something."""
    return word not in (word.upper(), word.lower())


def word_set(text: str) -> frozenset[str]:
    """The words of a list, as it stands in a table."""
    return frozenset(text.split())
