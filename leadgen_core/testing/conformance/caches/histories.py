"""Whatever is called in whatever order: a cache says what a dict would."""

from __future__ import annotations

from typing import Any

from leadgen_core.testing.conformance.caches.values import MINUTE
from leadgen_core.testing.conformance.check import check, require
from leadgen_core.testing.conformance.drawing import drawn, strategies
from leadgen_core.testing.conformance.specimen import Specimen
from leadgen_core.testing.conformance.stage import staged

_SPACES = ("x", "y")
_KEYS = ("b", "c")
_PLACES = [(space, key) for space in _SPACES for key in _KEYS]

Act = tuple[str, tuple[str, str], int]


def _histories() -> list[list[Act]]:
    st = strategies()
    acts = st.tuples(
        st.sampled_from(("set", "multi_set", "add", "delete", "clear")), st.sampled_from(_PLACES), st.integers(1, 9)
    )
    return drawn(st.lists(acts, min_size=2, max_size=12), 60)


async def _play(cache: Any, act: Act, token: str, model: dict[tuple[str, str], int]) -> None:
    """One call, and what a dict makes of it."""
    what, (name, key), value = act
    space = token + name
    if what == "clear":
        await cache.clear(namespace=space)
        for place in [place for place in model if place[0] == name]:
            del model[place]
    elif what == "delete":
        await cache.delete(key, namespace=space)
        model.pop((name, key), None)
    elif what == "multi_set":
        await cache.multi_set([(each, value) for each in _KEYS], ttl=MINUTE, namespace=space)
        model.update({(name, each): value for each in _KEYS})
    elif what == "set":
        await cache.set(key, value, ttl=MINUTE, namespace=space)
        model[name, key] = value
    elif (name, key) not in model:  # cache.add says what an add of what exists does
        await cache.add(key, value, ttl=MINUTE, namespace=space)
        model[name, key] = value


@check(
    "leadgen_caches",
    "cache.histories",
    says="after any calls in any order, it has what a dict would have",
    mend="look at the calls that are named: one of them has left something behind",
)
async def histories(specimen: Specimen) -> None:
    """Short histories in two namespaces, drawn; looked at as a whole after each."""
    async with staged(specimen) as stage:
        cache = stage.make()
        for number, history in enumerate(_histories()):
            token, model = f"{stage.token}{number}", dict[tuple[str, str], int]()
            for act in history:
                await _play(cache, act, token, model)
            for name in _SPACES:
                seen = await cache.multi_get(list(_KEYS), namespace=token + name)
                expected = [model.get((name, key)) for key in _KEYS]
                calls = ", ".join(f"{what} {space}/{key}" for what, (space, key), _ in history)
                require(seen == expected, f"after {calls}: in {name} it has {seen}, a dict would have {expected}")
                await cache.clear(namespace=token + name)
