"""What tests of plugins need: time that moves when told, and a context with scripted answers."""

from leadgen_core.testing.clock import VirtualClock
from leadgen_core.testing.context import ScriptedContext, scripted_reply

__all__ = ["ScriptedContext", "VirtualClock", "scripted_reply"]
