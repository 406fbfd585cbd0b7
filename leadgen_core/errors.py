"""What ends a run early. Each message is one clear sentence with the place, without secrets or personal data."""

from __future__ import annotations

import re

__all__ = ["Stopped", "UsageError", "error_name", "type_name"]

_TYPE = re.compile(r"[A-Za-z_]\w{0,79}", re.ASCII)


class UsageError(Exception):
    """Wrong usage, configuration or input: exit code 2, before anything is written."""


class Stopped(Exception):
    """The run cannot go on but can be resumed: exit code 3."""


def error_name(error: BaseException) -> str:
    """The type of an exception, fit for a message."""
    return type_name(type(error))


def type_name(kind: type) -> str:
    """The name of a type, fit for a message: a plugin chooses it, so it may be anything of any length."""
    name = kind.__name__
    return name if _TYPE.fullmatch(name) else "a type without a proper name"
