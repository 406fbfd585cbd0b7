"""From layers to an instance of a config class, by typed-settings: load, merge, resolve, convert.

Imported when the first class is filled, because typed-settings and cattrs are slow to import.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, TypeVar

import attrs
import typed_settings
from typed_settings.dict_utils import get_path, set_path
from typed_settings.exceptions import InvalidSettingsError
from typed_settings.loaders import Loader
from typed_settings.types import LoadedSettings, LoaderMeta, OptionInfo, OptionList, SettingsClass, SettingsDict

from leadgen_core.errors import UsageError
from leadgen_core.model.records import frozen
from leadgen_core.secrets import Secret
from leadgen_core.settings.convert import Conversion, attribute_of
from leadgen_core.settings.expect import Limits, expectation, limits, nearest
from leadgen_core.settings.layer import CORE, TIER, Layer, Placed, env_name

__all__ = ["ReadSecret", "fill", "unknown_key"]

C = TypeVar("C")
ReadSecret = Callable[[str, Placed], Secret]
"""From a key and its raw value to the secret; raises UsageError."""
_LONGEST = 200
_GRAM = 4
"""Characters in a row of a value that make a sentence unfit to be shown."""


def fill(
    section: str, config: type[C], layers: Sequence[Layer], read_secret: ReadSecret, *, idle: Sequence[Layer] = ()
) -> C:
    """An instance of the class: its defaults, then each layer over those before it.

    Layers that are ``idle`` (profiles not chosen) are only searched for unknown keys.

    Raises :class:`~leadgen_core.UsageError` for what the operator can mend, naming the place but no value, and
    ``TypeError`` for a class that cannot be filled whatever is configured.
    """
    if section not in CORE and TIER in (each.alias for each in attrs.fields(config)):  # type: ignore[arg-type]
        raise TypeError(f"{config.__qualname__} has a field {TIER}, which is the core's own key")
    conversion = Conversion(read_secret)
    loaders: list[Loader] = [*(_Load(layer, idle=True) for layer in idle), *(_Load(layer) for layer in layers)]
    winners = _Winners(section, conversion)
    try:
        # The sentence of InvalidSettingsError quotes values, so it goes nowhere.
        return typed_settings.load_settings(config, loaders, processors=[winners], converter=conversion)
    except InvalidSettingsError:
        if isinstance(conversion.error, UsageError):
            raise conversion.error from None
        if winners.chosen:
            because = _harmless(conversion.error, winners.chosen) or type(conversion.error).__name__
            raise UsageError(f"the values of [{section}] do not go together: {because}") from None
        raise TypeError(f"{config.__qualname__} cannot be made from its own defaults") from None


def unknown_key(layer: Layer, path: str, known: Sequence[str]) -> UsageError:
    """The sentence for a key that the section does not have."""
    close = nearest(path, known)
    if not close:
        return UsageError(f"{layer.where(path)}: [{layer.section}] has no keys")
    if layer.origin == "environment":
        close = env_name(layer.section, close)
    return UsageError(f"{layer.where(path)}: there is no such key; the nearest known key is {close}")


@frozen
class _Load:
    """A loader of typed-settings: checks the keys of one layer and hands its values on with their places.

    Of an ``idle`` layer, a profile that was not chosen, only the keys are checked.
    """

    layer: Layer
    idle: bool = False

    def __call__(self, settings_cls: SettingsClass, options: OptionList) -> LoadedSettings:  # noqa: ARG002
        known = [option.path for option in options]
        settings: SettingsDict = {}
        for path, raw in self.layer.items(known):
            if path not in known:
                raise unknown_key(self.layer, path, known)
            if not self.idle:
                set_path(settings, path, self.layer.place(path, raw))
        return LoadedSettings(settings, LoaderMeta(self.layer.origin, base_dir=self.layer.base))


class _Winners:
    """A processor of typed-settings: converts and checks those values that won, while their place is known.

    Values of lower layers are never looked at, so a reference that is overridden need not resolve.
    """

    def __init__(self, section: str, conversion: Conversion) -> None:
        self._section = section
        self._conversion = conversion
        self.chosen: list[Any] = []

    def __call__(
        self,
        settings_dict: SettingsDict,
        settings_cls: SettingsClass,  # noqa: ARG002 - the protocol's
        options: OptionList,
    ) -> SettingsDict:
        settings = settings_dict
        where: dict[str, str] = {}
        for option in options:
            value = _get(settings, option)
            if isinstance(value, Placed):
                where[option.path] = value.where
                set_path(settings, option.path, self._conversion.placed(option, value))
            elif value is attrs.NOTHING and option.has_no_default:
                name = env_name(self._section, option.path)
                raise UsageError(f"{self._section} needs {option.path}: set {name} or it in [{self._section}]")
        self.chosen = [_get(settings, option) for option in options if option.path in where]
        for option in options:
            if option.path in where:
                _check(option, _get(settings, option), where[option.path], settings)
        return settings


def _get(settings: SettingsDict, option: OptionInfo) -> Any:
    try:
        return get_path(settings, option.path)
    except KeyError:
        return attrs.NOTHING


def _check(option: OptionInfo, value: Any, where: str, settings: Mapping[str, Any]) -> None:
    """Run the field's validators here: their own message, raised later, would quote the value without its place."""
    attribute = attribute_of(option)
    if attribute.validator is None:
        return
    prefix = option.path.split(".")[:-1]
    siblings = get_path(dict(settings), ".".join(prefix)) if prefix else settings
    try:
        attribute.validator(SimpleNamespace(**siblings), attribute, value)
    except UsageError:
        raise
    except Exception as exc:
        if limits(attribute.validator) != Limits():
            raise UsageError(f"{where} must be {expectation(option.cls, attribute.validator)}") from None
        raise UsageError(f"{where}: {_harmless(exc, [value]) or 'this value is not allowed'}") from None


def _harmless(exc: Exception | None, values: Iterable[Any]) -> str:
    """The author's own sentence, if it can be shown: nothing of any value is in it. Else nothing."""
    lines = str(exc or "").splitlines()
    if not lines or len(lines[0]) > _LONGEST:
        return ""
    message = lines[0].lower()
    for value in values:
        text = str(value).lower()
        parts = {text[start : start + _GRAM] for start in range(max(1, len(text) - _GRAM + 1))}
        if isinstance(value, Secret) or any(part in message for part in parts):
            return ""
    return lines[0]
