"""Many events in one call of the guest, one transaction and one write a sink."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .engine import Handed
from .errors import Error, TrapError, broken
from .receipt import Receipt, parse_answer
from .values import Json, utf8

if TYPE_CHECKING:
    from .auditor import Auditor

_CHUNK_BYTES = 1 << 20
"""As much goes into one call of the guest. More costs memory and saves no time."""

_BLANKS = b" \t\n\r\x0c"

_Answers = tuple[list[str | Error], Handed]
"""What the guest says to each event of a chunk, and what it has handed over."""


def emit(auditor: Auditor, events: Iterable[object] | Json) -> list[Receipt | Error]:
    """As `Auditor.emit_batch`."""
    if isinstance(events, (str, bytes, Mapping)):
        raise TypeError(f"expected a list of events, or JSON Lines as `Json`, not `{type(events).__name__}`")
    return [answer for chunk in _chunks(_lines(auditor, events)) for answer in _record(auditor, chunk)]


def _lines(auditor: Auditor, events: Iterable[object] | Json) -> Iterator[bytes | Error]:
    """Each event's text, or why it has none."""
    if isinstance(events, Json):
        yield from (line for line in utf8(events.text).split(b"\n") if line.strip(_BLANKS))
        return
    # Whatever an iterator raises, it raises before anything is recorded.
    for event in list(events):
        try:
            yield auditor._argument(event)
        except Error as error:
            yield _without_frames(error)


def _chunks(lines: Iterable[bytes | Error]) -> Iterator[list[bytes | Error]]:
    """Pieces of at most `_CHUNK_BYTES`; a longer line is a piece of its own, and so is a text that is not one line."""
    chunk: list[bytes | Error] = []
    length = 0
    for line in lines:
        is_line = isinstance(line, Error) or _is_line(line)
        incoming = 0 if isinstance(line, Error) else len(line) + 1
        if chunk and (length + incoming > _CHUNK_BYTES or not is_line):
            yield chunk
            chunk, length = [], 0
        chunk.append(line)
        length += incoming if is_line else _CHUNK_BYTES
    if chunk:
        yield chunk


def _record(auditor: Auditor, chunk: list[bytes | Error]) -> list[Receipt | Error]:
    events = [line for line in chunk if isinstance(line, bytes)]
    answers, handed = _ask(auditor, events)
    outcomes = auditor._delivery.carry_out(handed, lambda line: line < len(answers) and isinstance(answers[line], str))
    settled = iter([_settled(auditor, answer, outcomes.get(line)) for line, answer in enumerate(answers)])
    return [line if isinstance(line, Error) else next(settled) for line in chunk]


def _ask(auditor: Auditor, events: list[bytes]) -> _Answers:
    if not events or not all(map(_is_line, events)):
        return _ask_singly(auditor, events)
    try:
        (text,), handed = auditor._guest.call("emit-batch", b"\n".join(events), events=len(events))
    except TrapError:
        # It has handed nothing over: only the event that causes it fails.
        return _ask_singly(auditor, events)
    except Error as error:
        return [_without_frames(error)] * len(events), Handed()
    answers = [parse_answer(line) for line in text.split("\n")[:-1]]
    if len(answers) != len(events):
        return [broken("one line for each event")] * len(events), Handed()
    return answers, handed


def _ask_singly(auditor: Auditor, events: list[bytes]) -> _Answers:
    answers: list[str | Error] = []
    all_handed = Handed()
    for number, event in enumerate(events):
        try:
            (receipt,), handed = auditor._guest.call("emit", event, events=1)
        except Error as error:
            answers.append(_without_frames(error))
            continue
        answers.append(receipt)
        for row in handed.rows:
            row.line = number
        for write in handed.writes:
            write.line = number
        all_handed.rows += handed.rows
        all_handed.writes += handed.writes
    return answers, all_handed


def _settled(auditor: Auditor, answer: str | Error, outcomes: list[dict[str, Any]] | None) -> Receipt | Error:
    if isinstance(answer, Error):
        return answer
    try:
        return auditor._settle(answer, outcomes)
    except Error as error:
        return _without_frames(error)


def _is_line(text: bytes) -> bool:
    return b"\n" not in text and bool(text.strip(_BLANKS))


def _without_frames(error: Error) -> Error:
    """An error that is not raised, and does not keep the frames alive in which it was: they hold the event."""
    return error.with_traceback(None)
