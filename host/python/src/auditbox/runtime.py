"""Whether what the package runs on is there: said at import, and not when the first event comes."""

from __future__ import annotations

_NEEDED = "auditbox needs the package `wasmtime` of version 50 (50.0.1 or newer): `pip install 'wasmtime>=50.0.1,<51'`"


def check() -> None:
    """Looks for wasmtime and what of it is used.

    Raises:
        ImportError: with what is missing.
    """
    try:
        from wasmtime import Instance, Memory, Module, Store, Trap, _ffi

        _ = (Instance, Memory.data_ptr, Module.deserialize, Store.set_limits, Trap, _ffi.wasmtime_func_call)
        return
    except (ImportError, AttributeError):
        problem = _NEEDED
    except Exception as error:
        # It has no library for this machine, for example.
        problem = f"the package `wasmtime` does not load: {error}"
    raise ImportError(problem)
