"""From chosen plugins to ordered offers: isolation, configuration, missing keys, order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from attrs import evolve

from leadgen_core.contracts.specs import DiscovererSpec, SourceSpec, Spec
from leadgen_core.errors import UsageError, error_name
from leadgen_core.events import Events, PluginBroke
from leadgen_core.model.records import frozen
from leadgen_core.registry.failures import PluginFailed, failed
from leadgen_core.registry.installed import Installed
from leadgen_core.registry.opening import Opened, Record
from leadgen_core.registry.result import Note, Offer, Plugins
from leadgen_core.settings import Layers
from leadgen_core.settings.layer import env_name

__all__ = ["load"]

_KINDS = {
    "leadgen_sources": "sources",
    "leadgen_caches": "caches",
    "leadgen_rate_limiters": "rate_limiters",
    "leadgen_leases": "leases",
    "leadgen_resolvers": "resolvers",
    "leadgen_screens": "screens",
    "leadgen_scorers": "scorers",
    "leadgen_sinks": "sinks",
    "leadgen_discoverers": "discoverers",
    "leadgen_simulators": "simulators",
}


@frozen
class _Placed:
    """An offer with all that its place depends on; nothing of it depends on the order of installation."""

    hook: str
    offer: Offer[Any]
    tier: int
    place: int
    record: Record

    @property
    def order(self) -> tuple[int, int, int, str, int, str]:
        record = self.record
        return self.tier, self.place, record.band, self.offer.plugin.name, record.index, record.spec.name


def load(
    chosen: Sequence[Installed],
    *,
    by_name: bool,
    opener: Callable[[Installed], Opened],
    layers: Layers,
    events: Events | None,
) -> Plugins:
    """Open and configure each plugin by itself; see :meth:`Registry.load`."""
    placed: list[_Placed] = []
    notes: list[Note] = []
    versions: dict[str, str] = {}
    for place, installed in enumerate(chosen):
        try:
            opened = opener(installed)
            # Among plugins that were found automatically the order of finding says nothing.
            offers, left = _offers(opened, layers, place if by_name else 0, by_name=by_name)
        except PluginFailed as exc:
            if by_name:
                raise UsageError(str(exc)) from exc
            notes.append(Note(installed, False, exc.because))
            _tell(events, installed, exc.where, exc.error)
            continue
        except UsageError as exc:
            if by_name:
                raise
            notes.append(Note(installed, False, str(exc)))
            _tell(events, installed, "config", error_name(exc))
            continue
        placed += offers
        active = by_name or any(each.hook != "leadgen_simulators" for each in offers)
        if active:
            versions[installed.name] = installed.version
        notes.append(Note(installed, active, _because(offers, left, by_name=by_name)))
    by_kind: dict[str, Any] = {kind: _ordered(placed, hook) for hook, kind in _KINDS.items()}
    return Plugins(**by_kind, notes=tuple(notes), versions=versions, by_name=by_name)


def _ordered(placed: Iterable[_Placed], hook: str) -> tuple[Offer[Any], ...]:
    return tuple(each.offer for each in sorted((each for each in placed if each.hook == hook), key=lambda x: x.order))


def _offers(opened: Opened, layers: Layers, place: int, *, by_name: bool) -> tuple[list[_Placed], str]:
    """The plugin's offers, and in words what was left out of them."""
    installed = opened.installed
    records = [record for record in opened.records if by_name or record.spec.auto]
    left = [] if len(records) == len(opened.records) else ["some specs only when asked for by name"]
    if not records and not by_name:
        return [], "only when asked for by name" if opened.records else "it offers nothing"
    try:
        config = layers.config(installed.name, opened.plugin.config)
    except (UsageError, KeyboardInterrupt):
        raise
    except BaseException as exc:  # the class itself is at fault
        raise failed(installed, "config", "filling its config class", exc) from exc
    tiers = layers.tiers(installed.name, [spec.name for spec in opened.sources])
    missing = _missing(installed, records, config)
    if missing and by_name:
        raise UsageError(next(iter(missing.values())))
    offers = []
    for record in records:
        if (sentence := missing.get((record.hook, record.spec.name))) is not None:
            if sentence not in left:
                left.append(sentence)
            continue
        spec = _with_tier(record.spec, tiers)
        tier = spec.tier if isinstance(spec, SourceSpec) else 0
        offers.append(_Placed(record.hook, Offer(installed, spec, config), tier, place, record))
    return offers, "; ".join(left)


def _with_tier(spec: Spec, tiers: dict[str, int]) -> Spec:
    if isinstance(spec, SourceSpec) and spec.name in tiers:
        return evolve(spec, tier=tiers[spec.name])
    return spec


def _missing(installed: Installed, records: Iterable[Record], config: object) -> dict[tuple[str, str], str]:
    """By hook and spec, the sentence for a credential that is not configured."""
    missing: dict[tuple[str, str], str] = {}
    for record in records:
        spec = record.spec
        if not isinstance(spec, SourceSpec | DiscovererSpec) or spec.api is None or spec.api.credential is None:
            continue
        key = spec.api.credential.field
        if getattr(config, key) is None:
            name = installed.name
            missing[record.hook, spec.name] = f"{name} needs {key}: set {env_name(name, key)} or {key} in [{name}]"
    return missing


def _because(offers: Sequence[_Placed], left: str, *, by_name: bool) -> str:
    kinds = [kind.replace("_", " ") for hook, kind in _KINDS.items() if any(each.hook == hook for each in offers)]
    has = ", ".join(kinds) or ("asked for by name" if by_name else "")
    return "; ".join(part for part in (has, left) if part)


def _tell(events: Events | None, installed: Installed, where: str, error: str) -> None:
    if events is not None:
        events.emit(PluginBroke(installed.name, installed.distribution, installed.version, where, error))
