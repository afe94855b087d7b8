"""The log: the same rules as the Rust host's."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import run

from auditbox.capability import WriteError
from auditbox.capability.file import FileOptions, FileSink


def sink(path: Path, fsync: str = "never", max_bytes: int | None = None, keep: int = 5) -> FileSink:
    return FileSink(FileOptions(str(path), fsync, max_bytes, keep))


def write(to: FileSink, *records: str) -> None:
    to.write([record.encode() for record in records])


def refusal(path: Path) -> str:
    with pytest.raises(WriteError) as caught:
        sink(path)
    assert caught.value.__context__ is None
    return caught.value.message


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def all_lines(log: Path) -> list[str]:
    """Of `log`, `log.1`, `log.2` and so on."""
    return [line for path in log.parent.iterdir() for line in path.read_text().splitlines()]


def test_records_are_appended_to_a_file_of_this_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "new/folder/log"
    write(sink(path), "1", "ä")
    write(sink(path), "3")
    assert path.read_text("utf-8") == "1\nä\n3\n"
    assert [mode(path), mode(path.parent), mode(path.parent.parent)] == [0o600, 0o700, 0o700]


def test_a_relative_path_is_of_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(sink(Path("log"), fsync="always"), "1")
    assert (tmp_path / "log").read_text() == "1\n"


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    said = refusal(tmp_path)
    assert said == f"cannot open the log `{tmp_path}`: Is a directory (os error 21): name a file, not a folder"
    os.mkfifo(tmp_path / "pipe")
    assert refusal(tmp_path / "pipe").endswith("it is neither a file nor a device: choose another path")
    (tmp_path / "file").touch()
    said = refusal(tmp_path / "file/log")
    assert said.endswith("a part of the path is a file, not a folder: choose another path")
    assert refusal(Path("a\0b")).endswith("the path holds a null byte: choose another path")


def test_a_folder_without_rights_is_refused(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(0o555)
    program = """
        import os, sys
        from auditbox.capability.log import Log
        from auditbox.capability import explain
        if os.geteuid() == 0:
            os.setgid(65534)
            os.setuid(65534)
        try:
            Log(sys.argv[1], durable=False)
        except OSError as error:
            print(explain(error))
        """
    path = locked / "log"
    # Root has every right, so the program gives them up; it must still reach what pytest has made for root alone.
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    want = "Permission denied (os error 13): give this user the right to read and write there, or choose another path\n"
    assert run(program, path).stdout == want


WRITES = """
    import sys
    from auditbox.capability.file import FileOptions, FileSink

    path, name, calls, length, growth, max_bytes, keep = sys.argv[1:]
    sink = FileSink(FileOptions(path, "never", int(max_bytes) or None, int(keep)))
    sys.stdin.read()
    for call in range(int(calls)):
        records = [f"{name} {call} {part} ".ljust(int(length) + int(growth) * call, name) for part in "wxyz"]
        sink.write([record.encode() for record in records])
    """


def run_together(path: Path, names: str, *arguments: object) -> None:
    """In a process each. The end of their input is the signal to start."""
    import textwrap

    command = [sys.executable, "-c", textwrap.dedent(WRITES), str(path)]
    children = [
        subprocess.Popen(
            [*command, name, *map(str, arguments)], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for name in names
    ]
    for child in children:
        assert child.stdin is not None
        child.stdin.close()
        child.stdin = None
    for child in children:
        _, said = child.communicate(timeout=60)
        assert child.returncode == 0, said


def test_lines_of_several_processes_never_interleave(tmp_path: Path) -> None:
    path = tmp_path / "log"
    run_together(path, "abc", 300, 1001, 37, 0, 5)
    lines = path.read_text().splitlines()
    assert len(set(lines)) == len(lines) == 3 * 300 * 4
    for line in lines:
        name, call, part = line.split(" ")[:3]
        assert line == f"{name} {call} {part} ".ljust(len(line), name), "two writers share a line"


def test_rotation_by_several_processes_and_threads_loses_no_line(tmp_path: Path) -> None:
    path = tmp_path / "log"
    shared = sink(path, max_bytes=150, keep=100_000)

    def write_some(name: str) -> None:
        for call in range(200):
            write(shared, *[f"{name} {call} {part}" for part in "wxyz"])

    threads = [threading.Thread(target=write_some, args=(name,)) for name in "cd"]
    for thread in threads:
        thread.start()
    run_together(path, "ab", 200, 0, 0, 150, 100_000)
    for thread in threads:
        thread.join()
    lines = all_lines(path)
    assert len(set(lines)) == len(lines) == 4 * 200 * 4
    assert (tmp_path / "log.100").exists(), "it is expected to have been rotated often"


def test_a_torn_line_does_not_swallow_the_next(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text('1\n{"half')
    log = sink(path)
    write(log, "2", "3")
    with path.open("a") as another:
        another.write('{"ha')
    write(log, "4")
    assert path.read_text() == '1\n{"half\n2\n3\n{"ha\n4\n'


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system in memory."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", tmp_path], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("cannot mount a file system here")
    yield tmp_path
    subprocess.run(["umount", "-l", tmp_path], check=True)


def test_a_full_disk_fails_what_did_not_fit_and_nothing_else(disk: Path) -> None:
    ballast, path = disk / "ballast", disk / "log"
    ballast.write_bytes(bytes(8192))
    log, record = sink(path), "x" * 999
    with pytest.raises(WriteError) as caught:
        write(log, *[record] * 100)
    assert caught.value.message.endswith("free some space, then try again")
    assert caught.value.retryable

    text = path.read_text()
    whole, _, torn = text.rpartition("\n")
    assert whole.split("\n") == [record] * caught.value.written
    assert caught.value.written > 40
    assert torn, "the disk is expected to be full inside a line"

    ballast.write_bytes(b"")
    write(log, "fits")
    assert path.read_text() == f"{text}\nfits\n"


def test_a_short_write_is_an_error_and_never_a_second_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, real = tmp_path / "log", os.write
    log = sink(path)
    with monkeypatch.context() as patch:
        patch.setattr("os.write", lambda file, data: real(file, data[:3]))
        with pytest.raises(WriteError, match=r"No space left on device \(os error 28\)") as caught:
            write(log, "12345", "6")
    assert (caught.value.written, path.read_text()) == (0, "123")
    write(log, "7")
    assert path.read_text() == "123\n7\n"


def test_a_rotated_log_moves_up_until_it_is_too_old(tmp_path: Path) -> None:
    path = tmp_path / "log"
    log = sink(path, max_bytes=10, keep=2)
    for record in ("1111", "2222", "3333", "a line of its own", "4444", "5555", "6666"):
        write(log, record)
    assert path.read_text() == "6666\n"
    assert (tmp_path / "log.1").read_text() == "4444\n5555\n"
    assert (tmp_path / "log.2").read_text() == "a line of its own\n"
    assert len(list(tmp_path.iterdir())) == 3
    assert mode(path) == 0o600


def test_one_call_may_fill_several_logs(tmp_path: Path) -> None:
    path = tmp_path / "log"
    write(sink(path, fsync="always", max_bytes=10), "1111", "2222", "3333", "4444", "5555")
    texts = [(tmp_path / name).read_text() for name in ("log.2", "log.1", "log")]
    assert texts == ["1111\n2222\n", "3333\n4444\n", "5555\n"]


def test_a_writer_that_rests_does_not_hold_up_the_rotation(tmp_path: Path) -> None:
    path = tmp_path / "log"
    resting, rotating = sink(path), sink(path, max_bytes=5)
    write(resting, "1111")
    write(rotating, "2222")
    write(resting, "3333")
    assert ((tmp_path / "log.1").read_text(), path.read_text()) == ("1111\n", "2222\n3333\n")


def test_logs_beyond_a_smaller_keep_are_deleted(tmp_path: Path) -> None:
    path = tmp_path / "log"
    for number in range(1, 6):
        (tmp_path / f"log.{number}").touch()
    write(sink(path, max_bytes=5, keep=3), "1111", "2222")
    assert sorted(item.name for item in tmp_path.iterdir()) == ["log", "log.1", "log.2", "log.3"]
    assert (tmp_path / "log.1").read_text() == "1111\n"


def test_without_a_kept_log_only_the_newest_lines_stay(tmp_path: Path) -> None:
    path = tmp_path / "log"
    write(sink(path, max_bytes=10, keep=0), "1111", "2222", "3333")
    assert path.read_text() == "3333\n"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_log_that_somebody_renames_or_deletes_is_opened_anew(tmp_path: Path) -> None:
    path = tmp_path / "logs/log"
    log = sink(path)
    write(log, "1")
    path.rename(tmp_path / "moved")
    write(log, "2")
    assert ((tmp_path / "moved").read_text(), path.read_text()) == ("1\n", "2\n")
    path.unlink()
    path.parent.rmdir()
    write(log, "3")
    assert path.read_text() == "3\n"


def test_a_log_that_cannot_be_opened_anew_is_tried_again_at_the_next_write(tmp_path: Path) -> None:
    path = tmp_path / "logs/log"
    log = sink(path)
    path.unlink()
    path.parent.rmdir()
    path.parent.write_text("in the way")
    with pytest.raises(WriteError) as caught:
        write(log, "1")
    assert (caught.value.written, caught.value.retryable) == (0, True)
    assert f"`{path}`" in caught.value.message
    path.parent.unlink()
    write(log, "2")
    assert path.read_text() == "2\n"


def test_a_line_that_could_not_be_forced_to_the_disk_is_not_written() -> None:
    # A device that takes everything and cannot sync.
    null = Path("/dev/null")
    write(sink(null), "1")
    with pytest.raises(WriteError) as caught:
        write(sink(null, fsync="always"), "1")
    assert caught.value.written == 0


def test_a_write_in_the_midst_of_a_write_of_the_same_thread_fails_and_waits_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, real = sink(tmp_path / "log"), os.write
    caught: list[WriteError] = []

    def in_the_midst(file: int, data: bytes) -> int:
        monkeypatch.undo()
        try:
            write(log, "inner")
        except WriteError as error:
            caught.append(error)
        return real(file, data)

    monkeypatch.setattr("os.write", in_the_midst)
    write(log, "outer")
    assert [error.retryable for error in caught] == [True]
    assert "in the midst of a write of this very thread" in caught[0].message
    assert (tmp_path / "log").read_text() == "outer\n"


def test_a_closed_log_takes_nothing(tmp_path: Path) -> None:
    log = sink(tmp_path / "log")
    log.close(0)
    log.close(0)
    with pytest.raises(WriteError, match=r"is closed$") as caught:
        write(log, "1")
    assert not caught.value.retryable


def test_no_file_stays_open(tmp_path: Path) -> None:
    def count() -> int:
        return len(os.listdir("/proc/self/fd"))

    before = count()
    for number in range(20):
        log = sink(tmp_path / f"log{number}", fsync="always", max_bytes=10)
        write(log, "1111", "2222", "3333")
        if number % 2:
            log.close(0)
        del log
    assert count() == before
