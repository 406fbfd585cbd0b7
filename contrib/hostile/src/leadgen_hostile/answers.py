"""A source that answers as it must not; ``HOSTILE_ANSWER`` says how."""
# ruff: noqa: ARG002, T201

import asyncio
import inspect
import itertools
import os
import sys
import threading
import time
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from attrs import evolve, frozen

from leadgen_core import (
    Absent,
    Cause,
    CompanyNumber,
    CompanyProfile,
    Found,
    Host,
    OfficerAppointment,
    Plugin,
    Provenance,
    Secret,
    SourceSpec,
    Stopped,
    Subject,
    Unanswered,
    Unknown,
    hookimpl,
)


@frozen(kw_only=True)
class Config:
    """A credential to leak."""

    token: Secret | None = None


PLUGIN = Plugin(api_version=1, config=Config)
QUESTION = "hostile-answers.facts"
_OTHER = CompanyNumber("99999999")


@hookimpl
def leadgen_sources() -> list[SourceSpec]:
    spec = SourceSpec(name="facts", factory=f"{__name__}:Facts", asks=CompanyNumber, yields=(CompanyProfile,), tier=0)
    return [spec]


class _Abyss(BaseException):
    """No Exception."""


class _Chameleon(CompanyProfile):
    """Puts forward something else each time it is asked."""

    def puts_forward(self) -> tuple[Subject, ...]:
        return ("no subject",)  # type: ignore[return-value]


class _Moody(Found):
    """An answer that raises when it is looked at."""

    @property
    def claims(self) -> Any:
        raise RuntimeError("hunter2-hunter2")


