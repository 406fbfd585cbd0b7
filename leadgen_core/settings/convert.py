"""From what was written to what the class says, strictly: no silent rounding, no text taken for a list."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

import attrs
import cattrs
import typed_settings
from typed_settings.converters import to_date, to_datetime, to_timedelta
from typed_settings.types import OptionInfo

from leadgen_core.errors import UsageError
from leadgen_core.secrets import Secret
from leadgen_core.settings.expect import expectation
from leadgen_core.settings.layer import Placed

__all__ = ["Conversion", "attribute_of"]

T = TypeVar("T")
_WORDS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")


def attribute_of(option: OptionInfo) -> attrs.Attribute[Any]:
    """The field that an option of typed-settings stands for."""
    return next(each for each in attrs.fields(option.parent_cls) if each.alias == option.name)


class Conversion:
    """A converter of typed-settings that knows the place of the value it works on.

    Of values without a place (defaults, values converted before) it only checks the type.
    """

    def __init__(self, read_secret: Callable[[str, Placed], Secret]) -> None:
        self._read_secret = read_secret
        self._now: tuple[OptionInfo, Placed] | None = None
        self.error: Exception | None = None
        """The last failure that typed-settings has wrapped."""
        # Without detailed validation the error of a class comes out as it was raised.
        self._cattrs = cattrs.Converter(detailed_validation=False, forbid_extra_keys=True, use_alias=True)
        for kind, hook in _HOOKS:
            self._cattrs.register_structure_hook(kind, hook)
        self._cattrs.register_structure_hook(bool, self._bool)
        self._cattrs.register_structure_hook(int, self._int)
        self._cattrs.register_structure_hook(float, self._float)
        self._cattrs.register_structure_hook(Path, self._path)
        self._cattrs.register_structure_hook(Secret, self._secret)
        typed_settings.register_strlist_hook(self._cattrs, fn=self._list)

    def placed(self, option: OptionInfo, value: Placed) -> Any:
        """The typed value. Raises UsageError with the place and what is expected, without the value."""
        self._now = option, value
        try:
            if option.converter is not None:
                return option.converter(value.raw)
            if isinstance(value.raw, dict) and expectation(option.cls) != "a table":
                raise TypeError  # cattrs would take the keys for a list
            return self._cattrs.structure(value.raw, option.cls)
        except UsageError:
            raise
        except Exception:
            wanted = expectation(option.cls, attribute_of(option).validator)
            raise UsageError(f"{value.where} must be {wanted}") from None
        finally:
            self._now = None

    def structure(self, obj: Any, cl: type[T]) -> T:
        """What typed-settings calls, for each value and in the end for the class."""
        try:
            return self._cattrs.structure(obj, cl)
        except Exception as exc:
            self.error = exc
            raise

    def get_structure_hook(self, cl: type[T]) -> Callable[[Any, type[T]], T]:
        """Part of the protocol of typed-settings."""
        return self._cattrs.get_structure_hook(cl)

    def _as_text(self, value: Any) -> bool:
        return isinstance(value, str) and self._now is not None and self._now[1].text

    def _bool(self, value: Any, _kind: Any) -> bool:
        if self._as_text(value):
            return _WORDS[value.strip().lower()]
        return _exactly(value, bool)

    def _int(self, value: Any, kind: Any) -> Any:
        if self._as_text(value):
            if not _WHOLE.fullmatch(value.strip()):
                raise ValueError
            value = int(value)
        if isinstance(value, bool):
            raise TypeError
        return kind(_exactly(value, int)) if issubclass(kind, Enum) else _exactly(value, int)

    def _float(self, value: Any, _kind: Any) -> float:
        if self._as_text(value):
            value = float(value)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise TypeError
        return float(value)

    def _path(self, value: Any, kind: Any) -> Any:
        if isinstance(value, Path):
            return value
        path = kind(_exactly(value, str)).expanduser()
        return path if self._now is None else kind(self._now[1].base / path)

    def _list(self, text: str) -> list[str]:
        if not self._as_text(text):
            raise TypeError
        return [part for part in (each.strip() for each in text.split(",")) if part]

    def _secret(self, value: Any, _kind: Any) -> Secret:
        if isinstance(value, Secret):
            return value
        if self._now is None or not isinstance(value, str):
            raise TypeError
        option, placed = self._now
        return self._read_secret(option.path, placed)


def _exactly(value: Any, kind: type[T]) -> T:
    if not isinstance(value, kind):
        raise TypeError
    return value


def _text(value: Any, kind: Any) -> Any:
    # Enums of text arrive here too: cattrs looks for the first known base class.
    return kind(value) if issubclass(kind, Enum) else _exactly(value, str)


def _enum(value: Any, kind: Any) -> Any:
    return kind(value)


_HOOKS: list[tuple[Any, Callable[[Any, Any], Any]]] = [
    (str, _text),
    (Enum, _enum),
    (datetime, to_datetime),
    (date, to_date),
    (timedelta, to_timedelta),
]
