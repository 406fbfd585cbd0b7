"""identity: from all claims about one company to one lead, and to the people who decide there.

Pure rules on what registers say: who is a person and who a body, which statements speak of one human, who is
in office now. It asks nobody anything.
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from leadgen_core import Plugin, ResolverSpec, hookimpl

__all__ = ["PLUGIN", "Config", "leadgen_resolvers"]


@frozen(eq=False, repr=False)
class Config:
    """Nothing can be configured yet: the rules are those of the README."""


PLUGIN = Plugin(api_version=1, config=Config)


@hookimpl
def leadgen_resolvers() -> Iterable[ResolverSpec]:
    """The resolver of this plugin."""
    return (ResolverSpec(name="identity", factory="leadgen_identity.resolver:IdentityResolver"),)
