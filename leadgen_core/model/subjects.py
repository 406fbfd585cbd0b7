"""Subjects: what a source can be asked about.

A subject is hashable and compares by value: the engine asks each source about each subject once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import ClassVar

from attrs import field

from leadgen_core.model.records import frozen

__all__ = [
    "Account",
    "BadCompanyNumber",
    "CompanyNumber",
    "Host",
    "NameQuery",
    "OfficerId",
    "Subject",
    "subject_text",
]

_DIGITS = frozenset("0123456789")
_LEGAL = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_PREFIXED = re.compile(r"([A-Z]{1,2})([0-9]{1,7})")


class BadCompanyNumber(ValueError):
    """The text is no UK company number. The message is one sentence without the text itself."""


@frozen(order=True)
class CompanyNumber:
    """A number of the UK register: eight characters of ``A-Z0-9``, upper case, zero padded.

    Letters may stand anywhere (``IP27215R``, ``RS0031EN``), so nothing more is assumed of the form
    (companies-house.md §1.4). Make one with :meth:`parse`; the constructor takes canonical text only.
    """

    kind: ClassVar[str] = "company-number"
    value: str = field()

    @value.validator
    def _check(self, _attribute: object, value: str) -> None:
        if len(value) != 8 or not _LEGAL.issuperset(value):
            raise BadCompanyNumber("a company number has eight characters, A to Z and 0 to 9")

    @classmethod
    def parse(cls, text: str) -> CompanyNumber:
        """Read a number as people write it: lower case, blanks inside, lost zeros (``9370755``, ``SC 12345``).

        Raises :class:`BadCompanyNumber` for anything else. Compare ``str(result)`` with the text to see
        whether something was repaired.
        """
        if len(text) == 8 and text.isascii() and text.isdigit():
            return cls(text)
        compact = "".join(text.split())
        if not compact:
            raise BadCompanyNumber("the company number is empty")
        if len(compact) > 8:
            raise BadCompanyNumber("a company number has eight characters, this has more")
        if not compact.isascii() or not _LEGAL.issuperset(compact := compact.upper()):
            raise BadCompanyNumber("a company number has only the characters A to Z and 0 to 9")
        if _DIGITS.issuperset(compact):
            compact = compact.zfill(8)
        elif len(compact) < 8:
            match = _PREFIXED.fullmatch(compact)
            if match is None:
                raise BadCompanyNumber("a company number has eight characters, this has fewer")
            prefix, digits = match.groups()
            compact = prefix + digits.zfill(8 - len(prefix))
        return cls(compact)

    def __str__(self) -> str:
        return self.value


@frozen(order=True)
class NameQuery:
    """A company's name as somebody wrote it, with the postcode of its registered office where known."""

    kind: ClassVar[str] = "name"
    name: str
    postcode: str | None = None


@frozen(order=True)
class Host:
    """The host name of a company's web site, lower case, without ``www.`` (``example.co.uk``)."""

    kind: ClassVar[str] = "host"
    value: str


@frozen(order=True)
class Account:
    """An account of a company at a social network: ``provider`` and its handle or id there."""

    kind: ClassVar[str] = "account"
    provider: str
    handle: str


@frozen(order=True)
class OfficerId:
    """The register's id of an officer. One human can have several (companies-house.md §1.10)."""

    kind: ClassVar[str] = "officer"
    value: str


Subject = CompanyNumber | NameQuery | Host | Account | OfficerId
"""What can be asked about."""

_TEXT: dict[type, Callable[..., str]] = {
    CompanyNumber: lambda subject: str(subject.value),
    NameQuery: lambda subject: f"{subject.name} {subject.postcode or ''}".strip(),
    Host: lambda subject: str(subject.value),
    Account: lambda subject: f"{subject.provider}/{subject.handle}",
    OfficerId: lambda subject: str(subject.value),
}


def subject_text(subject: Subject) -> str:
    """The subject in words, for messages and for a stable order."""
    return f"{subject.kind}:{_TEXT[type(subject)](subject)}"
