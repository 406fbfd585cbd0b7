"""Values that Hypothesis draws, for checks of a property. It is imported when the first check needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from leadgen_core.testing.conformance.check import NotChecked

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["drawn", "json_values", "strategies"]

_T = TypeVar("_T")


def strategies() -> Any:
    """``hypothesis.strategies``."""
    try:
        from hypothesis import strategies
    except ImportError:
        raise NotChecked("it draws values with hypothesis; install leadgen-core[authoring]") from None
    return strategies


def drawn(strategy: SearchStrategy[_T], count: int = 50) -> list[_T]:
    """Always the same values, the shortest first: whoever fails first is a small example of what is wrong."""
    from hypothesis import HealthCheck, Phase, given, settings

    values: list[_T] = []

    # Checks are asynchronous and Hypothesis is not: it draws first, and they judge afterwards.
    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(value: _T) -> None:
        values.append(value)

    draw()
    return sorted(values, key=lambda value: len(repr(value)))


def json_values() -> SearchStrategy[Any]:
    """Anything that JSON can hold; numbers that every reader of JSON keeps exactly."""
    st = strategies()
    text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
    numbers = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
    return st.recursive(  # type: ignore[no-any-return]
        st.none() | st.booleans() | numbers | text,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
        max_leaves=12,
    )
