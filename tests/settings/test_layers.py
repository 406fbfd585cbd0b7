from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from leadgen_core import UsageError
from leadgen_core.settings import RunSettings, read_layers
from tests.settings.configs import AcmeConfig, read

FILE = """
[run]
concurrency = 2
in_flight = 2
answer_timeout = 2
block_seconds = 2
[plugins]
use = ["acme", "other"]
[profiles.production.run]
in_flight = 3
answer_timeout = 3
block_seconds = 3
[profiles.production.plugins]
use = ["acme"]
[profiles.nightly.run]
in_flight = 9
"""


def sentence(folder: Path, toml: str | None = None, **options: object) -> str:
    """The sentence with which everything that reads these layers refuses them."""

    def read_all() -> object:
        layers = read(folder, toml, **options)  # type: ignore[arg-type]
        layers.sections(["acme", "companies-house"])
        layers.tiers("acme", ["officers", "users-by-handle"])
        return layers.use, layers.run(), layers.config("acme", AcmeConfig)

    with pytest.raises(UsageError) as caught:
        read_all()
    text = str(caught.value)
    assert "\n" not in text
    return text


# --- what wins --------------------------------------------------------------------------------------------


def test_nothing_configured_gives_the_defaults(tmp_path: Path) -> None:
    layers = read(tmp_path)
    assert (layers.file, layers.profile, layers.use, layers.notes) == (None, None, None, [])
    assert layers.run() == RunSettings()
    assert layers.config("acme", AcmeConfig) == AcmeConfig()


def test_each_layer_wins_over_those_before_it(tmp_path: Path) -> None:
    run = read(
        tmp_path,
        FILE,
        profile="production",
        environ={"LEADGEN_RUN__ANSWER_TIMEOUT": "4", "LEADGEN_RUN__BLOCK_SECONDS": "4"},
        sets=("run.block_seconds=5",),
    ).run()
    default = RunSettings().drain_seconds
    assert (run.drain_seconds, run.concurrency, run.in_flight, run.answer_timeout, run.block_seconds) == (
        default, 2, 3, 4.0, 5.0,
    )  # fmt: skip


def test_the_profile_comes_from_the_option_before_the_variable(tmp_path: Path) -> None:
    environ = {"LEADGEN_PROFILE": "nightly"}
    assert read(tmp_path, FILE, environ=environ).run().in_flight == 9
    chosen = read(tmp_path, FILE, profile="production", environ=environ)
    assert (chosen.profile, chosen.run().in_flight, chosen.use) == ("production", 3, ("acme",))


def test_a_profile_that_was_not_chosen_changes_nothing(tmp_path: Path) -> None:
    toml = "[profiles.nightly.run]\nin_flight = 9\n"
    assert read(tmp_path, toml).run() == read(tmp_path, toml, profile="staging").run() == RunSettings()


@pytest.mark.parametrize("name", ["development", "staging", "production"])
def test_shipped_profiles_need_no_section(tmp_path: Path, name: str) -> None:
    assert read(tmp_path, "", profile=name).profile == name


def test_the_list_of_plugins_comes_from_every_layer(tmp_path: Path) -> None:
    assert read(tmp_path, FILE).use == ("acme", "other")
    assert read(tmp_path, FILE, environ={"LEADGEN_PLUGINS__USE": "a, b"}).use == ("a", "b")
    assert read(tmp_path, FILE, sets=("plugins.use=c",)).use == ("c",)


def test_a_named_file_is_read_from_where_the_operator_stands(tmp_path: Path) -> None:
    (tmp_path / "leadgen.toml").write_text("[run]\nconcurrency = 1\n")
    (tmp_path / "other.toml").write_text("[run]\nconcurrency = 7\n")
    layers = read_layers(config=Path("other.toml"), environ={}, cwd=tmp_path)
    assert layers.file == tmp_path / "other.toml"
    assert layers.run().concurrency == 7


def test_an_empty_variable_is_no_variable(tmp_path: Path) -> None:
    environ = {"LEADGEN_RUN__CONCURRENCY": "", "LEADGEN_PROFILE": "", "LEADGEN_ACME__API_KEY": ""}
    layers = read(tmp_path, environ=environ)
    assert (layers.profile, layers.run().concurrency) == (None, RunSettings().concurrency)
    assert layers.config("acme", AcmeConfig).api_key is None


def test_a_section_is_filled_once(tmp_path: Path) -> None:
    layers = read(tmp_path, FILE)
    assert layers.run() is layers.run()


def test_two_settings_of_one_key_on_the_command_line(tmp_path: Path) -> None:
    assert read(tmp_path, sets=("run.concurrency=1", "run.concurrency=2")).run().concurrency == 2


