from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from loguru import logger
from rich.console import Console

from leadgen_core import Secret
from leadgen_core.logs import Logs, company_scope, configure, console_writer, hide, run_scope

KEY = 'sk-"hidden"-value'
STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"


class Log:
    """Logging as one test configures it, and what came out."""

    def __init__(self) -> None:
        self.stream = io.StringIO()
        self._open: list[Logs] = []

    def configure(self, **options: Any) -> Logs:
        logs = configure(**{"stream": self.stream, **options})
        self._open.append(logs)
        return logs

    def close(self) -> None:
        for logs in self._open:
            logs.close()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def log() -> Iterator[Log]:
    made = Log()
    yield made
    made.close()


def fail(message: str) -> None:
    inner = message  # its value must not be printed
    raise LookupError("no " + inner)


# --- form -------------------------------------------------------------------------------------------------


def test_text(log: Log) -> None:
    log.configure()
    logger.info("plugins taken: {}", "acme")
    with run_scope("r-1"), company_scope(12):
        logger.warning("throttled")
    first, second = log.text.splitlines()
    assert re.fullmatch(rf"{STAMP} INFO    - - plugins taken: acme", first)
    assert re.fullmatch(rf"{STAMP} WARNING r-1 12 throttled", second)


def test_json(log: Log) -> None:
    log.configure(format="json")
    with run_scope("r-1"), company_scope("09370755"):
        logger.bind(api="acme", wait=1.5).warning('a "quoted"\nline')
    logger.info("done")
    first, second = log.lines
    assert re.fullmatch(STAMP, first.pop("time"))
    assert first == {
        "level": "WARNING", "run": "r-1", "company": "09370755", "message": 'a "quoted"\nline',
        "logger": __name__, "extra": {"api": "acme", "wait": "1.5"},
    }  # fmt: skip
    assert (second["run"], second["company"]) == (None, None)


def test_quiet_is_from_warnings_on(log: Log) -> None:
    log.configure(quiet=True)
    logger.info("not this")
    logger.warning("this")
    assert "not this" not in log.text
    assert "this" in log.text


def test_another_format_does_not_exist() -> None:
    with pytest.raises(KeyError):
        configure(format="xml")


def test_markup_and_escapes_are_only_text(log: Log) -> None:
    console = Console(file=log.stream, force_terminal=True, width=40, color_system="truecolor")
    log.configure(stream=console_writer(console))
    logger.info("[red]x[/red] <green>y</green> :smile: 123 {}", "\x1b[2J\x07 long" + "g" * 60)
    logger.info("no end\nINFO faked")
    first, second = log.text.splitlines()
    assert first.endswith(r"[red]x[/red] <green>y</green> :smile: 123 \x1b[2J\x07 long" + "g" * 60)
    assert second.endswith(r"no end\nINFO faked")
    assert "\x1b" not in log.text


def test_a_stream_of_another_alphabet_loses_no_line(log: Log) -> None:
    raw = io.BytesIO()
    log.configure(stream=io.TextIOWrapper(raw, encoding="ascii"))
    logger.info("Zoë Ltd \ud800")
    assert rb"Zo\xeb Ltd \ud800" in raw.getvalue()
    log.configure(format="json")
    logger.bind(name="\ud800").info("\ud800")
    assert log.lines[0]["message"] == r"\ud800"


