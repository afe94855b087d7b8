"""Forks, the end of the program, and other things that happen to a process."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from conftest import records, run


def test_a_forked_child_records_as_its_parent_does(tmp_path: Path) -> None:
    program = """
        import os, sys, threading
        import auditbox

        class Appends:
            def emit(self, record):
                with open(sys.argv[2], "a") as file:
                    file.write(f"{record['run_id']} {os.getpid()}\\n")

        class Waits(Appends):
            may = threading.Event()
            def emit(self, record):
                self.may.wait()
                super().emit(record)

        auditor = auditbox.Auditor(stdout=False, file=sys.argv[1], sinks={"mine": Waits()})
        auditor.emit({"action": "call_allowed", "run_id": "parent"})
        child = os.fork()
        if child == 0:
            Waits.may.set()
            assert auditor.sink_stats["mine"].queued == 0
            auditor.emit({"action": "call_allowed", "run_id": "child"})
            auditor.close()
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        assert auditor.sink_stats["mine"].queued == 1
        Waits.may.set()
        auditor.close()
        assert auditor.sink_stats["mine"].delivered == 1
        print(os.getpid(), child)
        """
    log, delivered = tmp_path / "log", tmp_path / "delivered"
    parent, child = run(program, log, delivered).stdout.split()
    assert [record["run_id"] for record in records(log)] == ["parent", "child"]
    assert sorted(delivered.read_text().splitlines()) == [f"child {child}", f"parent {parent}"]


def test_forks_while_threads_emit_and_trap_never_hang(tmp_path: Path, artifacts: Path) -> None:
    program = """
        import os, pathlib, sys, threading, warnings
        import auditbox

        warnings.simplefilter("ignore")
        wasm = pathlib.Path(sys.argv[2]).read_bytes()
        auditor = auditbox.Auditor(stdout=False, file={"path": sys.argv[1], "max_bytes": 100_000}, component=wasm)
        event = {"event_id": "01920000-0000-7000-8000-000000000001", "action": "call_allowed"}
        ended = threading.Event()

        def emit(number):
            while not ended.is_set():
                try:
                    auditor.emit({**event, "run_id": "trap-me" if number % 3 == 0 else "fine"})
                except auditbox.TrapError:
                    pass

        threads = [threading.Thread(target=emit, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for _ in range(60):
            child = os.fork()
            if child == 0:
                for _ in range(3):
                    assert auditor.emit({**event, "run_id": "child"}).failures == ()
                os._exit(0)
            assert os.waitpid(child, 0)[1] == 0
        ended.set()
        for thread in threads:
            thread.join()
        assert auditor.emit(event).failures == ()
        """
    run(program, tmp_path / "log", artifacts / "misbehaving.wasm")


def test_a_signal_handler_may_fork_in_the_midst_of_a_call(tmp_path: Path) -> None:
    program = """
        import os, signal, sys
        import auditbox

        auditor = auditbox.Auditor(stdout=False, file=sys.argv[1])
        child = None

        def fork(*_):
            global child
            child = os.fork()

        signal.signal(signal.SIGALRM, fork)
        for number in range(100):
            child = None
            signal.setitimer(signal.ITIMER_REAL, 0.0001 + number / 1_000_000)
            while child is None:
                assert auditor.emit({"action": "call_allowed"}).failures == ()
            if child == 0:
                os._exit(0)
            assert os.waitpid(child, 0)[1] == 0
        """
    run(program, tmp_path / "log")


def test_a_child_does_not_let_go_of_its_parents_lock_on_the_log(tmp_path: Path) -> None:
    program = """
        import fcntl, os, sys
        from auditbox.capability.file import FileOptions, FileSink

        sink = FileSink(FileOptions(sys.argv[1], "never", None, 5))
        assert sink._log.lock_for_writing()
        if os.fork() == 0:
            sink.write([b"child"])
            os._exit(0)
        assert os.wait()[1] == 0
        other = os.open(sys.argv[1], os.O_RDWR)
        try:
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("held")
        """
    assert run(program, tmp_path / "log").stdout == "held\n"


def test_workers_of_multiprocessing_share_an_inherited_auditor(tmp_path: Path) -> None:
    program = """
        import multiprocessing, sys
        import auditbox

        auditor = auditbox.Auditor(stdout=False, file=sys.argv[1])

        def work(number):
            return auditor.emit({"action": "call_allowed", "call_index": number}).event_id

        if __name__ == "__main__":
            with multiprocessing.get_context("fork").Pool(4) as pool:
                ids = pool.map(work, range(200))
            print(len(set(ids)))
        """
    assert run(program, tmp_path / "log").stdout == "200\n"
    assert sorted(record["call_index"] for record in records(tmp_path / "log")) == list(range(200))


def test_the_end_of_the_program_delivers_what_is_queued(tmp_path: Path) -> None:
    program = """
        import sys, time
        import auditbox

        class Slow:
            async def emit(self, record):
                time.sleep(0.001)
                with open(sys.argv[1], "a") as file:
                    file.write("x")

        auditor = auditbox.Auditor(stdout=False, sinks={"slow": Slow()})
        for _ in range(100):
            auditor.emit({"action": "call_allowed"})
        """
    assert run(program, tmp_path / "seen").stderr == ""
    assert (tmp_path / "seen").read_text() == "x" * 100


def test_the_end_of_the_program_waits_for_no_sink_that_hangs() -> None:
    program = """
        import threading
        import auditbox
        from auditbox.capability import custom

        class Hangs:
            def emit(self, record):
                threading.Event().wait()

        custom._EXIT_TIMEOUT_S = 0.1
        auditor = auditbox.Auditor(stdout=False, sinks={"hangs": Hangs()})
        auditor.emit({"action": "call_allowed"})
        """
    assert run(program).stderr == ""


@pytest.mark.parametrize("imported", ["first", "last"])
def test_emits_at_the_end_of_the_program_neither_crash_nor_hang(tmp_path: Path, imported: str) -> None:
    program = """
        import atexit, sys

        def at_exit():
            print("at exit", auditor.emit({"action": "call_allowed", "run_id": "at exit"}).event_id)

        if sys.argv[2] == "first":
            import auditbox
            atexit.register(at_exit)
        else:
            atexit.register(at_exit)
            import auditbox

        class Nothing:
            def emit(self, record):
                pass

        class Emits:
            def __del__(self):
                auditor.emit({"action": "call_allowed", "run_id": "destructor"})

        auditor = auditbox.Auditor(stdout=False, file=sys.argv[1], sinks={"mine": Nothing()})
        thing = Emits()
        thing.itself = thing
        sys.emits = Emits()
        """
    done = run(program, tmp_path / "log", imported)
    assert done.stdout.startswith("at exit ")
    assert done.stderr == ""
    written = [record["run_id"] for record in records(tmp_path / "log")]
    assert written[0] == "at exit"
    assert set(written[1:]) <= {"destructor"}


def test_a_thread_that_emits_does_not_keep_the_program_from_ending(tmp_path: Path) -> None:
    program = """
        import sys, threading
        import auditbox

        auditor = auditbox.Auditor(stdout=False, file=sys.argv[1])
        started = threading.Event()

        def emit():
            while True:
                auditor.emit({"action": "call_allowed"})
                started.set()

        for _ in range(4):
            threading.Thread(target=emit, daemon=True).start()
        started.wait()
        """
    assert run(program, tmp_path / "log").stderr == ""
    assert records(tmp_path / "log")


def test_ctrl_c_ends_a_program_that_emits(tmp_path: Path) -> None:
    program = """
        import signal
        import sys
        import auditbox
        # Whoever started the tests may have it ignored, as a shell does for what runs in the background.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        auditor = auditbox.Auditor(stdout=False, file=sys.argv[1])
        try:
            print("ready", flush=True)
            while True:
                auditor.emit({"action": "call_allowed"})
        except KeyboardInterrupt:
            assert auditor.emit({"action": "call_denied"}).failures == ()
        """
    command = [sys.executable, "-c", textwrap.dedent(program), str(tmp_path / "log")]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    try:
        os.kill(child.pid, 2)
        _, said = child.communicate(timeout=60)
    finally:
        child.kill()
    assert (child.returncode, said) == (0, "")
    assert records(tmp_path / "log")[-1]["action"] == "call_denied"
