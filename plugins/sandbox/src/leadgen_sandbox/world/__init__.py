"""The world: invented companies with their people, sites and accounts, and what is true of them.

Simulators see it through the read-only protocol ``leadgen_core.contracts.world.World``. Written from the
register's dossier (statistics, forms of names, traps seen in real answers), never from what a reader can do.
"""

from __future__ import annotations

from leadgen_sandbox.world.draft import DECIDING_ROLES
from leadgen_sandbox.world.hand import NUMBERS as HAND_NUMBERS
from leadgen_sandbox.world.numbers import MAX_COMPANIES
from leadgen_sandbox.world.people import full_name
from leadgen_sandbox.world.truth import ENDED, TrueExecutive, Truth
from leadgen_sandbox.world.world import EARLIEST, PROFILES, TODAY, Made, SandboxWorld, make_world

__all__ = [
    "DECIDING_ROLES",
    "EARLIEST",
    "ENDED",
    "HAND_NUMBERS",
    "MAX_COMPANIES",
    "PROFILES",
    "TODAY",
    "Made",
    "SandboxWorld",
    "TrueExecutive",
    "Truth",
    "full_name",
    "make_world",
]
