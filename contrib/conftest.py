"""What stands in contrib/ is not installed with the core: its sources are put on the path for its own tests."""

from __future__ import annotations

import sys
from pathlib import Path

for _source in sorted(Path(__file__).parent.glob("*/src")):
    if str(_source) not in sys.path:
        sys.path.append(str(_source))
