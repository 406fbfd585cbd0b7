"""The answer to a search by name, when a register's hits are there. It never guesses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from leadgen_core.model.answers import Absent, Answer, Cause, Found, Unknown
from leadgen_core.model.claims import Candidate, NameMatch, Provenance
from leadgen_core.model.subjects import NameQuery

__all__ = ["name_match"]

_CANDIDATES = 10
_NO_WORD = re.compile(r"[\W_]+")
_ALIKE = {"ltd": "limited", "co": "company", "plc": "public limited company", "llp": "limited liability partnership"}


def name_match(query: NameQuery, hits: Iterable[Candidate], provenance: Provenance) -> Answer:
    """``Found`` with the one hit that has the name, ``Absent`` without any hit, else ``Unknown`` with candidates.

    Names are equal apart from case, accents, punctuation and the ways to write Limited. A postcode in the query rules
    out every hit that shows another; hits that show the same count alone. The first ten are the candidates.
    """
    all_hits = list(hits)
    if not all_hits:
        return Absent(because="the search has no company for this name")
    wanted, postcode = _name(query.name), _postcode(query.postcode)
    equal = [hit for hit in all_hits if _name(hit.name) == wanted]
    if postcode:
        equal = [hit for hit in equal if _postcode(hit.postcode) in ("", postcode)]
        equal = [hit for hit in equal if _postcode(hit.postcode)] or equal
    if len({hit.number for hit in equal}) == 1:
        hit = equal[0]
        match = NameMatch(provenance=provenance, query=query.name, number=hit.number, name=hit.name)
        return Found((match,))
    because = f"{len(equal)} companies have this name" if equal else "only other names are like this one"
    return Unknown(Cause.AMBIGUOUS, because=because, candidates=(equal or all_hits)[:_CANDIDATES])


def _name(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("&", " and ")).casefold()
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter)).replace("'", "").replace("’", "")
    return " ".join(_ALIKE.get(word, word) for word in _NO_WORD.sub(" ", letters).split())


def _postcode(text: str | None) -> str:
    return _NO_WORD.sub("", text or "").upper()
