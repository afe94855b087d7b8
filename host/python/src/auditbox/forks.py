"""What must be made anew in a process that was forked from this one: locks, threads, instances, open files."""

from __future__ import annotations

import os
import threading
import weakref
from typing import Protocol


class Renewed(Protocol):
    """What a fork concerns."""

    def after_fork_in_child(self) -> None:
        """Starts anew: of all threads only the one that forked is here."""


class Lock:
    """A reentrant lock that no other thread holds at the moment of a fork, for what must not be copied half done."""

    def __init__(self) -> None:
        """Makes a lock that nobody holds."""
        self.current = threading.RLock()
        """What to hold. A child has one of its own, also when it was forked while this thread held the parent's."""
        with _forking:
            _locks.add(self)

    def after_fork_in_child(self) -> None:
        """Forgets who held it."""
        self.current = threading.RLock()


_remembered: weakref.WeakSet[Renewed] = weakref.WeakSet()
_locks: weakref.WeakSet[Lock] = weakref.WeakSet()
_held: list[Lock] = []
_forking = threading.RLock()
"""One fork at a time: two would wait for each other's locks."""


def remember(thing: Renewed) -> None:
    """Tells it of every fork as long as it lives."""
    with _forking:
        _remembered.add(thing)


def _before() -> None:
    _forking.acquire()
    for lock in list(_locks):
        lock.current.acquire()
        _held.append(lock)


def _after_in_parent() -> None:
    while _held:
        _held.pop().current.release()
    _forking.release()


def _after_in_child() -> None:
    global _forking
    for thing in [*_held, *_remembered]:
        thing.after_fork_in_child()
    _held.clear()
    _forking = threading.RLock()


# Not on Windows.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before, after_in_parent=_after_in_parent, after_in_child=_after_in_child)
