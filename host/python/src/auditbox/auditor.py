"""The front door: a guest that decides, and the effects it asks for, in the one order that is safe."""

from __future__ import annotations

import json
import os
import weakref
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

from . import batch
from .capability.custom import AuditSink, CustomSink, SinkStats, check_sink
from .config import Effective, merge
from .delivery import Delivery, Outbox
from .engine import Guest, Program
from .errors import ClosedError, Error, InvalidEventError
from .receipt import Receipt, Rewritten, parse_receipt, parse_rewritten
from .rules import Rule, parse_rules
from .values import Json, UnencodableError, encode, utf8

LONGEST_BYTES = 256 << 20
"""No configuration accepts a longer text, and a guest could not hold one that is much longer."""


class Auditor:
    """Records events: redacted, capped and stamped by the component, then written to the sinks.

    It is shared by as many threads as like. `close` it, or use it in a `with` statement: it delivers what is queued
    for sinks of your own.

    >>> with Auditor(stdout=False) as auditor:
    ...     receipt = auditor.emit({"action": "call_allowed", "tool_args": {"token": "abc"}})
    >>> receipt.redactions[0].path
    '/tool_args/token'
    """

    def __init__(
        self,
        config: Mapping[str, Any] | str | None = None,
        *,
        stdout: bool | None = None,
        file: str | os.PathLike[str] | Mapping[str, Any] | None = None,
        sinks: Mapping[str, AuditSink] | None = None,
        component: bytes | None = None,
        _outbox: Outbox | None = None,
    ) -> None:
        """Compiles the component, unless that was done before, checks the configuration, and opens the sinks.

        Args:
            config: what `wit/schema/config.schema.json` describes, as a mapping or as JSON text. What is not said
                is as the component has it by default: records go to the standard output. The other arguments win
                over it.
            stdout: whether records go to the standard output.
            file: a file that records are appended to, one a line: its path, or the object of the schema.
            sinks: objects of your own that take records, by their names in receipts.
            component: the bytes of an `auditbox.wasm` of the same interface version, in the place of the one that
                the package carries.

        Raises:
            InvalidJsonError: when the configuration is not JSON.
            InvalidConfigError: when it is wrong.
            SinkError: when the file cannot be opened.
            ComponentError: when the component is not one that this version can run.
            TypeError: when a sink has no `emit`.
        """
        sinks = dict(sinks or {})
        for name, sink in sinks.items():
            check_sink(name, sink)
        self._guest = Guest(Program.of(component), merge(config, stdout, file, sinks))
        self._config = self._guest.config
        self._delivery = Delivery(Effective.parse(self._config), sinks, _outbox)
        self._closed = False
        # The threads of an auditor that nobody closes end when it is gone.
        weakref.finalize(self, _end, self._delivery.custom).atexit = False

    @property
    def config(self) -> str:
        """The configuration in force as JSON text, all defaults filled in."""
        return self._config

    @property
    def sink_stats(self) -> dict[str, SinkStats]:
        """What became of the records for each of your own sinks. It may be asked of a closed auditor, too."""
        return self._delivery.stats()

    def emit(self, event: object) -> Receipt:
        """Records one event (`wit/schema/event.schema.json`).

        Returns when the record is written to the file and the standard output and queued for sinks of your own; there
        is nothing to await.

        Args:
            event: a dict, typed or not, or whatever else has the form of one in JSON; or exact JSON text as `Json`.

        Raises:
            InvalidEventError: when the event is refused, or holds what has no form in JSON.
            InvalidJsonError: when the text is not JSON.
            UnavailableError: when `on_failure` is `closed` and no sink took the record. When it is `open`, the
                receipt names what failed.
            ClosedError: after `close`.
        """
        return self._record("emit", self._argument(event))

    def emit_batch(self, events: Iterable[object] | Json) -> list[Receipt | Error]:
        """Records many events in few calls of the component, and answers for each of them in the same order.

        An answer is the receipt, or the error that `emit` would raise. Not atomic: a refused event does not hold up the
        rest.

        Args:
            events: what `emit` takes, many times; or JSON Lines as `Json`, in which empty lines are skipped.

        Raises:
            ClosedError: after `close`.
        """
        self._check_open()
        return batch.emit(self, events)

    def log_event(self, event_type: str, payload: object) -> Receipt:
        """Records a telemetry event from its type and its payload, any value. The `agent_id` is the configured one.

        Raises:
            Error: as `emit`.
        """
        # A text of its own, not JSON: a lone surrogate becomes what the guest makes of one.
        encoded = event_type.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
        return self._record("log-event", within_bounds(encoded), self._argument(payload))

    def redact(self, value: object) -> Rewritten:
        """Redacts any value. Nothing is recorded.

        Raises:
            InvalidEventError: when the value is too large, too deep, or has no form in JSON.
            InvalidJsonError: when the text is not JSON.
            ClosedError: after `close`.
        """
        return self._rewritten("redact", value)

    def cap_payload(self, value: object) -> Rewritten:
        """Cuts any value to `max_payload_bytes`, the way the records are cut.

        It does not redact: redact first, or a secret could be cut in half and no longer be known as one. Nothing is
        recorded.

        Raises:
            Error: as `redact`.
        """
        return self._rewritten("cap-payload", value)

    def rules(self) -> tuple[Rule, ...]:
        """Lists every built-in rule by which secrets are found, in a fixed order.

        Their ids are what receipts name and `redaction.rules` takes. The same under every configuration.

        >>> with Auditor(stdout=False) as auditor:
        ...     vendors = {rule.id: rule.vendor for rule in auditor.rules()}
        >>> vendors["aws-access-key-id"]
        'AWS'

        Raises:
            ComponentError: when the component is not of this version.
            ClosedError: after `close`.
        """
        self._check_open()
        (rules,), _ = self._guest.call("rules")
        return parse_rules(rules)

    def close(self, timeout_s: float = 5.0) -> None:
        """Delivers what is queued for sinks of your own, drops and counts what takes too long, and closes the file.

        Twice is fine; every other call raises `ClosedError` afterwards.

        Args:
            timeout_s: how long to wait for all sinks together, in seconds.
        """
        self._closed = True
        self._delivery.close(timeout_s)
        self._guest.close()

    def __enter__(self) -> Auditor:
        """Answers with itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Closes it."""
        self.close()

    def __reduce__(self) -> NoReturn:
        """Refuses to be pickled or copied."""
        raise TypeError(
            "an auditor cannot be pickled or copied: make one in each process, and share it between threads"
        )

    def _rewritten(self, function: str, value: object) -> Rewritten:
        (rewritten, receipt), _ = self._guest.call(function, self._argument(value))
        return parse_rewritten(rewritten, receipt)

    def _check_open(self) -> None:
        if self._closed:
            raise ClosedError

    def _argument(self, value: object) -> bytes:
        self._check_open()
        try:
            text = within_bounds(encode(value))
        except UnencodableError as error:
            problem = error
        else:
            # The value's own code may have closed it.
            self._check_open()
            return text
        raise self._refused(problem)

    def _refused(self, problem: UnencodableError) -> InvalidEventError:
        """The error about a value without a form in JSON. A key in its path may be a secret: the guest knows."""
        (path, _), _ = self._guest.call("redact", encode(problem.path))
        return InvalidEventError(json.loads(path), problem.message)

    def _record(self, function: str, *texts: bytes) -> Receipt:
        (receipt,), handed = self._guest.call(function, *texts, events=1)
        outcomes = self._delivery.carry_out(handed, lambda line: line == 0)
        return self._settle(receipt, outcomes.get(0))

    def _settle(self, receipt: str, outcomes: list[dict[str, Any]] | None) -> Receipt:
        """Only when something did not simply go well, the guest is asked what that means."""
        return parse_receipt(receipt) if outcomes is None else self._finish(receipt, json.dumps(outcomes))

    def _finish(self, receipt: str, outcomes: str) -> Receipt:
        """`delivery.finish` itself; only the driver of the conformance tests has another use for it."""
        (answer,), _ = self._guest.call("finish", within_bounds(utf8(receipt)), within_bounds(utf8(outcomes)))
        return parse_receipt(answer)

    def _judge(self, batch: str, answer: str) -> str:
        """`delivery.judge` itself: for whoever sends records, and for the driver of the conformance tests."""
        (verdict,), _ = self._guest.call("judge", within_bounds(utf8(batch)), within_bounds(utf8(answer)))
        return verdict


def within_bounds(text: bytes) -> bytes:
    """Refuses what no configuration accepts.

    Raises:
        InvalidEventError: when it is too long.
    """
    if len(text) > LONGEST_BYTES:
        raise InvalidEventError("", f"{len(text)} bytes long, but at most {LONGEST_BYTES} can be accepted")
    return text


def _end(sinks: list[CustomSink]) -> None:
    for sink in sinks:
        sink.end()
