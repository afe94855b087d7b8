"""What the component may call: the clock, randomness, and two functions that only collect.

What is collected is carried out after the component has returned, commit first.

These run in the midst of the component: what is raised here would be lost on the way, and leave it in any state.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from wasmtime.component import Linker

from . import abi


@dataclass
class Row:
    """One record for the outbox."""

    line: int
    event_id: str
    event_type: str
    agent_id: str
    body: bytes


@dataclass
class Write:
    """One record for one sink."""

    line: int
    sink: str
    body: bytes


@dataclass
class Handed:
    """What one call has handed over. Lines are the numbers of the events within the call."""

    rows: list[Row] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)
    interrupted: BaseException | None = None
    """What was raised that was not for the component: Ctrl-C."""


class _Current(threading.local):
    """Of the call that this thread is in."""

    handed = Handed()


current = _Current()


def _collecting(collect: Callable[[Any], None]) -> Any:
    """A host function that collects its arguments and answers with a result."""

    @abi.callback
    def function(
        _data: Any, _context: Any, _type: Any, arguments: Any, _count: int, results: Any, _results: int
    ) -> int:
        try:
            collect(arguments)
            abi.lower_ok(results[0])
        except Exception:
            abi.lower_error(results[0], b"unavailable", b"the host could not take the record")
        except BaseException as error:
            current.handed.interrupted = error
            abi.lower_error(results[0], b"unavailable", b"the host was interrupted")
        return 0

    return function


def _answering(answer: Callable[[Any, Any], None]) -> Any:
    """A host function that has an answer and no error."""

    @abi.callback
    def function(
        _data: Any, _context: Any, _type: Any, arguments: Any, _count: int, results: Any, _results: int
    ) -> int:
        try:
            answer(arguments, results[0])
        except Exception:
            return abi.trap(b"the host has no clock or no randomness")
        except BaseException as error:
            current.handed.interrupted = error
            return abi.trap(b"the host was interrupted")
        return 0

    return function


def _append(arguments: Any) -> None:
    line, event_id, event_type, agent_id, body = (abi.lift(arguments[index]) for index in range(5))
    current.handed.rows.append(Row(line, event_id.decode(), event_type.decode(), agent_id.decode(), body))


def _write(arguments: Any) -> None:
    sink, body = abi.lift(arguments[1]), abi.lift(arguments[2])
    current.handed.writes.append(Write(arguments[0].of.u32, sink.decode(), body))


def _now(_arguments: Any, into: Any) -> None:
    abi.lower_datetime(into, *divmod(time.time_ns(), 1_000_000_000))


def _resolution(_arguments: Any, into: Any) -> None:
    abi.lower_datetime(into, 0, 1)


def _random_integer(_arguments: Any, into: Any) -> None:
    abi.lower_u64(into, int.from_bytes(os.urandom(8), "little"))


def _random_bytes(arguments: Any, into: Any) -> None:
    abi.lower_bytes(into, os.urandom(min(arguments[0].of.u64, 1 << 16)))


# WASI by hand: it is four functions, and WASI as a whole would bring files and sockets. Any 0.2 of it fits.
_INTERFACES = {
    "auditbox:audit/outbox@0.1.0": [("append", _collecting(_append))],
    "auditbox:audit/sinks@0.1.0": [("write", _collecting(_write))],
    "wasi:clocks/wall-clock@0.2.0": [("now", _answering(_now)), ("resolution", _answering(_resolution))],
    "wasi:random/random@0.2.0": [
        ("get-random-u64", _answering(_random_integer)),
        ("get-random-bytes", _answering(_random_bytes)),
    ],
}


def add_to(linker: Linker) -> None:
    """Links all of them."""
    with linker.root() as root:
        for name, functions in _INTERFACES.items():
            with root.add_instance(name) as instance:
                abi.add_functions(instance, functions)
