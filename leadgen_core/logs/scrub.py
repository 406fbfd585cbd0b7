"""The scrubber: takes secrets out of finished text, whoever put them there."""

from __future__ import annotations

import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

from leadgen_core.secrets import STARS, Secret

__all__ = ["Scrubber", "forms"]

_SHORTEST = 4
"""Shorter values occur everywhere in ordinary text; masking them would only show where they are."""

_NAMES = r"(?:proxy-)?authorization|x-api-key|api[-_]?key|access[-_]?token|refresh[-_]?token|client[-_]?secret|password"
_QUOTE = r"\\?[\"']?"
_SCHEME = r"(?:(?:basic|bearer)\s{1,4})?"
_VALUE = r"[^\s\"',;&)}\\]"
# Every repetition is bounded or ends at its own delimiter, so that long text costs no more than its length.
_LOOKS_SECRET: tuple[tuple[re.Pattern[str], str], ...] = (
    # Assignments, and with a colon headers and JSON members; the name stays. Prose has a colon before short words.
    (re.compile(rf"\b({_NAMES})(\s{{0,4}}=\s{{0,4}}{_QUOTE}){_SCHEME}{_VALUE}+", re.I), rf"\1\2{STARS}"),
    (re.compile(rf"\b({_NAMES})({_QUOTE}\s{{0,4}}:\s{{0,4}}{_QUOTE}){_SCHEME}{_VALUE}{{8,}}", re.I), rf"\1\2{STARS}"),
    (re.compile(r"\b(Basic|Bearer|basic|bearer)\s{1,4}[A-Za-z0-9._~+/=-]{16,}"), rf"\1 {STARS}"),
    # User and password in a URL.
    (re.compile(r"://[^\s/@\"'<>?#]{1,512}@"), f"://{STARS}@"),
    # The query of a URL.
    (re.compile(r"([?&](?:key|token|sig|signature|code|secret)=)[^&\s\"'<>\\]+", re.I), rf"\1{STARS}"),
)


class Scrubber:
    """Replaces by stars every known secret in each form that it travels in, and what looks like a credential."""

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        self._forms: set[str] = set()
        self._known: re.Pattern[str] | None = None
        self.add(*secrets)

    def add(self, *secrets: Secret) -> None:
        """Know these secrets too, from now on. Values shorter than four characters are not looked for."""
        for secret in secrets:
            value = secret.reveal()
            if len(value) >= _SHORTEST:
                self._forms |= forms(value)
        # The longest first, or the beginning of a longer secret would be replaced and its end would stay.
        known = sorted(self._forms, key=lambda form: (-len(form), form))
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def known(self, text: str) -> str:
        """The text without the known secrets: for finished text, whose syntax guesses could break."""
        return text if self._known is None else self._known.sub(STARS, text)

    def __call__(self, text: str) -> str:
        """The text without known secrets and what looks like one."""
        text = self.known(text)
        for pattern, replacement in _LOOKS_SECRET:
            text = pattern.sub(replacement, text)
        return text


def forms(value: str) -> set[str]:
    """The value as it stands, as user of HTTP Basic, in base64, in a URL, in JSON and as Python prints it."""
    data = value.encode("utf-8", "surrogatepass")
    encoded = {encode(text).decode() for encode in (b64encode, urlsafe_b64encode) for text in (data, data + b":")}
    found = {
        value,
        # The padding is sometimes cut off.
        *(text.rstrip("=") for text in encoded),
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        repr(value)[1:-1],
        ascii(value)[1:-1],
        repr(data)[2:-1],
    }
    # A lone surrogate cannot stand in a URL.
    clean = value.encode("utf-8", "replace")
    found |= {quote(clean), quote(clean, safe=""), quote_plus(clean)}
    return {form for form in found if len(form) >= _SHORTEST}
