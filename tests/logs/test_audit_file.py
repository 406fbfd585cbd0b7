from __future__ import annotations

import json
import os
import stat
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from leadgen_core import Clock, Secret, Stopped
from leadgen_core.events import CredentialEvent, Events, PluginBroke
from leadgen_core.logs import audit_writer

NOON = datetime(2026, 1, 30, 12, 0, 0, tzinfo=UTC)
SECRET = Secret("sk-hidden-value")
EVENT = CredentialEvent("signed", SECRET.id, "acme", "acme-api", 12)


def test_one_line_for_each_event(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    events = Events()
    audit_writer(path, events, Clock(fixed=NOON.astimezone(timezone(timedelta(hours=2)))), run="r-1")
    assert not path.exists()
    events.emit(CredentialEvent("resolved", SECRET.id, "acme", "acme-api"))
    events.emit(PluginBroke("acme", "leadgen-acme", "1", "here", "LookupError"))
    events.emit(EVENT)
    lines = path.read_text().splitlines()
    expected = {
        "when": "2026-01-30T12:00:00Z", "run": "r-1", "what": "resolved", "credential": SECRET.id, "plugin": "acme",
        "api": "acme-api", "requests": None,
    }  # fmt: skip
    assert [json.loads(line) for line in lines] == [expected, {**expected, "what": "signed", "requests": 12}]
    assert list(json.loads(lines[0])) == list(expected)
    assert "hidden" not in path.read_text()


def test_a_resumed_run_appends(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    for run in ("one", "two"):
        audit_writer(path, Events(), Clock(fixed=NOON), run=run)(EVENT)
    assert [json.loads(line)["run"] for line in path.read_text().splitlines()] == ["one", "two"]


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX's")
def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    before = os.umask(0)
    try:
        audit_writer(path, Events(), Clock(fixed=NOON))(EVENT)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("written", [0, 10])
def test_a_full_disk_leaves_no_half_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: int) -> None:
    path = tmp_path / "audit.jsonl"
    listener = audit_writer(path, Events(), Clock(fixed=NOON))
    listener(EVENT)
    whole = path.read_bytes()
    write = os.write

    def full(handle: int, data: bytes) -> int:
        if written == 0:
            raise OSError(28, "No space left on device")
        return write(handle, data[:written])

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(Stopped, match=r"the audit of credentials cannot be written \(No space left on device\)$"):
        listener(EVENT)
    monkeypatch.undo()
    assert path.read_bytes() == whole
    listener(EVENT)
    assert path.read_bytes() == whole * 2


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    listener = audit_writer(tmp_path / "gone" / "audit.jsonl", Events(), Clock(fixed=NOON))
    with pytest.raises(Stopped, match="No such file or directory"):
        listener(EVENT)


@pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW"), reason="this system has no O_NOFOLLOW")
def test_it_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("")
    (tmp_path / "audit.jsonl").symlink_to(tmp_path / "target")
    with pytest.raises(Stopped):
        audit_writer(tmp_path / "audit.jsonl", Events(), Clock(fixed=NOON))(EVENT)
    assert (tmp_path / "target").read_text() == ""
