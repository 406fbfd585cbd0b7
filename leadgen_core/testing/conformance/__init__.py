"""The conformance suite: what the contract asks of each kind of thing, as checks that can be run anywhere.

``check`` says what a check is, ``specimen`` what it is done to, ``examine`` runs them, ``suite`` makes pytest tests of
them; beside these, one module for each kind. ``leadgen plugins check`` prints what ``examine`` finds.
"""

from leadgen_core.testing.conformance.check import Broken, Check, NotChecked, checks_of
from leadgen_core.testing.conformance.examine import Finding, examine
from leadgen_core.testing.conformance.samples import samples_of
from leadgen_core.testing.conformance.specimen import Samples, Specimen, specimens_of
from leadgen_core.testing.conformance.suite import conformance

__all__ = [
    "Broken",
    "Check",
    "Finding",
    "NotChecked",
    "Samples",
    "Specimen",
    "checks_of",
    "conformance",
    "examine",
    "samples_of",
    "specimens_of",
]
