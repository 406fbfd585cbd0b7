"""What must not get out of a source: the credential, what its redaction drops, a request to anybody else."""

from __future__ import annotations

import re

from leadgen_core.testing.conformance.bench import api_of, bench, simulator_of
from leadgen_core.testing.conformance.borders import border
from leadgen_core.testing.conformance.check import NotChecked, check, require
from leadgen_core.testing.conformance.hearing import hearing
from leadgen_core.testing.conformance.specimen import SECRET, Specimen
from leadgen_core.testing.conformance.traces import forms_of_secret, left_by, sent_by
from leadgen_core.testing.conformance.trial import attempt, baseline
from leadgen_core.testing.faults import answering
from leadgen_core.testing.world import PERSONAL

_HOOK = "leadgen_sources"


@check(
    _HOOK,
    "source.no-secret",
    says="its credential stands in the header that signs and nowhere else",
    mend="never call reveal(): declare the credential in the ApiSpec, and the gateway signs",
)
async def no_secret(specimen: Specimen) -> None:
    """Not in logs, errors, events, answers, cache or addresses; also when the API refuses it and repeats it."""
    api = api_of(specimen)
    echo = answering("401", 401, f'{{"error": "the key {SECRET} is wrong"}}'.encode(), content_type="application/json")
    failed = answering("500", 500, f"key {SECRET}".encode())
    for fault in (None, echo, failed):
        with hearing() as heard:
            async with bench(specimen, fault=lambda _place, _request, fault=fault: fault) as stand:  # type: ignore[misc]
                trials = [await attempt(stand, trial.subject) for trial in (await baseline(specimen)).trials[:3]]
        for where, text in (*left_by(stand, trials, heard), *sent_by(stand, api)):
            for form in forms_of_secret():
                require(form not in text, f"the credential stands in {where}")


@check(
    _HOOK,
    "source.hosts",
    says="it opens no connection of its own",
    mend="ask with ctx.ask(): the gateway alone opens connections, to the API's base_url and its hosts",
)
async def hosts(specimen: Specimen) -> None:
    """Whatever is not the API's own port is refused here and counted."""
    whole = (await baseline(specimen)).trials
    async with bench(specimen) as stand:
        with border(stand.ports) as watch:
            for trial in whole:
                await attempt(stand, trial.subject)
    require(not watch.crossed, f"it tried to reach {', '.join(watch.crossed)}")


@check(
    _HOOK,
    "source.redaction",
    says="no day of birth, nationality, country of residence, street or postcode of a person is left in anything",
    mend="build in redact a new object of what you need; keep keyed(...) of a postcode or of year and month of birth",
)
async def redaction(specimen: Specimen) -> None:
    """What the answers hold of it is looked for in replies, claims, cache and logs."""
    known = (await baseline(specimen)).trials
    given = specimen.samples.personal
    simulated = simulator_of(specimen, api_of(specimen).name) is not None
    if not simulated and not given:
        raise NotChecked("what is personal in the script's answers: give Samples(personal=(...)), texts that must go")
    marks = {f"{text!r}": re.compile(re.escape(text), re.IGNORECASE) for text in given}
    if simulated:
        marks.update(PERSONAL)
    with hearing() as heard:
        async with bench(specimen) as stand:
            trials = [await attempt(stand, trial.subject) for trial in known]
    for where, text in left_by(stand, trials, heard):
        for what, mark in marks.items():
            require(not mark.search(text), f"{what} stands in {where}")
