"""Setting up loguru: one sink, one format, correlation by context variables, other libraries' logs included."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC
from typing import TYPE_CHECKING, Any, TextIO

from leadgen_core.logs.scrub import Scrubber
from leadgen_core.secrets import Secret

if TYPE_CHECKING:
    from loguru import Message, Record
    from rich.console import Console

__all__ = ["Logs", "company_scope", "configure", "console_writer", "hide", "run_scope"]

Writer = Callable[[str], object]

# What a terminal would obey (colours, cursor, title) is shown instead; ends of line would fake further entries.
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"}
_ONE_LINE = {**_CONTROLS, ord("\n"): "\\n", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def console_writer(console: Console) -> Writer:
    """Writes through a rich console, above its progress bar, and takes nothing in the text for markup."""

    def write(text: str) -> None:
        console.print(text, markup=False, highlight=False, emoji=False, soft_wrap=True, end="")

    return write


# Not loguru's contextualize: it makes a new dict of all that is bound, for each company, logged or not.
_RUN: ContextVar[str | None] = ContextVar("run", default=None)
_COMPANY: ContextVar[str | int | None] = ContextVar("company", default=None)


@contextmanager
def run_scope(run_id: str) -> Iterator[None]:
    """Everything logged inside, by whatever task is started there, carries this run."""
    token = _RUN.set(run_id)
    try:
        yield
    finally:
        _RUN.reset(token)


class company_scope:  # noqa: N801 - it is used as a function
    """Everything logged inside carries this company: its ordinal, or its number."""

    __slots__ = ("_mark", "_token")

    def __init__(self, mark: int | str) -> None:
        self._mark = mark

    def __enter__(self) -> None:
        self._token = _COMPANY.set(self._mark)

    def __exit__(self, *_exc: object) -> None:
        _COMPANY.reset(self._token)


def _correlate(record: Record) -> None:
    """Put run and company of the present context into a record; loguru calls its sinks in that context."""
    for name, value in (("run", _RUN.get()), ("company", _COMPANY.get())):
        if value is not None:
            record["extra"].setdefault(name, str(value))


def hide(secrets: Iterable[Secret]) -> None:
    """Scrub these from the log too, as it is configured now or will be."""
    if _open:
        _open[-1].add(*secrets)
    else:
        _waiting.extend(secrets)


class Logs:
    """Logging as configured, until :meth:`close` puts back what was there."""

    def __init__(self, scrubber: Scrubber, undo: Callable[[], None]) -> None:
        self.scrubber = scrubber
        self._undo: Callable[[], None] | None = undo

    def add(self, *secrets: Secret) -> None:
        """Scrub these too."""
        self.scrubber.add(*secrets)

    def close(self) -> None:
        """Stop logging and give the stdlib's loggers back; later calls do nothing."""
        if self._undo is not None:
            self._undo()
            _open.remove(self)
        self._undo = None

    def __enter__(self) -> Logs:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()


def configure(
    *,
    format: str = "text",  # noqa: A002 - named as the option is
    quiet: bool = False,
    stream: TextIO | Writer | None = None,
    secrets: Iterable[Secret] = (),
) -> Logs:
    """Log to ``stream``, scrubbed, from INFO on; ``quiet``: from WARNING on.

    ``format`` is ``text`` (``time level run company message``) or ``json`` (one object a line). A stream may be
    a function that takes text; None is standard error as it is at each line, so a progress bar that stands in
    for it keeps the lines above itself. Everything is scrubbed when it is finished text, exceptions included,
    so nothing gets around it. Logs of libraries (stdlib) come out here too, from WARNING on.
    """
    with _no_sink_of_its_own():
        from loguru import logger

    scrubber = Scrubber([*secrets, *_waiting])
    _waiting.clear()
    render = {"text": _text, "json": _json}[format]

    def sink(message: Message) -> None:
        # A log that cannot be written must not end the run; there is nobody left to tell.
        with suppress(Exception):
            _correlate(message.record)
            try:
                line = render(message.record, scrubber(str(message)), scrubber)
            except Exception as exc:  # something bound to the entry cannot be printed
                instead = f"a log entry that cannot be printed ({type(exc).__name__})"
                line = render({**message.record, "message": instead, "extra": {}}, "", scrubber)
            # Once before anything was escaped, and once more now that the text is finished.
            _write(stream, scrubber.known(line))

    level = "WARNING" if quiet else "INFO"
    logger.remove()
    handler = logger.add(
        sink,
        level=level,
        # The sink writes the record itself; the text of an exception is made here, without values of variables.
        format=lambda _record: "{exception}",
        colorize=False,
        backtrace=False,
        diagnose=False,
        # loguru would print a record that it cannot format as it stands, around the scrubber.
        catch=False,
    )
    root = logging.getLogger()
    handlers_before, level_before = root.handlers[:], root.level
    root.handlers[:] = [_Intercept()]
    root.setLevel(logging.WARNING)

    def undo() -> None:
        with suppress(ValueError):  # somebody else has removed it
            logger.remove(handler)
        root.handlers[:] = handlers_before
        root.setLevel(level_before)

    logs = Logs(scrubber, undo)
    _open.append(logs)
    return logs


