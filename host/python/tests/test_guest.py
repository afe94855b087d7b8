"""The component: traps, wrong ones, and what it imports."""

from __future__ import annotations

import gc
import hashlib
import signal
import struct
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from conftest import EVENT, records, run

import auditbox
from auditbox import Auditor, component
from auditbox.engine import Guest, glue
from auditbox.engine.abi import RESULT_BYTES, core_module, error, spans
from auditbox.engine.instance import _Memory

SECOND = "01920000-0000-7000-8000-000000000002"


@pytest.fixture
def misbehaving(artifacts: Path, log: Path) -> Iterator[Auditor]:
    wasm = (artifacts / "misbehaving.wasm").read_bytes()
    with Auditor(stdout=False, file=log, component=wasm) as auditor:
        yield auditor


def event(word: str, number: int = 1) -> dict[str, Any]:
    return {"event_id": f"01920000-0000-7000-8000-{number:012}", "action": "call_allowed", "run_id": word}


UNREACHABLE = (
    "the component failed inside: wasm trap: wasm `unreachable` instruction executed; "
    "this is a bug in it, and the next call works"
)
EXHAUSTED = "the component ran out of memory: the value is too large for it"


@pytest.mark.parametrize(("word", "message"), [("trap-me", UNREACHABLE), ("grow-me", EXHAUSTED)])
def test_a_trapped_instance_is_replaced_and_leaves_no_trace(
    misbehaving: Auditor, log: Path, word: str, message: str
) -> None:
    for number in range(3):
        with pytest.raises(auditbox.TrapError) as caught:
            misbehaving.emit(event(word))
        assert (caught.value.kind, str(caught.value)) == ("trap", message)
        assert caught.value.__context__ is None
        assert misbehaving.emit(event("fine", number)).failures == ()
    assert [record["run_id"] for record in records(log)] == ["fine"] * 3


def test_only_the_line_that_traps_fails(misbehaving: Auditor, log: Path) -> None:
    answers = misbehaving.emit_batch([event("a", 1), event("trap-me", 2), event("b", 3)])
    assert [type(answer) for answer in answers] == [auditbox.Receipt, auditbox.TrapError, auditbox.Receipt]
    assert [record["run_id"] for record in records(log)] == ["a", "b"]


def test_an_answer_out_of_contract_is_named_and_not_repeated(misbehaving: Auditor, artifacts: Path) -> None:
    calls: list[Any] = [
        lambda: misbehaving.emit(event("babble-me")),
        lambda: misbehaving.redact("babble-me"),
        lambda: misbehaving.cap_payload("babble-me"),
        lambda: misbehaving.rules(),
        lambda: Auditor({"agent_id": "babble-me"}, component=(artifacts / "misbehaving.wasm").read_bytes()),
    ]
    for call in calls:
        with pytest.raises(
            auditbox.ComponentError, match=r"with something else than a .*: it is not of this version"
        ) as caught:
            call()
        assert "sea" not in str(caught.value)
        assert caught.value.__context__ is None
    answers = misbehaving.emit_batch([event("fine"), event("babble-me")])
    assert [type(answer) for answer in answers] == [auditbox.Receipt, auditbox.ComponentError]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("core-module", "it is a core module, not a component"),
        ("garbage", "it ends before its core module"),
        ("other-version", "it needs `auditbox:audit/sinks@9.0.0` with `write`, which this version does not have"),
        ("unknown-import", "it needs `auditbox:audit/ledger@0.1.0` with `append`"),
    ],
)
def test_what_is_no_component_of_this_version_is_refused(artifacts: Path, name: str, why: str) -> None:
    with pytest.raises(auditbox.ComponentError) as caught:
        Auditor(component=(artifacts / f"{name}.wasm").read_bytes())
    assert str(caught.value).startswith("not a component of `auditbox:audit@0.1.0` that this version can run: ")
    assert why in str(caught.value)
    assert str(caught.value).endswith("; `auditbox component` writes one")
    assert "\n" not in str(caught.value)
    with pytest.raises(auditbox.ComponentError, match="it is no WebAssembly"):
        Auditor(component=b"garbage")


def test_a_component_that_is_not_the_one_that_was_packed_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wasm = component.read()
    monkeypatch.setattr(component, "_FOLDER", tmp_path)
    message = "^the component in this package is not the one that was packed: install `auditbox` again$"
    for packed in (None, wasm[:-1] + b"!", wasm):
        if packed is not None:
            (tmp_path / "auditbox.wasm").write_bytes(packed)
            (tmp_path / "auditbox.wasm.sha256").write_text(hashlib.sha256(wasm).hexdigest() + "\n")
        if packed == wasm:
            assert component.read() == wasm
        else:
            with pytest.raises(auditbox.ComponentError, match=message):
                component.read()


