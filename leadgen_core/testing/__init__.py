"""What authors of plugins test with: time that moves when told, scripted answers, and the conformance suite."""

from leadgen_core.testing.clock import QuickClock, VirtualClock
from leadgen_core.testing.conformance import Samples, conformance
from leadgen_core.testing.context import ScriptedContext, scripted_reply
from leadgen_core.testing.world import SmallWorld, small_world

__all__ = [
    "QuickClock",
    "Samples",
    "ScriptedContext",
    "SmallWorld",
    "VirtualClock",
    "conformance",
    "scripted_reply",
    "small_world",
]
