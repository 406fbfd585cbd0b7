"""Person or body? By role, name and fields together; unsure where they do not say.

Fields of a register weigh most, then words that no human has for a name, then the name's form. The name alone
is the weakest witness: :func:`kind_of_name` is what the other fields are held against.
"""

from __future__ import annotations

import re
from enum import StrEnum

from leadgen_identity.given_names import GIVEN_NAMES
from leadgen_identity.text import fold, plain, tokens
from leadgen_identity.titles import has_title, strip_tail, strip_titles
from leadgen_identity.vocabulary import (
    BODY_WORDS,
    ENDINGS,
    FIRST_WORDS,
    FUNCTION_WORDS,
    LEGAL_FORMS,
    NEVER_SURNAMES,
    SHORT_LEGAL_FORMS,
    SURNAMES_TOO,
)

__all__ = ["Kind", "has_legal_form", "kind_of", "kind_of_name"]


class Kind(StrEnum):
    """What stands behind a name."""

    PERSON = "person"
    BODY = "body"
    UNSURE = "unsure"


_LEGAL_PHRASE = re.compile(r"\bpublic limited company\b|\blimited liability\b|\bsp\.? ?z\.? ?o\.? ?o\b")
_AND_CO = re.compile(r"(?:&|\band) co(?:mpany)?\b\.?$")
_DOTTED = re.compile(r"\s((?:[^\W\d_]\.\s?){1,4}[^\W\d_]\.?|[^\W\d_]/[^\W\d_])$")
_ORDINAL = re.compile(r"2nd|3rd|4th")
_SIGNS = re.compile(r"[&+@#/\\*!?%£$€®™©=_<>|]")
_WEB = re.compile(r"\b(?:www|https?)\b|\.(?:com|co|org|net|uk|io|biz|info|eu|gov|ac)\b", re.IGNORECASE)
# No open-ended repeat before the sign: on a long word, search would take time that grows with its square.
_POSSESSIVE = re.compile(r"[^\W\d_]{2}'s\b|[^\W\d_]{3}s'(?:\s|$)", re.IGNORECASE)
_CAMEL = re.compile(r"[a-z][A-Z]")
_CAMEL_NAME = re.compile(r"(?:Mc|Mac|Fitz|De|Di|Da|Du|Del|La|Le|Lo|Van|Von|Ap|St|San)[A-Z][a-z]*")
_VOWEL = re.compile(r"[aeiouy]|[^\x00-\x7f]", re.IGNORECASE)
_PHRASES = frozenset({"of", "the", "for", "and"})
_ANY_LEGAL_FORM = SHORT_LEGAL_FORMS | LEGAL_FORMS
_BODY_WORDS_AND_PHRASES = BODY_WORDS | _PHRASES


def has_legal_form(name: str) -> bool:
    """Whether the name holds a word such as ``Limited``, ``LLP``, ``GmbH``, ``Cyfyngedig``, wherever it stands.

    So it finds the company that was filed as a human (``LIMITED, Acme Nominees``) as well.
    """
    text = plain(name)
    return _holds_legal_form(text, tokens(text))


def _holds_legal_form(text: str, words: list[str]) -> bool:
    if len(words) > 1 and not LEGAL_FORMS.isdisjoint(map(fold, words)):
        return True
    small = text.casefold()
    # Each of the phrases has one of these two.
    return ("limited" in small or "sp" in small) and bool(_LEGAL_PHRASE.search(small))


def _ends_as_body(text: str, words: list[str]) -> bool:
    """``Acme S.A.``, ``Acme A/S``, ``ACME CIC``, ``Smith & Co``: forms that are initials or names elsewhere."""
    if "," in text:
        return False
    dotted = _DOTTED.search(text)
    if dotted and fold(dotted.group(1)) in _ANY_LEGAL_FORM:
        return True
    last = words[-1]
    return bool(_AND_CO.search(text.casefold())) or (
        len(words) > 1 and last == last.upper() and fold(last) in SHORT_LEGAL_FORMS
    )


def kind_of_name(name: str | None) -> Kind:
    """What the name alone says, in any of its forms."""
    text = plain(name or "")
    words = tokens(text)
    return Kind.BODY if _holds_legal_form(text, words) else _kind_of_words(text, words)