def test_without_a_clock_nothing_is_recorded_and_the_next_call_works(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_clock() -> int:
        raise OSError("hunter2")

    with Auditor(stdout=False, file=log) as auditor:
        with monkeypatch.context() as patch:
            patch.setattr("time.time_ns", no_clock)
            with pytest.raises(OSError, match="hunter2"):
                auditor.emit(EVENT)
        assert auditor.emit(EVENT)
    assert len(records(log)) == 1


# What Python drops, pytest tells.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_interruptions_anywhere_are_raised_and_harm_nothing(log: Path) -> None:
    """In the midst of the component, too, where ctypes would lose them and end the process."""

    class Interrupted(BaseException):
        pass

    def handle(_signal: int, _frame: FrameType | None) -> None:
        raise Interrupted

    count = 0
    before = signal.signal(signal.SIGALRM, handle)
    try:
        with Auditor(stdout=False, file=log) as auditor:
            for number in range(1000):
                try:
                    signal.setitimer(signal.ITIMER_REAL, 0.00005 + number / 5_000_000)
                    # What is raised within a destructor, Python drops.
                    for _ in range(1000):
                        auditor.emit({"action": "call_allowed"})
                except Interrupted:
                    count += 1
            assert auditor.emit(EVENT).failures == ()
    finally:
        signal.signal(signal.SIGALRM, before)
    assert count > 900
    assert records(log)[-1]["event_id"] == EVENT["event_id"]


def test_a_stack_that_is_used_up_is_an_error_and_harms_nothing(log: Path) -> None:
    emitted = 0

    def descend(auditor: Auditor) -> None:
        nonlocal emitted
        auditor.emit({"action": "call_allowed"})
        emitted += 1
        descend(auditor)

    with Auditor(stdout=False, file=log) as auditor:
        with pytest.raises((RecursionError, auditbox.InvalidEventError)):
            descend(auditor)
        assert auditor.emit(EVENT).failures == ()
    assert len(records(log)) > emitted > 100


def test_a_batch_may_hand_over_more_than_the_notes_have_room_for(log: Path) -> None:
    line = '{"action":"call_allowed"}\n'
    with Auditor(stdout=False, file=log) as auditor:
        answers = auditor.emit_batch(auditbox.Json(line * 30_000))
    assert all(isinstance(answer, auditbox.Receipt) and not answer.failures for answer in answers)
    ids = {record["event_id"] for record in records(log)}
    assert len(ids) == 30_000


def test_a_record_may_be_longer_than_the_notes_have_room_for(log: Path) -> None:
    with Auditor({"max_payload_bytes": 1 << 24}, stdout=False, file=log) as auditor:
        for length in (100_000, 150_000, 3_000_000):
            receipt = auditor.emit({"event_type": "X", "payload": "x" * length})
            assert (receipt.failures, receipt.truncated) == ((), ())
    assert [len(record["payload"]) for record in records(log)] == [100_000, 150_000, 3_000_000]


def test_a_component_that_asks_for_more_random_numbers_than_were_given_traps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glue, "_RANDOM_BYTES", 0)
    with Auditor(stdout=False) as auditor:
        assert auditor.emit(EVENT), "which needs none"
        with pytest.raises(auditbox.TrapError):
            auditor.emit({"action": "call_allowed"})


def test_whatever_a_component_answers_only_its_own_memory_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    ok, failed = struct.pack("<B7xII16x", 0, 8, 0xFFFFFFF0), struct.pack("<B7xB7xIIII", 1, 1, 0xFFFFFFF0, 32, 8, 8)
    results = [
        ok,
        failed,
        struct.pack("<B31x", 2),
        struct.pack("<B7xB23x", 1, 4),
        struct.pack("<B7xII16x", 0, 0, 1 << 30),
    ]
    with Auditor(stdout=False) as auditor:
        for result in results:
            with monkeypatch.context() as patch:
                read = _Memory.read
                patch.setattr(
                    _Memory,
                    "read",
                    lambda memory, at, length, read=read, result=result: (
                        result if length == RESULT_BYTES and at > 1000 else read(memory, at, length)
                    ),
                )
                with pytest.raises(auditbox.ComponentError, match="answered with something else than"):
                    auditor.redact(1)
        assert auditor.redact(1).value == 1
        for at, length in ((8, 0xFFFFFFF0), (0xFFFFFFF0, 8), (0, 1 << 30)):
            with monkeypatch.context() as patch:
                patch.setattr("auditbox.engine.abi.span", lambda _, at=at, length=length: (at, length))
                with pytest.raises(auditbox.ComponentError, match="answered with something else than"):
                    auditor.rules()
        assert auditor.rules()


