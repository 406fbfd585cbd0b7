"""Each API of the loaded sources, bound to what the configuration says of it: where it is and who we are there."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from leadgen_core.contracts.api import AuthKind
from leadgen_core.contracts.specs import SourceSpec
from leadgen_core.errors import UsageError
from leadgen_core.gateway import Binding
from leadgen_core.registry import Offer
from leadgen_core.secrets import Secret

__all__ = ["bind"]


def bind(sources: Iterable[Offer[SourceSpec]]) -> list[Binding]:
    """One binding for each API. Raises UsageError for a base URL that is none, or an API declared twice."""
    bindings: dict[str, Binding] = {}
    for offer in sources:
        api = offer.spec.api
        if api is None:
            continue
        known = bindings.get(api.name)
        if known is not None:
            if known.spec is not api:
                raise UsageError(f"{known.plugin} and {offer.plugin.name} both declare an API {api.name}")
            continue
        url = str(getattr(offer.config, api.base_url_field, None) or api.base_url).rstrip("/")
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise UsageError(f"{offer.plugin.name}.{api.base_url_field} is no http or https URL")
        secret, kind = None, None
        if api.credential is not None:
            value = getattr(offer.config, api.credential.field, None)
            secret = value if isinstance(value, Secret) else None
            chosen = getattr(offer.config, api.credential.kind_field, None) if api.credential.kind_field else None
            kind = AuthKind(chosen) if chosen else api.credential.kind
        cap = getattr(offer.config, api.quota_field, None)
        bindings[api.name] = Binding(
            spec=api, plugin=offer.plugin.name, base_url=url, secret=secret, kind=kind, cap=cap
        )
    return list(bindings.values())
