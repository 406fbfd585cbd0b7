"""The engine: which database, and how its connections are set up. Nothing connects here."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from leadgen_core import UsageError, data_dir
from leadgen_database import Config

__all__ = ["make_engine"]

_FILE = "leadgen.db"
_CONNECTIONS = 4
"""One reads, one writes, one purges; one is spare."""


def make_engine(config: Config) -> AsyncEngine:
    """An engine for what is configured. Raises UsageError for what the operator can mend.

    The file is made here, if there is none, so that only its owner can read it: it holds what APIs said of people.
    """
    url = _url(config)
    if url.get_backend_name() == "sqlite":
        if not url.database or url.database == ":memory:" or url.query:
            raise UsageError("database.url: SQLite needs the path of a file and nothing behind it")
        _own(Path(url.database))
        return _sqlite(url.set(drivername="sqlite+aiosqlite"), config)
    if find_spec("asyncpg") is None:
        raise UsageError(
            "database.url is PostgreSQL's, which needs a driver: pip install 'leadgen-database[postgresql]'"
        )
    return create_async_engine(
        url.set(drivername="postgresql+asyncpg"),
        pool_size=_CONNECTIONS,
        max_overflow=0,
        pool_timeout=config.timeout,
        pool_pre_ping=True,  # a server that was restarted costs nobody an answer
        connect_args={
            "timeout": config.timeout,
            "command_timeout": config.timeout,
            "server_settings": {"application_name": "leadgen"},
        },
        hide_parameters=True,
        execution_options={"schema_translate_map": {None: config.schema}},
    )


def _url(config: Config) -> URL:
    if config.url is None:
        path = config.path or data_dir(os.environ) / _FILE
        return URL.create("sqlite+aiosqlite", database=str(path))
    try:
        url = make_url(config.url.reveal())
        url.port  # noqa: B018 - it may be no number
    except (ArgumentError, ValueError):
        raise UsageError("database.url is no URL of a database") from None
    return url


def _own(path: Path) -> None:
    try:
        if not path.parent.is_dir():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise UsageError(f"{path}: the database cannot be opened ({error.strerror or type(error).__name__})") from None


def _sqlite(url: URL, config: Config) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=_CONNECTIONS,
        max_overflow=0,
        pool_timeout=config.timeout,
        connect_args={"timeout": config.timeout},
        hide_parameters=True,
    )

    # WAL: readers and the one writer do not wait for each other. NORMAL: a power cut may cost the last entries,
    # never the file. Whoever finds the file locked waits, in the driver's own thread.
    @event.listens_for(engine.sync_engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout = {int(config.timeout * 1000)}",
            "journal_mode = WAL",
            "synchronous = NORMAL",
            "temp_store = MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine
