"""Cache keys."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from leadgen_core.gateway.keys import Keys

PARTS = st.text(max_size=20)


def test_it_is_readable() -> None:
    keys = Keys("companies-house", "ab12cd34ef", "k1")
    assert keys.of("officers", "/company/09370755/officers?items_per_page=50") == (
        "leadgen:companies-house:officers:ab12cd34ef:k1:=/company/09370755/officers?items_per_page=50"
    )


@given(PARTS, PARTS, PARTS, PARTS, st.text(max_size=400))
def test_every_backend_takes_it(api: str, credential: str, key_id: str, operation: str, key: str) -> None:
    made = Keys(api, credential, key_id).of(operation, key)
    assert made.isascii()
    assert made.isprintable()
    assert " " not in made
    head = made[: -len(key)] if made.endswith(f"={key}") and key else made
    assert len(made) <= 200 or len(head) > 160  # memcached takes 250; only absurd names come near


@given(st.tuples(PARTS, PARTS, PARTS, PARTS, PARTS), st.tuples(PARTS, PARTS, PARTS, PARTS, PARTS))
def test_what_differs_in_any_part_has_another_key(
    one: tuple[str, str, str, str, str], two: tuple[str, str, str, str, str]
) -> None:
    def made(parts: tuple[str, str, str, str, str]) -> str:
        api, credential, key_id, operation, key = parts
        return Keys(api, credential, key_id).of(operation, key)

    assert (made(one) == made(two)) == (one == two)


def test_no_key_poses_as_the_digest_of_another() -> None:
    keys = Keys("a", "b", "c")
    digest = keys.of("op", "x" * 500).partition("#")[2]
    assert keys.of("op", f"#{digest}") != keys.of("op", "x" * 500)
