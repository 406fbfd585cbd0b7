"""A plugin imported and its hooks asked in a process of its own, with everything seen that is not mere computing."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from importlib.util import find_spec

from attrs import frozen

from leadgen_core.testing.conformance.check import NotChecked

__all__ = ["Seen", "probe"]

_SECONDS = 30.0

_SCRIPT = """
import json, os, sys, threading
given = json.loads(sys.argv[1])
sys.path[:] = given["path"]
import leadgen_core
from leadgen_core.contracts.specs import Plugin
from leadgen_core.contracts.hookspecs import hookimpl
from leadgen_core.registry.installed import Installed
from leadgen_core.registry import opening
for name in leadgen_core.__all__:
    getattr(leadgen_core, name)

EVENTS = {
    "socket.__new__", "socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname",
    "subprocess.Popen", "os.posix_spawn", "os.fork", "os.forkpty", "os.exec", "os.spawn", "os.system",
    "_thread.start_new_thread", "os.mkdir", "os.remove", "os.rename", "os.rmdir",
    "os.truncate", "os.link", "os.symlink", "os.chmod", "os.chown", "os.utime", "tempfile.mkstemp",
    "tempfile.mkdtemp", "sqlite3.connect", "time.sleep",
}
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
seen = {"import": [], "hooks": []}
phase = []

def hook(event, arguments):
    if not phase:
        return
    if event in EVENTS:
        seen[phase[0]].append(event)
    elif event == "open":
        path, mode, flags = arguments
        if (isinstance(mode, str) and set(mode) & set("wax+")) or (isinstance(flags, int) and flags & WRITES):
            seen[phase[0]].append("open for writing")

def started(self, real=threading.Thread.start):  # no audit event tells of threads before Python 3.12
    if phase and getattr(getattr(self, "_target", None), "__module__", "") == "leadgen_core.registry.patience":
        ours, phase[:] = phase[:], []  # the host's own watch over what it asks
        try:
            return real(self)
        finally:
            phase[:] = ours
    if phase:
        seen[phase[0]].append("a thread started")
    return real(self)

threading.Thread.start = started
before = set(sys.modules)
sys.addaudithook(hook)
phase.append("import")
import importlib
module = importlib.import_module(given["module"])
phase[0] = "hooks"
opening.open_plugin(Installed(given["name"], "probed", "0", given["module"]), module)
phase.clear()
print(json.dumps({**seen, "modules": sorted(set(sys.modules) - before)}))
"""


@frozen
class Seen:
    """What happened at import and in hooks, in the words of Python's audit events, and what was imported."""

    at_import: Sequence[str]
    in_hooks: Sequence[str]
    modules: frozenset[str]


async def probe(name: str, module: str) -> Seen:
    """Look at the module in a fresh process. Raises ``NotChecked`` when it cannot be imported there by name."""
    try:
        there = find_spec(module)
    except (ImportError, ValueError):
        there = None
    if there is None:
        raise NotChecked(f"the module {module} cannot be imported by its name in another process")
    given = json.dumps({"path": [each for each in sys.path if each], "module": module, "name": name})
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-B", "-c", _SCRIPT, given),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(_SECONDS):
            said, errors = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise NotChecked(f"importing {module} took more than {_SECONDS:g} s") from None
    if process.returncode:
        last = errors.decode(errors="replace").strip().rpartition("\n")[2]
        raise NotChecked(f"importing {module} in a fresh process failed: {last}")
    found = json.loads(said.splitlines()[-1])
    return Seen(found["import"], found["hooks"], frozenset(found["modules"]))
