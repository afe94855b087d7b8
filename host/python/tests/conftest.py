"""What the tests share."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

EVENT = {"event_id": "01920000-0000-7000-8000-000000000001", "action": "call_allowed", "tool_name": "search"}
REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Where a log may be written."""
    return tmp_path / "log.jsonl"


@pytest.fixture(scope="session")
def artifacts() -> Path:
    """Components that no host should trust."""
    assert "AUDITBOX_ARTIFACTS" in os.environ, "it names a folder of components that misbehave (tests/artifacts)"
    return Path(os.environ["AUDITBOX_ARTIFACTS"])


def records(log: Path) -> list[dict[str, Any]]:
    """What is in a log."""
    return [json.loads(line) for line in log.read_text("utf-8").split("\n")[:-1]]


def wait_until(condition: Callable[[], bool]) -> None:
    """Waits for what is to come soon."""
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.001)


def run(program: str, *arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    """Runs a Python program that is to end well."""
    command = [sys.executable, "-c", textwrap.dedent(program), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **options)
    assert done.returncode == 0, done.stderr
    return done
