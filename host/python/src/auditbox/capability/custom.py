"""Sinks of the user's own.

Each has a queue of records and a thread that hands them over, so that a slow or throwing one harms nobody.
"""

from __future__ import annotations

import atexit
import contextlib
import inspect
import threading
import time
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Protocol, runtime_checkable

from .. import forks
from ..receipt import parse_value
from . import WriteError

_EXIT_TIMEOUT_S = 5.0
"""How long the end of the program waits for records to be delivered."""


@runtime_checkable
class AuditSink(Protocol):
    """What takes records: any object with `emit`. It is called in a thread of its own, one record after the other."""

    def emit(self, record: Any, /) -> object:
        """Takes a record, a dict of its own. What it returns is awaited when it can be; what it raises is counted."""


@dataclass(frozen=True)
class SinkStats:
    """What became of the records that were meant for a sink."""

    queued: int
    """Waiting, or being delivered right now."""
    delivered: int
    """Taken by the sink."""
    failed: int
    """The sink raised something."""
    dropped: int
    """Never given to the sink: the queue was full, or the auditor was closed before their turn."""
    last_error: str | None
    """Name of the type of what the sink raised last."""


def check_sink(name: str, sink: object) -> None:
    """Refuses what is no sink.

    Raises:
        TypeError: with what is missing.
    """
    if isinstance(sink, type):
        raise TypeError(f"sink `{name}` is the class `{sink.__name__}`: give an object of it")
    if not callable(getattr(sink, "emit", None)):
        raise TypeError(
            f"sink `{name}`, a `{type(sink).__name__}`, has no method `emit`: give it `emit(record)`, sync or async"
        )


class CustomSink:
    """The queue before a sink, and what came of its records."""

    def __init__(self, name: str, sink: AuditSink, max_queued: int) -> None:
        """Takes the sink and how many records may wait for it. Its thread starts with the first of them."""
        self.name = name
        self._sink = sink
        self._max_queued = max_queued
        self._renew()
        self._told = False
        forks.remember(self)
        _alive.add(self)

    def write(self, records: Sequence[bytes]) -> None:
        """Queues records; what does not fit is dropped."""
        with self._changed:
            room, why, retryable = self._room()
            taken = records[:room]
            for record in taken:
                self._queue.put(record)
                self._queued += 1
            self._dropped += len(records) - len(taken)
        if len(taken) < len(records):
            raise WriteError(len(taken), why, retryable)

    def flush(self, deadline: float) -> None:
        """Waits until nothing is queued, at the latest until a time of `time.monotonic`."""
        with self._changed:
            while self._queued > 0 and self._thread is not threading.current_thread():
                if not self._changed.wait(deadline - time.monotonic()):
                    return

    def close(self, deadline: float) -> None:
        """Delivers what is queued until the deadline, drops and counts the rest, and ends the thread."""
        self.flush(deadline)
        with self._changed:
            self._closed = True
            try:
                while self._queue.get_nowait() is not None:
                    self._queued -= 1
                    self._dropped += 1
            except Empty:
                pass
            self.end()

    def end(self) -> None:
        """Ends the thread when it has delivered what is queued, and does not wait for that."""
        self._queue.put(None)

    def stats(self) -> SinkStats:
        """What became of the records so far."""
        with self._changed:
            return SinkStats(self._queued, self._delivered, self._failed, self._dropped, self._last_error)

    def after_fork_in_child(self) -> None:
        """Starts with nothing: what was queued is delivered by the parent."""
        self._renew()

    def _renew(self) -> None:
        # Reentrant, as a destructor or a signal handler may emit from within `write`; the queue is made for that, too.
        self._changed = threading.Condition(threading.RLock())
        self._queue: SimpleQueue[bytes | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._queued = self._delivered = self._failed = self._dropped = 0
        self._last_error: str | None = None

    def _room(self) -> tuple[int, str, bool]:
        """How many more records may wait, why not more, and whether that will change."""
        if self._closed:
            return 0, "it is closed", False
        try:
            self._start()
        except RuntimeError:
            return 0, "its thread cannot be started: the program is ending", False
        return self._max_queued - self._queued, f"its queue of {self._max_queued} records is full", True

    def _start(self) -> None:
        if self._thread is None:
            # A daemon: one that hangs does not keep the program from ending.
            self._thread = threading.Thread(target=self._run, name=f"auditbox sink {self.name}", daemon=True)
            try:
                self._thread.start()
            except BaseException:
                self._thread = None
                raise

    def _run(self) -> None:
        consumer = _Consumer(self._sink)
        while (record := self._queue.get()) is not None:
            raised = consumer.deliver(record)
            if raised is not None and not self._told:
                self._told = True
                _tell(self.name, raised)
            with self._changed:
                self._queued -= 1
                if raised is None:
                    self._delivered += 1
                else:
                    self._failed += 1
                    self._last_error = raised
                if self._queued <= 0:
                    self._changed.notify_all()
        consumer.close()


class _Consumer:
    """Hands records to a sink, in the thread that it lives in."""

    def __init__(self, sink: AuditSink) -> None:
        self._sink = sink
        self._loop: Any = None

    def deliver(self, record: bytes) -> str | None:
        """Answers with the name of what was raised."""
        try:
            answer = self._sink.emit(parse_value(record.decode()))
            if inspect.isawaitable(answer):
                self._event_loop().run_until_complete(_completed(answer))
        except BaseException as error:
            return type(error).__name__
        return None

    def close(self) -> None:
        if self._loop is not None:
            # What the sink has left running there is its own affair.
            with contextlib.suppress(Exception):
                self._loop.run_until_complete(self._loop.shutdown_asyncgens())
                self._loop.run_until_complete(self._loop.shutdown_default_executor())
            self._loop.close()

    def _event_loop(self) -> Any:
        if self._loop is None:
            import asyncio

            self._loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self._loop)
        return self._loop


async def _completed(answer: Any) -> None:
    await answer


def _tell(name: str, raised: str) -> None:
    import logging

    logging.getLogger("auditbox").warning(
        "sink `%s` raises `%s`; this is said once, and counted each time", name, raised
    )


_alive: weakref.WeakSet[CustomSink] = weakref.WeakSet()


@atexit.register
def _flush_all() -> None:
    deadline = time.monotonic() + _EXIT_TIMEOUT_S
    for sink in list(_alive):
        sink.flush(deadline)
