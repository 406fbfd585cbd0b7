from __future__ import annotations

import json
import time
from base64 import b64encode
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from leadgen_core import Secret
from leadgen_core.logs import Scrubber
from leadgen_core.secrets import STARS

KEY = 'sk/live+93 ü"x'

values = st.text(st.characters(exclude_categories=["Cs"]), min_size=4, max_size=40)
surroundings = st.text(max_size=30)


def plain(value: str) -> None:
    """Leave out what cannot be told from the stars that stand for it."""
    assume("*" not in value)


@settings(deadline=None)
@given(value=values, before=surroundings, after=surroundings)
def test_no_secret_survives(value: str, before: str, after: str) -> None:
    plain(value)
    text = Scrubber([Secret(value)])(f"{before}{value}{after}{value}{value}")
    assert value not in text


@settings(deadline=None)
@given(found=st.lists(values, min_size=2, max_size=5), data=st.data())
def test_no_secret_survives_beside_others(found: list[str], data: st.DataObject) -> None:
    for value in found:
        plain(value)
    overlapping = found + [first[-2:] + second for first in found for second in found]
    pieces = data.draw(st.lists(st.sampled_from(overlapping), max_size=8))
    text = Scrubber(map(Secret, found))("".join(pieces))
    assert not [value for value in found if value in text]


FORMS = {
    "itself": KEY,
    "JSON": json.dumps(KEY)[1:-1],
    "JSON in UTF-8": json.dumps(KEY, ensure_ascii=False)[1:-1],
    "Python": repr(KEY),
    "bytes": repr(KEY.encode()),
    "path of a URL": quote(KEY),
    "part of a URL": quote(KEY, safe=""),
    "form": quote_plus(KEY),
    "user of HTTP Basic": b64encode(f"{KEY}:".encode()).decode(),
    "base64": b64encode(KEY.encode()).decode(),
    "base64 cut": b64encode(KEY.encode()).decode().rstrip("="),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_in_which_a_secret_travels(form: str) -> None:
    written = FORMS[form]
    text = Scrubber([Secret(KEY)])(f"x {written} y")
    assert STARS in text
    for other in FORMS.values():
        assert other.strip("'b") not in text
    assert len(text) < len(STARS) + 8, "a part of it is left"


@settings(deadline=None)
@given(value=values)
def test_forms_of_any_secret(value: str) -> None:
    plain(value)
    scrub = Scrubber([Secret(value)])
    basic = b64encode(f"{value}:".encode()).decode()
    assert basic not in scrub(f"Authorization: Basic {basic}")
    assert quote(value, safe="") not in scrub(f"https://x.example/?q={quote(value, safe='')}") or len(quote(value)) < 4
    assert json.dumps(value)[1:-1] not in scrub(json.dumps({"a": value}))
    assert repr(value)[1:-1] not in scrub(repr([value]))


def test_short_values_are_left_alone() -> None:
    assert Scrubber([Secret("a"), Secret("abc")])("a cab abc") == "a cab abc"


def test_secrets_can_be_told_later() -> None:
    scrub = Scrubber()
    assert scrub("first-key second-key") == "first-key second-key"
    scrub.add(Secret("first-key"))
    scrub.add(Secret("second-key"))
    assert scrub("first-key second-key") == f"{STARS} {STARS}"


def test_the_longer_of_two_secrets_goes_whole() -> None:
    assert Scrubber([Secret("abcd"), Secret("abcdefgh")])("abcdefgh abcd") == f"{STARS} {STARS}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Authorization: Basic c2VjcmV0Og==", f"Authorization: {STARS}"),
        ("{'Authorization': 'Bearer abc.def-ghi'}", f"{{'Authorization': '{STARS}'}}"),
        ('{"authorization":"abcdefghij"}', f'{{"authorization":"{STARS}"}}'),
        ('"{\\"X-Api-Key\\": \\"abcdefghij\\"}"', f'"{{\\"X-Api-Key\\": \\"{STARS}\\"}}"'),
        ("api_key=abc, next=1", f"api_key={STARS}, next=1"),
        ("access_token = 'abc'", f"access_token = '{STARS}'"),
        ("sent Bearer abcdefghijklmnop.", f"sent Bearer {STARS}"),
        ("https://user:pass@api.example/x", f"https://{STARS}@api.example/x"),
        ("https://token@api.example/x", f"https://{STARS}@api.example/x"),
        ("https://api.example/x?a=1&key=abc&b=2", f"https://api.example/x?a=1&key={STARS}&b=2"),
        ("https://api.example/x?token=abc", f"https://api.example/x?token={STARS}"),
    ],
)
def test_what_looks_like_a_credential(text: str, expected: str) -> None:
    assert Scrubber()(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "companies-house needs api_key: set LEADGEN_COMPANIES_HOUSE__API_KEY or api_key in [companies-house]",
        "a basic plan, the bearer of the token",
        "https://api.example/company/09370755/officers?items_per_page=35",
        "https://api.example/a@b",
        "mail@example.org",
        "",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    assert Scrubber([Secret("sk-other")])(text) == text


@pytest.mark.parametrize("piece", ["a", "a.", "://", "://a:", "Bearer ", "authorization:", "key=", "?key=", '\\"', " "])
def test_long_text_costs_no_more_than_its_length(piece: str) -> None:
    scrub = Scrubber([Secret("sk-other")])

    def cost(length: int) -> float:
        text = piece * (length // len(piece))
        best = 9.0
        for _ in range(3):
            began = time.thread_time()
            scrub(text)
            best = min(best, time.thread_time() - began)
        return best

    # Ten times the text: a square would cost a hundred times as much.
    assert cost(200_000) < 40 * max(cost(20_000), 0.0005)
