"""One human or two? Statements of one company are put together, the surest links first.

The rule above all others: statements with different birth keys are never one human, not even by way of a third
statement between them. Where a statement could belong to either of two humans, it belongs to neither. Every step
is a function of the set of statements, so their order does not matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import chain, combinations, product, starmap
from operator import attrgetter

from leadgen_identity.likeness import alike
from leadgen_identity.names import clashing, compatible_given, same_family, same_given
from leadgen_identity.statements import Statement

__all__ = ["join"]

_ORDER = attrgetter("order")

Link = Callable[[Statement, Statement], bool]
Groups = list[list[Statement]]
Pair = tuple[int, int]
"""The places of two groups, the smaller first."""


def join(statements: Sequence[Statement]) -> Groups:
    """The statements grouped by human, in the order of each group's first statement."""
    ordered = sorted(statements, key=_ORDER)
    groups = [[statement] for statement in ordered]
    pairs: Pairs = {bucket: _pairs(ordered, bucket) for bucket in _BUCKETS}
    for bucket, link in _LEVELS:
        if not pairs[bucket]:
            continue
        merged = _merge(groups, pairs[bucket], link)
        if merged is not groups:
            pairs = _moved(pairs, groups, merged)
            groups = merged
    return groups


# --- links, the surest first ------------------------------------------------------------------------------


def _same_id(one: Statement, other: Statement) -> bool:
    """One id of the register: one human, under two surnames too, if the given names agree."""
    if not any(key in other.ids for key in one.ids):
        return False
    if one.name.given_key and other.name.given_key:
        return compatible_given(one.name, other.name)
    return same_family(one.name, other.name)


def _same_birth_and_name(one: Statement, other: Statement) -> bool:
    return _same_birth(one, other) and same_given(one.name, other.name)


def _same_birth_and_like_name(one: Statement, other: Statement) -> bool:
    return _same_birth(one, other) and compatible_given(one.name, other.name)


def _same_birth_and_alike(one: Statement, other: Statement) -> bool:
    return _same_birth(one, other) and alike(one.name, other.name)


def _same_birth(one: Statement, other: Statement) -> bool:
    return one.birth_key is not None and one.birth_key == other.birth_key


def _one_birth_missing(one: Statement, other: Statement) -> bool:
    """Initials are not enough here: the full given names must be the same."""
    return (one.birth_key is None) != (other.birth_key is None) and same_given(one.name, other.name)


def _both_births_missing(one: Statement, other: Statement) -> bool:
    """Same full name and same postcode. Without a postcode they stay two: father and son share a name."""
    if one.birth_key is not None or other.birth_key is not None or one.postcode_key is None:
        return False
    return one.postcode_key == other.postcode_key and same_given(one.name, other.name)


Bucket = Callable[[Statement], Iterable[str]]


def _by_id(statement: Statement) -> Iterable[str]:
    return statement.ids


def _by_birth(statement: Statement) -> Iterable[str]:
    return (statement.birth_key,) if statement.birth_key else ()


def _by_family(statement: Statement) -> Iterable[str]:
    return (statement.name.family_key,) if statement.name.family_key else ()


Pairs = Mapping[Bucket, Collection[Pair]]
_BUCKETS: tuple[Bucket, ...] = (_by_id, _by_family, _by_birth)
_LEVELS: tuple[tuple[Bucket, Link], ...] = (
    (_by_id, _same_id),
    (_by_family, _same_birth_and_name),
    (_by_family, _same_birth_and_like_name),
    (_by_birth, _same_birth_and_alike),
    (_by_family, _one_birth_missing),
    (_by_family, _both_births_missing),
)


# --- merging ----------------------------------------------------------------------------------------------


def _pairs(statements: Sequence[Statement], bucket: Bucket) -> list[Pair]:
    """The places of statements that have a key in common: only their groups can be linked."""
    keys = [bucket(statement) for statement in statements]
    single = list(chain.from_iterable(keys))
    if len(set(single)) == len(single):
        return []
    holders: dict[str, list[int]] = {}
    for place, own in enumerate(keys):
        for key in own:
            holders.setdefault(key, []).append(place)
    return [pair for places in holders.values() if len(places) > 1 for pair in combinations(places, 2)]


def _moved(pairs: Pairs, before: Groups, after: Groups) -> Pairs:
    """The same pairs by the places of the groups ``after``, but for those that are in one group now."""
    places = {statement.order: place for place, group in enumerate(after) for statement in group}
    new = [places[group[0].order] for group in before]
    return {
        bucket: {
            (min(new[one], new[other]), max(new[one], new[other])) for one, other in found if new[one] != new[other]
        }
        for bucket, found in pairs.items()
    }


def _conflict(one: Sequence[Statement], other: Sequence[Statement]) -> bool:
    """Whether two groups cannot be one human: different birth keys, or given names that rule each other out."""
    return any(starmap(_apart, product(one, other)))


def _clash(groups: Groups, places: Iterable[int]) -> bool:
    """Whether two of the groups at these places cannot be one human."""
    return any(_conflict(groups[one], groups[other]) for one, other in combinations(sorted(places), 2))


def _apart(one: Statement, other: Statement) -> bool:
    if one.birth_key is not None and other.birth_key is not None and one.birth_key != other.birth_key:
        return True
    return clashing(one.name, other.name) and not _same_birth_and_alike(one, other)


def _merge(groups: Groups, pairs: Iterable[Pair], link: Link) -> Groups:
    """Merge what is linked and free of conflict, at one level of links. The same list when nothing is."""
    near: defaultdict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        linked = any(starmap(link, product(groups[one], groups[other])))
        if linked and not _conflict(groups[one], groups[other]):
            near[one].add(other)
            near[other].add(one)
    if not near:
        return groups
    # Who is linked to two that cannot be one human could be either, so it is joined to neither.
    torn = {place for place, others in near.items() if len(others) > 1 and _clash(groups, others)}
    merged: Groups = []
    done: set[int] = set()
    for place, group in enumerate(groups):
        if place in done:
            continue
        component = _reach(place, near, torn) if place in near else [place]
        # Two are linked, so they are free of conflict; of more, some are linked only by way of others.
        if len(component) > 2 and _clash(groups, component):
            component = [place]
        if len(component) == 1:
            merged.append(group)
        else:
            done.update(component)
            merged.append(sorted(chain.from_iterable([groups[member] for member in component]), key=_ORDER))
    return merged


def _reach(start: int, near: dict[int, set[int]], without: set[int]) -> list[int]:
    """All places that are linked to ``start`` by way of places that are not torn."""
    if start in without:
        return [start]
    seen, open_places = {start}, [start]
    while open_places:
        for place in near.get(open_places.pop(), set()) - without - seen:
            seen.add(place)
            open_places.append(place)
    return sorted(seen)
