"""The HTTP library, imported on the side while configuration and plugins are read.

A fifth of aiohttp's import is OpenSSL reading the machine's certificates, without Python's lock; the rest fills the
gaps in which this process waits for a disk. Whoever needs the library imports it as ever, and waits for what is left.
"""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from threading import Thread

__all__ = ["begin"]


def begin() -> None:
    """Begin, and do not wait. What goes wrong is raised where the library is used.

    No daemon: a process that ends at once waits for it, since OpenSSL must not be taken down under its feet.
    """
    Thread(target=_import, name="leadgen-import").start()


def _import() -> None:
    with suppress(Exception):
        import_module("aiohttp")
