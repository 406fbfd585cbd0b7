"""A replay of the UK company register for tests: its recorded answers, with key, quota, paging and faults.

In process (a thread of its own)::

    with RegisterThread(limit=50, window=1.0, marks=True) as register:
        register.base_url, register.key, register.control.count("/officers")

As a process: ``python -m tests.replay --port 0 --limit 100000`` prints ``{"base_url": ..., "key": ...}`` and ends
on SIGTERM; :class:`RegisterProcess` starts one. Fixtures: :mod:`tests.replay.fixtures`.

The recorded company (09370755), the two recorded unknown numbers (00000000, ``invalid``) and the recorded search
(Apple) come out as recorded. Any other valid number is that company renumbered, its people renamed from the
number: the same number gives the same company in every process. ``cast_of(number)`` says who is in it.

Numbers by their first two characters (``shapes.RESERVED``; each kind is described at ``Shape``)::

    00-69, letters   ORDINARY: one active director, who is the PSC
    7.               the numbers of search hits; ordinary, named by the hit while the server lives
    80 DISSOLVED     81 LIQUIDATION   82 NO_PSC         83 STATEMENTS_ONLY   84 CORPORATE
    85 COMPANY_AS_DIRECTOR            86 SUPER_SECURE   87 CEASED_PSC        88 RESIGNED
    89 SECRETARY_ONLY                 90 ONE_SURNAME    91 PRE_1992          92 SEVERAL_IDS
    93 MANY (230)    94 MANY_PSC (130)                  95 OTHER_PSC         96 NOBODY
    97 ALL_RESIGNED  98 SINGLE_NAME                     99 unknown: 404
    OC SO NC: LLP    CE CS RS IP SP NP NO IC SI NV RC SR NR: STUB (held elsewhere, no officers)
    SC, NI: ordinary, with their jurisdiction           the numbers of the recorded search: as their hit says

``/search/companies`` by words of the query (whole words, any case)::

    Apple            the recorded search (6,580 hits; beyond the recorded hundred, renumbered copies)
    a number         the company of this number, alone (``company_name(number)`` holds it)
    NOHIT            200 with no hit
    TWINS            three active hits of exactly this title, at different addresses, and two near ones
    LASTONE          one active among two dissolved hits of this title
    GONE             one hit of this title, dissolved
    FORMERLY         one hit with another title; the query is the previous name in its snippet and its profile
    SPARSE           one hit of this title with members missing (§1.6), near ones with "Unknown", null, "N/A"
    CROWD            1,500 hits, exactly one of this title, at place 130
    anything else    one hit of exactly this title (LIMITED is added to a query without an ending), two near ones

``/advanced-search/companies``: an invented index, see :mod:`tests.replay.advanced`.
"""

from __future__ import annotations

from tests.replay.advanced import ADVANCED
from tests.replay.checker import Violation
from tests.replay.companies import company_name
from tests.replay.control import Control, Entry, Stage
from tests.replay.faults import BROKEN, STATUS_ROWS, Action, Fault
from tests.replay.marks import MARKS, TOWN, Mark, find_marks
from tests.replay.people import Person, person
from tests.replay.running import RegisterProcess, RegisterThread
from tests.replay.server import Options, Server
from tests.replay.shapes import Cast, Hold, Post, Shape, cast_of, shape_of

__all__ = [
    "ADVANCED",
    "BROKEN",
    "MARKS",
    "STATUS_ROWS",
    "TOWN",
    "Action",
    "Cast",
    "Control",
    "Entry",
    "Fault",
    "Hold",
    "Mark",
    "Options",
    "Person",
    "Post",
    "RegisterProcess",
    "RegisterThread",
    "Server",
    "Shape",
    "Stage",
    "Violation",
    "cast_of",
    "company_name",
    "find_marks",
    "person",
    "shape_of",
]
