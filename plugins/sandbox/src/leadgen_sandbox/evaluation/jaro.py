"""Jaro-Winkler similarity, for the baseline that joins by it. A dozen lines are less than another dependency."""

from __future__ import annotations

__all__ = ["jaro_winkler"]

_PREFIX = 4
_WEIGHT = 0.1


def _jaro(one: str, other: str) -> float:
    if one == other:
        return 1.0
    reach = max(max(len(one), len(other)) // 2 - 1, 0)
    used = [False] * len(other)
    mine: list[str] = []
    for at, sign in enumerate(one):
        for place in range(max(0, at - reach), min(len(other), at + reach + 1)):
            if not used[place] and other[place] == sign:
                used[place] = True
                mine.append(sign)
                break
    common = len(mine)
    if common == 0:
        return 0.0
    theirs = [sign for sign, taken in zip(other, used, strict=True) if taken]
    turned = sum(a != b for a, b in zip(mine, theirs, strict=True)) / 2
    return (common / len(one) + common / len(other) + (common - turned) / common) / 3


def jaro_winkler(one: str, other: str) -> float:
    """Between 0 and 1: Jaro's similarity, raised for a common beginning of up to four characters (weight 0.1)."""
    likeness = _jaro(one, other)
    common = 0
    for a, b in zip(one[:_PREFIX], other[:_PREFIX], strict=False):
        if a != b:
            break
        common += 1
    return likeness + common * _WEIGHT * (1 - likeness)
