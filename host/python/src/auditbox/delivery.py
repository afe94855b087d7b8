"""Carries out what the guest has handed over, in the one order that is safe: the commit, then the sinks.

What failed is told to the guest, which decides what it means.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Protocol

from .capability import Sink, WriteError
from .capability.custom import AuditSink, CustomSink, SinkStats
from .capability.file import FileSink
from .capability.stdout import Stdout
from .config import Effective
from .engine import Handed, Row
from .errors import InvalidConfigError, SinkError

_OUTBOX = "outbox"

Outcomes = dict[int, list[dict[str, Any]]]
"""What did not simply go well, by the number of the event, in the words of `delivery.finish`."""


class OutboxError(Exception):
    """Why an outbox stored nothing."""

    def __init__(self, message: str, retryable: bool) -> None:
        """Takes what went wrong and what to do about it, and whether to try again."""
        super().__init__(message)
        self.message = message
        self.retryable = retryable


class Outbox(Protocol):
    """The durable queue. This package has none yet: only the driver of the conformance tests brings one."""

    def append(self, rows: Sequence[Row]) -> Sequence[Literal["stored", "duplicate"]]:
        """Commits rows in one transaction, and answers for each of them.

        Raises:
            OutboxError: when nothing was stored.
        """


class Delivery:
    """The effects of one auditor."""

    def __init__(self, config: Effective, sinks: Mapping[str, AuditSink], outbox: Outbox | None) -> None:
        """Opens the sinks: what cannot be opened is better known now than with the first event.

        Raises:
            InvalidConfigError: when the configuration names what there is not.
            SinkError: when the file cannot be opened.
        """
        if config.has_outbox and outbox is None:
            raise InvalidConfigError(
                "/outbox", "this host has no outbox yet: leave the key out, or record with the `auditbox` program"
            )
        for name in config.sinks:
            if name not in sinks:
                raise InvalidConfigError(f"/sinks/{name}", "no sink of this name was given to the auditor")
        self._outbox = outbox if config.has_outbox else None
        self._withholds = config.closed
        self._sinks: list[Sink] = [Stdout()] if config.stdout else []
        if config.file is not None:
            self._sinks.append(_file(config.file))
        self.custom = [CustomSink(name, sinks[name], max_queued) for name, max_queued in config.sinks.items()]
        """The user's own sinks."""
        self._sinks.extend(self.custom)

    def carry_out(self, handed: Handed, accepted: Callable[[int], bool]) -> Outcomes:
        """Stores the rows of one call in one transaction, and then gives each sink its records in one go.

        Of events that were not accepted nothing is carried out. A record that the outbox had already is shown by no
        sink, nor is one that it could not store under `on_failure: closed`.
        """
        outcomes: Outcomes = {}
        withheld = self._commit([row for row in handed.rows if accepted(row.line)], outcomes)
        shown = [write for write in handed.writes if accepted(write.line) and write.line not in withheld]
        for sink in self._sinks:
            writes = [write for write in shown if write.sink == sink.name]
            if not writes:
                continue
            try:
                sink.write([write.body for write in writes])
            except WriteError as error:
                failure = {"target": sink.name, "message": error.message, "retryable": error.retryable}
                for write in writes[error.written :]:
                    outcomes.setdefault(write.line, []).append(failure)
        return outcomes

    def stats(self) -> dict[str, SinkStats]:
        """What became of the records for the user's own sinks."""
        return {sink.name: sink.stats() for sink in self.custom}

    def close(self, timeout_s: float) -> None:
        """Delivers what is queued for the user's own sinks, all together within the timeout, and lets go."""
        deadline = time.monotonic() + timeout_s
        for sink in self._sinks:
            sink.close(deadline)

    def _commit(self, rows: list[Row], outcomes: Outcomes) -> set[int]:
        """Answers with the events that no sink may show."""
        if self._outbox is None or not rows:
            return set()
        try:
            stored = self._outbox.append(rows)
        except OutboxError as error:
            failure = {"target": _OUTBOX, "message": error.message, "retryable": error.retryable}
            for row in rows:
                outcomes.setdefault(row.line, []).append(failure)
            return {row.line for row in rows} if self._withholds else set()
        duplicates = [row.line for row, became in zip(rows, stored, strict=True) if became == "duplicate"]
        for line in duplicates:
            outcomes.setdefault(line, []).append({"target": _OUTBOX, "duplicate": True})
        return set(duplicates)


def _file(options: Any) -> FileSink:
    try:
        return FileSink(options)
    except WriteError as error:
        message = error.message
    raise SinkError(message)
