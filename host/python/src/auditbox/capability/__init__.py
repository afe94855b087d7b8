"""What the host does at the guest's word, one small module an effect.

None of them knows the guest, the other effects, or what a record says: to them it is one line of text, and no message
of theirs contains any of it.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from typing import Protocol


class Sink(Protocol):
    """Where records go beside the outbox."""

    name: str
    """The name under which the configuration and the receipts know it."""

    def write(self, records: Sequence[bytes]) -> None:
        """Writes records, each one line without its line break, in this order.

        Returns when they are as safe as the sink's configuration promises.

        Raises:
            WriteError: when not all of them could be written; it tells how many were.
        """

    def close(self, deadline: float) -> None:
        """Lets go of what it holds, at the latest at this time of `time.monotonic`. Twice is fine."""


class WriteError(Exception):
    """Why a sink did not write everything."""

    def __init__(self, written: int, message: str, retryable: bool) -> None:
        """Takes what `written`, `message` and `retryable` say."""
        super().__init__(message)
        self.written = written
        """How many records, from the first, are whole where they belong."""
        self.message = message
        """What went wrong and what to do about it."""
        self.retryable = retryable
        """Whether the remaining records may go through later."""


_REMEDIES = {
    errno.EACCES: "give this user the right to read and write there, or choose another path",
    errno.EPERM: "give this user the right to read and write there, or choose another path",
    errno.ENOSPC: "free some space, then try again",
    errno.EDQUOT: "free some space, then try again",
    errno.EROFS: "choose a path on a file system that can be written",
    errno.EISDIR: "name a file, not a folder",
    errno.ENOTDIR: "a part of the path is a file, not a folder: choose another path",
    errno.EEXIST: "a part of the path is a file, not a folder: choose another path",
    errno.EINVAL: "choose another path",
}


def explain(error: OSError) -> str:
    """Says what happened, and what a person can do about it."""
    remedy = _REMEDIES.get(error.errno or 0, "check the path and the disk, then try again")
    return f"{reason(error)}: {remedy}"


def reason(error: OSError) -> str:
    """Says what happened as the operating system does, without the path that Python adds."""
    said = error.strerror or type(error).__name__
    return f"{said} (os error {error.errno})" if error.errno and said == os.strerror(error.errno) else said
