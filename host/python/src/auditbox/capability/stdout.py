"""Records on the standard output of the process, one a line."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any

from .. import forks
from . import WriteError, explain, reason


class Stdout:
    """The standard output, which is `sys.stdout` at the time of each write."""

    name = "stdout"

    def write(self, records: Sequence[bytes]) -> None:
        """Writes all records in as few writes as the reader takes, after what the program itself has printed."""
        with _turn.lock:
            if _turn.busy:
                raise WriteError(0, "the standard output is in the midst of a write of this very thread", True)
            _turn.busy = True
            try:
                self._write(records)
            finally:
                _turn.busy = False

    def close(self, deadline: float) -> None:
        """It stays the program's."""

    def _write(self, records: Sequence[bytes]) -> None:
        rest = b"".join([record + b"\n" for record in records])
        retryable = True
        try:
            write = _writer()
            while rest:
                rest = rest[write(rest) :]
            return
        except _UnusableError as error:
            why = str(error)
        except BrokenPipeError as error:
            why, retryable = f"{reason(error)}: its reader has gone", False
        except OSError as error:
            why = explain(error)
        except Exception as error:
            # A file object that is closed, or one that the program has put there.
            why = f"it raises `{type(error).__name__}`: see what `sys.stdout` is"
        # Only whole records count.
        written = len(records) - rest.count(b"\n")
        raise WriteError(written, f"cannot write to the standard output: {why}", retryable)


class _UnusableError(Exception):
    """Why the standard output cannot be written, and what to do about it."""


class _Turn:
    """Whose turn it is to write: there is one standard output, however many auditors."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.busy = False

    def after_fork_in_child(self) -> None:
        """Nobody's."""
        self.lock = threading.RLock()
        self.busy = False


_turn = _Turn()
forks.remember(_turn)


def _writer() -> Callable[[bytes], int]:
    """What to write with: around Python's buffer, as what is left in it after an error cannot be counted.

    But through whatever a notebook or a test has put in the place of `sys.stdout`.
    """
    out: Any = sys.stdout
    if out is None:
        raise _UnusableError("the process has none: set `stdout` to false")
    out.flush()
    buffer = getattr(out, "buffer", None)
    if buffer is None:
        return lambda data: _as_text(out, data)
    # Where Python was told not to buffer, there is none around the raw one.
    raw = getattr(buffer, "raw", buffer)
    return lambda data: _taken(raw.write(data))


def _as_text(out: Any, data: bytes) -> int:
    out.write(data.decode())
    out.flush()
    return len(data)


def _taken(count: int | None) -> int:
    if not count:
        # None: it would have to wait.
        raise _UnusableError("it does not wait for its reader: let it block, then try again")
    return count
