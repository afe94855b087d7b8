"""Many events at once."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import EVENT, records

import auditbox
from auditbox import Auditor
from auditbox.batch import _CHUNK_BYTES, _chunks

LINES = '{"action":"call_allowed"}\n\n \t\r\n{"action":"call_exploded"}\n{not json\n{"event_type":"X"}'


def kinds(answers: list[Any]) -> list[str]:
    return [answer.kind if isinstance(answer, auditbox.Error) else "ok" for answer in answers]


def test_lines_are_answered_one_by_one(log: Path) -> None:
    with Auditor(stdout=False, file=log) as auditor:
        answers = auditor.emit_batch(auditbox.Json(LINES))
    assert kinds(answers) == ["ok", "invalid-event", "invalid-json", "ok"]
    assert isinstance(answers[1], auditbox.InvalidEventError)
    assert answers[1].path == "/action"
    assert len(records(log)) == 2


def test_an_event_without_a_form_does_not_hold_up_the_rest(log: Path) -> None:
    class Throws:
        def model_dump(self) -> None:
            raise RuntimeError("hunter2")

    events = [
        EVENT,
        {"action": object()},
        {"event_type": "X", "payload": math.nan},
        Throws(),
        auditbox.Json('{"action":\n"call_denied"}'),
        auditbox.Json(" "),
        auditbox.Json('{"action":"call_failed"}'),
        5,
    ]
    with Auditor(stdout=False, file=log) as auditor:
        answers = auditor.emit_batch(iter(events))
    invalid = "invalid-event"
    assert kinds(answers) == ["ok", invalid, "ok", invalid, "ok", "invalid-json", "ok", invalid]
    assert [record.get("action") for record in records(log)] == ["call_allowed", None, "call_denied", "call_failed"]
    for answer in answers:
        if isinstance(answer, auditbox.Error):
            assert answer.__traceback__ is None
            assert answer.__context__ is None


def test_nothing_is_recorded_of_events_whose_iterator_raises(log: Path) -> None:
    def events() -> Iterator[Any]:
        yield EVENT
        raise ValueError("of the iterator")

    with Auditor(stdout=False, file=log) as auditor:
        with pytest.raises(ValueError, match="of the iterator"):
            auditor.emit_batch(events())
        assert records(log) == []


def test_what_is_no_list_of_events_is_refused() -> None:
    with Auditor(stdout=False) as auditor:
        for wrong in (LINES, LINES.encode(), EVENT):
            with pytest.raises(TypeError, match="expected a list of events, or JSON Lines as `Json`, not `"):
                auditor.emit_batch(wrong)
        assert auditor.emit_batch([]) == auditor.emit_batch(auditbox.Json("\n \n")) == []


def test_chunks_are_of_whole_lines_and_lose_nothing() -> None:
    short, long = b"x" * 100_000, b"y" * (3 * _CHUNK_BYTES)
    error = auditbox.TrapError("it")
    texts: list[list[bytes | auditbox.Error]] = [
        [],
        [short] * 25,
        [short, long, short],
        [long, long],
        [error, short, error],
        [short, b"a\nb", short],
    ]
    for lines in texts:
        chunks = list(_chunks(lines))
        assert [line for chunk in chunks for line in chunk] == lines
        for chunk in chunks:
            lengths = [len(line) + 1 for line in chunk if isinstance(line, bytes)]
            assert sum(lengths) <= _CHUNK_BYTES or len(lengths) == 1
            assert b"a\nb" not in chunk or len(chunk) == 1


def test_events_of_several_chunks_keep_their_order(log: Path) -> None:
    events: list[Any] = [{"event_type": str(number), "payload": "x" * 1000} for number in range(3000)]
    events[1500] = object()
    with Auditor(stdout=False, file=log) as auditor:
        answers = auditor.emit_batch(events)
    assert kinds(answers) == ["ok"] * 1500 + ["invalid-event"] + ["ok"] * 1499
    written = records(log)
    receipts = [answer.event_id for answer in answers if isinstance(answer, auditbox.Receipt)]
    assert [record["event_id"] for record in written] == receipts
    assert [record["event_type"] for record in written] == [str(number) for number in range(3000) if number != 1500]


def test_line_separators_of_unicode_are_no_line_breaks(log: Path) -> None:
    event = '{"action":"call_allowed","tool_args":{"\u2028password\x85":"hunter2"}}'
    with Auditor(stdout=False, file=log) as auditor:
        answers = auditor.emit_batch(auditbox.Json(f"{event}\n{event}"))
    assert kinds(answers) == ["ok", "ok"]
    assert len(records(log)) == 2
