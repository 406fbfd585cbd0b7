"""What ends a run early. Each message is one clear sentence with the place, without secrets or personal data."""

from __future__ import annotations

__all__ = ["Stopped", "UsageError"]


class UsageError(Exception):
    """Wrong usage, configuration or input: exit code 2, before anything is written."""


class Stopped(Exception):
    """The run cannot go on but can be resumed: exit code 3."""
