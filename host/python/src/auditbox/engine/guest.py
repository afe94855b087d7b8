"""The guest: one configured instance, behind one lock."""

from __future__ import annotations

from typing import Any

import wasmtime

from .. import forks
from ..errors import (
    Error,
    InvalidConfigError,
    InvalidEventError,
    InvalidJsonError,
    TrapError,
    UnavailableError,
    broken,
)
from .abi import Case, Texts
from .imports import Handed, current
from .program import FUNCTIONS, Program

_MEMORY_LIMIT_BYTES = 1 << 30
"""More than any accepted event needs; a component that asks for more has gone astray."""

_KEPT_BYTES = 4 << 20
"""An instance that has had a longer text, given or answered, is not kept: its memory has grown to a multiple of it, and
it never gives that back. How much it is cannot be asked.
"""


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
        self._instance: _Instance | None
        self._instance, self.config = self._configured()
        """The configuration in force, all defaults filled in."""
        forks.remember(self)

    def call(self, function: str, *texts: bytes) -> tuple[Any, Handed]:
        """Calls a function of the component, and answers with what it returned and handed over.

        After a trap the instance is dropped, as its memory may be in any state.

        Raises:
            Error: one of the WIT, or `TrapError`.
        """
        with self._lock:
            instance, self._instance = self._instance, None
            if instance is None:
                instance, _ = self._configured()
            answer, handed = instance.run(function, texts)
            if instance.is_small:
                self._instance = instance
        if isinstance(answer, Case):
            raise _error(answer)
        return answer, handed

    def close(self) -> None:
        """Drops the instance."""
        with self._lock:
            self._instance = None

    def after_fork_in_child(self) -> None:
        """Starts with an instance of its own."""
        self._instance = None

    def _configured(self) -> tuple[_Instance, str]:
        instance = _Instance(self._program)
        answer, _ = instance.run("configure", (self._config,))
        if isinstance(answer, Case):
            raise _error(answer)
        if not isinstance(answer, bytes):
            raise broken("a configuration")
        return instance, answer.decode()


class _Instance:
    """One instance, and the store it lives in."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._store = wasmtime.Store(program.engine)
        self._store.set_limits(memory_size=_MEMORY_LIMIT_BYTES, table_elements=1 << 16)
        self._instance = program.instantiate(self._store)
        self._functions: dict[str, Texts] = {}
        self.is_small = True

    def run(self, function: str, texts: tuple[bytes, ...]) -> tuple[Any, Handed]:
        call = self._functions.get(function) or self._function(function)
        outer, handed = current.handed, Handed()
        current.handed = handed
        try:
            answer = call(*texts)
        except wasmtime.WasmtimeError as error:
            answer = _trap(str(error))
        finally:
            current.handed = outer
        if handed.interrupted is not None:
            raise handed.interrupted
        if isinstance(answer, TrapError):
            raise answer
        self.is_small = _length(texts) <= _KEPT_BYTES and _length(answer) <= _KEPT_BYTES
        return answer, handed

    def _function(self, name: str) -> Texts:
        function = self._instance.get_func(self._store, self._program.exports[name])
        if function is None:
            raise broken("its functions")
        call = Texts(function, self._store._context(), FUNCTIONS[name][1])
        self._functions[name] = call
        return call


def _length(answer: Any) -> int:
    return sum(map(len, answer)) if isinstance(answer, tuple) else len(answer) if isinstance(answer, bytes) else 0


def _trap(message: str) -> TrapError:
    # Of several lines, of which only one is for people: the others are a backtrace of stripped code.
    lines = [line.strip() for line in message.splitlines()]
    why = next((line for line in reversed(lines) if "trap" in line), "it trapped").removeprefix("1: ")
    return TrapError(f"the component failed inside: {why}; this is a bug in it, and the next call works")


def _error(case: Case) -> Error:
    """One of the cases of `auditbox:audit/types.error`."""
    match case.name, case.value:
        case "invalid-json", (int(offset), bytes(expected)):
            return InvalidJsonError(offset, expected.decode())
        case "invalid-event", (bytes(path), bytes(message)):
            return InvalidEventError(path.decode(), message.decode())
        case "invalid-config", (bytes(path), bytes(message)):
            return InvalidConfigError(path.decode(), message.decode())
        case "unavailable", bytes(message):
            return UnavailableError(message.decode())
    return broken("an error")
