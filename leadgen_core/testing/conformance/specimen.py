"""What a check is done to: one spec of one plugin, what its factory makes, and the samples that its author gave."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

from attrs import NOTHING, evolve, field, fields, frozen

from leadgen_core.contracts.api import ApiSpec, RawReply, Request
from leadgen_core.contracts.protocols import DiscoveryQuery, Target
from leadgen_core.contracts.specs import Spec
from leadgen_core.contracts.world import World
from leadgen_core.model.lead import Executive
from leadgen_core.model.subjects import Subject
from leadgen_core.registry.making import make
from leadgen_core.registry.opening import Opened
from leadgen_core.secrets import Secret

__all__ = ["Samples", "Specimen", "specimens_of"]


@frozen(kw_only=True)
class Samples:
    """What only the author can know. Everything is optional: what cannot be judged without it is said so.

    - ``subjects``: by the name of a source, subjects of which its API knows something;
    - ``script``: what the API answers to a request, for a source without a simulator;
    - ``config``: fields of the plugin's config that must be set for it to work (a URL of a test database);
    - ``stranger``: for a cache in a shared store: puts something of somebody else's into the same store, and says
      when asked whether it is still there;
    - ``output``: what stands in a sink's output, if that is no file or its bytes differ each time;
    - ``suppressed``: people whom a screen must take out;
    - ``real_time``: do not move the clock: lifetimes are kept by a store with a clock of its own;
    - ``world``: what the plugin's simulator serves, in place of :func:`leadgen_core.testing.small_world`;
    - ``personal``: texts in the answers of ``script`` or ``world`` that nothing may keep (a day of birth, a street);
    - ``queries``: what a discoverer is asked, in place of everything.
    """

    subjects: Mapping[str, tuple[Subject, ...]] = field(factory=dict)
    script: Callable[[Request], RawReply] | None = None
    config: Mapping[str, Any] = field(factory=dict)
    stranger: Callable[[], AbstractAsyncContextManager[Callable[[], Awaitable[bool]]]] | None = None
    output: Callable[[Target], Any] | None = None
    suppressed: tuple[Executive, ...] = ()
    real_time: bool = False
    world: World | None = None
    personal: tuple[str, ...] = ()
    queries: tuple[DiscoveryQuery, ...] = ()


@frozen(kw_only=True)
class Specimen:
    """One spec (None: the plugin as a whole), with everything that belongs to it."""

    opened: Opened
    hook: str
    spec: Spec | None
    samples: Samples
    memo: dict[str, Any] = field(factory=dict, init=False, eq=False, repr=False)
    """What one check found out and another need not find out again."""

    @property
    def question(self) -> str:
        """``<plugin>.<spec>``, or the plugin's name."""
        name = self.opened.installed.name
        return name if self.spec is None else f"{name}.{self.spec.name}"

    def config(self, **changes: Any) -> Any:
        """The plugin's config: defaults, the samples' values, then ``changes``; keys get a value of the suite's.

        A secret that signs nothing and has a default, such as the URL of a store, keeps it.
        """
        kind = self.opened.plugin.config
        apis = [getattr(record.spec, "api", None) for record in self.opened.records]
        keys = {api.credential.field for api in apis if isinstance(api, ApiSpec) and api.credential is not None}
        given: dict[str, Any] = {}
        for each in fields(kind):
            if each.name in self.samples.config:
                given[each.name] = self.samples.config[each.name]
            elif "Secret" in str(each.type) and (each.name in keys or each.default is NOTHING):
                given[each.name] = Secret(SECRET)
        return evolve(kind(**given), **changes)

    def make(self, **changes: Any) -> Any:
        """What the spec's factory makes of the config."""
        if self.spec is None:
            raise ValueError("a plugin as a whole has no factory")
        return make(self.spec, self.config(**changes))


SECRET = "conformance-secret-Zq3vT9"  # noqa: S105 - no key of anybody's
"""Stands where a key would; it must turn up nowhere but in the header that signs."""


def specimens_of(opened: Opened, samples: Samples | None = None) -> tuple[Specimen, ...]:
    """The plugin as a whole, then each of its specs, in the order of its hooks."""
    samples = samples or Samples()
    whole = Specimen(opened=opened, hook="plugin", spec=None, samples=samples)
    return whole, *(
        Specimen(opened=opened, hook=record.hook, spec=record.spec, samples=samples) for record in opened.records
    )
