"""What the guest imports, as WebAssembly: it notes down what it is handed, and knows the time before it is asked.

No Python runs inside of the guest. Before a call the host writes the time and random numbers into the notes, a memory
of its own; the functions here answer from them, and append what the guest hands over; after the call the host reads it.

The functions need the guest's memory, which is there only when the guest has its imports. So it is given those of
`ENTRANCE`, which look the others up in a table that `NOTES` fills.
"""

from __future__ import annotations

import os
import struct
import time
from dataclasses import dataclass, field

ENTRANCE = """
(module
  (type $write (func (param i32 i32 i32 i32 i32 i32)))
  (type $append (func (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))
  (type $now (func (param i32)))
  (type $random (func (result i64)))
  (table (export "table") 4 4 funcref)
  (func (export "write") (type $write)
    local.get 0 local.get 1 local.get 2 local.get 3 local.get 4 local.get 5
    i32.const 0 call_indirect (type $write))
  (func (export "append") (type $append)
    local.get 0 local.get 1 local.get 2 local.get 3 local.get 4 local.get 5 local.get 6 local.get 7 local.get 8
    local.get 9 local.get 10 i32.const 1 call_indirect (type $append))
  (func (export "now") (type $now) local.get 0 i32.const 2 call_indirect (type $now))
  (func (export "get-random-u64") (type $random) i32.const 3 call_indirect (type $random)))
"""

NOTES = """
(module
  (import "guest" "memory" (memory $guest 0))
  (import "entrance" "table" (table 4 funcref))
  (memory $notes (export "notes") 2)

  ;; Makes room for so many bytes more.
  (func $reserve (param $bytes i32)
    (local $missing i64)
    (local.set $missing
      (i64.sub
        (i64.add (i64.extend_i32_u (i32.load $notes (i32.const 0))) (i64.extend_i32_u (local.get $bytes)))
        (i64.shl (i64.extend_i32_u (memory.size $notes)) (i64.const 16))))
    (if (i64.gt_s (local.get $missing) (i64.const 0))
      (then
        (if (i32.eq (i32.const -1)
              (memory.grow $notes
                (i32.wrap_i64 (i64.shr_u (i64.add (local.get $missing) (i64.const 65535)) (i64.const 16)))))
          (then unreachable)))))

  (func $number (param $number i32)
    (call $reserve (i32.const 4))
    (i32.store $notes align=1 (i32.load $notes (i32.const 0)) (local.get $number))
    (i32.store $notes (i32.const 0) (i32.add (i32.load $notes (i32.const 0)) (i32.const 4))))

  (func $text (param $at i32) (param $length i32)
    (call $number (local.get $length))
    (call $reserve (local.get $length))
    (memory.copy $notes $guest (i32.load $notes (i32.const 0)) (local.get $at) (local.get $length))
    (i32.store $notes (i32.const 0) (i32.add (i32.load $notes (i32.const 0)) (local.get $length))))

  ;; sinks.write: line, sink, body; answers with a result that went well.
  (func $write (param $line i32) (param i32 i32 i32 i32) (param $result i32)
    (call $number (i32.const 2))
    (call $number (local.get $line))
    (call $text (local.get 1) (local.get 2))
    (call $text (local.get 3) (local.get 4))
    (i32.store8 $guest (local.get $result) (i32.const 0)))

  ;; outbox.append: line, event-id, event-type, agent-id, body, durability; answers as `write`.
  (func $append (param $line i32) (param i32 i32 i32 i32 i32 i32 i32 i32) (param $durability i32) (param $result i32)
    (if (i32.gt_u (local.get $durability) (i32.const 1)) (then unreachable))
    (call $number (i32.const 4))
    (call $number (local.get $line))
    (call $number (local.get $durability))
    (call $text (local.get 1) (local.get 2))
    (call $text (local.get 3) (local.get 4))
    (call $text (local.get 5) (local.get 6))
    (call $text (local.get 7) (local.get 8))
    (i32.store8 $guest (local.get $result) (i32.const 0)))

  ;; wall-clock.now: a record of seconds and nanoseconds.
  (func $now (param $datetime i32)
    (i64.store $guest (local.get $datetime) (i64.load $notes (i32.const 16)))
    (i32.store $guest offset=8 (local.get $datetime) (i32.load $notes (i32.const 24))))

  ;; random.get-random-u64
  (func $random (result i64)
    (local $at i32)
    (local.set $at (i32.load $notes (i32.const 4)))
    (if (i32.ge_u (local.get $at) (i32.load $notes (i32.const 8))) (then unreachable))
    (i32.store $notes (i32.const 4) (i32.add (local.get $at) (i32.const 8)))
    (i64.load $notes (local.get $at)))

  (elem (i32.const 0) func $write $append $now $random))
"""

IMPORTS = {
    ("auditbox:audit/sinks@0.1.0", "write"): "write",
    ("auditbox:audit/outbox@0.1.0", "append"): "append",
    ("wasi:clocks/wall-clock@0.2.", "now"): "now",
    ("wasi:random/random@0.2.", "get-random-u64"): "get-random-u64",
}
"""The functions of `ENTRANCE` by what they are to the guest. Any 0.2 of WASI fits."""

# Where the notes end; where the next random number is, and where they end; the time.
_HEAD = struct.Struct("<IIIxxxxQIxxxx")
_OF_WRITE = 2
"""How many texts `write` notes down; `append` has more."""

_COMMIT = 0
"""The first case of `outbox.durability`."""

_RANDOM_BYTES = 64
"""What may be asked for each event: four times what its id takes. A component that asks for more traps."""


@dataclass
class Row:
    """One record for the outbox."""

    line: int
    event_id: str
    event_type: str
    agent_id: str
    body: bytes
    durable: bool
    """Whether it is stored only when it is on the disk, and not when it is queued."""


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


def start(events: int) -> bytes:
    """Makes the notes at the start of a call about so many events."""
    random = os.urandom(_RANDOM_BYTES * (events + 1))
    end = _HEAD.size + len(random)
    return _HEAD.pack(end, _HEAD.size, end, *divmod(time.time_ns(), 1_000_000_000)) + random


def end(head: bytes) -> int:
    """Where the notes end."""
    return int(_HEAD.unpack_from(head)[0])


def read(notes: bytes) -> Handed:
    """Reads what was appended since `start`."""
    handed = Handed()
    at = 0
    while at < len(notes):
        count, line = struct.unpack_from("<II", notes, at)
        at += 8
        durability = _COMMIT
        if count != _OF_WRITE:
            (durability,) = struct.unpack_from("<I", notes, at)
            at += 4
        texts = []
        for _ in range(count):
            (length,) = struct.unpack_from("<I", notes, at)
            texts.append(notes[at + 4 : at + 4 + length])
            at += 4 + length
        *names, body = texts
        if count == _OF_WRITE:
            handed.writes.append(Write(line, _name(names[0]), body))
        else:
            event_id, event_type, agent_id = map(_name, names)
            handed.rows.append(Row(line, event_id, event_type, agent_id, body, durability == _COMMIT))
    return handed


def _name(text: bytes) -> str:
    return text.decode("utf-8", "replace")
