"""Raises at import: what, the environment variable ``HOSTILE_IMPORT`` says."""
# ruff: noqa: T201

import os
import sys
import time

_WHAT = os.environ.get("HOSTILE_IMPORT", "error")

print("a hostile plugin prints to standard output")
if _WHAT == "error":
    raise RuntimeError("the text of an error may hold anything: hunter2-hunter2")
if _WHAT == "exit":
    sys.exit(0)
if _WHAT == "base":

    class Base(BaseException):
        """Neither an error nor an exit."""

    raise Base("hunter2-hunter2")
if _WHAT == "generator-exit":
    raise GeneratorExit
if _WHAT == "hang":
    time.sleep(600)
if _WHAT == "name":
    raise type("hunter2-hunter2 \x1b[31m", (Exception,), {})
