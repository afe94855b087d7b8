"""The package: what it needs, what it says of itself, and its typed events."""

from __future__ import annotations

import doctest
import hashlib
import importlib
import importlib.metadata
import json
import pkgutil
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from conftest import REPOSITORY, run

import auditbox
from auditbox import component, events

SCHEMA = json.loads((REPOSITORY / "wit/schema/event.schema.json").read_text("utf-8"))["$defs"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        (events.AuditEvent, "audit_event"),
        (events.TelemetryEvent, "telemetry_event"),
        (events.Principal, "principal"),
        (events.Hook, "hook"),
        (events.Contract, "contract"),
    ],
)
def test_typed_events_have_exactly_the_properties_of_the_schema(typed: Any, name: str) -> None:
    assert set(typed.__annotations__) == set(SCHEMA[name]["properties"])
    assert set(typed.__required_keys__) == set(SCHEMA[name].get("required", []))
    get_type_hints(typed)


@pytest.mark.parametrize(
    ("literal", "name"), [(events.Action, "action"), (events.SideEffect, "side_effect"), (events.Mode, "mode")]
)
def test_typed_values_are_those_of_the_schema(literal: Any, name: str) -> None:
    assert list(get_args(literal)) == SCHEMA["audit_event"]["properties"][name]["enum"]


def test_a_typed_event_is_accepted(log: Path) -> None:
    from datetime import datetime, timezone

    event = auditbox.AuditEvent(
        action="call_denied",
        timestamp=datetime(2026, 1, 2, tzinfo=timezone.utc),
        principal=auditbox.Principal(user_id="mika"),
        hooks_evaluated=[auditbox.Hook(name="h")],
        contracts_evaluated=[auditbox.Contract(name="c", passed=None)],
    )
    with auditbox.Auditor(stdout=False, file=log) as auditor:
        auditor.emit(event)
        auditor.emit(auditbox.TelemetryEvent(event_type="X"))
    assert '"timestamp":"2026-01-02T00:00:00Z"' in log.read_text()


def test_the_package_carries_the_component_and_its_hash() -> None:
    folder = Path(auditbox.__file__).parent
    wasm = (folder / "auditbox.wasm").read_bytes()
    assert component.read() == wasm
    assert (folder / "auditbox.wasm.sha256").read_text().strip() == hashlib.sha256(wasm).hexdigest()


def test_everything_that_is_exported_is_there_and_says_what_it_is() -> None:
    assert sorted(auditbox.__all__) == auditbox.__all__
    for name in auditbox.__all__:
        exported = getattr(auditbox, name)
        assert get_args(exported) or exported.__doc__
    with pytest.raises(AttributeError, match="has no attribute `nothing`"):
        _ = auditbox.nothing


def test_the_version_is_the_packages() -> None:
    assert auditbox.__version__ == importlib.metadata.version("auditbox")


def test_the_programs_in_the_docstrings_do_as_they_say() -> None:
    tried = 0
    for module in pkgutil.walk_packages(auditbox.__path__, "auditbox."):
        tried += doctest.testmod(importlib.import_module(module.name), raise_on_error=True).attempted
    tried += doctest.testmod(auditbox, raise_on_error=True).attempted
    assert tried == 7


def test_the_program_in_the_readme_runs(tmp_path: Path) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    program = readme.split("```python\n")[1].split("```")[0]
    assert "['/tool_args/command']" in run(program, cwd=tmp_path).stdout
    assert "hunter2" not in (tmp_path / "audit.jsonl").read_text()


def import_error(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    return done.stderr.splitlines()[-1]


def test_a_python_that_is_too_old_is_named_at_import() -> None:
    said = import_error("import sys; sys.version_info = (3, 9, 18, 'final', 0); import auditbox")
    assert said == "ImportError: auditbox needs Python 3.10 or newer, and this is 3.9"


NEEDED = (
    "ImportError: auditbox needs the package `wasmtime` of version 50 (50.0.1 or newer): "
    "`pip install 'wasmtime>=50.0.1,<51'`"
)


@pytest.mark.parametrize(
    "program",
    [
        "import sys; sys.modules['wasmtime'] = None",
        "import sys; sys.modules['wasmtime._ffi'] = None",
        "import wasmtime; del wasmtime.Store.set_limits",
        "import wasmtime._ffi; del wasmtime._ffi.wasmtime_func_call",
    ],
)
def test_a_wasmtime_that_is_too_old_or_not_there_is_named_at_import(program: str) -> None:
    assert import_error(f"{program}; import auditbox") == NEEDED


def test_the_runtime_that_is_named_is_the_one_that_is_required() -> None:
    assert importlib.metadata.requires("auditbox") == ["wasmtime<51,>=50.0.1"]
    assert ">=50.0.1,<51" in NEEDED
    assert importlib.metadata.metadata("auditbox")["Requires-Python"] == ">=3.10"
