"""Cells that a spreadsheet takes for text, and that cannot leave their row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

__all__ = ["encode", "harmless"]

_RISKY = re.compile("[\t\r\n]|[\\s\0\u200b-\u200f\u2060\ufeff]*[-=+@\uff1d\uff0b\uff0d\uff20]")
"""What begins a formula, in both widths (OWASP, CSV injection), be it after what cannot be seen."""
_NUMBER = re.compile(r"[+-](?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?")
_PHONE = re.compile(r"\+[0-9](?:[ ().-]{0,2}[0-9]){6,14}")


def harmless(text: str) -> str:
    """The text, with an apostrophe before it if a spreadsheet might run it.

    That is so when it begins with ``= + - @``, be it after blanks, or with a tab or a line break. A telephone
    number (``+44 20 7946 0958``) and a signed number stay as they are: nothing in them can be run.
    """
    if not _RISKY.match(text) or _NUMBER.fullmatch(text):
        return text
    # Without a blank, +44-20-7946 is a subtraction.
    if _PHONE.fullmatch(text) and (" " in text or "-" not in text):
        return text
    return "'" + text


def encode(rows: Iterable[Sequence[str]]) -> bytes:
    """RFC 4180: comma, CRLF, every cell quoted, UTF-8 without a mark. ``csv.reader`` gives back the same cells."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
    return out.getvalue().encode("utf-8", "replace")
