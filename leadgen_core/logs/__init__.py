"""Logs: text or JSON lines, one correlation id per run and company, and no secret in them, ever.

loguru is imported when :func:`configure` is first used.
"""

from __future__ import annotations

from leadgen_core.logs.audit import audit_writer
from leadgen_core.logs.scrub import Scrubber
from leadgen_core.logs.setup import Logs, company_scope, configure, console_writer, hide, run_scope
from leadgen_core.logs.streams import plugin_output

__all__ = [
    "Logs",
    "Scrubber",
    "audit_writer",
    "company_scope",
    "configure",
    "console_writer",
    "hide",
    "plugin_output",
    "run_scope",
]
