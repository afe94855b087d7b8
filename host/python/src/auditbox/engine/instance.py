"""One instance of the guest, and the store it lives in: texts in, texts out."""

from __future__ import annotations

import ctypes
from typing import Any

import wasmtime
from wasmtime import _ffi

from ..errors import Error, TrapError, broken
from . import abi, glue
from .program import CANNOT_REFUSE, FUNCTIONS, Program, export_name

_MEMORY_LIMIT_BYTES = 1 << 30
"""More than any accepted event needs; a component that asks for more has gone astray."""

_EXHAUSTED_BYTES = _MEMORY_LIMIT_BYTES // 2
"""A component that has taken so much and traps was refused more: it asks for twice as much each time, or for a text."""

_PAGE_BYTES = 1 << 16

Answer = tuple[str, ...] | Error
"""What a function answers: its texts, or the error of the WIT."""


class Instance:
    """After a trap, or when anything else was raised, it may be in any state, and must be dropped."""

    def __init__(self, program: Program) -> None:
        """Makes one that is not configured.

        Raises:
            ComponentError: when the component does not fit.
        """
        self._store = wasmtime.Store(program.engine)
        self._store.set_limits(memory_size=_MEMORY_LIMIT_BYTES, table_elements=1 << 16)
        guest, notes = program.instantiate(self._store)
        self._guest: Any = guest
        self._memory = _Memory(self._store, guest["memory"])
        self._notes = _Memory(self._store, notes["notes"])
        self._allocate = _Function(self._store, guest["cabi_realloc"], 4)
        self._functions: dict[str, tuple[_Function, _Function]] = {}

    def call(self, function: str, texts: tuple[bytes, ...], events: int) -> tuple[Answer, glue.Handed]:
        """Calls a function with texts that hold so many events. Answers with what it returned and handed over.

        Raises:
            TrapError: when the component failed inside.
            ComponentError: when it breaks the contract.
        """
        call, free = self._functions.get(function) or self._function(function)
        start = glue.start(events)
        try:
            self._notes.grow_to(len(start))
            self._notes.write(0, start)
            arguments: list[int] = []
            for text in texts:
                at = self._allocate(0, 0, 1, len(text)) & 0xFFFFFFFF
                self._memory.write(at, text)
                arguments += (at, len(text))
            area = call(*arguments) & 0xFFFFFFFF
            answer = self._lift(area, function)
            free(area)
        except (wasmtime.WasmtimeError, wasmtime.Trap) as error:
            problem: Exception = self._trap(str(error))
        except ctypes.ArgumentError:
            # What ctypes makes of a stack that is used up.
            problem = RecursionError("the stack is used up: record where it is less deep")
        else:
            notes = self._notes.read(0, glue.end(self._notes.read(0, len(start))))
            return answer, glue.read(notes[len(start) :])
        raise problem

    def memory_bytes(self) -> int:
        """What its memory has grown to, which it never gives back."""
        return self._memory.length() + self._notes.length()

    def _lift(self, area: int, function: str) -> Answer:
        if function in CANNOT_REFUSE:
            return (self._text(*abi.span(self._memory.read(area, abi.TEXT_BYTES))),)
        result = self._memory.read(area, abi.RESULT_BYTES)
        went_well, spans, case = abi.spans(result, FUNCTIONS[function][2])
        lifted = [self._text(at, length) for at, length in spans]
        return tuple(lifted) if went_well else abi.error(result, case, lifted)

    def _text(self, at: int, length: int) -> str:
        try:
            return self._memory.read(at, length).decode()
        except UnicodeDecodeError:
            pass
        raise broken("text")

    def _function(self, name: str) -> tuple[_Function, _Function]:
        exported, count = export_name(name), 2 * FUNCTIONS[name][1]
        functions = (
            _Function(self._store, self._guest[exported], count),
            _Function(self._store, self._guest[f"cabi_post_{exported}"], 1, results=0),
        )
        self._functions[name] = functions
        return functions

    def _trap(self, message: str) -> TrapError:
        if self._memory.length() > _EXHAUSTED_BYTES:
            return TrapError("the component ran out of memory: the value is too large for it")
        # Of several lines, of which only one is for people: the others are a backtrace of stripped code.
        lines = [line.strip() for line in message.splitlines()]
        why = next((line for line in reversed(lines) if "trap" in line), "it trapped")
        return TrapError(f"the component failed inside: {why}; this is a bug in it, and the next call works")


class _Memory:
    """A memory, from outside: within its bounds whatever the component says."""

    def __init__(self, store: wasmtime.Store, memory: wasmtime.Memory) -> None:
        self._store = store
        self._memory = memory

    def length(self) -> int:
        return self._memory.data_len(self._store)

    def read(self, at: int, length: int) -> bytes:
        return ctypes.string_at(self._address(at, length), length)

    def write(self, at: int, data: bytes) -> None:
        ctypes.memmove(self._address(at, len(data)), data, len(data))

    def grow_to(self, length: int) -> None:
        missing = length - self.length()
        if missing > 0:
            self._memory.grow(self._store, -(-missing // _PAGE_BYTES))

    def _address(self, at: int, length: int) -> int:
        if at + length > self._memory.data_len(self._store):
            raise broken("an address in its memory")
        # It may have moved since the last time.
        return ctypes.addressof(self._memory.data_ptr(self._store).contents) + at


class _Function:
    """A function of 32-bit integers.

    wasmtime's own `Func` looks its type up at every call, which costs ten times as much. What is called here was made
    from the header of the library that comes with it, and checks the number of the arguments and their types.
    """

    def __init__(self, store: wasmtime.Store, function: wasmtime.Func, count: int, results: int = 1) -> None:
        self._context = store._context()
        self._function = ctypes.byref(function._func)
        self._arguments = (_ffi.wasmtime_val_t * count)()
        self._results = (_ffi.wasmtime_val_t * 1)()
        self._counts = (count, results)
        for argument in self._arguments:
            argument.kind = _ffi.WASMTIME_I32

    def __call__(self, *numbers: int) -> int:
        for argument, number in zip(self._arguments, numbers, strict=True):
            argument.of.i32 = number
        count, results = self._counts
        trap = ctypes.POINTER(_ffi.wasm_trap_t)()
        error = _ffi.wasmtime_func_call(
            self._context, self._function, self._arguments, count, self._results, results, ctypes.byref(trap)
        )
        if error:
            raise wasmtime.WasmtimeError._from_ptr(error)
        if trap:
            raise wasmtime.Trap._from_ptr(trap)
        return int(self._results[0].of.i32)
