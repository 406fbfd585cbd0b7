from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from leadgen_core import UsageError
from leadgen_core.registry import Command, Installed, Registry, commands, split_names
from tests.registry.distributions import Site

RAISES = "raise RuntimeError('imported')"


def test_metadata_alone_is_read(site: Site) -> None:
    module = site.add("acme", RAISES, version="1.2.3", distribution="Leadgen_Acme")
    other = site.add("beta", RAISES)
    registry = site.registry()
    assert registry.installed == (
        Installed("acme", "Leadgen_Acme", "1.2.3", module),
        Installed("beta", "leadgen-beta", "1.0", other),
    )
    assert registry.names == ("acme", "beta")
    assert registry.notes == ()
    assert module not in sys.modules
    assert str(registry.installed[0]) == "acme (Leadgen_Acme 1.2.3)"


def test_the_order_of_the_path_does_not_matter(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    later = tmp_path / "later"
    later.mkdir()
    for name in ("zeta", "acme"):
        site.add(name)
    elsewhere = Site(later)
    elsewhere.add("beta")
    names = ("acme", "beta", "zeta")
    monkeypatch.syspath_prepend(str(later))
    first = site.registry(*names).installed
    monkeypatch.setattr(sys, "path", [str(site.folder), str(later), *sys.path[2:]])
    assert site.registry(*names).installed == first
    assert tuple(each.name for each in first) == names


def test_the_first_of_two_installations_of_one_distribution_counts(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.add("acme", version="2.0")
    shadowed = tmp_path / "shadowed"
    shadowed.mkdir()
    Site(shadowed).add("acme", version="1.0", distribution="LEADGEN.acme")
    monkeypatch.setattr(sys, "path", [*sys.path, str(shadowed)])
    assert [each.version for each in site.registry().installed] == ["2.0"]


def test_the_allow_list(site: Site) -> None:
    site.add("acme")
    site.add("beta")
    registry = Registry.discover({"LEADGEN_PLUGINS": " beta, gone ,"})
    assert registry.names == ("beta",)
    assert registry.notes == ("LEADGEN_PLUGINS names gone, which is not installed",)
    assert {"acme", "beta"} <= set(registry.known_names)
    with pytest.raises(UsageError, match=r"^the plugin acme is installed, but LEADGEN_PLUGINS leaves it out$"):
        registry.named("acme")
    everything = Registry.discover({"LEADGEN_PLUGINS": ""})
    assert {"acme", "beta"} <= set(everything.names)


@pytest.mark.parametrize(
    ("entry_points", "metadata", "note"),
    [
        ("[leadgen.plugins]\nno equals sign\n", None, "the metadata of leadgen-odd 1.0 cannot be read (TypeError)"),
        (
            "[leadgen.plugins]\nOdd_Name = x\n",
            None,
            "leadgen-odd 1.0 offers a plugin under a name that cannot be used: Odd_Name",
        ),
        (
            "[leadgen.plugins]\nrun = x\n",
            None,
            "leadgen-odd 1.0 offers a plugin under a name that cannot be used: run",
        ),
    ],
)
def test_broken_metadata_is_a_note(site: Site, entry_points: str, metadata: str | None, note: str) -> None:
    site.add("acme")
    site.add("odd", entry_points=entry_points, metadata=metadata)
    registry = site.registry("acme")
    assert registry.names == ("acme",)
    assert note in registry.notes


@pytest.mark.parametrize("metadata", ["", "nonsense without a colon", "Name: \nVersion: \n"])
def test_a_distribution_without_a_name(site: Site, metadata: str) -> None:
    module = site.add("odd", metadata=metadata)
    assert Installed("odd", "unknown", "unknown", module) in site.registry().installed


def test_entry_points_that_are_no_text(site: Site) -> None:
    site.add("acme")
    site.add("odd")
    (site.folder / "leadgen_odd-1.0.dist-info" / "entry_points.txt").write_bytes(b"[leadgen.plugins]\nx = \xff\n")
    registry = site.registry("acme")
    assert registry.names == ("acme",)
    assert "the metadata of unknown unknown cannot be read (UnicodeDecodeError)" in registry.notes


# --- commands ---------------------------------------------------------------------------------------------


def test_commands_are_listed_from_metadata(site: Site) -> None:
    text = "[leadgen.plugins]\n{0} = {1}\n[leadgen.commands]\n{0}-tool = {1}:tool\n"
    site.add("acme", RAISES, entry_points=text.format("acme", "gone_a"))
    site.add("beta", RAISES, entry_points=text.format("beta", "gone_b"))
    acme = Command("acme-tool", "leadgen-acme", "1.0", "gone_a:tool")
    beta = Command("beta-tool", "leadgen-beta", "1.0", "gone_b:tool")
    assert {acme, beta} <= set(commands({}))
    # A plugin that is left out has no commands either.
    assert commands({"LEADGEN_PLUGINS": "beta"}) == (beta,)


# --- two of one name --------------------------------------------------------------------------------------


def test_two_distributions_offer_one_name(site: Site) -> None:
    site.add("acme", distribution="leadgen-acme", version="1.0")
    site.add("acme", distribution="acme-tools", version="0.3")
    site.add("beta")
    registry = site.registry()
    assert [str(each) for each in registry.installed] == [
        "acme (acme-tools 0.3)",
        "acme (leadgen-acme 1.0)",
        "beta (leadgen-beta 1.0)",
    ]
    sentence = (
        r"^the plugin acme is offered by two distributions, acme-tools 0\.3 and leadgen-acme 1\.0: uninstall one$"
    )
    for asked in (["acme"], ["beta", "acme"], None, ["no:beta"]):
        with pytest.raises(UsageError, match=sentence):
            registry.choose(asked, None)
    with pytest.raises(UsageError, match=sentence):
        registry.choose(None, ["acme"])
    # A run that does not take it goes on.
    assert names(registry.choose(["beta"], ["acme"])) == ["beta"]
    assert names(registry.choose(["no:acme"], None)) == ["beta"]


# --- choosing ---------------------------------------------------------------------------------------------


def names(chosen: tuple[tuple[Installed, ...], bool]) -> list[str]:
    return [each.name for each in chosen[0]]


@pytest.mark.parametrize(
    ("asked", "use", "expected", "by_name"),
    [
        (None, None, ["a", "b", "c"], False),
        (["no:b"], None, ["a", "c"], False),
        (None, ["c", "a"], ["c", "a"], True),
        (["no:a"], ["c", "a"], ["c"], True),
        (["no:b"], ["c", "a"], ["c", "a"], True),
        (None, [], [], True),
        (["b"], ["c", "a"], ["b"], True),
        (["c", "b", "a"], None, ["c", "b", "a"], True),
        (["c", "no:c", "a"], None, ["a"], True),
        (["no:c", "c"], ["a"], [], True),
        (["c", "a", "c"], None, ["c", "a"], True),
    ],
)
def test_choosing(asked: list[str] | None, use: list[str] | None, expected: list[str], by_name: bool) -> None:
    registry = Registry.of([(name, object(), f"leadgen-{name}", "1") for name in "bca"])
    chosen = registry.choose(asked, use)
    assert names(chosen) == expected
    assert chosen[1] is by_name


@pytest.mark.parametrize(
    ("asked", "use", "message"),
    [
        (["acne"], None, "there is no plugin acne; the nearest is acme"),
        (["no:acne"], None, "there is no plugin acne; the nearest is acme"),
        (None, ["acne"], "there is no plugin acne; the nearest is acme"),
    ],
)
def test_names_that_are_not_installed(asked: list[str] | None, use: list[str] | None, message: str) -> None:
    registry = Registry.of([("acme", object(), "leadgen-acme", "1"), ("zeta", object(), "leadgen-zeta", "1")])
    with pytest.raises(UsageError, match=f"^{message}$"):
        registry.choose(asked, use)


def test_nothing_is_installed() -> None:
    with pytest.raises(UsageError, match=r"^there is no plugin acme; none is installed$"):
        Registry.of([]).named("acme")


def test_splitting_the_option() -> None:
    assert split_names("a, b,,no:c") == ("a", "b", "no:c")
    for text in ("", " , "):
        with pytest.raises(UsageError, match=r"^--plugins names no plugin$"):
            split_names(text)


# --- start-up ---------------------------------------------------------------------------------------------


def test_discovery_imports_nothing_but_metadata(site: Site) -> None:
    module = site.add("acme", RAISES)
    program = f"""
import sys
import leadgen_core.registry
from leadgen_core.registry import Registry
early = "importlib.metadata" in sys.modules
registry = Registry.discover({{}})
assert "acme" in registry.names
registry.commands
slow = {{"aiohttp", "cattrs", "typed_settings", "pluggy", "loguru", "click", "aiocache", "{module}"}}
plugins = [name for name in sys.modules if name.startswith("leadgen_") and name.partition(".")[0] != "leadgen_core"]
print(early, sorted(slow & set(sys.modules)), plugins)
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(site.folder)},
    )
    assert done.stdout.strip() == "False [] []"
