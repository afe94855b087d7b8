"""Flight recorder for AI agents: an audit log of tool calls without the secrets that pass through them.

>>> import auditbox
>>> with auditbox.Auditor(stdout=False) as auditor:
...     receipt = auditor.emit({"action": "call_executed", "tool_name": "bash", "tool_args": {"api_key": "abc"}})
>>> receipt.redactions[0].path
'/tool_args/api_key'

Every decision (event model, redaction, size cap, delivery order) is made by a WebAssembly component that hosts in
other languages run as well; this package runs it on wasmtime and does what it asks for. Nothing here looks into a
payload. The names below are the package's interface; its modules are not.
"""

# No newer syntax than this: what is too old must be able to read it.
import sys

if sys.version_info < (3, 10):
    raise ImportError("auditbox needs Python 3.10 or newer, and this is %d.%d" % sys.version_info[:2])

from . import runtime

runtime.check()

from .auditor import Auditor
from .capability.custom import AuditSink, SinkStats
from .errors import (
    ClosedError,
    ComponentError,
    Error,
    InternalError,
    InvalidConfigError,
    InvalidEventError,
    InvalidJsonError,
    SinkError,
    TrapError,
    UnavailableError,
)
from .events import Action, AuditEvent, Contract, Hook, Mode, Principal, SideEffect, TelemetryEvent
from .receipt import Failure, Receipt, Redaction, Rewritten
from .rules import Rule
from .values import Json

__all__ = [
    "Action",
    "AuditEvent",
    "AuditSink",
    "Auditor",
    "ClosedError",
    "ComponentError",
    "Contract",
    "Error",
    "Failure",
    "Hook",
    "InternalError",
    "InvalidConfigError",
    "InvalidEventError",
    "InvalidJsonError",
    "Json",
    "Mode",
    "Principal",
    "Receipt",
    "Redaction",
    "Rewritten",
    "Rule",
    "SideEffect",
    "SinkError",
    "SinkStats",
    "TelemetryEvent",
    "TrapError",
    "UnavailableError",
]


def __getattr__(name: str) -> str:
    """Looks the version up when it is asked for, as that takes a while."""
    if name == "__version__":
        from importlib.metadata import version

        return version("auditbox")
    raise AttributeError(f"module `auditbox` has no attribute `{name}`")
