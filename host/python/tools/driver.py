"""The driver of the conformance tests: the protocol of `tests/conformance/README.md` by the package's public interface.

The outbox, which this host does not have yet, is a list in memory here.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import auditbox
from auditbox.engine import Row


class Memory:
    """An outbox that knows each `event_id` once."""

    def __init__(self) -> None:
        """Has nothing."""
        self.rows: list[Row] = []
        self._known: set[str] = set()

    def append(self, rows: Sequence[Row]) -> Sequence[Literal["stored", "duplicate"]]:
        """Keeps what is new."""
        return [self._append(row) for row in rows]

    def _append(self, row: Row) -> Literal["stored", "duplicate"]:
        if row.event_id in self._known:
            return "duplicate"
        self._known.add(row.event_id)
        self.rows.append(row)
        return "stored"


class Driver:
    """An auditor, and how much of what it has written has been read back."""

    def __init__(self) -> None:
        """Has no auditor before `configure`."""
        self._auditor: auditbox.Auditor | None = None
        self._outbox = Memory()
        self._rows = self._lines = 0

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Does what is asked, in the words of the protocol."""
        op = request.pop("op")
        try:
            return {"ok": getattr(self, op)(**request)}
        except auditbox.Error as error:
            return {"error": refusal(error)}

    def configure(self, config: str) -> str:
        """Starts anew."""
        if self._auditor is not None:
            self._auditor.close()
        self.__init__()  # type: ignore[misc]
        self._auditor = auditbox.Auditor(config, _outbox=self._outbox)
        return self._auditor.config

    def emit(self, event: str) -> str:
        """Records an event."""
        return self._ready().emit(auditbox.Json(event)).json

    def emit_batch(self, events: str) -> str:
        """Records JSON Lines."""
        answers = self._ready().emit_batch(auditbox.Json(events))
        return "".join(
            (_text({"error": refusal(answer)}) if isinstance(answer, auditbox.Error) else answer.json) + "\n"
            for answer in answers
        )

    def log_event(self, event_type: str, payload: str) -> str:
        """Records a telemetry event."""
        return self._ready().log_event(event_type, auditbox.Json(payload)).json

    def redact(self, value: str) -> dict[str, str]:
        """Redacts a value."""
        return rewritten(self._ready().redact(auditbox.Json(value)))

    def cap_payload(self, payload: str) -> dict[str, str]:
        """Cuts a value."""
        return rewritten(self._ready().cap_payload(auditbox.Json(payload)))

    def finish(self, receipt: str, outcomes: str) -> str:
        """Folds outcomes into a receipt."""
        return self._ready()._finish(receipt, outcomes).json

    def judge(self, batch: str, answer: str) -> str:
        """Judges an endpoint's answer."""
        return self._ready()._judge(batch, answer)

    def rules(self) -> str:
        """Lists the rules."""
        return _text([dataclasses.asdict(rule) for rule in self._ready().rules()])

    def records(self) -> dict[str, Any]:
        """Reads back what is new."""
        config = json.loads(self._ready().config)
        rows, lines = self._outbox.rows[self._rows :], []
        self._rows += len(rows)
        if config["file"] is not None:
            lines = Path(config["file"]["path"]).read_text("utf-8").split("\n")[self._lines : -1]
            self._lines += len(lines)
        outbox = [
            {
                "event_id": row.event_id,
                "event_type": row.event_type,
                "agent_id": row.agent_id,
                "body": row.body.decode(),
                "durable": row.durable,
            }
            for row in rows
        ]
        return {"outbox": outbox, "file": lines}

    def _ready(self) -> auditbox.Auditor:
        if self._auditor is None:
            raise auditbox.InternalError("`configure` comes first")
        return self._auditor


def rewritten(answer: auditbox.Rewritten) -> dict[str, str]:
    """The answer of `redact` and `cap_payload`."""
    return {"value": answer.json, "receipt": answer.receipt.json}


def refusal(error: auditbox.Error) -> dict[str, Any]:
    """An error in the words of the protocol."""
    match error:
        case auditbox.InvalidJsonError():
            return {"kind": error.kind, "offset": error.offset, "expected": error.expected}
        case auditbox.InvalidEventError() | auditbox.InvalidConfigError():
            return {"kind": error.kind, "path": error.path, "message": error.message}
        case auditbox.UnavailableError():
            return {"kind": error.kind, "message": error.message}
    return {"kind": "broken", "message": str(error)}


def _text(answer: Any) -> str:
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))


def main() -> None:
    """Answers requests until the input ends."""
    driver = Driver()
    # Buffered, even where Python was told not to.
    with open(1, "wb", closefd=False) as out:
        for line in sys.stdin.buffer:
            out.write(_text(driver.answer(json.loads(line))).encode() + b"\n")
            out.flush()


if __name__ == "__main__":
    main()
