"""No credential leaves in a line, in whichever form it stands there."""

from __future__ import annotations

from base64 import b64encode
from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from leadgen_core import Secret
from leadgen_core.engine.veil import Veil

ALIKE = st.text('ab+/:=é"', min_size=12, max_size=20)
"""Secrets that begin alike, hold each other, and look different in each form."""


@given(values=st.lists(ALIKE, min_size=1, max_size=4), which=st.integers(0, 3), form=st.integers(0, 4))
def test_every_form_of_every_secret_is_covered(values: list[str], which: int, form: int) -> None:
    value = values[which % len(values)]
    data = value.encode()
    shown = [data, b64encode(data), b64encode(data + b":"), quote(value).encode(), quote(value, safe="").encode()][form]
    veil = Veil([Secret(each) for each in values])
    covered = veil.cover(b'{"name":"' + shown + b'"}')
    assert shown.rstrip(b"=") not in covered


def test_a_line_without_a_secret_is_given_back_itself() -> None:
    veil = Veil([Secret("benchmark-key"), Secret("benchmark-key-2")])
    for line in (b'{"name":"benchmark-ke"}', b"YmVuY2htYXJrLWtle", b""):
        assert veil.cover(line) is line


def test_the_end_of_a_longer_secret_does_not_stay() -> None:
    veil = Veil([Secret("benchmark-key"), Secret("benchmark-key-of-another")])
    assert veil.cover(b'"benchmark-key-of-another"') == b'"*******"'


def test_several_secrets_in_one_line_are_all_covered() -> None:
    veil = Veil([Secret("the-first-key"), Secret("another-secret")])
    assert veil.cover(b"another-secret the-first-key another-secret") == b"******* ******* *******"


def test_a_secret_inside_of_another_is_looked_for_by_itself() -> None:
    veil = Veil([Secret("a-secret-of-mine"), Secret("secret-of-mine")])
    assert veil.cover(b'"secret-of-mine"') == b'"*******"'


def test_what_is_too_short_may_stand_in_honest_data() -> None:
    veil = Veil([Secret("eleven-char"), Secret("twelve-chars")])
    assert veil.cover(b"eleven-char twelve-chars") == b"eleven-char *******"
    assert not veil.holds(["eleven-char"])


def test_a_record_that_holds_a_secret_is_told_from_others() -> None:
    veil = Veil([Secret("benchmark-key")])
    assert veil.holds({"url": ["https://a.example/?k=benchmark-key"]})
    assert not veil.holds({"url": ["https://a.example/?k=benchmark"]})
    assert not Veil().holds("benchmark-key")
