"""A component that is compiled, ready to be instantiated."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import wasmtime

from .. import component, forks
from . import cache, glue
from .abi import core_module, unfit

FUNCTIONS = {
    "configure": ("auditor", 1, 1),
    "emit": ("auditor", 1, 1),
    "emit-batch": ("auditor", 1, 1),
    "log-event": ("auditor", 2, 1),
    "redact": ("auditor", 1, 2),
    "cap-payload": ("auditor", 1, 2),
    "finish": ("delivery", 2, 1),
    "judge": ("delivery", 2, 1),
    "rules": ("catalog", 0, 1),
}
"""The functions of the component: their interface, and how many texts they take and answer with."""

CANNOT_REFUSE = frozenset({"rules"})
"""Those whose answer is the text itself, and no result that may be an error."""

_lock = forks.Lock()
"""One compiles, the others wait for it."""


class Program:
    """The guest and what it is linked to, compiled."""

    def __init__(self, wasm: bytes) -> None:
        """Compiles the bytes of a component.

        Raises:
            ComponentError: when they are not a component that this version can run.
        """
        guest = core_module(wasm)
        self.engine = _engine()
        self._guest = _compiled(guest)
        self._entrance = _compiled(glue.ENTRANCE)
        self._notes = _compiled(glue.NOTES)
        self._imports = [_import(module, name) for module, name in _names(self._guest.imports)]
        exported = {export.name: type(export.type) for export in self._guest.exports}
        for name, kind in _EXPORTS.items():
            if exported.get(name) is not kind:
                raise unfit(f"it has no `{name}`")

    @staticmethod
    def of(wasm: bytes | None) -> Program:
        """Compiles these bytes, or answers with the component that the package carries.

        That is compiled once in a process, and its code is kept between processes by the cache.

        Raises:
            ComponentError: when it is not one that this version can run, or not the one that was packed.
        """
        with _lock.current:
            return _carried() if wasm is None else Program(wasm)

    def instantiate(self, store: wasmtime.Store) -> tuple[Any, Any]:
        """Makes an instance, and answers with the exports of the guest and of the notes.

        Raises:
            ComponentError: when what is to be linked does not fit.
        """
        try:
            entrance = wasmtime.Instance(store, self._entrance, []).exports(store)
            guest = wasmtime.Instance(store, self._guest, [entrance[name] for name in self._imports]).exports(store)
            linked = [guest["memory"], entrance["table"]]
            return guest, wasmtime.Instance(store, self._notes, linked).exports(store)
        except (wasmtime.WasmtimeError, wasmtime.Trap) as error:
            why = str(error)
        raise unfit(why)


def export_name(function: str) -> str:
    """The name of a function in the core module."""
    return f"auditbox:audit/{FUNCTIONS[function][0]}@0.1.0#{function}"


_EXPORTS: dict[str, type] = {"memory": wasmtime.MemoryType, "cabi_realloc": wasmtime.FuncType}
for _function in map(export_name, FUNCTIONS):
    _EXPORTS |= {_function: wasmtime.FuncType, f"cabi_post_{_function}": wasmtime.FuncType}
"""What is called from outside. `cabi_post_` frees what a function has answered."""


def _names(imports: Sequence[wasmtime.ImportType]) -> list[tuple[str, str]]:
    return [(each.module, each.name or "") for each in imports]


def _import(module: str, name: str) -> str:
    for (prefix, known), function in glue.IMPORTS.items():
        if module.startswith(prefix) and name == known:
            return function
    raise unfit(f"it needs `{module}` with `{name}`, which this version does not have")


@lru_cache(maxsize=1)
def _carried() -> Program:
    return Program(component.read())


@lru_cache(maxsize=1)
def _engine() -> wasmtime.Engine:
    """The engine of the process: they are made to be shared."""
    return wasmtime.Engine()


def _compiled(module: bytes | str) -> wasmtime.Module:
    digest = hashlib.sha256(module.encode() if isinstance(module, str) else module).hexdigest()
    # The code is of this version of wasmtime, which says so itself when it is not.
    name = f"python-{platform.machine()}-{digest}"
    code = cache.load(name)
    try:
        if code is not None:
            return wasmtime.Module.deserialize(_engine(), code)
    except wasmtime.WasmtimeError:
        pass
    try:
        compiled = wasmtime.Module(_engine(), module)
    except wasmtime.WasmtimeError as error:
        why = str(error)
    else:
        cache.save(name, bytes(compiled.serialize()))
        return compiled
    raise unfit(why)
