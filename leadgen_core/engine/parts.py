"""The plugins' objects as the engine holds them: each knows whose it is, so that a failure names its culprit."""

from __future__ import annotations

from typing import Generic, TypeVar

from leadgen_core.contracts.specs import Spec
from leadgen_core.engine.guard import cause_name
from leadgen_core.events import Events, PluginBroke
from leadgen_core.model.records import frozen

__all__ = ["Owner", "Part", "report"]

T = TypeVar("T")
S = TypeVar("S", bound=Spec)


@frozen
class Owner:
    """The plugin that a part comes from."""

    plugin: str
    distribution: str
    version: str


@frozen
class Part(Generic[S, T]):
    """One object that a plugin made: its spec, its owner, itself."""

    spec: S
    owner: Owner
    made: T

    @property
    def name(self) -> str:
        """``<plugin>.<spec>``: how outcomes and messages call it."""
        return f"{self.owner.plugin}.{self.spec.name}"


def report(events: Events, part: Part[S, T], where: str, error: BaseException) -> None:
    """Say that a plugin broke. Only the type of the error is told: its text may hold anything."""
    owner = part.owner
    events.emit(PluginBroke(owner.plugin, owner.distribution, owner.version, where, cause_name(error)))
