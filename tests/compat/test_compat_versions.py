"""Versions, both ways, with real distributions; and deprecation, which is told once."""

from __future__ import annotations

import io
import types
from collections.abc import Iterator
from contextlib import closing

import pytest

import leadgen_core
from leadgen_core import UsageError, logs
from leadgen_core.contracts import deprecation
from leadgen_core.contracts.deprecation import Deprecated
from leadgen_core.registry import opening
from leadgen_core.settings import Layers
from tests.registry.distributions import Site
from tests.registry.distributions import site as site

SOURCE = "@hookimpl\ndef leadgen_sources():\n    return [source('one', tier=2)]\n"
NOTICE = Deprecated(instead="use something else", gone_in="0.3")


def of_version(site: Site, version: int) -> None:
    site.add("acme", f"PLUGIN = Plugin(api_version={version}, config=Config)\n{SOURCE}", version="3.1")


def layers() -> Layers:
    return Layers(file=None, profile=None)


@pytest.mark.parametrize(
    ("version", "because"),
    [
        (2, "it needs version 2 of the plugin API and this is 1; upgrade leadgen-core"),
        (
            0,
            "it was written for version 0 of the plugin API and the oldest supported one is 1; upgrade leadgen-acme",
        ),
    ],
)
def test_by_name_it_is_refused_and_found_automatically_left_out(site: Site, version: int, because: str) -> None:
    of_version(site, version)
    with pytest.raises(UsageError) as caught:
        site.registry().load(["acme"], layers())
    assert str(caught.value) == f"the plugin acme (leadgen-acme 3.1): {because}"
    (note,) = site.registry().load(None, layers()).notes
    assert str(note) == f"acme (leadgen-acme 3.1) left out: {because}"


def test_a_core_that_still_knows_the_older_contract_takes_it(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    of_version(site, 1)
    monkeypatch.setattr(opening, "API_VERSION", 2)
    assert site.registry().open("acme").plugin.api_version == 1
    monkeypatch.setattr(opening, "OLDEST_API_VERSION", 2)
    with pytest.raises(Exception, match="upgrade leadgen-acme"):
        site.registry().open("acme")


# --- deprecation ------------------------------------------------------------------------------------------


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    monkeypatch.setattr(deprecation, "_told", set())
    said = io.StringIO()
    with closing(logs.configure(format="text", stream=said)):
        yield said


def test_nothing_is_deprecated_now() -> None:
    assert not any((deprecation.HOOKS_GOING, deprecation.ARGUMENTS, deprecation.MEMBERS, deprecation.NAMES))


def test_a_hook_and_a_member_of_a_spec_are_told_once(
    site: Site, told: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(deprecation.HOOKS_GOING, "leadgen_sources", NOTICE)
    monkeypatch.setitem(deprecation.MEMBERS, ("SourceSpec", "tier"), NOTICE)
    monkeypatch.setitem(deprecation.MEMBERS, ("SourceSpec", "calls"), NOTICE)  # which it leaves at its default
    of_version(site, 1)
    for _ in range(3):
        site.registry().open("acme")
    lines = told.getvalue().splitlines()
    assert len(lines) == 2
    for what, line in zip(("the hook leadgen_sources", "SourceSpec.tier"), lines, strict=True):
        assert line.endswith(
            f"the plugin acme (leadgen-acme 3.1) uses {what}, which goes in leadgen-core 0.3: use something else"
        )


def test_an_argument_of_a_hook_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def leadgen_sinks(old: object) -> None: ...

    module = types.SimpleNamespace(leadgen_sinks=leadgen_sinks)
    monkeypatch.setitem(deprecation.ARGUMENTS, ("leadgen_sinks", "old"), NOTICE)
    monkeypatch.setitem(deprecation.ARGUMENTS, ("leadgen_sinks", "older"), NOTICE)
    assert list(opening._going(module, [])) == [("the argument old of leadgen_sinks", NOTICE)]


def test_a_plugin_that_does_not_use_it_hears_nothing(
    site: Site, told: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(deprecation.HOOKS_GOING, "leadgen_sinks", NOTICE)
    of_version(site, 1)
    site.registry().open("acme")
    assert told.getvalue() == ""


def test_a_public_name_that_was_renamed_still_works_and_is_told_once(
    told: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(deprecation.NAMES, "Businessnumber", ("CompanyNumber", NOTICE))
    for _ in range(2):
        assert leadgen_core.Businessnumber is leadgen_core.CompanyNumber
    assert told.getvalue().count("uses leadgen_core.Businessnumber") == 1
    assert f"the module {__name__} uses" in told.getvalue()
    with pytest.raises(AttributeError, match="has no attribute 'Nonsense'"):
        _ = leadgen_core.Nonsense
