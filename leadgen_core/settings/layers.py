"""The layers of a configuration: defaults < leadgen.toml < its profile < environment < ``--set`` < ``--sandbox``."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from attrs import field

from leadgen_core.errors import UsageError
from leadgen_core.model.records import frozen
from leadgen_core.secrets import Secret
from leadgen_core.secrets.references import FORMS, is_reference, plain, resolve
from leadgen_core.settings.expect import nearest, shown
from leadgen_core.settings.layer import CORE, Layer, Placed, env_name
from leadgen_core.settings.plainly import plainly
from leadgen_core.settings.run import PluginsSection, RunSettings
from leadgen_core.settings.toml_file import Sections, read_toml

__all__ = ["NO_SECRET", "SHIPPED_PROFILES", "Layers", "ResolvedSecret", "read_layers"]

C = TypeVar("C")
FILE = "leadgen.toml"
NO_SECRET = "no-secret-with-sandbox"  # noqa: S105 - it opens nothing
"""What stands for a secret that is configured while ``--sandbox`` rules its section."""
SHIPPED_PROFILES = ("development", "staging", "production")
"""Profiles that may be named though the file says nothing of them."""
_PREFIX = "LEADGEN_"
_NO_KEYS = frozenset({"LEADGEN_PROFILE", "LEADGEN_PLUGINS", "LEADGEN_SHARED"})
_SET = re.compile(r"([a-z][a-z0-9-]*)\.([A-Za-z0-9_.-]+)=(.*)", re.DOTALL)
_TIER = re.compile(r"[0-9]{1,9}")


@frozen
class ResolvedSecret:
    """A secret that the configuration gave: for the audit, and for the scrubber of the logs."""

    section: str
    key: str
    secret: Secret


@frozen
class _Variable:
    """A variable of the environment that looks like a key of ours."""

    name: str
    section: str
    path: str
    value: str = field(repr=False)


@frozen
class Layers:
    """What is configured, before any class is filled with it. Made by :func:`read_layers`."""

    file: Path | None
    """The configuration file, None when there is none."""
    profile: str | None
    notes: list[str] = field(factory=list)
    """Sentences of warning for the first lines of the log; they grow as classes are filled."""
    _name: str = FILE
    _cwd: Path = field(factory=Path)
    _sections: Sections = field(factory=dict, repr=False)
    _profiles: dict[str, Sections] = field(factory=dict, repr=False)
    _environ: Mapping[str, str] = field(factory=dict, repr=False)
    _variables: tuple[_Variable, ...] = field(default=(), repr=False)
    _sets: Sections = field(factory=dict, repr=False)
    _stand_ins: dict[str, Mapping[str, Any]] = field(factory=dict, repr=False)
    _filled: dict[tuple[str, type], Any] = field(factory=dict, repr=False)
    _resolved: dict[tuple[str, str, str], ResolvedSecret] = field(factory=dict, repr=False)

    @property
    def use(self) -> tuple[str, ...] | None:
        """``[plugins] use``: the plugins of a run that names none."""
        return self.config("plugins", PluginsSection).use

    @property
    def resolved(self) -> tuple[ResolvedSecret, ...]:
        """The secrets of all sections that were filled so far."""
        return tuple(self._resolved.values())

    def run(self) -> RunSettings:
        """The section ``[run]``."""
        return self.config("run", RunSettings)

    def config(self, section: str, config: type[C]) -> C:
        """The section as an instance of an attrs class; a second call gives the same instance.

        Raises :class:`~leadgen_core.UsageError` for an unknown key, a value of another type or outside its
        bounds, and a secret that cannot be had; ``TypeError`` when the class itself is at fault.
        """
        key = (section, config)
        if key not in self._filled:
            layers, idle = list(self._layers(section)), list(self._idle(section))

            def read_secret(path: str, placed: Placed) -> Secret:
                return self._secret(section, path, placed)

            filled = None if idle else plainly(section, config, layers, read_secret)
            if filled is None:
                from leadgen_core.settings.fill import fill

                filled = fill(section, config, layers, read_secret, idle=idle)
            self._filled[key] = filled
        known: C = self._filled[key]
        return known

    def stand_in(self, section: str, values: Mapping[str, Any]) -> None:
        """Let ``--sandbox`` have the last word in this section, before any class is filled with it.

        Its secrets are then those of ``values``: what is configured for another one is not resolved, whatever it
        refers to, and :data:`NO_SECRET` stands for it.
        """
        self._stand_ins[section] = {**self._stand_ins.get(section, {}), **values}

    def tiers(self, plugin: str, known_sources: Collection[str]) -> dict[str, int]:
        """The tiers that the operator gave to sources of this plugin (``tier.officers = 2``)."""
        tiers: dict[str, int] = {}
        by_variable = {name.replace("-", "_"): name for name in known_sources}
        for layer in self._layers(plugin):
            found = layer.tiers()
            if found is None:
                raise UsageError(f"{layer.where('tier')} must be a table of sources, such as tier.SOURCE = 2")
            for written, raw in found.items():
                source = by_variable.get(written, written) if layer.origin == "environment" else written
                where = layer.where(f"tier.{written}")
                if source not in known_sources:
                    close = nearest(source, known_sources)
                    known = f"the nearest is {close}" if close else f"{plugin} has none"
                    raise UsageError(f"{where}: there is no such source; {known}")
                if not layer.in_file and isinstance(raw, str) and _TIER.fullmatch(raw):
                    raw = int(raw)
                if not isinstance(raw, int) or isinstance(raw, bool) or raw < 0:
                    raise UsageError(f"{where} must be a whole number of at least 0")
                tiers[source] = raw
        return tiers

    def sections(self, known_plugins: Collection[str]) -> None:
        """Check every section's name against the core's and the installed plugins'.

        Raises :class:`~leadgen_core.UsageError` naming the nearest; variables of the environment that belong
        to nothing are only noted, since other programs may own them.
        """
        known = sorted({*CORE, *known_plugins})
        for section in self._sections:
            if section not in known:
                close = nearest(section, [*known, "profiles"])
                raise UsageError(f"{self._name}: there is no section [{shown(section)}]; the nearest is [{close}]")
        for profile, sections in self._profiles.items():
            for section in sections:
                if section not in known:
                    title = shown(f"profiles.{profile}")
                    close = f"[{title}.{nearest(section, known)}]"
                    raise UsageError(
                        f"{self._name}: there is no section [{title}.{shown(section)}]; the nearest is {close}"
                    )
        for section in self._sets:
            if section not in known:
                raise UsageError(f"--set {section}: there is no such section; the nearest is {nearest(section, known)}")
        for variable in self._variables:
            note = _belongs(variable, known)
            if note is not None and note not in self.notes:
                self.notes.append(note)

    def _layers(self, section: str) -> Iterator[Layer]:
        if section in self._sections:
            yield Layer(section, f"{self._name} [{section}]", self._sections[section], self._base)
        yield from self._profile_layers(section, (self.profile,))
        shouted = section.replace("-", "_").upper()
        found = {each.path: each.value for each in self._variables if each.path and each.section == shouted}
        if found:
            yield Layer(section, "environment", found, self._cwd)
        if section in self._sets:
            yield Layer(section, "--set", self._sets[section], self._cwd)
        if section in self._stand_ins:
            yield Layer(section, "--sandbox", self._stand_ins[section], self._cwd)

    def _idle(self, section: str) -> Iterator[Layer]:
        return self._profile_layers(section, [name for name in self._profiles if name != self.profile])

    def _profile_layers(self, section: str, profiles: Iterable[str | None]) -> Iterator[Layer]:
        for name in profiles:
            values = self._profiles.get(name or "", {}).get(section)
            if values is not None:
                yield Layer(section, f"{self._name} [profiles.{name}.{section}]", values, self._base)

    @property
    def _base(self) -> Path:
        return self.file.parent if self.file else self._cwd

    def _secret(self, section: str, key: str, placed: Placed) -> Secret:
        if section in self._stand_ins and key not in self._stand_ins[section]:
            return Secret(NO_SECRET)
        if is_reference(placed.raw):
            resolved = resolve(placed.raw, placed.where, self._environ, placed.base)
            if resolved.note is not None and resolved.note not in self.notes:
                self.notes.append(resolved.note)
            secret = resolved.secret
        elif placed.open:
            secret = plain(placed.raw, placed.where)
        else:
            raise UsageError(f"{placed.where} takes a secret only as a reference: {FORMS}")
        self._resolved[section, key, secret.id] = ResolvedSecret(section, key, secret)
        return secret


def read_layers(
    *,
    config: Path | None = None,
    profile: str | None = None,
    environ: Mapping[str, str],
    sets: Sequence[str] = (),
    cwd: Path,
) -> Layers:
    """Read the file, pick the profile, and take apart the environment and the ``--set`` options.

    ``config`` is the operator's ``--config`` (it must exist); without it ``leadgen.toml`` in ``cwd`` is read if
    there is one. Variables that are set but empty count as not set. Raises :class:`~leadgen_core.UsageError`.
    """
    file: Path | None = cwd / (config or FILE)
    name = str(config or FILE)
    sections: Sections = {}
    profiles: dict[str, Sections] = {}
    if config is None and file is not None and not file.exists():
        file = None
    if file is not None:
        sections, profiles = read_toml(file, name)
    return Layers(
        file=file,
        profile=_profile(profile, environ, profiles),
        name=name,
        cwd=cwd,
        sections=sections,
        profiles=profiles,
        environ=environ,
        variables=tuple(_variables(environ)),
        sets=_sets(sets),
    )


def _profile(asked: str | None, environ: Mapping[str, str], profiles: Mapping[str, Sections]) -> str | None:
    where, name = ("--profile", asked) if asked else ("LEADGEN_PROFILE", environ.get("LEADGEN_PROFILE") or None)
    known = sorted({*SHIPPED_PROFILES, *profiles})
    if name is not None and name not in known:
        raise UsageError(f"{where}: there is no profile {shown(name)}; the nearest is {nearest(name, known)}")
    return name


def _variables(environ: Mapping[str, str]) -> Iterator[_Variable]:
    for name, value in sorted(environ.items()):
        if name.startswith(_PREFIX) and name not in _NO_KEYS and value:
            section, _, path = name.removeprefix(_PREFIX).partition("__")
            yield _Variable(name, section, path.lower().replace("__", "."), value)


def _belongs(variable: _Variable, known: Sequence[str]) -> str | None:
    """What is wrong with the variable, if it belongs to no section."""
    shouted = {section.replace("-", "_").upper(): section for section in known}
    if variable.path and variable.section in shouted:
        return None
    if variable.path:
        close = nearest(variable.section, shouted)
        return f"{variable.name} is not used: there is no plugin of this name; the nearest is {shouted[close]}"
    for start, section in shouted.items():
        if variable.section.startswith(f"{start}_"):
            meant = env_name(section, variable.section.removeprefix(f"{start}_"))
            return f"{variable.name} is not used: two underscores stand before the key, {meant}"
    return f"{variable.name} is not used: it names no key"


def _sets(sets: Sequence[str]) -> Sections:
    sections: Sections = {}
    for count, text in enumerate(sets, start=1):
        found = _SET.fullmatch(text)
        if found is None:  # it may be a secret in the wrong place, so it is counted, not quoted
            raise UsageError(f"--set number {count} is not of the form PLUGIN.KEY=VALUE")
        section, path, value = found.groups()
        sections.setdefault(section, {})[path] = value
    return sections
