"""A guest that misbehaves in every way that the host must survive. Each module is a plugin of its own.

Nothing here is of any use but to tests. No module imports another, so that each breaks by itself.
"""