def _kind_of_words(text: str, words: list[str]) -> Kind:
    """What a name without a legal form says; ``text`` is plain and ``words`` are those of it."""
    if not words:
        return Kind.UNSURE
    if _ends_as_body(text, words) or _WEB.search(text) or _POSSESSIVE.search(text):
        return Kind.BODY
    keys = [fold(word) for word in words]
    if any(sign.isdigit() for key in keys if not _ORDINAL.fullmatch(key) for sign in key):
        return Kind.BODY
    surname, comma, given = text.partition(",")
    if comma and _listed_person(surname, given):
        return Kind.PERSON
    titled = has_title(words)
    bare = strip_tail(strip_titles(words)[0]).words
    if _speaks_of_body(bare, titled=titled):
        return Kind.BODY
    if titled:
        return Kind.PERSON
    if _SIGNS.search(text) or "and" in keys:
        return Kind.UNSURE if _is_couple(text) else Kind.BODY
    if len(bare) > 5 or (len(bare) > 1 and all(len(fold(word)) == 1 for word in bare)):
        return Kind.UNSURE
    return Kind.BODY if _is_acronym(bare) or any(_looks_made_up(word) for word in bare) else Kind.PERSON


def _listed_person(surname: str, given: str) -> bool:
    """``CHURCH, Ann``: a word of bodies as the only surname, and nothing of bodies behind the comma."""
    before, after = strip_tail(tokens(surname)).words, tokens(given)
    if not before or not after or len(before) + len(after) > 6 or _SIGNS.search(surname + given):
        return False
    if any(fold(word) in _BODY_WORDS_AND_PHRASES for word in after):
        return False
    return fold(before[0]) not in NEVER_SURNAMES if len(before) == 1 else not _speaks_of_body(before)


def _speaks_of_body(words: list[str], *, titled: bool = False) -> bool:
    """Whether a word of bodies is among them that is no surname where it stands."""
    keys = [fold(word) for word in words]
    if len(keys) == 1 and keys[0] in SURNAMES_TOO:
        return False
    if len(keys) > 1 and keys[0] in FIRST_WORDS and not titled:
        return True
    named = (titled and len(keys) < 3) or all(key in GIVEN_NAMES or len(key) == 1 for key in keys[:-1])
    if named and len(keys) > 1 and keys[-1] in SURNAMES_TOO:
        keys = keys[:-1]
    phrases = _PHRASES if titled else FUNCTION_WORDS
    if any(key in BODY_WORDS or key in phrases for key in keys):
        return True
    return any(fold(piece) in BODY_WORDS for word in words if "-" in word for piece in word.split("-"))


def _is_couple(text: str) -> bool:
    """``John & Jill Hester``: two humans, so neither one person nor a body."""
    keys = ["and" if word in {"&", "+"} else fold(word) for word in text.split()]
    return any(
        key == "and" and GIVEN_NAMES.issuperset((before, after))
        for before, key, after in zip(keys, keys[1:], keys[2:], strict=False)
    )


def _is_acronym(words: list[str]) -> bool:
    """``SIS Broadcast``: capitals in front of words with small letters, where humans have a given name."""
    first, rest = words[0], words[1:]
    return len(first) > 2 and first.isupper() and any(word != word.upper() for word in rest)


def _looks_made_up(word: str) -> bool:
    """``eBay``, ``YouGov``, ``BSkyB``, ``TRK``, ``Hydrotech``."""
    letters = word.replace("'", "")
    if len(letters) > 2 and not _VOWEL.search(letters):
        return True
    if any(_CAMEL.search(piece) and not _CAMEL_NAME.fullmatch(piece) for piece in letters.split("-")):
        return True
    return len(letters) > 5 and "-" not in letters and fold(word).endswith(ENDINGS)


def kind_of(
    name: str | None,
    *,
    role: str | None = None,
    has_birth_key: bool = False,
    registration: str | None = None,
    control_kind: str | None = None,
) -> Kind:
    """Person, body or unsure, by all that a register says.

    ``role`` is an officer's role, ``registration`` whatever its entry says of a body's own registration (an
    empty text is such a saying too), ``control_kind`` the kind of a person with significant control. Unsure
    means: do not name anybody.
    """
    role, control_kind = role or "", control_kind or ""
    if role.startswith("corporate-") or registration is not None:
        return Kind.BODY
    if control_kind.startswith(("corporate-entity", "legal-person")):
        return Kind.BODY
    if not name or control_kind.startswith("super-secure"):
        return Kind.UNSURE
    text = plain(name)
    words = tokens(text)
    if not words and not fold(name):
        return Kind.UNSURE
    if _holds_legal_form(text, words):
        return Kind.BODY
    if has_birth_key:
        return Kind.PERSON
    by_name = _kind_of_words(text, words)
    if control_kind.startswith("individual-"):
        return Kind.UNSURE if by_name is Kind.BODY else Kind.PERSON
    if by_name is Kind.BODY:
        return Kind.BODY
    # An officer's name has a comma unless the human has one name only, or the entry means a body.
    if by_name is Kind.PERSON and ("," in name or has_title(words)):
        return Kind.PERSON
    return Kind.UNSURE
