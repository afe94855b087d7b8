"""One open log, which other processes may have open, too."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
import time

from .. import folders

# Not on Windows, where a lock keeps writers off: without it rotation may go wrong, but no line is lost.
if sys.platform != "win32":
    import fcntl

_LOOKS = 20
"""How often a line that looks torn is looked at again."""

_LOOK_SECONDS = 0.001


class Log:
    """A file of lines, opened for appending."""

    def __init__(self, path: str, durable: bool) -> None:
        """Opens the log, or creates it and its folders for this user alone. When it is to be durable, so is its name.

        Raises:
            OSError: when it cannot be opened for reading and appending, or is neither a file nor a device.
        """
        self._path = path
        self._durable = durable
        self._locked = False
        self._torn = False
        """Whether the file ends inside a line whose writer got no further: the disk was full, or it was killed."""
        if "\0" in path:
            raise OSError(errno.EINVAL, "the path holds a null byte")
        folder = os.path.dirname(path) or "."
        folders.create(folder)
        # Read: for the look at its last byte. Binary: Windows would write its own line breaks.
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
        self._file = os.open(path, flags, 0o600)
        try:
            found = os.fstat(self._file)
            if stat.S_ISFIFO(found.st_mode) or stat.S_ISSOCK(found.st_mode):
                # A write to one without a reader would wait for ever.
                raise OSError(errno.EINVAL, "it is neither a file nor a device")
            if durable and sys.platform != "win32":
                _force_folder(folder)
        except BaseException:
            self.abandon()
            raise
        self._identity = (found.st_dev, found.st_ino)

    def lock_for_writing(self) -> bool:
        """Keeps rotation off until `unlock`; other writers go on. False: the path leads to another file, or none."""
        if self._locked:
            return True
        # Where the file system has no locks, what they are for may go wrong, but no line is lost.
        with contextlib.suppress(OSError):
            self._lock(exclusive=False)
        self._locked = True
        self._torn = not self._ends_a_line()
        if self._torn:
            # It may only be another process in the middle of its write. When they all have ended, and until we have,
            # it is as it looks; but for those that cannot lock, so that they get a moment.
            with contextlib.suppress(OSError):
                self._lock(exclusive=True)
            for _ in range(_LOOKS):
                self._torn = not self._ends_a_line()
                if not self._torn:
                    break
                time.sleep(_LOOK_SECONDS)
        return self._is_current()

    def unlock(self) -> None:
        """Lets others rotate the log."""
        self._locked = False
        if sys.platform != "win32":
            with contextlib.suppress(OSError):
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def write_line(self, record: bytes) -> None:
        """Appends a line by one write, behind a line break where it would be swallowed by a torn one."""
        line = b"\n%b\n" % record if self._torn else record + b"\n"
        if os.write(self._file, line) != len(line):
            # The rest as a second write could land inside somebody else's line.
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._torn = False

    def sync(self) -> None:
        """Forces what was written to the disk."""
        if sys.platform == "darwin":
            fcntl.fcntl(self._file, fcntl.F_FULLFSYNC)
        elif sys.platform == "win32":
            os.fsync(self._file)
        else:
            os.fdatasync(self._file)

    def is_full(self, max_bytes: int | None, incoming: int) -> bool:
        """Whether so many bytes more would be too many."""
        if max_bytes is None:
            return False
        length = os.fstat(self._file).st_size
        return length > 0 and length + incoming > max_bytes

    def rotate(self, max_bytes: int | None, keep: int, incoming: int) -> None:
        """Moves the full log out of the way, unless another process has.

        The path is free then, and this is to be closed.
        """
        if self._durable:
            self.sync()
        # Until it is closed. Whoever waits here, too, finds that the path is another file's.
        self._lock(exclusive=True)
        if self._is_current() and self.is_full(max_bytes, incoming):
            _shift(self._path, keep)

    def close(self) -> None:
        """Closes it. That is not enough for the lock: a process forked from this one meanwhile would keep it."""
        self.unlock()
        self.abandon()

    def abandon(self) -> None:
        """Closes it, and leaves the lock to the process that this one was forked from."""
        file, self._file = self._file, -1
        if file >= 0:
            os.close(file)

    def __del__(self) -> None:
        """Closes what nobody has closed."""
        if getattr(self, "_file", -1) >= 0:
            self.close()

    def _is_current(self) -> bool:
        """Whether the path still leads to this file, and nobody has renamed or deleted it."""
        try:
            found = os.stat(self._path)
        except OSError:
            return False
        return (found.st_dev, found.st_ino) == self._identity

    def _lock(self, *, exclusive: bool) -> None:
        if sys.platform != "win32":
            if exclusive:
                # Two that had it and wanted more would wait for each other.
                fcntl.flock(self._file, fcntl.LOCK_UN)
            fcntl.flock(self._file, fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH)

    def _ends_a_line(self) -> bool:
        # Fails where there is nothing to read back: an empty file, a device. Appending does not care where we read.
        try:
            os.lseek(self._file, -1, os.SEEK_END)
        except OSError:
            return True
        return os.read(self._file, 1) in (b"", b"\n")


def _force_folder(folder: str) -> None:
    """A file is only as durable as its name."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _shift(path: str, keep: int) -> None:
    """`path.1` becomes `path.2` and so on, and at last `path` becomes `path.1`.

    Last, because from then on another process may fill and rotate a new log.
    """

    def rotated(number: int) -> str:
        return f"{path}.{number}"

    # Those that a larger `keep` has left.
    number = keep + 1
    with contextlib.suppress(OSError):
        while True:
            os.unlink(rotated(number))
            number += 1
    if keep == 0:
        os.unlink(path)
        return
    # Up to the first free number, or over the oldest.
    free = 1
    while free < keep and os.path.exists(rotated(free)):
        free += 1
    for number in range(free - 1, 0, -1):
        os.replace(rotated(number), rotated(number + 1))
    os.replace(path, rotated(1))