class Facts:
    """``answer`` does what ``HOSTILE_ANSWER`` names."""

    def __init__(self, config: Config) -> None:
        self._what = os.environ.get("HOSTILE_ANSWER", "error")
        self._token = config.token.reveal() if config.token is not None else "hunter2-hunter2"

    async def answer(self, subject: CompanyNumber, ctx: Any) -> Any:
        act = getattr(self, "do_" + self._what.replace("-", "_"))
        result = act(subject, ctx)
        return await result if inspect.iscoroutine(result) else result

    def _profile(self, subject: CompanyNumber, **more: Any) -> CompanyProfile:
        stamp = Provenance(question=QUESTION, url="https://hostile.example", retrieved_at=datetime.now(UTC))
        return CompanyProfile(provenance=stamp, number=subject, **more)

    # --- raising ---------------------------------------------------------------------------------------------

    def do_error(self, _subject: Any, _ctx: Any) -> None:
        raise RuntimeError(self._token)

    def do_exit(self, _subject: Any, _ctx: Any) -> None:
        sys.exit(0)

    def do_interrupt(self, _subject: Any, _ctx: Any) -> None:
        raise KeyboardInterrupt

    def do_cancelled(self, _subject: Any, _ctx: Any) -> None:
        raise asyncio.CancelledError

    def do_abyss(self, _subject: Any, _ctx: Any) -> None:
        raise _Abyss(self._token)

    def do_stopped(self, _subject: Any, _ctx: Any) -> None:
        raise Stopped("the run is mine to stop")

    def do_unanswered_garbage(self, _subject: Any, _ctx: Any) -> None:
        raise Unanswered("no cause", 42, "never")  # type: ignore[arg-type]

    async def do_cancels_itself(self, _subject: Any, _ctx: Any) -> None:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        await asyncio.sleep(0)

    # --- not coming back -------------------------------------------------------------------------------------

    async def do_hang(self, _subject: Any, _ctx: Any) -> None:
        await asyncio.Event().wait()

    async def do_swallow(self, _subject: Any, _ctx: Any) -> None:
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                continue

    def do_block(self, _subject: Any, _ctx: Any) -> None:
        while True:
            time.sleep(0.05)

    def do_spin(self, subject: Any, _ctx: Any) -> Found:
        return Found(filter(lambda _claim: False, itertools.repeat(self._profile(subject))))  # type: ignore[arg-type]

    def do_thread(self, _subject: Any, _ctx: Any) -> Absent:
        threading.Thread(target=self.do_block, args=(None, None), name="hostile").start()
        return Absent()

    # --- garbage ---------------------------------------------------------------------------------------------

    def do_nothing(self, _subject: Any, _ctx: Any) -> None:
        return None

    def do_list(self, _subject: Any, _ctx: Any) -> list[Any]:
        return []

    def do_generator(self, subject: Any, _ctx: Any) -> Any:
        return (self._profile(subject) for _ in range(3))

    def do_no_claims(self, _subject: Any, _ctx: Any) -> Found:
        return Found(None)  # type: ignore[arg-type]

    def do_text_claims(self, _subject: Any, _ctx: Any) -> Found:
        return Found(["a claim"])  # type: ignore[list-item]

    def do_moody(self, _subject: Any, _ctx: Any) -> Found:
        return _Moody.__new__(_Moody)

    def do_wrong_types(self, subject: Any, _ctx: Any) -> Found:
        return Found([self._profile(subject, name=42, sic_codes=({},))])

    def do_huge_name(self, subject: Any, _ctx: Any) -> Found:
        return Found([self._profile(subject, name="x" * 10_000_000)])

    def do_chameleon(self, subject: Any, _ctx: Any) -> Found:
        stamp = self._profile(subject).provenance
        return Found([_Chameleon(provenance=stamp, number=subject)])

    def do_bad_cause(self, _subject: Any, _ctx: Any) -> Unknown:
        return Unknown("no cause", (), b"because", "never")  # type: ignore[arg-type]

    # --- too much --------------------------------------------------------------------------------------------

    def do_million(self, subject: Any, _ctx: Any) -> Found:
        return Found([self._profile(subject)] * 1_000_000)

    def do_endless(self, subject: Any, ctx: Any) -> Found:
        ctx.keep(itertools.repeat(self._profile(subject)))
        return Found(itertools.repeat(self._profile(subject)))  # type: ignore[arg-type]

    # --- what is not its own ---------------------------------------------------------------------------------

    def do_other_type(self, subject: Any, _ctx: Any) -> Found:
        stamp = self._profile(subject).provenance
        return Found([OfficerAppointment(provenance=stamp, company=subject, name="MADE, Up", role="director")])

    def do_other_company(self, subject: Any, _ctx: Any) -> Found:
        return Found([self._profile(_OTHER, name="ANOTHER LTD")])

    def do_other_source(self, subject: Any, _ctx: Any) -> Found:
        claim = self._profile(subject, name="FORGED LTD")
        forged = evolve(claim.provenance, question="companies-house.profile")
        return Found([evolve(claim, provenance=forged)])

    async def do_other_api(self, _subject: Any, ctx: Any) -> Absent:
        from leadgen_core import Lookup

        api = import_module("leadgen_companies_house.api")

        await ctx.ask(Lookup.get(api.COMPANIES_HOUSE, "profile", "/company/00000001"))
        return Absent()

    def do_put_forward(self, _subject: Any, _ctx: Any) -> Absent:
        return Absent([Host("a.example")])  # type: ignore[list-item]

    # --- leaks -----------------------------------------------------------------------------------------------

    def do_leak_claim(self, subject: Any, _ctx: Any) -> Found:
        claim = self._profile(subject)
        return Found([evolve(claim, provenance=evolve(claim.provenance, url=f"https://a.example/?k={self._token}"))])

    def do_leak_because(self, _subject: Any, _ctx: Any) -> Unknown:
        return Unknown(Cause.FAILED, (), f"the key was {self._token}")

    def do_leak_type(self, _subject: Any, _ctx: Any) -> None:
        raise type(self._token.replace("-", "_"), (Exception,), {})

    def do_leak_print(self, _subject: Any, _ctx: Any) -> Absent:
        import logging
        import warnings

        from loguru import logger

        print("printed", self._token)
        print("printed to standard error", self._token, file=sys.stderr)
        logger.error("logged {}", self._token)
        logging.getLogger("hostile").error("logged by logging %s", self._token)
        warnings.warn(f"warned {self._token}", stacklevel=1)
        thread = threading.Thread(target=self.do_error, args=(None, None))
        thread.start()
        thread.join()
        return Absent()

    def do_close_streams(self, _subject: Any, _ctx: Any) -> Absent:
        sys.stdout.close()
        sys.stderr.close()
        return Absent()
