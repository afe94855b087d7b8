"""The figures of `benches/hosts.rs`, one JSON object a line, and beside them edictum's on the same input."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import auditbox

_THREADS = 16
_EVENTS = 64_000


def main() -> None:
    """Measures one after the other."""
    given = Path(os.environ["AUDITBOX_BENCH"])
    event: dict[str, Any] = json.loads((given / "event-1k.json").read_text("utf-8"))
    value: Any = json.loads((given / "value-32k.json").read_text("utf-8"))
    # As each event is a new one.
    event.pop("event_id", None)
    with tempfile.TemporaryDirectory() as folder, _auditor(folder, "emit") as auditor:
        _say("emit_file_1k", _median(20_000, lambda: auditor.emit(event)), "µs")
        _say("redact_32k", _median(1_000, lambda: auditor.redact(value)), "µs")
        text = auditbox.Json((given / "value-32k.json").read_text("utf-8"))
        _say("redact_32k_text", _median(1_000, lambda: auditor.redact(text).json), "µs")
        _edictum(Path(folder), event, value)
        _say("one_thread", _per_second(folder, event, 1), "/s")
        _say("sixteen_threads", _per_second(folder, event, _THREADS), "/s")
        _memory(folder, event)


def _memory(folder: str, event: dict[str, Any]) -> None:
    with _auditor(folder, "memory") as auditor:
        for number in range(1_000_000):
            auditor.emit(event)
            if number == 10_000:
                _say("memory_10k", _resident(), "bytes")
            if number % 10_000 == 0:
                # A gigabyte is not what is measured.
                os.truncate(Path(folder, "memory.jsonl"), 0)
        _say("memory_1m", _resident(), "bytes")


def _edictum(folder: Path, event: dict[str, Any], value: Any) -> None:
    try:
        from edictum.audit import AuditAction, AuditEvent, FileAuditSink, RedactionPolicy
    except ImportError:
        print("skipped: edictum needs Python 3.11", file=sys.stderr)
        return
    from datetime import datetime

    fields = {**event, "timestamp": datetime.fromisoformat(event["timestamp"].replace("Z", "+00:00"))}
    given = AuditEvent(**{**fields, "action": AuditAction(event["action"])})
    sink = FileAuditSink(folder / "edictum.jsonl")
    _say("edictum_emit_file_1k", asyncio.run(_median_awaited(5_000, lambda: sink.emit(given))), "µs")
    policy = RedactionPolicy()
    _say("edictum_redact_32k", _median(300, lambda: policy.redact_args(value)), "µs")


def _auditor(folder: str, name: str) -> auditbox.Auditor:
    return auditbox.Auditor(stdout=False, file=Path(folder, f"{name}.jsonl"))


def _per_second(folder: str, event: dict[str, Any], count: int) -> float:
    with _auditor(folder, f"threads-{count}") as auditor:
        threads = [threading.Thread(target=_emit, args=(auditor, event, _EVENTS // count)) for _ in range(count)]
        start = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return _EVENTS / (time.perf_counter() - start)


def _emit(auditor: auditbox.Auditor, event: dict[str, Any], count: int) -> None:
    for _ in range(count):
        auditor.emit(event)


def _median(runs: int, work: Callable[[], object]) -> float:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return sorted(times)[runs // 2] * 1e6


async def _median_awaited(runs: int, work: Callable[[], Coroutine[Any, Any, None]]) -> float:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        await work()
        times.append(time.perf_counter() - start)
    return sorted(times)[runs // 2] * 1e6


def _resident() -> float:
    fields = Path("/proc/self/statm").read_text("ascii").split()
    return int(fields[1]) * float(os.sysconf("SC_PAGE_SIZE"))


def _say(name: str, value: float, unit: str) -> None:
    print(json.dumps({"name": name, "value": value, "unit": unit}), flush=True)


if __name__ == "__main__":
    main()
