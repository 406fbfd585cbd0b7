"""Hooks that raise, never end, or give what is no spec; ``HOSTILE_HOOK`` says which."""

import os
import time
from typing import Any

from leadgen_core import CompanyNumber, CompanyProfile, Plugin, SourceSpec, hookimpl

PLUGIN = Plugin(api_version=1)


def _spec(name: str = "facts", **more: Any) -> SourceSpec:
    known: dict[str, Any] = {"factory": "leadgen_hostile.hooks:Facts", "asks": CompanyNumber}
    return SourceSpec(name=name, **{**known, "yields": (CompanyProfile,), **more})


class _Odd(SourceSpec):
    """Something else each time it is looked at."""

    @property
    def auto(self) -> bool:
        raise RuntimeError("hunter2-hunter2")


@hookimpl
def leadgen_sources() -> Any:
    what = os.environ.get("HOSTILE_HOOK", "error")
    if what == "error":
        raise RuntimeError("hunter2-hunter2")
    if what == "exit":
        raise SystemExit(0)
    if what == "hang":
        time.sleep(600)
    if what == "subclass":
        return [_Odd.__new__(_Odd)]
    return {
        "nothing": None,
        "twins": [_spec(), _spec()],
        "endless": iter(_spec, None),
        "huge": [_spec("x" * 100_000)],
        "yields": [_spec(yields=("a text",))],
        "asks": [_spec(asks=str)],
        "api": [_spec(api="companies-house")],
        "calls": [_spec(calls="many")],
    }[what]


class Facts:
    """Never made."""
