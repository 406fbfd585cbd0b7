"""Hypothesis profiles for every test of the repository; plugins' tests also run without this file.

``HYPOTHESIS_PROFILE`` names one. ``default`` and ``ci`` draw the same examples every time; ``soak`` draws new
ones, and prints how to draw a failing one again.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("default", deadline=None, derandomize=True)
settings.register_profile("ci", deadline=None, derandomize=True, max_examples=300, print_blob=True)
settings.register_profile("soak", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "default"))
