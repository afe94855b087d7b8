"""The guest: one configured instance, behind one lock."""

from __future__ import annotations

from .. import forks
from ..errors import Error
from .glue import Handed
from .instance import Instance
from .program import Program

_KEPT_BYTES = 16 << 20
"""An instance whose memory has grown beyond this, which it never gives back, is not kept."""


class Guest:
    """Runs calls one after the other.

    One lock around one instance is quicker than an instance for each thread: while one is in the component another has
    the interpreter.
    """

    def __init__(self, program: Program, config: bytes) -> None:
        """Makes an instance and configures it.

        Raises:
            Error: when the configuration is refused, or the component cannot be run.
        """
        self._program = program
        self._config = config
        # Reentrant: a destructor or a signal handler may emit from within a call, and gets an instance of its own.
        self._lock = forks.Lock()
        self._instance: Instance | None
        self._instance, self.config = self._configured()
        forks.remember(self)

    def call(self, function: str, *texts: bytes, events: int = 0) -> tuple[tuple[str, ...], Handed]:
        """Calls a function of the component, and answers with the texts that it returned and with what it handed over.

        After a trap the instance is dropped, as its memory may be in any state.

        Args:
            function: its name in the WIT.
            texts: its arguments.
            events: how many events may be recorded.

        Raises:
            Error: one of the WIT, or `TrapError`.
        """
        with self._lock.current:
            instance, self._instance = self._instance, None
            if instance is None:
                instance, _ = self._configured()
            answer, handed = instance.call(function, texts, events)
            if instance.memory_bytes() <= _KEPT_BYTES:
                self._instance = instance
        if isinstance(answer, Error):
            raise answer
        return answer, handed

    def close(self) -> None:
        """Drops the instance."""
        with self._lock.current:
            self._instance = None

    def after_fork_in_child(self) -> None:
        """Starts with an instance of its own."""
        self._instance = None

    def _configured(self) -> tuple[Instance, str]:
        instance = Instance(self._program)
        answer, _ = instance.call("configure", (self._config,), events=0)
        if isinstance(answer, Error):
            raise answer
        return instance, answer[0]
