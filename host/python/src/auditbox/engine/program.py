"""A component that is compiled and linked, ready to be instantiated."""

from __future__ import annotations

import hashlib
import platform
from functools import lru_cache

import wasmtime
from wasmtime.component import Component, ExportIndex, Instance, Linker

from .. import component, forks
from ..errors import ComponentError
from . import cache, imports

FUNCTIONS = {
    "configure": ("auditor", 1),
    "emit": ("auditor", 1),
    "emit-batch": ("auditor", 1),
    "log-event": ("auditor", 2),
    "redact": ("auditor", 1),
    "cap-payload": ("auditor", 1),
    "finish": ("delivery", 2),
}
"""The functions of the component, with their interface and how many texts they take."""

_lock = forks.Lock()
"""One compiles, the others wait for it."""


class Program:
    """The component, compiled."""

    def __init__(self, wasm: bytes, digest: str) -> None:
        """Compiles and links the bytes of a `.wasm`, whose SHA-256 is known.

        Raises:
            ComponentError: when they are not a component that this version can run.
        """
        if wasm[:8] == b"\0asm\x01\0\0\0":
            raise unfit("it is a core module, not a component")
        if wasm[:8] != b"\0asm\x0d\0\x01\0":
            raise unfit("it is no WebAssembly")
        self.engine = _engine()
        self._component = _compiled(self.engine, wasm, digest)
        self._linker = Linker(self.engine)
        imports.add_to(self._linker)
        self.exports = {name: self._export(interface, name) for name, (interface, _) in FUNCTIONS.items()}

    @staticmethod
    def of(wasm: bytes | None) -> Program:
        """Compiles these bytes, or answers with the component that the package carries.

        That is compiled once in a process, and its code is kept between processes by the cache.

        Raises:
            ComponentError: when it is not one that this version can run, or not the one that was packed.
        """
        with _lock:
            if wasm is None:
                return _carried()
            return Program(wasm, hashlib.sha256(wasm).hexdigest())

    def instantiate(self, store: wasmtime.Store) -> Instance:
        """Makes an instance.

        Raises:
            ComponentError: when the component needs what this version does not have.
        """
        try:
            return self._linker.instantiate(store, self._component)
        except wasmtime.WasmtimeError as error:
            why = str(error)
        raise unfit(why)

    def _export(self, interface: str, name: str) -> ExportIndex:
        outer = self._component.get_export_index(f"auditbox:audit/{interface}@0.1.0")
        index = outer and self._component.get_export_index(name, outer)
        if index is None:
            raise unfit(f"it has no `{interface}.{name}`")
        return index


@lru_cache(maxsize=1)
def _carried() -> Program:
    return Program(*component.read())


@lru_cache(maxsize=1)
def _engine() -> wasmtime.Engine:
    """The engine of the process: they are made to be shared."""
    return wasmtime.Engine()


def _compiled(engine: wasmtime.Engine, wasm: bytes, digest: str) -> Component:
    # The code is of this version of wasmtime, which says so itself when it is not.
    name = f"python-{platform.machine()}-{digest}"
    code = cache.load(name)
    try:
        if code is not None:
            return Component.deserialize(engine, code)
    except wasmtime.WasmtimeError:
        pass
    try:
        compiled = Component(engine, wasm)
    except wasmtime.WasmtimeError as error:
        why = str(error)
    else:
        cache.save(name, bytes(compiled.serialize()))
        return compiled
    raise unfit(why)


def unfit(why: str) -> ComponentError:
    """Makes the error for a component that cannot be run."""
    # Some of wasmtime's messages are laid out over several lines.
    why = " ".join(why.split())
    return ComponentError(
        f"not a component of `auditbox:audit@0.1.0` that this version can run: {why}; `auditbox component` writes one"
    )