# --- the file ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b'[run]\nkey = "hidden-value', "leadgen.toml, line 2, column 20: this is not valid TOML"),
        (b"[run]\ngoal = hidden-value\n", "leadgen.toml, line 2, column 8: this is not valid TOML"),
        (b"[run]\n\ngoal = [1,\n", "leadgen.toml, line 4, column 1: this is not valid TOML"),
        (b"a = 1\na = 2\n", "leadgen.toml, line 2, column 6: this is not valid TOML"),
        (b"a = " + b"9" * 5000, "leadgen.toml is not valid TOML"),
        (b"a = " + b"[" * 5000, "leadgen.toml is not valid TOML"),
        (b"[run]\ngoal = \"\xff\"\n", "leadgen.toml, line 2: byte 14 of the file is not UTF-8"),
        (b"run = 5\n", "leadgen.toml: run must be a section, [run]"),
        (b"profiles = 5\n", "leadgen.toml: profiles must be a section, [profiles]"),
        (b"[profiles]\nx = 5\n", "leadgen.toml: profiles.x must be a section, [profiles.x]"),
        (b"[profiles.x]\nrun = 5\n", "leadgen.toml: profiles.x.run must be a section, [profiles.x.run]"),
        (b"[[acme]]\n", "leadgen.toml: acme must be a section, [acme]"),
    ],
)  # fmt: skip
def test_a_broken_file_is_one_sentence_with_the_place(tmp_path: Path, content: bytes, place: str) -> None:
    (tmp_path / "leadgen.toml").write_bytes(content)
    assert sentence(tmp_path) == place


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    (tmp_path / "leadgen.toml").write_bytes(b"\xef\xbb\xbf[run]\r\nconcurrency = 3\r\n")
    assert read(tmp_path).run().concurrency == 3


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^gone\.toml: there is no such file$"):
        read_layers(config=Path("gone.toml"), environ={}, cwd=tmp_path)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "leadgen.toml").mkdir()
    assert sentence(tmp_path) == "leadgen.toml cannot be read (Is a directory)"


# --- names that nobody knows ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("toml", "expected"),
    [
        ("[rum]\n", "leadgen.toml: there is no section [rum]; the nearest is [run]"),
        (
            "[companies_house]\n",
            "leadgen.toml: there is no section [companies_house]; the nearest is [companies-house]",
        ),
        ("[profile.x]\n", "leadgen.toml: there is no section [profile]; the nearest is [profiles]"),
        (
            "[profiles.x.acne]\n",
            "leadgen.toml: there is no section [profiles.x.acne]; the nearest is [profiles.x.acme]",
        ),
        (
            "[run]\nconcurency = 3\n",
            "leadgen.toml [run] concurency: there is no such key; the nearest known key is concurrency",
        ),
        (
            "[run]\ntier.x = 3\n",
            "leadgen.toml [run] tier: there is no such key; the nearest known key is limiter",
        ),
        (
            '[run]\n"a\\nb" = 3\n',
            r"leadgen.toml [run] a\nb: there is no such key; the nearest known key is want",
        ),
        ('["a\\nb"]\n', r"leadgen.toml: there is no section [a\nb]; the nearest is [acme]"),
        ("[plugins]\nuses = []\n", "leadgen.toml [plugins] uses: there is no such key; the nearest known key is use"),
        (
            "[acme]\nbase-url = 'x'\n",
            "leadgen.toml [acme] base-url: there is no such key; the nearest known key is base_url",
        ),
        (
            "[acme.paging]\nsise = 1\n",
            "leadgen.toml [acme] paging.sise: there is no such key; the nearest known key is paging.size",
        ),
        # A profile that was not chosen is searched too: it is found out before the night on which it is used.
        (
            "[profiles.x.run]\ngaol = 'x'\n",
            "leadgen.toml [profiles.x.run] gaol: there is no such key; the nearest known key is goal",
        ),
    ],
)
def test_an_unknown_name_in_the_file(tmp_path: Path, toml: str, expected: str) -> None:
    assert sentence(tmp_path, toml) == expected


def test_an_unknown_profile(tmp_path: Path) -> None:
    assert (
        sentence(tmp_path, FILE, profile="prodction")
        == "--profile: there is no profile prodction; the nearest is production"
    )
    assert (
        sentence(tmp_path, FILE, environ={"LEADGEN_PROFILE": "nightli"})
        == "LEADGEN_PROFILE: there is no profile nightli; the nearest is nightly"
    )


def test_an_unknown_key_in_the_environment(tmp_path: Path) -> None:
    assert sentence(tmp_path, environ={"LEADGEN_ACME__API_KYE": "x"}) == (
        "LEADGEN_ACME__API_KYE: there is no such key; the nearest known key is LEADGEN_ACME__API_KEY"
    )


