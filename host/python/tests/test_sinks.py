"""Sinks of the user's own."""

from __future__ import annotations

import asyncio
import gc
import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import EVENT, wait_until

import auditbox
from auditbox import Auditor, AuditSink, SinkStats


class Collects:
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.seen: list[Any] = []
        self.threads: set[int] = set()

    def emit(self, record: Any) -> None:
        self.threads.add(threading.get_ident())
        self.seen.append(record)


class CollectsLater(Collects):
    """The same, awaited."""

    async def emit(self, record: Any) -> None:  # type: ignore[override]
        await asyncio.sleep(0)
        super().emit(record)
        self.loop = asyncio.get_running_loop()


class Calls:
    """Does what it is told."""

    def __init__(self, work: Callable[[Any], object]) -> None:
        self.emit = work


class Blocks:
    """Takes nothing until it may."""

    def __init__(self) -> None:
        self.may = threading.Event()
        self.seen = 0

    def emit(self, _record: Any) -> None:
        assert self.may.wait(20)
        self.seen += 1


def auditor(sink: object, name: str = "mine", **config: Any) -> Auditor:
    return Auditor(config, stdout=False, sinks={name: sink})  # type: ignore[dict-item]


@pytest.mark.parametrize("kind", [Collects, CollectsLater])
def test_a_sink_gets_every_record_in_order_in_one_thread_of_its_own(kind: type[Collects]) -> None:
    sink = kind()
    with auditor(sink) as recorder:
        for number in range(50):
            recorder.emit({**EVENT, "call_index": number})
        recorder.emit_batch([{"event_type": "X", "payload": {"token": "hunter2", "n": 2**70}}] * 50)
    assert [record["call_index"] for record in sink.seen[:50]] == list(range(50))
    assert [record["payload"] for record in sink.seen[50:]] == [{"token": "[REDACTED]", "n": 2**70}] * 50
    assert len(sink.threads) == 1
    assert threading.get_ident() not in sink.threads
    assert recorder.sink_stats == {"mine": SinkStats(0, 100, 0, 0, None)}


def test_a_sink_gets_a_copy_of_its_own() -> None:
    first, second = Collects(), Collects()

    def spoil(record: Any) -> None:
        record.clear()
        first.emit(record)

    with Auditor(stdout=False, sinks={"a": Calls(spoil), "b": second}) as recorder:
        recorder.emit(EVENT)
    assert first.seen == [{}]
    assert second.seen[0]["tool_name"] == "search"


@pytest.mark.parametrize(
    ("sink", "message"),
    [
        (object(), "sink `mine`, a `object`, has no method `emit`: give it `emit(record)`, sync or async"),
        (None, "sink `mine`, a `NoneType`, has no method `emit`"),
        (Calls(5), "has no method `emit`"),  # type: ignore[arg-type]
        (Collects, "sink `mine` is the class `Collects`: give an object of it"),
    ],
)
def test_what_is_no_sink_is_refused_at_once(sink: Any, message: str) -> None:
    with pytest.raises(TypeError) as caught:
        auditor(sink)
    assert message in str(caught.value)


def test_a_name_that_the_component_refuses_is_an_error() -> None:
    for name in ("file", "a b", ""):
        with pytest.raises(auditbox.InvalidConfigError):
            auditor(Collects(), name)


def test_a_full_queue_drops_counts_and_names_what_it_drops() -> None:
    sink = Blocks()
    with auditor(sink, sinks={"mine": {"max_queued": 3}}) as recorder:
        receipts = [recorder.emit(EVENT) for _ in range(5)]
        failure = auditbox.Failure("mine", "its queue of 3 records is full", True)
        assert [receipt.failures for receipt in receipts] == [(), (), (), (failure,), (failure,)]
        assert recorder.sink_stats["mine"] == SinkStats(3, 0, 0, 2, None)
        sink.may.set()
        wait_until(lambda: recorder.sink_stats["mine"].delivered == 3)
        answers = recorder.emit_batch([EVENT] * 2)
        assert all(isinstance(answer, auditbox.Receipt) and not answer.failures for answer in answers)
    assert recorder.sink_stats["mine"] == SinkStats(0, 5, 0, 2, None)


def test_a_batch_that_does_not_fit_fails_for_what_is_behind() -> None:
    sink = Blocks()
    with auditor(sink, sinks={"mine": {"max_queued": 2}}, on_failure="closed") as recorder:
        answers = recorder.emit_batch([EVENT] * 4)
        sink.may.set()
    kinds = [type(answer) for answer in answers]
    assert kinds == [auditbox.Receipt] * 2 + [auditbox.UnavailableError] * 2
    assert str(answers[3]) == "`mine`: its queue of 2 records is full"


