"""The order of effects."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import pytest
from conftest import EVENT, records

import auditbox
from auditbox import Auditor
from auditbox.delivery import OutboxError
from auditbox.engine import Row


class Memory:
    """An outbox that knows each `event_id` once, or fails."""

    def __init__(self, error: OutboxError | None = None) -> None:
        self.rows: list[Row] = []
        self.calls = 0
        self.error = error

    def append(self, rows: Sequence[Row]) -> Sequence[Literal["stored", "duplicate"]]:
        self.calls += 1
        if self.error is not None:
            raise self.error
        return [self._append(row) for row in rows]

    def _append(self, row: Row) -> Literal["stored", "duplicate"]:
        if any(row.event_id == known.event_id for known in self.rows):
            return "duplicate"
        self.rows.append(row)
        return "stored"


def auditor(outbox: Memory, log: Path, on_failure: str = "open") -> Auditor:
    return Auditor({"outbox": True, "stdout": False, "on_failure": on_failure}, file=log, _outbox=outbox)


def test_a_row_has_what_the_record_has(log: Path) -> None:
    outbox = Memory()
    with auditor(outbox, log) as recorder:
        recorder.emit({**EVENT, "tool_args": {"token": "hunter2"}})
    (row,) = outbox.rows
    assert (row.event_id, row.event_type, row.agent_id) == (EVENT["event_id"], "call_allowed", "")
    assert row.body + b"\n" == log.read_bytes()


def test_a_duplicate_shows_in_no_sink(log: Path) -> None:
    outbox = Memory()
    with auditor(outbox, log) as recorder:
        assert [recorder.emit(EVENT).duplicate for _ in range(2)] == [False, True]
        answers = recorder.emit_batch([EVENT, {"action": "call_denied"}, EVENT])
        assert [isinstance(answer, auditbox.Receipt) and answer.duplicate for answer in answers] == [True, False, True]
    assert [record["action"] for record in records(log)] == ["call_allowed", "call_denied"]
    assert outbox.calls == 3, "a batch is one transaction"


@pytest.mark.parametrize(("on_failure", "shown"), [("open", 3), ("closed", 0)])
def test_what_could_not_be_stored_shows_in_no_sink_when_closed_and_in_all_when_open(
    log: Path, on_failure: str, shown: int
) -> None:
    outbox = Memory(OutboxError("the disk is full: free some space", retryable=True))
    with auditor(outbox, log, on_failure) as recorder:
        answers: list[Any] = recorder.emit_batch([EVENT, EVENT])
        try:
            answers.append(recorder.emit(EVENT))
        except auditbox.UnavailableError as error:
            answers.append(error)
    for answer in answers:
        if on_failure == "open":
            assert answer.failures == (auditbox.Failure("outbox", "the disk is full: free some space", True),)
        else:
            assert str(answer) == "`outbox`: the disk is full: free some space"
    assert len(records(log)) == shown


def test_what_becomes_of_an_event_is_told_of_that_event_also_behind_one_that_traps(artifacts: Path, log: Path) -> None:
    events = [{**EVENT, "event_id": f"01920000-0000-7000-8000-{number:012}"} for number in (1, 2, 1, 3)]
    events[1]["run_id"] = "trap-me"
    wasm = (artifacts / "misbehaving.wasm").read_bytes()
    config = {"outbox": True, "stdout": False, "sinks": {"mine": {"max_queued": 1}}}
    may = threading.Event()

    class Blocks:
        def emit(self, _record: Any) -> None:
            assert may.wait(20)

    with Auditor(config, file=log, sinks={"mine": Blocks()}, component=wasm, _outbox=Memory()) as recorder:
        answers = recorder.emit_batch(events)
        may.set()
    assert isinstance(answers.pop(1), auditbox.TrapError)
    receipts = [answer for answer in answers if isinstance(answer, auditbox.Receipt)]
    told = [(receipt.duplicate, [failure.target for failure in receipt.failures]) for receipt in receipts]
    assert told == [(False, []), (True, []), (False, ["mine"])]


def test_of_a_refused_event_nothing_is_carried_out(log: Path) -> None:
    outbox = Memory()
    with auditor(outbox, log) as recorder:
        recorder.emit_batch([{"action": "call_exploded"}, EVENT])
    assert len(outbox.rows) == len(records(log)) == 1


def test_a_sink_that_fails_in_the_middle_fails_what_is_behind_and_the_others_get_everything(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from auditbox.capability import WriteError
    from auditbox.capability.stdout import Stdout

    def full(_self: Stdout, _records: Sequence[bytes]) -> None:
        raise WriteError(1, "full", True)

    monkeypatch.setattr(Stdout, "write", full)
    with Auditor(file=log) as recorder:
        answers = recorder.emit_batch([{"action": "call_allowed"}] * 3)
    failures = [answer.failures for answer in answers if isinstance(answer, auditbox.Receipt)]
    assert failures == [(), *[(auditbox.Failure("stdout", "full", True),)] * 2]
    assert len(records(log)) == 3
