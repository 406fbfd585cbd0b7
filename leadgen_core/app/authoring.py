"""A new plugin from the template, all of it or nothing."""

from __future__ import annotations

import re
import shutil
import tempfile
import tomllib
from collections.abc import Collection
from contextlib import suppress
from difflib import get_close_matches
from importlib.metadata import version
from pathlib import Path

import leadgen_core
from leadgen_core.errors import UsageError
from leadgen_core.model.records import frozen

__all__ = ["INSTALL", "NewPlugin", "kinds", "new_plugin"]

INSTALL = "pip install 'leadgen-core[authoring]'"
"""What brings the libraries that an author of plugins needs and an operator does not."""

_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_LONGEST = 30
_RESERVED = frozenset({"core", "plugins", "profiles", "run", "template"})
"""``leadgen-core`` is the core, and the others are sections of the configuration or words of ours."""


@frozen
class NewPlugin:
    """What was made. ``groups`` are the groups of dependencies that its author installs."""

    folder: Path
    groups: tuple[str, ...]


def kinds() -> tuple[str, ...]:
    """The kinds of plugin that there is a template for."""
    return tuple(sorted(each.name for each in _template().iterdir() if each.is_dir() and each.name != "common"))


def new_plugin(name: str, kind: str, folder: Path, known: Collection[str] = ()) -> NewPlugin:
    """Make the plugin in ``folder``, which must not exist.

    ``known`` are names that are taken. Raises :class:`~leadgen_core.UsageError` for a name, a kind or a folder that
    will not do, and where copier is not installed; nothing is left behind then.
    """
    _check_name(name, known)
    _check_kind(kind)
    try:
        from copier import run_copy
    except ImportError:
        raise UsageError(f"plugins new needs copier, which is not installed: {INSTALL}") from None
    _check_folder(folder)
    data = {
        "name": name,
        "kind": kind,
        "distribution": f"leadgen-{name}",
        "package": f"leadgen_{name.replace('-', '_')}",
        "title": " ".join(word.capitalize() for word in name.split("-")),
        "env": f"LEADGEN_{name.replace('-', '_').upper()}__",
        "core": _range(version("leadgen-core")),
    }
    try:
        # In the same folder, so that the whole appears at once by being renamed.
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise UsageError(f"{folder}: cannot be made: {error.strerror}") from None
    try:
        made = draft / folder.name
        for part in ("common", kind):
            run_copy(str(_template() / part), made, data=data, defaults=True, overwrite=True, quiet=True, unsafe=False)
        groups = tuple(tomllib.loads((made / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"])
        _check_folder(folder)
        made.rename(folder)
    except OSError as error:
        raise UsageError(f"{folder}: cannot be made: {error.strerror}") from None
    finally:
        with suppress(OSError):
            shutil.rmtree(draft)
    return NewPlugin(folder, groups)


def _check_name(name: str, known: Collection[str]) -> None:
    if name.startswith("leadgen-"):
        raise UsageError(f"the name {name}: leave out leadgen-, which the distribution gets by itself")
    if not _NAME.fullmatch(name):
        better = re.sub(r"[^a-z0-9]+", "-", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()).strip("-0123456789")
        would_do = f"; {better} would do" if _NAME.fullmatch(better) and len(better) <= _LONGEST else ""
        raise UsageError(
            f"the name {name!r} is not of lower-case letters and digits with single dashes between{would_do}"
        )
    if len(name) > _LONGEST:
        raise UsageError(f"the name {name} is longer than {_LONGEST} characters")
    if name in _RESERVED:
        raise UsageError(f"the name {name} is one of leadgen's own")
    if name in known:
        raise UsageError(f"a plugin {name} is installed already; take another name")


def _check_kind(kind: str) -> None:
    offered = kinds()
    if kind not in offered:
        nearest = get_close_matches(kind, offered, n=1, cutoff=0.0)[0]
        raise UsageError(
            f"--kind {kind}: there is no template of this kind; the nearest is {nearest} of {', '.join(offered)}"
        )


def _check_folder(folder: Path) -> None:
    if folder.is_symlink() or folder.exists():
        raise UsageError(f"{folder}: exists; take another --directory")
    if not folder.name:
        raise UsageError(f"--directory {folder}: name the folder that is to be made")
    if not folder.parent.is_dir():
        raise UsageError(f"{folder.parent}: is no folder, so {folder.name} cannot be made in it")


def _range(core: str) -> str:
    """From the version of this core to the next contract."""
    major, minor = core.split(".")[:2]
    return f">={major}.{minor},<{major}.{int(minor) + 1}"


def _template() -> Path:
    """As the wheel carries it, or in the checkout that this is."""
    package = Path(leadgen_core.__file__).parent
    carried = package / "_template"
    return carried if carried.is_dir() else package.parent / "contrib" / "template"
