"""Claims in one order, whatever order they came in."""

from __future__ import annotations

from collections.abc import Sequence

from leadgen_core import OfficerAppointment, SignificantControl

__all__ = ["PersonClaim", "in_order"]

PersonClaim = OfficerAppointment | SignificantControl
"""A claim about somebody, human or body, who has an office or control."""

_OURS = {OfficerAppointment, SignificantControl}
"""The classes of which the text is known; a plugin may have one of its own."""


def in_order(claims: Sequence[PersonClaim]) -> list[PersonClaim]:
    """The claims of one company sorted by their text (``repr``), each text once.

    The text of a claim is long, and what stands in it up to the name nearly always tells it from the others. So the
    claims are sorted by this beginning, and whole texts are made only of claims that begin alike.
    """
    pages = {(type(claim), id(claim.provenance)): claim for claim in claims}
    kinds = {kind for kind, _ in pages}
    if not kinds <= _OURS:
        return _by_text(claims)
    if len(pages) == len(kinds):
        # One page of each: what the claims of a page have in common says nothing.
        heads = {page: page[0].__name__ for page in pages}
    else:
        heads = {page: f"{page[0].__name__}(provenance={claim.provenance!r}" for page, claim in pages.items()}
    alike: dict[str, list[PersonClaim]] = {}
    for claim in claims:
        beginning = heads[type(claim), id(claim.provenance)] + _up_to_name(claim)
        alike.setdefault(beginning, []).append(claim)
    return [claim for beginning in sorted(alike) for claim in _by_text(alike[beginning])]


def _up_to_name(claim: PersonClaim) -> str:
    """What stands in the text behind the company, up to the name.

    It ends with a quotation mark that does not stand inside, so no such text is the beginning of another, and whole
    texts sort as these do.
    """
    if isinstance(claim, OfficerAppointment):
        return f", name={claim.name!r}"
    return f", control_kind={claim.control_kind!r}, name={claim.name!r}"


def _by_text(claims: Sequence[PersonClaim]) -> list[PersonClaim]:
    if len(claims) == 1:
        return list(claims)
    texts = {repr(claim): claim for claim in claims}
    return [texts[text] for text in sorted(texts)]