@contextmanager
def _no_sink_of_its_own() -> Iterator[None]:
    """Imported inside, loguru makes no first sink, which would be taken away at once and is a fifth of its import."""
    told = os.environ.get(_FIRST_SINK)
    os.environ[_FIRST_SINK] = "False"
    try:
        yield
    finally:
        if told is None:
            del os.environ[_FIRST_SINK]
        else:
            os.environ[_FIRST_SINK] = told


_FIRST_SINK = "LOGURU_AUTOINIT"
_open: list[Logs] = []
_waiting: list[Secret] = []
"""Secrets that were hidden before there was a log."""


def _write(stream: TextIO | Writer | None, line: str) -> None:
    target = sys.stderr if stream is None else stream
    if callable(target):
        target(line)
        return
    try:
        target.write(line)
    except UnicodeEncodeError:  # a terminal of another alphabet
        encoding = target.encoding or "ascii"
        target.write(line.encode(encoding, "backslashreplace").decode(encoding))
    target.flush()


def _stamp(record: Record) -> str:
    return record["time"].astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _text(record: Record, exception: str, scrub: Scrubber) -> str:
    extra = record["extra"]
    line = " ".join(
        (
            _stamp(record),
            f"{record['level'].name:<7}",
            str(extra.get("run", "-")),
            str(extra.get("company", "-")),
            scrub(record["message"]),
        )
    )
    return f"{line.translate(_ONE_LINE)}\n{exception.translate(_CONTROLS)}"


def _json(record: Record, exception: str, scrub: Scrubber) -> str:
    import orjson

    extra = {name: value for name, value in record["extra"].items() if name not in ("run", "company")}
    entry: dict[str, Any] = {
        "time": _stamp(record),
        "level": record["level"].name,
        "run": record["extra"].get("run"),
        "company": record["extra"].get("company"),
        "message": scrub(record["message"]),
        "logger": record["name"],
    }
    if extra:
        entry["extra"] = {_clean(scrub(name)): _clean(scrub(str(value))) for name, value in extra.items()}
    if exception:
        entry["exception"] = exception.rstrip("\n")
    entry = {name: _clean(value) if isinstance(value, str) else value for name, value in entry.items()}
    return orjson.dumps(entry).decode() + "\n"


def _clean(text: str) -> str:
    # orjson refuses lone surrogates, which bytes outside UTF-8 become.
    return text.encode("utf-8", "backslashreplace").decode()


class _Intercept(logging.Handler):
    """Hands the records of stdlib logging to loguru."""

    def emit(self, record: logging.LogRecord) -> None:
        from loguru import logger

        try:
            level: str | int = logger.level(record.levelname).name
        except ValueError:
            level = record.levelno
        try:
            message = record.getMessage()
        except Exception as exc:  # a library's arguments do not fit its message
            message = f"{record.name} logged something that cannot be printed ({type(exc).__name__})"

        def from_library(entry: Record) -> None:
            entry["name"] = record.name

        logger.opt(exception=record.exc_info).patch(from_library).log(level, message)
