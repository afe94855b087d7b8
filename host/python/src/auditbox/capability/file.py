"""Records in a file of JSON Lines.

Several processes may write it at once, and it may be rotated by them or by somebody else. There are no lock files: a
line is one write to a file opened for appending, and what must not happen meanwhile is kept off by a lock on the log.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from .. import forks
from . import WriteError, explain
from .log import Log


@dataclass(frozen=True)
class FileOptions:
    """The `file` section of the configuration in force."""

    path: str
    """The log. Its folder is made if need be."""
    fsync: str
    """When lines are forced to the disk: `never`, or `always`, once in each `write`, before it returns."""
    max_bytes: int | None
    """Size at which the log is rotated, in bytes; a line that is larger on its own still goes in. None: never."""
    keep: int
    """How many rotated logs stay: `path.1`, the youngest, to `path.keep`. With 0 the log is deleted instead."""


class FileSink:
    """A log of JSON Lines."""

    name = "file"

    def __init__(self, options: FileOptions) -> None:
        """Opens the log, or creates it for this user alone.

        Raises:
            WriteError: when it cannot be opened for reading and appending, or is neither a file nor a device.
        """
        self._options = options
        self._lock = threading.RLock()
        self._log: Log | None = None
        """Opened anew after every error."""
        self._busy = False
        self._closed = False
        try:
            self._log = self._open()
            forks.remember(self)
            return
        except OSError as error:
            problem = error
        raise self._failure("open", 0, problem)

    def write(self, records: Sequence[bytes]) -> None:
        """Writes each record by one write of its own."""
        with self._lock:
            if self._busy or self._closed:
                # Busy: a destructor or a signal handler emits in the midst of a write, which waits for it.
                why = "in the midst of a write of this very thread: try again later" if self._busy else "closed"
                raise WriteError(0, f"the log `{self._options.path}` is {why}", self._busy)
            self._busy = True
            try:
                self._append(records)
            finally:
                self._busy = False

    def close(self, deadline: float) -> None:
        """Closes the log."""
        del deadline
        with self._lock:
            self._closed = True
            if not self._busy:
                self._drop()

    def after_fork_in_child(self) -> None:
        """Opens a log of its own: the lock on the one that was open is the parent's."""
        self._lock = threading.RLock()
        self._busy = False
        if self._log is not None:
            self._log.abandon()
            self._log = None

    def _append(self, records: Sequence[bytes]) -> None:
        written = 0
        problem = None
        try:
            for record in records:
                self._prepare(len(record) + 1).write_line(record)
                written += 1
        except OSError as error:
            problem = error
        except BaseException:
            # Ctrl-C: the lock is not kept until the next record comes.
            self._drop()
            raise
        if self._log is not None:
            self._log.unlock()
            try:
                if self._options.fsync == "always":
                    self._log.sync()
            except OSError as error:
                # None of these lines is as safe as was promised.
                written, problem = 0, error
        if problem is not None:
            self._drop()
            raise self._failure("write to", written, problem)

    def _prepare(self, incoming: int) -> Log:
        """The log that the path leads to, locked against rotation, with room for so many bytes."""
        log, self._log = self._log, None
        while True:
            log = log or self._open()
            try:
                # If not, somebody has renamed or deleted it.
                if log.lock_for_writing():
                    if not log.is_full(self._options.max_bytes, incoming):
                        self._log = log
                        return log
                    log.rotate(self._options.max_bytes, self._options.keep, incoming)
            finally:
                if self._log is None:
                    log.close()
            log = None

    def _open(self) -> Log:
        return Log(self._options.path, durable=self._options.fsync == "always")

    def _drop(self) -> None:
        if self._log is not None:
            self._log.close()
            self._log = None

    def _failure(self, action: str, written: int, error: OSError) -> WriteError:
        return WriteError(written, f"cannot {action} the log `{self._options.path}`: {explain(error)}", True)
