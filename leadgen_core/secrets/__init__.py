"""Secrets: values that print as stars everywhere, the references that name them, the key of this installation."""

from __future__ import annotations

from leadgen_core.secrets.installation import data_dir, installation_key, keyed
from leadgen_core.secrets.secret import STARS, Secret

__all__ = ["STARS", "Secret", "data_dir", "installation_key", "keyed"]