@pytest.mark.parametrize(
    ("variable", "note"),
    [
        (
            "LEADGEN_COMPANY_HOUSE__API_KEY",
            "LEADGEN_COMPANY_HOUSE__API_KEY is not used: there is no plugin of this name; "
            "the nearest is companies-house",
        ),
        (
            "LEADGEN_COMPANIES_HOUSE_API_KEY",
            "LEADGEN_COMPANIES_HOUSE_API_KEY is not used: two underscores stand before the key, "
            "LEADGEN_COMPANIES_HOUSE__API_KEY",
        ),
        ("LEADGEN_HOME", "LEADGEN_HOME is not used: it names no key"),
        ("LEADGEN_ACME__", "LEADGEN_ACME__ is not used: it names no key"),
    ],
)
def test_a_variable_that_belongs_to_nothing_is_noted(tmp_path: Path, variable: str, note: str) -> None:
    layers = read(tmp_path, environ={variable: "hidden-value"})
    layers.sections(["acme", "companies-house"])
    layers.sections(["acme", "companies-house"])
    assert layers.notes == [note]


def test_variables_that_are_no_keys(tmp_path: Path) -> None:
    environ = {"LEADGEN_PROFILE": "staging", "LEADGEN_PLUGINS": "acme", "LEADGEN_SHARED": "x", "PATH": "x"}
    layers = read(tmp_path, environ=environ)
    layers.sections(["acme"])
    assert layers.notes == []


# --- the command line -------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "hidden", "hidden=value", "run.=x", ".goal=x", "run goal=x", "Run.goal=x"])
def test_a_setting_that_is_none_is_counted_not_quoted(tmp_path: Path, text: str) -> None:
    assert sentence(tmp_path, sets=("run.goal=site", text)) == "--set number 2 is not of the form PLUGIN.KEY=VALUE"


def test_an_unknown_name_on_the_command_line(tmp_path: Path) -> None:
    assert sentence(tmp_path, sets=("acne.quota=1",)) == "--set acne: there is no such section; the nearest is acme"
    assert sentence(tmp_path, sets=("acme.qouta=1",)) == (
        "--set acme.qouta: there is no such key; the nearest known key is quota"
    )


def test_a_value_may_hold_what_separates(tmp_path: Path) -> None:
    layers = read(tmp_path, sets=("acme.base_url=https://x.example/a.b?c=d",))
    assert layers.config("acme", AcmeConfig).base_url == "https://x.example/a.b?c=d"


# --- tiers ------------------------------------------------------------------------------------------------


def test_tiers_come_from_every_layer(tmp_path: Path) -> None:
    layers = read(
        tmp_path,
        "[acme]\ntier.officers = 1\ntier.users-by-handle = 1\ntier.psc = 1\nquota = 3\n"
        "[profiles.staging.acme.tier]\npsc = 0\n",
        profile="staging",
        environ={"LEADGEN_ACME__TIER__USERS_BY_HANDLE": "2"},
        sets=("acme.tier.officers=3",),
    )
    assert layers.tiers("acme", ["officers", "users-by-handle", "psc"]) == {
        "officers": 3, "users-by-handle": 2, "psc": 0,
    }  # fmt: skip
    assert layers.config("acme", AcmeConfig).quota == 3


@pytest.mark.parametrize(
    ("toml", "sets", "expected"),
    [
        (
            "[acme]\ntier.oficers = 1\n",
            (),
            "leadgen.toml [acme] tier.oficers: there is no such source; the nearest is officers",
        ),
        ("[acme]\ntier = 1\n", (), "leadgen.toml [acme] tier must be a table of sources, such as tier.SOURCE = 2"),
        ("[acme]\ntier.officers = -1\n", (), "leadgen.toml [acme] tier.officers must be a whole number of at least 0"),
        ("[acme]\ntier.officers = '1'\n", (), "leadgen.toml [acme] tier.officers must be a whole number of at least 0"),
        (
            "[acme]\ntier.officers = true\n",
            (),
            "leadgen.toml [acme] tier.officers must be a whole number of at least 0",
        ),
        (None, ("acme.tier=1",), "--set acme.tier must be a table of sources, such as tier.SOURCE = 2"),
        (None, ("acme.tier.officers=x",), "--set acme.tier.officers must be a whole number of at least 0"),
    ],
)
def test_bad_tiers(tmp_path: Path, toml: str | None, sets: tuple[str, ...], expected: str) -> None:
    assert sentence(tmp_path, toml, sets=sets) == expected


def test_a_plugin_without_sources_has_no_tiers(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"there is no such source; acme has none$"):
        read(tmp_path, "[acme]\ntier.x = 1\n").tiers("acme", [])


# --- start-up ---------------------------------------------------------------------------------------------


def test_reading_layers_imports_nothing_slow(tmp_path: Path) -> None:
    program = """
import sys
from pathlib import Path
from leadgen_core.settings import read_layers
slow = {"typed_settings", "cattrs", "click", "aiohttp", "loguru", "pluggy"}
layers = read_layers(environ={}, sets=["run.goal=site"], cwd=Path.cwd())
layers.sections(["acme"])
print(layers.run().goal, sorted(slow & set(sys.modules)))
read_layers(environ={}, sets=["run.in_flight=2"], cwd=Path.cwd()).run()
print("cattrs" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert done.stdout.splitlines() == ["site []", "True"]
