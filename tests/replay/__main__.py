"""``python -m tests.replay``: the register as a process. The first line on standard output is one JSON object."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import orjson

from tests.replay.running import default_options, faults_from
from tests.replay.server import Server


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.replay", description="Replays the UK register.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--key", action="append", help="a key for HTTP Basic; may be repeated (test-key)")
    parser.add_argument("--token", action="append", help="a token for Bearer; may be repeated (test-token)")
    parser.add_argument("--limit", type=int, default=600, help="calls per window and key")
    parser.add_argument("--window", type=float, default=300.0, help="seconds")
    parser.add_argument("--offset", type=float, default=0.0, help="seconds by which the server's clock is ahead")
    parser.add_argument("--marks", action="store_true", help="marked personal data")
    parser.add_argument("--unknown", metavar="REGEX", help="numbers that do not exist")
    parser.add_argument("--tolerate", action="append", default=[], metavar="NAME", help="not in the specifications")
    parser.add_argument("--faults", type=Path, metavar="FILE", help="a script of faults, a JSON list")
    parser.add_argument("--recorded", type=Path, metavar="DIR")
    parser.add_argument("--specs", type=Path, metavar="DIR")
    return parser


async def _serve(server: Server, port: int) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    base_url = await server.start(port)
    first = {"base_url": base_url, "key": next(iter(server.options.keys)), "token": next(iter(server.options.tokens))}
    sys.stdout.write(orjson.dumps(first).decode() + "\n")
    sys.stdout.flush()
    await ended.wait()
    await server.aclose()


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until SIGTERM or SIGINT."""
    given = vars(_parser().parse_args(arguments))
    port = given.pop("port")
    keys, tokens, faults = given.pop("key"), given.pop("token"), given.pop("faults")
    options = {name: value for name, value in given.items() if value is not None}
    options["keys"] = keys or ("test-key",)
    options["tokens"] = tokens or ("test-token",)
    options["faults"] = faults_from(faults) if faults is not None else ()
    asyncio.run(_serve(Server(default_options(**options)), port))


if __name__ == "__main__":
    main()
