"""The standard output."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import textwrap

import pytest
from conftest import EVENT, run

import auditbox
from auditbox import Auditor
from auditbox.capability import WriteError
from auditbox.capability.stdout import Stdout

PRINTS = """
    import auditbox
    print("before")
    auditor = auditbox.Auditor()
    auditor.emit({"action": "call_allowed", "tool_name": "\\u00e4"})
    print("after")
    auditor.emit_batch([{"event_type": "X"}, {"event_type": "Y"}])
    """


@pytest.mark.parametrize("environment", [{}, {"PYTHONUNBUFFERED": "1"}, {"PYTHONIOENCODING": "ascii"}])
def test_records_come_after_what_the_program_has_printed(environment: dict[str, str]) -> None:
    clean = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(PRINTS)],
        env={**clean, **environment},
        capture_output=True,
        check=True,
        timeout=60,
    )
    lines = done.stdout.decode("utf-8").split("\n")
    assert [lines[0], lines[2], lines[5]] == ["before", "after", ""]
    assert json.loads(lines[1])["tool_name"] == "ä"
    assert [json.loads(line)["event_type"] for line in lines[3:5]] == ["X", "Y"]


def test_records_go_where_the_program_has_turned_its_output(capsys: pytest.CaptureFixture[str]) -> None:
    with Auditor() as auditor:
        auditor.emit({**EVENT, "tool_name": "ä"})
        assert json.loads(capsys.readouterr().out)["tool_name"] == "ä"


def test_records_go_into_a_file_object_of_text(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr("sys.stdout", out)
    Stdout().write(["ä".encode(), b"2"])
    assert out.getvalue() == "ä\n2\n"


def test_a_reader_that_has_gone_is_a_failure_that_is_not_retryable_and_no_crash() -> None:
    program = """
        import sys
        import auditbox
        auditor = auditbox.Auditor()
        sys.stdin.read()
        receipts = [auditor.emit({"action": "call_allowed"}) for _ in range(3)]
        assert all(receipt.failures == receipts[0].failures for receipt in receipts)
        print(receipts[0].failures[0].message, receipts[0].failures[0].retryable, file=sys.stderr)
        """
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert child.stdout is not None
    child.stdout.close()
    child.stdout = None
    _, said = child.communicate(timeout=60)
    want = b"cannot write to the standard output: Broken pipe (os error 32): its reader has gone False\n"
    assert (said, child.returncode) == (want, 0)


def test_a_program_without_an_output_gets_receipts_all_the_same() -> None:
    program = """
        import sys
        import auditbox
        sys.stdout.close()
        (closed,) = auditbox.Auditor().emit({"action": "call_allowed"}).failures
        sys.stdout = None
        (none,) = auditbox.Auditor().emit({"action": "call_allowed"}).failures
        print(closed.message, none.message, sep="\\n", file=sys.stderr)
        """
    said = run(program).stderr.split("\n")
    assert said[0] == "cannot write to the standard output: it raises `ValueError`: see what `sys.stdout` is"
    assert said[1] == "cannot write to the standard output: the process has none: set `stdout` to false"


class Reluctant:
    """A raw output that takes a few bytes at a time, and at last no more."""

    def __init__(self, room: int) -> None:
        self.taken = b""
        self.room = room

    @property
    def buffer(self) -> Reluctant:
        return self

    @property
    def raw(self) -> Reluctant:
        return self

    def flush(self) -> None:
        """Nothing is kept back."""

    def write(self, data: bytes) -> int | None:
        part = data[: min(3, self.room)]
        self.room -= len(part)
        self.taken += part
        return len(part) or None


def test_only_whole_records_count_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    out = Reluctant(room=8)
    monkeypatch.setattr("sys.stdout", out)
    with pytest.raises(WriteError) as caught:
        Stdout().write([b"123", b"45", b"678"])
    assert (caught.value.written, caught.value.retryable, out.taken) == (2, True, b"123\n45\n6")
    assert caught.value.__context__ is None


def test_a_write_in_the_midst_of_a_write_of_the_same_thread_fails_and_waits_for_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Emits(io.StringIO):
        def write(self, text: str) -> int:
            with pytest.raises(WriteError, match="in the midst of a write of this very thread"):
                Stdout().write([b"inner"])
            return super().write(text)

    out = Emits()
    monkeypatch.setattr("sys.stdout", out)
    with Auditor() as auditor:
        assert isinstance(auditor.emit(EVENT), auditbox.Receipt)
    assert len(out.getvalue().splitlines()) == 1
