"""What makes a run impossible before it begins, each with the command line that would work."""

from __future__ import annotations

from collections.abc import Sequence

from leadgen_core.app.outputs import Output, choose_sink, rejects_path
from leadgen_core.errors import UsageError
from leadgen_core.registry import Plugins

__all__ = ["problems", "refuse"]


def refuse(plugins: Plugins, outputs: Sequence[Output], *, profile: str | None, command: str) -> None:
    """Raise UsageError when these plugins cannot do the run, naming all that is missing at once.

    ``command`` is what the operator asked for, without its plugins: the sentence ends with one that would work.
    """
    missing = problems(plugins, outputs, profile=profile)
    if missing:
        names = list(dict.fromkeys([*plugins.versions, *(plugin for _, plugin in missing)]))
        sentence = "; ".join(problem for problem, _ in missing)
        raise UsageError(f"{sentence}. This would work: {command} --plugins {','.join(names)}")


def problems(plugins: Plugins, outputs: Sequence[Output], *, profile: str | None) -> list[tuple[str, str]]:
    """What makes a run impossible, each with a plugin that would mend it."""
    found: list[tuple[str, str]] = []
    if not plugins.sources:
        found.append(("no source is loaded", "companies-house"))
    throttled = [offer.question for offer in plugins.sources if offer.spec.api is not None and offer.spec.api.limited]
    if throttled and not plugins.rate_limiters:
        found.append((f"{throttled[0]} has a quota and no rate limiter is loaded", "quota"))
    people = [o.question for o in plugins.sources if any(claim.aim == "executives" for claim in o.spec.yields)]
    if people and not plugins.resolvers:
        found.append((f"{people[0]} finds people and no resolver is loaded", "identity"))
    for output in (*outputs, Output(rejects_path(outputs[0]))):
        if choose_sink(output, plugins.sinks) is None:
            what = f"the preset {output.preset}" if output.preset else output.path.suffix or output.path.name
            found.append((f"no loaded sink writes {what} (-o {output})", "files"))
            break
    if profile == "production" and not any(offer.plugin.name == "privacy" for offer in plugins.screens):
        found.append(("the profile is production and privacy is not loaded", "privacy"))
    return found
