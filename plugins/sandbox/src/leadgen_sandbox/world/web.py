"""Sites and accounts of generated companies, with the facts that a simulator of them needs (README, *Presences*)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from leadgen_core.contracts.world import Place, Presence
from leadgen_sandbox.world.draft import Seat
from leadgen_sandbox.world.draw import Draw, Table
from leadgen_sandbox.world.outline import Outline, slug
from leadgen_sandbox.world.people import Person
from leadgen_sandbox.world.rates import RATES
from leadgen_sandbox.world.spelling import SHORT_FORMS

__all__ = ["presences", "strangers"]

# How many trading companies have an account: chosen.
_NETWORKS = (("x", 0.18), ("linkedin", 0.3), ("facebook", 0.36))
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_BOSSES = ("Director", "Managing Director", "Founder", "Owner", "Co-founder", "Partner", "Principal")
_STAFF = ("Office Manager", "Accounts", "Sales Manager", "Operations Manager", "Head of Marketing")
_SYSTEMS = Table((("wordpress", 46), ("wix", 14), ("squarespace", 9), ("shopify", 8), ("none", 23)))


def _short(tail: int) -> str:
    text = ""
    for _ in range(4):
        tail, digit = divmod(tail, 36)
        text = _DIGITS[digit] + text
    return text


def _handle(outline: Outline, provider: str, mark: str = "") -> str:
    """A handle that nobody else has, in the provider's form: X allows 15 characters."""
    own, name = slug(outline.coined), slug(outline.base)
    if provider == "x":
        if not mark and len(own) <= 15 and own in name:
            return own
        code = f"_{mark}{_short(int(outline.number[2:]))}"
        return name[: 15 - len(code)] + code
    joint = "." if provider == "facebook" else "-"
    stem = name if own in name else f"{name}{joint}{own}"
    return f"{stem}{joint}{mark}" if mark else stem


def _account(
    draw: Draw, outline: Outline, provider: str, today: date, *, site: str | None = None, mark: str = ""
) -> Presence:
    """The company's account, or with a ``mark`` a stranger's of nearly its name."""
    quiet, owned = draw.chance(0.3), not mark
    handle = _handle(outline, provider, mark)
    facts: dict[str, Any] = {
        "id": str(10**14 + int(outline.number[2:]) * 10 + len(mark)),
        "name": outline.base if owned or draw.chance(0.6) else outline.base.split()[0],
        "site": site,
        "location": outline.town.name if owned or draw.chance(0.2) else None,
        "followers": draw.between(3, 60) * 10 ** draw.below(3),
        "posted_on": (today - timedelta(days=draw.between(400, 2000) if quiet else draw.below(60))).isoformat(),
        "verified": draw.chance(0.02),
        "industry": outline.trade.words[0] if owned else None,
    }
    return Presence(provider=provider, handle=handle, owner=outline.number if owned else None, facts=facts)


def _phone(draw: Draw) -> str:
    """A number of the ranges that are kept free for drama (Ofcom)."""
    return draw.pick((f"01632 960{draw.below(1000):03d}", f"020 7946 0{draw.below(1000):03d}"))


def presences(
    outline: Outline, seats: list[Seat], office: Place | None, parent: Outline | None, seed: int, today: date, *,
    realistic: bool,
) -> tuple[Presence, ...]:  # fmt: skip
    """What the company has or points to. A site of its group is the parent's and has its facts there only."""
    if outline.dissolved and outline.site is None:
        return ()
    draw = Draw(seed, outline.place, "web")
    if parent is not None and parent.site is not None and draw.chance(0.5):
        return (Presence(provider="website", handle=parent.site, owner=parent.number),)
    live = not (outline.dormant or outline.dissolved)
    linked: dict[str, str] = {}
    found: list[Presence] = []
    for provider, rate in _NETWORKS if live and not outline.kind.stub else ():
        if not draw.chance(rate):
            continue
        account = _account(draw, outline, provider, today, site=outline.site)
        found.append(account)
        if draw.chance(0.7):
            linked[provider] = account.handle
            if realistic and draw.chance(RATES["wrong_account"]):
                wrong = _account(draw, outline, provider, today, mark=draw.pick(("hq", "uk", "co")))
                found.append(wrong)
                linked[provider] = wrong.handle
    if outline.site is not None:
        found.insert(0, _site(draw, outline, seats, office, linked, today, realistic=realistic))
    return tuple(found)


