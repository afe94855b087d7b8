"""Component values in wasmtime's C API, by hand.

Its Python package looks every type up anew at every call, which costs an `emit` 150 µs where this costs 20. A wrong kind
here ends the process, so everything is taken from the package's own bindings, which are made from the headers of the
library they come with, and the package's version is pinned.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from typing import Any

from wasmtime import WasmtimeError, _ffi
from wasmtime.component import Func, LinkerInstance

_Value = _ffi.wasmtime_component_val_t
_BOOL = _ffi.WASMTIME_COMPONENT_BOOL.value
_U8 = _ffi.WASMTIME_COMPONENT_U8.value
_U32 = _ffi.WASMTIME_COMPONENT_U32.value
_U64 = _ffi.WASMTIME_COMPONENT_U64.value
_STRING = _ffi.WASMTIME_COMPONENT_STRING.value
_LIST = _ffi.WASMTIME_COMPONENT_LIST.value
_RECORD = _ffi.WASMTIME_COMPONENT_RECORD.value
_VARIANT = _ffi.WASMTIME_COMPONENT_VARIANT.value
_RESULT = _ffi.WASMTIME_COMPONENT_RESULT.value

_pointer, _size = ctypes.c_void_p, ctypes.c_size_t

_Callback = ctypes.CFUNCTYPE(
    _size, _pointer, _pointer, _pointer, ctypes.POINTER(_Value), _size, ctypes.POINTER(_Value), _size
)


def callback(function: Callable[[Any, Any, Any, Any, int, Any, int], int]) -> Any:
    """Makes a host function of one that takes data, context, type, arguments, their number, results and theirs.

    It answers with an error, or 0. It must live as long as the component.
    """
    return _Callback(function)


def _function(name: str, result: Any, *arguments: Any, holds_gil: bool = True) -> Any:
    # What is quick keeps the interpreter's lock: to let it go costs more than the call.
    library = (ctypes.PyDLL if holds_gil else ctypes.CDLL)(_ffi.dll._name, handle=_ffi.dll._handle)
    function = library[name]
    function.restype, function.argtypes = result, arguments
    return function


_call = _function("wasmtime_component_func_call", _pointer, *[_pointer] * 3, _size, _pointer, _size, holds_gil=False)
_add_function = _function(
    "wasmtime_component_linker_instance_add_func",
    _pointer,
    _pointer,
    ctypes.c_char_p,
    _size,
    _Callback,
    *[_pointer] * 2,
)
_new_text = _function("wasm_byte_vec_new", None, _pointer, _size, ctypes.c_char_p)
_new_value = _function("wasmtime_component_val_new", _pointer, _pointer)
_new_list = _function("wasmtime_component_vallist_new_uninit", None, _pointer, _size)
_new_record = _function("wasmtime_component_valrecord_new_uninit", None, _pointer, _size)
_new_error = _function("wasmtime_error_new", _pointer, ctypes.c_char_p)
_delete_value = _function("wasmtime_component_val_delete", None, _pointer)


class Case:
    """A case of a variant, and what it holds."""

    def __init__(self, name: str, value: Any) -> None:
        """Takes the case's name in the WIT."""
        self.name = name
        self.value = value


class Texts:
    """A function of the component that takes texts and answers with a result, as all of its functions do."""

    def __init__(self, function: Func, context: Any, count: int) -> None:
        """Takes the function, its store's context, and how many texts it takes."""
        self._function = function
        self._call = (ctypes.byref(function._func), ctypes.cast(context, _pointer))
        self._arguments = (_Value * count)()
        self._result = _Value()

    def __call__(self, *texts: bytes) -> Any:
        """Calls it. A text is bytes; a result's error is a `Case`, which is returned, too.

        Raises:
            WasmtimeError: when it traps.
        """
        arguments, result = self._arguments, self._result
        for argument, text in zip(arguments, texts, strict=True):
            argument.kind = _STRING
            _new_text(ctypes.byref(argument.of.string), len(text), text)
        try:
            error = _call(*self._call, arguments, len(texts), ctypes.byref(result), 1)
        finally:
            for argument in arguments:
                _delete_value(ctypes.byref(argument))
                argument.kind = _BOOL
        if error:
            raise WasmtimeError._from_ptr(ctypes.cast(error, ctypes.POINTER(_ffi.wasmtime_error_t)))
        try:
            return lift(result)
        finally:
            _delete_value(ctypes.byref(result))
            # The next call drops what is here.
            result.kind = _BOOL


def lift(value: Any) -> Any:
    """Reads a value; texts stay bytes, a record is the tuple of its fields, an ok result what it holds."""
    kind = value.kind
    if kind == _STRING:
        text = value.of.string
        return ctypes.string_at(text.data, text.size)
    if kind == _RESULT:
        result = value.of.result
        return lift(result.val.contents) if result.val else None
    if kind == _RECORD:
        record = value.of.record
        return tuple([lift(record.data[index].val) for index in range(record.size)])
    if kind == _VARIANT:
        variant = value.of.variant
        name = ctypes.string_at(variant.discriminant.data, variant.discriminant.size)
        return Case(name.decode(), lift(variant.val.contents) if variant.val else None)
    if kind == _U32:
        return value.of.u32
    if kind == _U64:
        return value.of.u64
    raise TypeError(f"the contract has no value of kind {kind}")


def lower_ok(into: Any) -> None:
    """Writes a result that went well and holds nothing."""
    into.kind = _RESULT
    into.of.result.is_ok = True
    into.of.result.val = None


def lower_error(into: Any, name: bytes, message: bytes) -> None:
    """Writes a result that failed, with a case that holds a text."""
    text, variant = _Value(), _Value()
    text.kind, variant.kind = _STRING, _VARIANT
    _new_text(ctypes.byref(text.of.string), len(message), message)
    _new_text(ctypes.byref(variant.of.variant.discriminant), len(name), name)
    into.kind = _RESULT
    into.of.result.is_ok = False
    variant.of.variant.val = _owned(text)
    into.of.result.val = _owned(variant)


def lower_u64(into: Any, number: int) -> None:
    """Writes an unsigned integer."""
    into.kind = _U64
    into.of.u64 = number


def lower_bytes(into: Any, data: bytes) -> None:
    """Writes a list of bytes."""
    into.kind = _LIST
    _new_list(ctypes.byref(into.of.list), len(data))
    for index, byte in enumerate(data):
        item = into.of.list.data[index]
        item.kind = _U8
        item.of.u8 = byte


def lower_datetime(into: Any, seconds: int, nanoseconds: int) -> None:
    """Writes the record `datetime` of `wasi:clocks/wall-clock`."""
    into.kind = _RECORD
    _new_record(ctypes.byref(into.of.record), 2)
    first, second = into.of.record.data[0], into.of.record.data[1]
    _new_text(ctypes.byref(first.name), 7, b"seconds")
    lower_u64(first.val, seconds)
    _new_text(ctypes.byref(second.name), 11, b"nanoseconds")
    second.val.kind = _U32
    second.val.of.u32 = nanoseconds


def add_functions(instance: LinkerInstance, functions: Sequence[tuple[str, Any]]) -> None:
    """Gives the component host functions, which must live as long as it does."""
    for name, callback in functions:
        encoded = name.encode()
        if _add_function(instance.ptr(), encoded, len(encoded), callback, None, None):
            raise WasmtimeError(f"`{name}` cannot be linked")


def trap(message: bytes) -> int:
    """Makes the answer of a host function that ends the call."""
    return int(_new_error(message))


def _owned(value: Any) -> Any:
    return ctypes.cast(_new_value(ctypes.byref(value)), ctypes.POINTER(_Value))