def test_standard_error_is_looked_up_at_each_line(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    log.configure(stream=None)
    logger.info("here")
    assert capsys.readouterr().err.endswith(" - - here\n")


@pytest.mark.parametrize("error", [BrokenPipeError, ValueError, RuntimeError])
def test_a_log_that_cannot_be_written_ends_nothing(
    log: Log, error: type[Exception], capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_text: str) -> None:
        raise error

    log.configure(stream=refuse, secrets=[Secret(KEY)])
    logger.info(KEY)
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")


# --- secrets ----------------------------------------------------------------------------------------------


def hidden_everywhere(text: str) -> None:
    assert "hidden" not in text
    assert "*******" in text


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_secret_in_message_exception_or_extra(log: Log, form: str) -> None:
    logs = log.configure(format=form)
    logs.add(Secret(KEY))
    logger.info("key {}", KEY)
    logger.info("repr {!r} {}", KEY, [KEY.encode()])
    logger.bind(key=KEY).info("extra")
    try:
        fail(KEY)
    except LookupError:
        logger.exception("failed")
    hidden_everywhere(log.text)
    if form == "json":
        assert all(set(line) >= {"time", "message"} for line in log.lines)
        assert log.lines[-1]["exception"].endswith("LookupError: no *******")
    else:
        assert "Traceback (most recent call last):" in log.text


def test_an_exception_prints_no_values_of_variables(log: Log) -> None:
    log.configure()
    try:
        fail("hidden-" + "local")
    except LookupError:
        logger.opt(exception=True).error("failed")
    before_the_error = log.text.partition("LookupError:")[0]
    assert "hidden-local" not in before_the_error
    assert 'raise LookupError("no " + inner)' in before_the_error


class Unprintable(Exception):
    def __str__(self) -> str:
        raise ValueError(KEY)


def test_an_exception_that_cannot_be_printed(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    log.configure()
    try:
        raise Unprintable
    except Unprintable:
        logger.exception("failed")
    assert "Unprintable" in log.text
    assert "hidden" not in log.text + capsys.readouterr().err


class Sly:
    def __str__(self) -> str:
        raise ValueError(KEY)


def test_an_entry_that_cannot_be_printed(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    log.configure(format="json")
    logger.bind(sly=Sly()).info("x")
    logger.info("next")
    assert [line["message"] for line in log.lines] == ["a log entry that cannot be printed (ValueError)", "next"]
    assert "hidden" not in log.text + capsys.readouterr().err


def test_secrets_hidden_before_there_is_a_log(log: Log) -> None:
    hide([Secret("early-value")])
    log.configure()
    hide([Secret("later-value")])
    logger.info("early-value later-value")
    assert log.text.endswith("******* *******\n")


@pytest.mark.parametrize("form", ["text", "json"])
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    value=st.text(st.characters(exclude_categories=["Cs"]), min_size=4, max_size=30),
    around=st.text(max_size=10),
    secret_in=st.sampled_from(["message", "exception", "extra", "name", "stdlib"]),
)
@example(value='"message"', around="", secret_in="message")  # what stands in every line of JSON
@example(value="INFO", around="", secret_in="message")
@example(value="a\\b\n\u2028", around="", secret_in="message")
def test_no_secret_survives_in_any_line(form: str, value: str, around: str, secret_in: str) -> None:
    assume("*" not in value)
    stream = io.StringIO()
    text = f"{around}{value}{around}"
    with configure(format=form, stream=stream, secrets=[Secret(value)]), run_scope("-"):
        ways: dict[str, Callable[[], object]] = {
            "message": lambda: logger.info("{}", text),
            "exception": lambda: logger.opt(exception=LookupError(text)).info("-"),
            "extra": lambda: logger.bind(extra=text).info("-"),
            "name": lambda: logger.bind(**{text: 1}).info("-"),
            "stdlib": lambda: logging.getLogger("x").warning("%s", text),
        }
        ways[secret_in]()
    line = stream.getvalue()
    assert line
    assert value not in line
    as_shown = value.replace("\n", "\\n").replace("\u2028", "\\u2028")
    for written in (as_shown, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1], repr(value)[1:-1]):
        assert written not in line


# --- other libraries --------------------------------------------------------------------------------------


def test_logs_of_libraries_come_out_here(log: Log) -> None:
    log.configure(format="json", secrets=[Secret(KEY)])
    with run_scope("r-1"):
        logging.getLogger("aiohttp.client").warning("trouble with %s", KEY)
        try:
            fail(KEY)
        except LookupError:
            logging.getLogger("other").exception("{not a field}")
    logging.getLogger("aiohttp.access").info("not this")
    logging.getLogger("odd").log(35, "between the levels")
    logging.getLogger("odd").warning("%d", "no number")
    first, second, third, fourth = log.lines
    assert (first["logger"], first["level"], first["run"]) == ("aiohttp.client", "WARNING", "r-1")
    assert first["message"] == "trouble with *******"
    assert second["message"] == "{not a field}"
    assert "LookupError" in second["exception"]
    assert third["message"] == "between the levels"
    assert fourth["message"] == "odd logged something that cannot be printed (TypeError)"
    hidden_everywhere(log.text)


def test_closing_gives_everything_back(log: Log) -> None:
    root = logging.getLogger()
    root.setLevel(logging.ERROR)
    before = root.handlers[:], root.level
    logs = log.configure()
    assert root.handlers != before[0]
    logs.close()
    logs.close()
    assert (root.handlers[:], root.level) == before
    root.setLevel(logging.WARNING)
    logger.info("nobody hears it")
    assert log.text == ""


# --- correlation ------------------------------------------------------------------------------------------


async def test_marks_follow_every_task(log: Log) -> None:
    log.configure(format="json")
    gate = asyncio.Event()

    async def deep() -> None:
        await gate.wait()
        logger.info("task")
        await asyncio.to_thread(logger.info, "thread")

    async def one(ordinal: int) -> None:
        with company_scope(ordinal):
            logger.info("start")
            await asyncio.gather(asyncio.create_task(deep()), deep())
            logger.info("end")

    with run_scope("r-1"):
        both = asyncio.gather(one(1), one(2))
        await asyncio.sleep(0)
        gate.set()
        await both
        logger.info("between")
    logger.info("outside")
    marks = [(line["run"], line["company"]) for line in log.lines]
    assert sorted(marks[:-2]) == [("r-1", "1")] * 6 + [("r-1", "2")] * 6
    assert marks[-2:] == [("r-1", None), (None, None)]


# --- start-up ---------------------------------------------------------------------------------------------


def test_importing_this_does_not_import_loguru() -> None:
    program = "import sys, leadgen_core.logs; print(sorted({'loguru', 'rich', 'orjson'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


_PIECES = ["Authorization:", '"', "'", "\\", "Bearer ", "api_key=", ": ", "://", "@", "?key=", "abcdefgh1", "\n", "}"]


@settings(deadline=None)
@given(pieces=st.lists(st.sampled_from(_PIECES), max_size=12))
def test_a_line_of_json_stays_json(pieces: list[str]) -> None:
    stream = io.StringIO()
    with configure(format="json", stream=stream, secrets=[Secret("sk-other")]):
        logger.info("{}", "".join(pieces))
    assert isinstance(json.loads(stream.getvalue()), dict)


@pytest.mark.parametrize("told", [None, "True"])
def test_a_first_import_of_loguru_leaves_one_sink_and_the_environment_as_it_was(told: str | None) -> None:
    program = (
        "import os; from leadgen_core import logs; logs.configure(); from loguru import logger; logger.info('once');"
        "print(os.environ.get('LOGURU_AUTOINIT'))"
    )
    environ = {name: value for name, value in os.environ.items() if name != "LOGURU_AUTOINIT"}
    if told is not None:
        environ["LOGURU_AUTOINIT"] = told
    done = subprocess.run(
        [sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == str(told)
    assert done.stderr.count("once") == 1
