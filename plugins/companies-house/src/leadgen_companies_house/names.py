"""When two spellings are one company name: case, punctuation, ``&`` and ``and``, and the spelling of the legal form.

Nothing fuzzy: a name is equal or it is not. The rules are a part of those by which the register itself calls two
names the same (Company, Limited Liability Partnership and Business (Names and Trading Disclosures) Regulations
2015, schedule 3).
"""

from __future__ import annotations

import re
import unicodedata

from attrs import frozen

__all__ = ["CompanyName", "cleaned", "normal_postcode"]

LONGEST = 160
"""Characters of the longest company name that the law allows; the register asks for no more."""

_FORMS = {
    "ltd": ("ltd", "limited", "cyf", "cyfyngedig"),
    "plc": ("plc", "public limited company", "ccc", "cwmni cyfyngedig cyhoeddus"),
    "llp": ("llp", "limited liability partnership", "partneriaeth atebolrwydd cyfyngedig"),
    "lp": ("lp", "limited partnership", "partneriaeth cyfyngedig"),
    "cic": ("cic", "community interest company", "cwmni buddiannau cymunedol"),
}
"""Legal forms and how they are written at the end of a name, in English and Welsh."""

_ENDINGS = sorted(
    ((tuple(spelling.split()), form) for form, spellings in _FORMS.items() for spelling in spellings),
    key=lambda ending: -len(ending[0]),
)
_SIGNS = {"&": " and ", "+": " plus ", "@": " at ", "%": " percent ", "£": " pound ", "$": " dollar ", "€": " euro "}
_JOINED = re.compile(r"[.'’‘`´]")
_NOT_WORD = re.compile(r"[\W_]+")
_NOT_POSTCODE = re.compile(r"[^A-Z0-9]")


@frozen
class CompanyName:
    """A name in a form that can be compared: its words without the legal form, and that form (None: not written)."""

    words: tuple[str, ...]
    form: str | None

    @classmethod
    def of(cls, text: str) -> CompanyName:
        """The longest ending that names a legal form is the form, unless nothing else would be left."""
        folded = unicodedata.normalize("NFKD", text).casefold()
        folded = "".join(char for char in folded if not unicodedata.combining(char))
        for sign, word in _SIGNS.items():
            folded = folded.replace(sign, word)
        words = tuple(_NOT_WORD.sub(" ", _JOINED.sub("", folded)).split())
        for ending, form in _ENDINGS:
            if len(words) > len(ending) and words[-len(ending) :] == ending:
                return cls(words[: -len(ending)], form)
        return cls(words, None)

    def asks_for(self, other: CompanyName) -> bool:
        """Whether ``other`` is the company asked for: equal words, and the legal form where the question has one."""
        return bool(self.words) and self.words == other.words and self.form in (None, other.form)


def cleaned(text: str) -> str:
    """A name as it is sent to the search: printable, single blanks, no longer than a company name can be."""
    printable = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(printable.split())[:LONGEST].rstrip()


def normal_postcode(text: str | None) -> str:
    """A postcode in capitals without blanks; empty for none."""
    return _NOT_POSTCODE.sub("", (text or "").upper())
