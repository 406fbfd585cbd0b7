"""The pages that a plugin author reads: specs, protocols, lookups and hooks."""
