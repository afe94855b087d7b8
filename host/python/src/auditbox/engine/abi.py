"""The component's core module, by the Component Model's binary format and canonical ABI.

wasmtime's Python package runs components, too, but gives them only functions that are written in Python, by way of
ctypes. What is raised at the very start of such a function, by Ctrl-C or because the stack is used up, leaves its
answer undefined, which ends the process. A core module can be given functions of another module instead: of `glue`.
"""

from __future__ import annotations

import struct

from ..errors import (
    ComponentError,
    Error,
    InvalidConfigError,
    InvalidEventError,
    InvalidJsonError,
    UnavailableError,
    broken,
)

_CORE_MODULE = 1
"""Id of a section that is one."""

RESULT_BYTES = 32
"""Size of `result<json, error>` and of `result<rewritten, error>`, whose largest case is `invalid-event`."""

TEXT_BYTES = 8
"""Size of a text: offset and length."""

Span = tuple[int, int]
"""Where a text is in the memory of the guest: offset and length in bytes."""


def core_module(component: bytes) -> bytes:
    """Finds the first core module of a component: the guest. Those behind it only link it to its imports.

    Raises:
        ComponentError: when there is none.
    """
    if component[:8] == b"\0asm\x01\0\0\0":
        raise unfit("it is a core module, not a component")
    if component[:8] != b"\0asm\x0d\0\x01\0":
        raise unfit("it is no WebAssembly")
    at = 8
    while at < len(component):
        kind = component[at]
        length, at = _unsigned(component, at + 1)
        if at + length > len(component):
            break
        if kind == _CORE_MODULE:
            return component[at : at + length]
        at += length
    raise unfit("it ends before its core module")


def unfit(why: str) -> ComponentError:
    """Makes the error for a component that cannot be run."""
    # Some of wasmtime's messages are laid out over several lines.
    why = " ".join(why.split())
    return ComponentError(
        f"not a component of `auditbox:audit@0.1.0` that this version can run: {why}; `auditbox component` writes one"
    )


def spans(result: bytes, texts: int) -> tuple[bool, list[Span], int]:
    """Reads a result: whether it went well, where its texts are, and which error it is, by its number.

    The texts are those of what went well (one of `json`, two of `rewritten`), or of the error.

    Raises:
        ComponentError: when it is none.
    """
    failed, case = result[0], result[8]
    if failed == 0:
        return True, _spans(result, 8, texts), 0
    if failed != 1 or case >= len(_ERRORS):
        raise broken("a result")
    at, texts, _ = _ERRORS[case]
    return False, _spans(result, at, texts), case


def span(result: bytes) -> Span:
    """Reads where the text is of an answer that is nothing else."""
    return _spans(result, 0, 1)[0]


def error(result: bytes, case: int, texts: list[str]) -> Error:
    """Makes the error of that number, of `auditbox:audit/types.error`."""
    (offset,) = struct.unpack_from("<Q", result, 16)
    return _ERRORS[case][2](offset, texts)


_ERRORS = (
    (24, 1, lambda offset, texts: InvalidJsonError(offset, *texts)),
    (16, 2, lambda _, texts: InvalidEventError(*texts)),
    (16, 2, lambda _, texts: InvalidConfigError(*texts)),
    (16, 1, lambda _, texts: UnavailableError(*texts)),
)
"""Where the texts of each case are, how many they are, and what it is."""


def _spans(result: bytes, at: int, count: int) -> list[Span]:
    return [struct.unpack_from("<II", result, at + TEXT_BYTES * number) for number in range(count)]


def _unsigned(data: bytes, at: int) -> tuple[int, int]:
    """An unsigned LEB128 number, and where it ends."""
    number = shift = 0
    for byte in data[at : at + 5]:
        at += 1
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return number, at
    raise unfit("it ends before its core module")
