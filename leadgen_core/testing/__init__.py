"""What authors of plugins test with: time that moves when told, scripted answers, and the conformance suite."""

from leadgen_core.testing.clock import VirtualClock
from leadgen_core.testing.conformance import Samples, conformance
from leadgen_core.testing.context import ScriptedContext, scripted_reply

__all__ = ["Samples", "ScriptedContext", "VirtualClock", "conformance", "scripted_reply"]
