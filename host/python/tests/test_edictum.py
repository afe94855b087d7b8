"""Side by side with edictum: its sinks are accepted, and so are its events."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import EVENT, records

import auditbox

if TYPE_CHECKING:
    from edictum.audit import AuditSink as TheirSink
else:
    audit = pytest.importorskip("edictum.audit", reason="edictum needs Python 3.11")


class Ours:
    """A sink that is written for both."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    async def emit(self, event: Any) -> None:
        self.seen.append(event)


def test_a_sink_of_theirs_is_one_of_ours_and_the_other_way_round() -> None:
    from edictum.audit import AuditSink, CollectingAuditSink, CompositeSink

    ours, collecting = Ours(), CollectingAuditSink()
    both = CompositeSink([ours, collecting])
    # Held by the type checker, too.
    sink: auditbox.AuditSink = both
    theirs: TheirSink = ours
    assert isinstance(sink, auditbox.AuditSink)
    assert isinstance(theirs, AuditSink)
    with auditbox.Auditor(stdout=False, sinks={"edictum": sink}) as auditor:
        auditor.emit(EVENT)
    assert ours.seen == collecting.events
    assert ours.seen[0]["event_id"] == EVENT["event_id"]
    assert auditor.sink_stats["edictum"].delivered == 1


def test_their_events_are_recorded(log: Path) -> None:
    from edictum.audit import AuditAction, AuditEvent

    with auditbox.Auditor(stdout=False, file=log) as auditor:
        receipt = auditor.emit(
            AuditEvent(action=AuditAction.CALL_DENIED, tool_name="bash", tool_args={"command": "mysql -p hunter2"})
        )
    assert [found.path for found in receipt.redactions] == ["/tool_args/command"]
    (record,) = records(log)
    assert (record["action"], record["tool_name"]) == ("call_denied", "bash")


def test_an_auditor_records_what_their_pipeline_emits(log: Path) -> None:
    from edictum.audit import AuditAction, AuditEvent, CompositeSink

    class Recorder:
        """Three lines make one of their sinks of an auditor."""

        def __init__(self, auditor: auditbox.Auditor) -> None:
            self.auditor = auditor

        async def emit(self, event: Any) -> None:
            self.auditor.emit(event)

    with auditbox.Auditor(stdout=False, file=log) as auditor:
        asyncio.run(
            CompositeSink([Recorder(auditor)]).emit(AuditEvent(tool_name="bash", action=AuditAction.CALL_ALLOWED))
        )
    assert json.loads(log.read_text())["tool_name"] == "bash"
