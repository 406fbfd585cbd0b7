"""Addresses: nothing a plugin, a configuration or a server writes leads a credential elsewhere."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen_core.contracts.api import Request
from leadgen_core.contracts.lookup import Lookup
from leadgen_core.errors import UsageError
from leadgen_core.gateway.address import Home
from leadgen_core.model.answers import Cause, Unanswered

HOME = Home("https://acme.example/v1/", ("files.example",), "acme")


def test_a_url_is_the_base_the_path_and_the_query() -> None:
    assert HOME.url(Request("/items/1")) == "https://acme.example/v1/items/1"
    assert HOME.url(Request("/find", {"q": "a b&c", "n": "5"})) == "https://acme.example/v1/find?q=a+b%26c&n=5"
    assert HOME.url(Request("/find?x=1", {"n": "5"})) == "https://acme.example/v1/find?x=1&n=5"
    assert Home("http://127.0.0.1:8080", (), "acme").url(Request("/a")) == "http://127.0.0.1:8080/a"
    assert Home("HTTPS://ACME.example:443", (), "acme").url(Request("/a")) == "https://acme.example/a"
    assert Home("http://[::1]:8080", (), "acme").url(Request("/a")) == "http://[::1]:8080/a"


@pytest.mark.parametrize(
    "path",
    [
        "items/1",
        "https://evil.example/",
        "@evil.example/",
        ":80/",
        ".evil.example/",
        "/a/../../admin",
        "/a/%2e%2E/admin",
        "/..",
        "/a/./b",
        "/a b",
        "/a\nHost: evil.example",
        "/a\\b",
        "/a#b",
        "/café",
        "",
    ],
)
def test_a_path_that_is_none_is_refused(path: str) -> None:
    with pytest.raises(Unanswered) as caught:
        HOME.url(Request(path))
    assert caught.value.cause is Cause.MALFORMED


@given(st.text(), st.text())
def test_no_path_and_no_query_leave_the_origin(path: str, value: str) -> None:
    try:
        url = HOME.url(Request(path, {"q": value}))
    except Unanswered:
        return
    parts = urlsplit(url)
    assert (parts.scheme, parts.netloc) == ("https", "acme.example")
    assert parts.path.startswith("/v1/")


@given(st.text())
def test_a_segment_is_taken_or_refused_never_misread(text: str) -> None:
    try:
        segment = Lookup.segment(text)
    except UnicodeEncodeError:
        return  # half of a surrogate pair
    if text in (".", ".."):
        with pytest.raises(Unanswered):
            HOME.url(Request(f"/items/{segment}"))
    else:
        assert HOME.url(Request(f"/items/{segment}")) == f"https://acme.example/v1/items/{segment}"


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "acme.example",
        "ftp://acme.example",
        "file:///etc/passwd",
        "https://",
        "https://user:hunter2@acme.example",
        "https://acme.example/?key=hunter2",
        "https://acme.example/#hunter2",
        "https://acme.example/hunter2 /",
        "https://acme.example:99999/hunter2",
        "https://[hunter2",
        "https://acme.example/../hunter2",
    ],
)
def test_a_base_url_that_is_none_is_refused_without_being_repeated(base_url: str) -> None:
    with pytest.raises(UsageError, match="acme: base_url") as caught:
        Home(base_url, (), "acme")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("location", "url", "at_home"),
    [
        ("/v2/items", "https://acme.example/v2/items", True),
        ("other?x=1", "https://acme.example/v1/items/other?x=1", True),
        ("https://acme.example:443/a", "https://acme.example/a", True),
        ("https://ACME.example", "https://acme.example/", True),
        ("https://files.example/doc?sig=1", "https://files.example/doc?sig=1", False),
        ("https://FILES.example:8443/doc", "https://files.example:8443/doc", False),
        ("/a#part", "https://acme.example/a", True),
    ],
)
def test_a_redirect_may_stay_at_home_or_go_to_a_declared_host(location: str, url: str, at_home: bool) -> None:
    assert HOME.follow("https://acme.example/v1/items/1", location) == (url, at_home)


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example/",
        "//evil.example/",
        "http://acme.example/",
        "http://files.example/doc",
        "https://acme.example:8443/",
        "https://acme.example@evil.example/",
        "https://user:pass@acme.example/",
        "https://acme.example\\@evil.example/",
        "https://evil.example\\.acme.example/",
        "\\\\evil.example",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://[::1",
        "https://acme.example:x/",
        "/a b",
        "/a\r\nX: y",
        "https://sub.files.example/",
        "https://files.example.evil.example/",
    ],
)
def test_any_other_redirect_is_refused_without_repeating_it(location: str) -> None:
    with pytest.raises(ValueError, match="a redirect to") as caught:
        HOME.follow("https://acme.example/v1/items/1", location)
    assert "evil" not in str(caught.value)


@given(st.text() | st.from_regex(r"(https?:)?//[a-z@:\\/.\[\]0-9]*acme\.example[a-z@:\\/.0-9?#]*", fullmatch=True))
def test_what_is_called_home_is_home(location: str) -> None:
    try:
        url, at_home = HOME.follow("https://acme.example/v1/items/1", location)
    except ValueError:
        return
    origin = (urlsplit(url).scheme, urlsplit(url).netloc)
    assert at_home == (origin == ("https", "acme.example"))
    assert at_home or urlsplit(url).hostname == "files.example"
