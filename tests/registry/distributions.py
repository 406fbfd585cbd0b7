"""Distributions as real folders: a module and a ``.dist-info`` that ``importlib.metadata`` finds by itself."""

from __future__ import annotations

import importlib
import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from leadgen_core.registry import Registry

__all__ = ["HEAD", "Site", "site"]

_COUNT = itertools.count()

HEAD = """
from attrs import frozen
from leadgen_core import *
from leadgen_core import CompanyNumber, CompanyProfile

@frozen
class Config:
    api_key: Secret | None = None

PLUGIN = Plugin(api_version=1, config=Config)

def source(name, **more):
    return SourceSpec(name=name, factory="somewhere:Source", asks=CompanyNumber, yields=(CompanyProfile,), **more)
"""


class Site:
    """A folder of installed distributions."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.modules: list[str] = []
        self.names: list[str] = []

    def add(
        self,
        name: str,
        code: str = "",
        *,
        distribution: str | None = None,
        version: str = "1.0",
        head: str = HEAD,
        entry_points: str | None = None,
        metadata: str | None = None,
    ) -> str:
        """Install a plugin whose module is ``head`` and ``code``; gives the module's name."""
        module = f"site_plugin_{next(_COUNT)}"
        distribution = distribution or f"leadgen-{name}"
        (self.folder / f"{module}.py").write_text(dedent(head) + dedent(code))
        info = self.folder / f"{distribution.replace('-', '_')}-{version}.dist-info"
        info.mkdir(exist_ok=True)
        if metadata is None:
            metadata = f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n"
        (info / "METADATA").write_text(metadata)
        text = entry_points if entry_points is not None else f"[leadgen.plugins]\n{name} = {module}\n"
        (info / "entry_points.txt").write_text(text)
        self.modules.append(module)
        self.names.append(name)
        importlib.invalidate_caches()
        return module

    def registry(self, *names: str) -> Registry:
        """What is installed here, and nothing else of this environment."""
        return Registry.discover({"LEADGEN_PLUGINS": ",".join(names or self.names)})


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    made = Site(folder)
    yield made
    for module in made.modules:
        sys.modules.pop(module, None)