def _site(
    draw: Draw, outline: Outline, seats: list[Seat], office: Place | None, links: dict[str, str], today: date, *,
    realistic: bool,
) -> Presence:  # fmt: skip
    state, number = "live", outline.number if draw.chance(0.5) else None
    if outline.dissolved:
        state = "gone"
    elif realistic:
        kind = draw.unit()
        state = (
            "stale" if kind < RATES["site_stale"]
            else "parked" if kind < RATES["site_stale"] + RATES["site_parked"] else "live"
        )  # fmt: skip
        number = None if draw.chance(RATES["site_number_hidden"]) else outline.number
        if draw.chance(RATES["site_agency_number"]):
            number = f"0{draw.between(2_000_000, 9_999_999)}"
    else:
        number = outline.number
    stale = state == "stale"
    host = outline.site or ""
    facts: dict[str, Any] = {
        "state": state,
        "name": outline.name if draw.chance(0.3) else outline.base,
        "number": number,
        "postcode": office.postal_code if office is not None and draw.chance(0.7) else None,
        "phone": _phone(draw),
        "email": f"{draw.pick(('info', 'hello', 'enquiries', 'office'))}@{host.removeprefix('www.')}",
        "people": _team(draw, seats, stale=stale),
        "links": links,
        "https": draw.chance(0.9),
        "system": draw.of(_SYSTEMS),
        "updated_on": (today - timedelta(days=draw.between(1500, 4000) if stale else draw.below(400))).isoformat(),
    }
    return Presence(provider="website", handle=host, owner=outline.number, facts=facts)


def _team(draw: Draw, seats: list[Seat], *, stale: bool) -> list[dict[str, str]]:
    """Who is named on the site: as they are called, not as they are registered."""
    team: list[dict[str, str]] = []
    if draw.chance(0.45):
        return team
    for seat in seats:
        if not isinstance(seat.who, Person) or seat.role not in ("director", "llp-designated-member"):
            continue
        shown = stale and draw.chance(0.5) if seat.until else not stale or draw.chance(0.5)
        if shown and seat.since != seat.until:
            short = SHORT_FORMS.get(seat.who.forename, seat.who.forename)
            forename = short if draw.chance(0.5) else seat.who.forename
            team.append({"name": f"{forename} {seat.who.surname}", "role": draw.pick(_BOSSES)})
    if team and draw.chance(0.4):
        who = draw.pick(seats).who
        surname = who.surname if isinstance(who, Person) else "Archer"
        team.append({"name": f"{draw.pick(('Jo', 'Sam', 'Alex', 'Kim'))} {surname}", "role": draw.pick(_STAFF)})
    return team


def strangers(outline: Outline, seed: int, today: date, *, realistic: bool) -> tuple[Presence, ...]:
    """Sites and accounts of nearly the company's name to which it does not point."""
    draw = Draw(seed, outline.place, "strangers")
    if not realistic or not draw.chance(RATES["lookalike"]):
        return ()
    provider = draw.pick(("website", "x", "linkedin", "facebook"))
    if provider != "website":
        return (_account(draw, outline, provider, today, mark=draw.pick(("real", "team"))),)
    host = f"{slug(outline.base)}-{slug(outline.coined)}{draw.pick(('shop', 'group', 'uk'))}.example"
    facts: dict[str, Any] = {
        "state": draw.pick(("live", "parked")), "name": outline.base, "number": None, "people": [], "links": {},
    }  # fmt: skip
    return (Presence(provider="website", handle=host, owner=None, facts=facts),)
