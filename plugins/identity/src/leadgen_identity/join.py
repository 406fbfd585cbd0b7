"""One human or two? Statements of one company are put together, the surest links first.

The rule above all others: statements with different birth keys are never one human, not even by way of a third
statement between them. Where a statement could belong to either of two humans, it belongs to neither. Every step
is a function of the set of statements, so their order does not matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations

from leadgen_identity.likeness import alike
from leadgen_identity.names import clashing, compatible_given, same_family, same_given
from leadgen_identity.statements import Statement

__all__ = ["join"]

Link = Callable[[Statement, Statement], bool]


def join(statements: Sequence[Statement]) -> list[list[Statement]]:
    """The statements grouped by human, in the order of each group's first statement."""
    ordered = sorted(statements, key=lambda statement: statement.order)
    groups = [[statement] for statement in ordered]
    pairs: dict[Bucket, list[tuple[int, int]]] = {}
    for bucket, link in _LEVELS:
        if bucket not in pairs:
            pairs[bucket] = _pairs(groups, bucket)
        if not pairs[bucket]:
            continue
        merged = _merge(groups, pairs[bucket], link)
        if merged is not groups:
            groups, pairs = merged, {}
    return groups


# --- links, the surest first ------------------------------------------------------------------------------


def _same_id(one: Statement, other: Statement) -> bool:
    """One id of the register: one human, under two surnames too, if the given names agree."""
    if not one.ids & other.ids:
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


_LEVELS: tuple[tuple[Bucket, Link], ...] = (
    (_by_id, _same_id),
    (_by_family, _same_birth_and_name),
    (_by_family, _same_birth_and_like_name),
    (_by_birth, _same_birth_and_alike),
    (_by_family, _one_birth_missing),
    (_by_family, _both_births_missing),
)


# --- merging ----------------------------------------------------------------------------------------------


def _conflict(one: Sequence[Statement], other: Sequence[Statement]) -> bool:
    """Whether two groups cannot be one human: different birth keys, or given names that rule each other out."""
    return any(_apart(a, b) for a in one for b in other)


def _apart(one: Statement, other: Statement) -> bool:
    if one.birth_key is not None and other.birth_key is not None and one.birth_key != other.birth_key:
        return True
    return clashing(one.name, other.name) and not _same_birth_and_alike(one, other)


def _pairs(groups: list[list[Statement]], bucket: Bucket) -> list[tuple[int, int]]:
    """The places of groups that have a key in common: only these can be linked."""
    places: dict[str, list[int]] = {}
    for place, group in enumerate(groups):
        keys = bucket(group[0]) if len(group) == 1 else {key for statement in group for key in bucket(statement)}
        for key in keys:
            places.setdefault(key, []).append(place)
    if len(places) == sum(map(len, places.values())):
        return []
    return [pair for members in places.values() if len(members) > 1 for pair in combinations(members, 2)]


def _merge(groups: list[list[Statement]], pairs: Sequence[tuple[int, int]], link: Link) -> list[list[Statement]]:
    """Merge what is linked and free of conflict, at one level of links. The same list when nothing is."""
    near = defaultdict[int, set[int]](set)
    for one, other in pairs:
        linked = any(link(a, b) for a in groups[one] for b in groups[other])
        if linked and not _conflict(groups[one], groups[other]):
            near[one].add(other)
            near[other].add(one)
    if not near:
        return groups
    # Who is linked to two that cannot be one human could be either, so it is joined to neither.
    torn = {
        place
        for place, others in near.items()
        if any(_conflict(groups[one], groups[other]) for one, other in combinations(sorted(others), 2))
    }
    merged: list[list[Statement]] = []
    done: set[int] = set()
    for place, group in enumerate(groups):
        if place in done:
            continue
        if place not in near:
            merged.append(group)
            continue
        component = _reach(place, near, torn)
        # Two are linked, so they are free of conflict; of more, some are linked only by way of others.
        if len(component) > 2 and any(_conflict(groups[a], groups[b]) for a, b in combinations(component, 2)):
            component = [place]
        done.update(component)
        merged.append(sorted((s for member in component for s in groups[member]), key=lambda s: s.order))
        if component == [place]:
            merged[-1] = group
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