def test_a_component_cut_short_anywhere_is_refused() -> None:
    wasm = component.read()
    assert core_module(wasm)[:8] == b"\0asm\x01\0\0\0"
    for length in (*range(1200), len(wasm) // 2):
        with pytest.raises(auditbox.ComponentError):
            core_module(wasm[:length])
    with pytest.raises(auditbox.ComponentError):
        core_module(wasm[:8] + b"\x01\xff\xff\xff\xff\xff\xff")


def test_the_errors_of_the_contract_are_read_with_all_their_fields() -> None:
    offset = 2**40
    result = struct.pack("<B7xB7xQII", 1, 0, offset, 5, 6)
    assert spans(result, 1) == (False, [(5, 6)], 0)
    for case, texts, want in (
        (0, ["a"], auditbox.InvalidJsonError(offset, "a")),
        (1, ["/a", "b"], auditbox.InvalidEventError("/a", "b")),
        (2, ["/a", "b"], auditbox.InvalidConfigError("/a", "b")),
        (3, ["a"], auditbox.UnavailableError("a")),
    ):
        made = error(result, case, texts)
        assert (type(made), made.args) == (type(want), want.args)


def instance(auditor: Auditor) -> Any:
    return auditor._guest._instance


def test_an_instance_is_kept_but_not_when_it_has_had_a_long_text() -> None:
    with Auditor({"max_event_bytes": 1 << 28}, stdout=False) as auditor:
        kept = instance(auditor)
        assert kept is not None
        auditor.redact("x" * 1_000_000)
        assert instance(auditor) is kept
        auditor.redact("x" * 8_000_000)
        assert instance(auditor) is None
        auditor.redact(1)
        assert instance(auditor) is not kept


def test_random_numbers_are_not_the_same_twice() -> None:
    with Auditor(stdout=False) as auditor:
        ids = {auditor.emit({"action": "call_allowed"}).event_id for _ in range(1000)}
    assert len(ids) == 1000


def test_a_destructor_that_emits_in_the_midst_of_a_call_gets_an_instance_of_its_own(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The garbage collector may run one anywhere: here it does inside of an import."""
    with Auditor(stdout=False, file=log) as auditor:

        class Emits:
            def __del__(self) -> None:
                auditor.emit({"action": "call_denied"})

        def in_the_midst(number: int) -> bytes:
            monkeypatch.undo()
            things: Any = Emits()
            things.itself = things
            del things
            gc.collect()
            return b"x" * number

        monkeypatch.setattr("os.urandom", in_the_midst)
        auditor.emit({"action": "call_allowed"})
    assert [record["action"] for record in records(log)] == ["call_denied", "call_allowed"]


def test_a_signal_handler_that_emits_in_the_midst_of_calls_does_no_harm(log: Path) -> None:
    count = 0
    with Auditor(stdout=False, file=log) as auditor:

        def handle(_signal: int, _frame: FrameType | None) -> None:
            nonlocal count
            receipt = auditor.emit({"action": "call_denied"})
            count += not receipt.failures
            # Not before: one that is always interrupted comes to no end.
            signal.setitimer(signal.ITIMER_REAL, 0.0005)

        before = signal.signal(signal.SIGALRM, handle)
        signal.setitimer(signal.ITIMER_REAL, 0.0005)
        try:
            for _ in range(5000):
                assert auditor.emit({"action": "call_allowed"}).failures == ()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
    actions = [record["action"] for record in records(log)]
    assert actions.count("call_allowed") == 5000
    assert actions.count("call_denied") == count > 10


def test_sixteen_threads_share_an_auditor(log: Path) -> None:
    with Auditor(stdout=False, file=log) as auditor:
        receipts: list[auditbox.Receipt] = []

        def emit(name: int) -> None:
            for number in range(200):
                receipts.append(auditor.emit({"action": "call_allowed", "run_id": str(name), "call_index": number}))
                value = {"password": str(name), "n": number}
                assert auditor.redact(value).value == {"password": "[REDACTED]", "n": number}

        threads = [threading.Thread(target=emit, args=(name,)) for name in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    written = records(log)
    assert {record["event_id"] for record in written} == {receipt.event_id for receipt in receipts}
    for name in range(16):
        assert [record["call_index"] for record in written if record["run_id"] == str(name)] == list(range(200))


def test_many_calls_refusals_and_traps_leak_nothing(artifacts: Path) -> None:
    done = run(
        """
        import pathlib, resource, sys
        import auditbox

        def resident():
            return int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()

        auditor = auditbox.Auditor(stdout=False, file="/dev/null")
        wasm = pathlib.Path(sys.argv[1]).read_bytes()
        trapping = auditbox.Auditor(stdout=False, component=wasm)
        event = {"action": "call_allowed", "tool_args": {"password": "x" * 1000}}
        refused = {"action": "call_exploded"}
        trap = {"event_id": "01920000-0000-7000-8000-000000000001", "action": "call_allowed", "run_id": "trap-me"}

        def work(count):
            for number in range(count):
                auditor.emit(event)
                auditor.redact(event)
                if number % 10 == 0:
                    try:
                        auditor.emit(refused)
                    except auditbox.Error:
                        pass
                if number % 50 == 0:
                    try:
                        trapping.emit(trap)
                    except auditbox.Error:
                        pass

        work(2_000)
        before = resident()
        work(10_000)
        print(resident() - before)
        """,
        artifacts / "misbehaving.wasm",
    )
    assert int(done.stdout) < 2 << 20


def test_a_guest_is_told_of_forks_as_long_as_it_lives() -> None:
    from auditbox import forks

    auditor = Auditor(stdout=False)
    guest: Guest | None = auditor._guest
    assert guest in forks._remembered
    before = len(forks._remembered)
    del auditor, guest
    gc.collect()
    assert len(forks._remembered) < before
