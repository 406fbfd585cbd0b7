"""What is wrong with a spec, so that nobody after the registry meets one that is not what its class says."""

from __future__ import annotations

import re
from itertools import chain
from typing import get_args

from leadgen_core.contracts.api import ApiSpec
from leadgen_core.contracts.specs import DiscovererSpec, ScorerSpec, SourceSpec, Spec
from leadgen_core.model import shape
from leadgen_core.model.claims import Claim
from leadgen_core.model.subjects import Subject

__all__ = ["flaw"]

_LONGEST = 64
"""Characters of a name: names stand in messages, keys and every lead."""
_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,63}", re.ASCII)
_SUBJECTS = get_args(Subject)


def flaw(spec: Spec) -> str | None:
    """The first member of a spec with a wrong value, as ``Class.member``; None when all are right."""
    if (wrong := shape.flaw(spec)) is not None:
        return wrong
    if len(spec.name) > _LONGEST or len(spec.factory) > 4 * _LONGEST:
        return f"{type(spec).__name__}.{'name' if len(spec.name) > _LONGEST else 'factory'} (too long)"
    if isinstance(spec, SourceSpec):
        if not isinstance(spec.asks, type) or spec.asks not in _SUBJECTS:
            return "SourceSpec.asks"
        if not all(isinstance(claim, type) and issubclass(claim, Claim) and _aim(claim) for claim in spec.yields):
            return "SourceSpec.yields"
    if isinstance(spec, ScorerSpec) and not all(map(_NAME.fullmatch, spec.scores)):
        return "ScorerSpec.scores"
    api = spec.api if isinstance(spec, SourceSpec | DiscovererSpec) else None
    return None if api is None else _api(api)


def _aim(claim: type[Claim]) -> bool:
    return claim.aim is None or isinstance(claim.aim, str)


def _api(api: ApiSpec) -> str | None:
    if (wrong := shape.flaw(api)) is not None:
        return wrong
    names = chain((api.name, api.base_url_field, api.quota_field), api.operations, filter(None, api.quotas))
    if not all(map(_NAME.fullmatch, names)):
        return "ApiSpec (a name that cannot be used)"
    functions = (api.classify, api.redact, *([] if api.read_windows is None else [api.read_windows]))
    return None if all(map(callable, functions)) else "ApiSpec (what should be a function is none)"
