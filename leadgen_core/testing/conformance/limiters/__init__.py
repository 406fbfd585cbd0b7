"""What is asked of a rate limiter: never over, never idle, and no permit lost or given twice.

``desk`` asks by hand and says what the server said, ``hammer`` lets many ask at a server that keeps a quota;
``permits``, ``windows`` and ``turns`` are the checks. A factory that takes a keyword ``clock`` (a
:class:`leadgen_core.Clock`) is judged in virtual time with windows of minutes, any other in seconds; whether that one
is idle cannot be seen there, since servers state the end of a window in whole seconds.
"""

from leadgen_core.testing.conformance.limiters import permits, turns, windows

__all__ = ["permits", "turns", "windows"]
