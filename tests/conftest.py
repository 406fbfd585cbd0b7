"""Fixtures of all tests that cross plugins."""

from tests.replay.fixtures import make_register, register, register_process

__all__ = ["make_register", "register", "register_process"]
