"""Whether what the package runs on is there: said at import, and not when the first event comes."""

from __future__ import annotations

_NEEDED = "auditbox needs the package `wasmtime` of version 50 (50.0.1 or newer): `pip install 'wasmtime>=50.0.1,<51'`"


def check() -> None:
    """Looks for wasmtime and its component API.

    Raises:
        ImportError: with what is missing.
    """
    try:
        from wasmtime import _ffi, component

        _ = (component.Linker, component.LinkerInstance, _ffi.wasmtime_component_val_t, _ffi.WASMTIME_COMPONENT_RESULT)
        return
    except (ImportError, AttributeError):
        problem = _NEEDED
    except Exception as error:
        # It has no library for this machine, for example.
        problem = f"the package `wasmtime` does not load: {error}"
    raise ImportError(problem)
