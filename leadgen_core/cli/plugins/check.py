"""``leadgen plugins check``: the conformance suite for an installed plugin, as a report."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import click

from leadgen_core.cli.options import environ

if TYPE_CHECKING:
    from leadgen_core.registry.opening import Opened
    from leadgen_core.testing.conformance import Finding

__all__ = ["check"]

_MARKS = {"passed": "ok  ", "failed": "FAIL", "not checked": "--  "}


@click.command("check")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def check(name: str, as_json: bool) -> int:
    """Check that the installed plugin NAME keeps what the contract asks, over APIs that are simulated.

    Exit code 0: all that could be checked holds; 1: something does not. No real API is asked. Needs
    leadgen-core[authoring].
    """
    import asyncio

    from leadgen_core.errors import UsageError
    from leadgen_core.registry import PluginFailed, Registry

    try:
        opened = Registry.discover(environ()).open(name)
    except PluginFailed as error:
        raise UsageError(str(error)) from None
    if find_spec("hypothesis") is None:
        from leadgen_core.app.authoring import INSTALL

        raise UsageError(f"plugins check needs hypothesis, which is not installed: {INSTALL}")
    # What a plugin prints must not stand between the lines of the report.
    with redirect_stdout(sys.stderr):
        findings = asyncio.run(_findings(opened))
    if as_json:
        import json

        click.echo(json.dumps(_object(opened, findings), indent=2))
    else:
        for line in _report(opened, findings):
            click.echo(line)
    return 1 if any(finding.state == "failed" for finding in findings) else 0


async def _findings(opened: Opened) -> list[Finding]:
    from loguru import logger

    from leadgen_core.testing.conformance import examine, samples_of, specimens_of

    logger.remove()  # what the checks provoke on purpose is no news
    return [finding async for finding in examine(specimens_of(opened, samples_of(opened)))]


def _object(opened: Opened, findings: Sequence[Finding]) -> dict[str, Any]:
    installed = opened.installed
    return {
        "plugin": installed.name,
        "distribution": installed.distribution,
        "version": installed.version,
        **{state.replace(" ", "_"): _count(findings, state) for state in _MARKS},
        "findings": [
            {
                "check": finding.check.id,
                "question": finding.question,
                "says": finding.check.says,
                "state": finding.state,
                "because": finding.because or None,
                "mend": finding.check.mend if finding.state == "failed" else None,
            }
            for finding in findings
        ],
    }


def _report(opened: Opened, findings: Sequence[Finding]) -> Iterator[str]:
    """Each thing with its checks: what holds, what does not with what was seen and the mend, what cannot be told."""
    installed = opened.installed
    yield f"{installed}, module {installed.value}"
    about = None
    for finding in findings:
        if about != (finding.question, finding.check.hook):
            about = (finding.question, finding.check.hook)
            yield ""
            yield _heading(finding)
        yield f"  {_MARKS[finding.state]} {finding.check.says}"
        if finding.state == "failed":
            yield f"       seen: {finding.because}"
            yield f"       mend: {finding.check.mend}"
            yield f"       this is {finding.check.id}"
        elif finding.because:
            yield f"       {finding.because}"
    yield ""
    if not findings:
        yield "nothing was checked: it offers nothing that there are checks for"
        return
    yield ", ".join(f"{_count(findings, state)} {state}" for state in _MARKS)


def _heading(finding: Finding) -> str:
    kind = finding.check.hook.removeprefix("leadgen_").replace("_", " ").removesuffix("s")
    return "the plugin as a whole" if kind == "plugin" else f"{kind} {finding.question}"


def _count(findings: Sequence[Finding], state: str) -> int:
    return sum(finding.state == state for finding in findings)
