"""A command that cannot be loaded."""

raise SystemExit(0)
