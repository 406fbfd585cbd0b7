"""Each guest breaks as it says; what the host does about it is tested where the host is."""

from __future__ import annotations

import importlib
import io
import sys

import pytest


@pytest.mark.parametrize(
    ("what", "raises"), [("error", RuntimeError), ("exit", SystemExit), ("generator-exit", GeneratorExit)]
)
def test_the_import_raises(what: str, raises: type[BaseException], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSTILE_IMPORT", what)
    sys.modules.pop("leadgen_hostile.imports", None)
    with pytest.raises(raises):
        importlib.import_module("leadgen_hostile.imports")


@pytest.mark.parametrize("name", ["answers", "factory", "hooks", "hosts", "parts"])
def test_the_others_import_and_have_a_plugin(name: str) -> None:
    module = importlib.import_module(f"leadgen_hostile.{name}")
    assert module.PLUGIN.api_version == 1


def test_the_streams_are_closed_indeed(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = importlib.import_module("leadgen_hostile.answers")
    out, err = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    answers.Facts(answers.Config()).do_close_streams(None, None)
    assert out.closed
    assert err.closed


@pytest.mark.parametrize("how", ["rubbish", "text"])
async def test_the_cache_gives_what_is_no_entry(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSTILE_PART", f"cache:{how}")
    parts = importlib.import_module("leadgen_hostile.parts")
    assert await parts.Cache(None).get("key") is not None