def test_a_slow_sink_delays_nobody() -> None:
    slow, quick = Blocks(), Collects()
    recorder = Auditor(stdout=False, sinks={"slow": slow, "quick": quick})
    for _ in range(100):
        assert recorder.emit(EVENT).failures == ()
    wait_until(lambda: len(quick.seen) == 100)
    assert slow.seen == 0
    start = time.monotonic()
    recorder.close(timeout_s=0.05)
    assert time.monotonic() - start < 5
    # One is still in its hands.
    assert recorder.sink_stats["slow"] == SinkStats(1, 0, 0, 99, None)
    slow.may.set()
    wait_until(lambda: recorder.sink_stats["slow"] == SinkStats(0, 1, 0, 99, None))


def test_what_a_sink_raises_is_counted_said_once_and_harms_nobody(caplog: pytest.LogCaptureFixture) -> None:
    class Secret(Exception):
        pass

    def fail(record: Any) -> None:
        raise [Secret, SystemExit, KeyboardInterrupt, asyncio.CancelledError][record["call_index"] % 4]("hunter2")

    other = Collects()
    with (
        caplog.at_level(logging.WARNING),
        Auditor(stdout=False, sinks={"mine": Calls(fail), "other": other}) as recorder,
    ):
        for number in range(8):
            assert recorder.emit({**EVENT, "call_index": number}).failures == ()
    assert recorder.sink_stats["mine"] == SinkStats(0, 0, 8, 0, "CancelledError")
    assert len(other.seen) == 8
    (said,) = caplog.records
    assert (said.name, said.getMessage()) == (
        "auditbox",
        "sink `mine` raises `Secret`; this is said once, and counted each time",
    )
    assert "hunter2" not in caplog.text


def test_an_asynchronous_sink_has_a_loop_of_its_own_and_emit_works_in_a_loop() -> None:
    sink = CollectsLater()

    async def main() -> None:
        with auditor(sink) as recorder:
            for _ in range(10):
                recorder.emit(EVENT)
        assert sink.loop is not asyncio.get_running_loop()

    asyncio.run(main())
    assert len(sink.seen) == 10
    wait_until(lambda: bool(sink.loop.is_closed()))


def test_a_sink_may_emit_and_may_close_its_auditor() -> None:
    recorder: Auditor

    def again(record: Any) -> None:
        if record.get("event_type") == "LAST":
            start = time.monotonic()
            recorder.close(timeout_s=60)
            assert time.monotonic() - start < 20, "it waits for nobody who waits for it"
        elif record["call_index"] < 5:
            recorder.emit({**EVENT, "call_index": record["call_index"] + 1})
        else:
            recorder.log_event("LAST", None)

    recorder = auditor(Calls(again))
    recorder.emit(EVENT)
    wait_until(lambda: recorder.sink_stats["mine"].delivered == 7)
    with pytest.raises(auditbox.ClosedError):
        recorder.emit(EVENT)


def test_the_thread_of_a_sink_ends_with_its_auditor_closed_or_forgotten() -> None:
    def names() -> list[str]:
        return [thread.name for thread in threading.enumerate() if thread.name.startswith("auditbox")]

    sink = Collects()
    assert names() == []
    for close in (True, False):
        recorder = auditor(sink)
        assert names() == [], "it starts with the first record"
        for _ in range(10):
            recorder.emit(EVENT)
        if close:
            recorder.close()
        del recorder
        gc.collect()
        wait_until(lambda: not names())
    assert len(sink.seen) == 20


def test_a_record_that_comes_when_the_sink_is_closed_is_a_failure() -> None:
    recorder = auditor(Collects())
    recorder._delivery.close(0)
    assert recorder.emit(EVENT).failures == (auditbox.Failure("mine", "it is closed", False),)
    assert recorder.sink_stats["mine"].dropped == 1


def test_all_sinks_of_an_auditor_share_the_time_to_close() -> None:
    sinks = {str(number): Blocks() for number in range(5)}
    recorder = Auditor(stdout=False, sinks=sinks)
    recorder.emit(EVENT)
    start = time.monotonic()
    recorder.close(timeout_s=0.2)
    assert time.monotonic() - start < 0.9
    for sink in sinks.values():
        sink.may.set()


def test_the_protocol_is_known_at_run_time(tmp_path: Path) -> None:
    assert isinstance(Collects(), AuditSink)
    assert not isinstance(tmp_path, AuditSink)
