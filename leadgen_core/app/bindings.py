"""Each API of the loaded sources and discoverers, bound to what is configured: where it is and who we are there."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from urllib.parse import urlsplit

from leadgen_core.contracts.api import AuthKind
from leadgen_core.contracts.specs import DiscovererSpec, SourceSpec
from leadgen_core.errors import UsageError
from leadgen_core.gateway import Binding
from leadgen_core.registry import Offer
from leadgen_core.secrets import Secret

__all__ = ["bind"]


def bind(
    offers: Iterable[Offer[SourceSpec] | Offer[DiscovererSpec]], within: Collection[str] | None = None
) -> list[Binding]:
    """One binding for each API. Raises UsageError for a base URL that is none, or an API declared twice.

    ``within`` are the only base URLs that may be reached (those of a sandbox); None: any.
    """
    bindings: dict[str, Binding] = {}
    for offer in offers:
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
        if within is not None and url not in within:
            field = f"{offer.plugin.name}.{api.base_url_field}"
            raise UsageError(f"{field} cannot be pointed at the sandbox: the plugin's config has no such key")
        secret, kind = None, None
        if api.credential is not None:
            value = getattr(offer.config, api.credential.field, None)
            secret = value if isinstance(value, Secret) else None
            chosen = getattr(offer.config, api.credential.kind_field, None) if api.credential.kind_field else None
            kind = AuthKind(chosen) if chosen else api.credential.kind
        cap = getattr(offer.config, api.quota_field, None)
        timeout = getattr(offer.config, api.timeout_field, None)
        bindings[api.name] = Binding(
            spec=api,
            plugin=offer.plugin.name,
            base_url=url,
            secret=secret,
            kind=kind,
            cap=cap,
            closed=within is not None,
            timeout=timeout,
        )
    return list(bindings.values())
