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
