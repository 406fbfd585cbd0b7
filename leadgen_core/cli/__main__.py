"""``python -m leadgen_core.cli``: the console script where nobody knows its path."""

from __future__ import annotations

from leadgen_core.cli import main

if __name__ == "__main__":
    main()
