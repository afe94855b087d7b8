"""The component: traps, wrong ones, and what it imports."""

from __future__ import annotations

import gc
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from conftest import EVENT, records, run

import auditbox
from auditbox import Auditor, component
from auditbox.engine import Guest, imports
from auditbox.engine.guest import _KEPT_BYTES

SECOND = "01920000-0000-7000-8000-000000000002"


@pytest.fixture
def misbehaving(artifacts: Path, log: Path) -> Iterator[Auditor]:
    wasm = (artifacts / "misbehaving.wasm").read_bytes()
    with Auditor(stdout=False, file=log, component=wasm) as auditor:
        yield auditor


def event(word: str, number: int = 1) -> dict[str, Any]:
    return {"event_id": f"01920000-0000-7000-8000-{number:012}", "action": "call_allowed", "run_id": word}


@pytest.mark.parametrize("word", ["trap-me", "grow-me"])
def test_a_trapped_instance_is_replaced_and_leaves_no_trace(misbehaving: Auditor, log: Path, word: str) -> None:
    for number in range(3):
        with pytest.raises(auditbox.TrapError) as caught:
            misbehaving.emit(event(word))
        assert caught.value.kind == "trap"
        assert str(caught.value).startswith("the component failed inside: wasm trap: ")
        assert str(caught.value).endswith("; this is a bug in it, and the next call works")
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
        ("garbage", "unexpected end"),
        ("other-version", "it has no `auditor.configure`"),
        ("unknown-import", "auditbox:audit/ledger@0.1.0"),
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
    wasm, digest = component.read()
    monkeypatch.setattr(component, "_FOLDER", tmp_path)
    message = "^the component in this package is not the one that was packed: install `auditbox` again$"
    for packed in (None, wasm[:-1] + b"!", wasm):
        if packed is not None:
            (tmp_path / "auditbox.wasm").write_bytes(packed)
            (tmp_path / "auditbox.wasm.sha256").write_text(digest + "\n")
        if packed == wasm:
            assert component.read() == (wasm, digest)
        else:
            with pytest.raises(auditbox.ComponentError, match=message):
                component.read()


class Unappendable(list[Any]):
    """What nothing can be put into."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self._error = error

    def append(self, _: Any) -> None:
        raise self._error


def test_an_import_that_raises_becomes_the_error_of_the_contract(monkeypatch: pytest.MonkeyPatch) -> None:
    with Auditor({"on_failure": "open"}) as auditor:
        monkeypatch.setattr("auditbox.engine.guest.Handed", broken_handed(RuntimeError("hunter2")))
        receipt = auditor.emit(EVENT)
        assert receipt.failures == (auditbox.Failure("stdout", "the host could not take the record", True),)
        monkeypatch.setattr("auditbox.engine.guest.Handed", imports.Handed)
        assert auditor.emit(EVENT).failures == ()


def broken_handed(error: BaseException) -> Any:
    return lambda: imports.Handed(writes=Unappendable(error))


def test_an_interruption_in_an_import_is_raised_when_the_component_has_returned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Auditor() as auditor:
        monkeypatch.setattr("auditbox.engine.guest.Handed", broken_handed(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            auditor.emit(EVENT)
        monkeypatch.setattr("auditbox.engine.guest.Handed", imports.Handed)
        assert auditor.emit(EVENT).failures == ()


def test_without_a_clock_the_call_traps_and_the_next_one_works(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_clock() -> int:
        raise OSError("hunter2")

    with Auditor(stdout=False) as auditor:
        with monkeypatch.context() as patch:
            patch.setattr("time.time_ns", no_clock)
            with pytest.raises(auditbox.TrapError) as caught:
                auditor.emit(EVENT)
            assert "hunter2" not in str(caught.value)
        assert auditor.emit(EVENT)


def instance(auditor: Auditor) -> Any:
    return auditor._guest._instance


def test_an_instance_is_kept_but_not_when_it_has_had_a_long_text() -> None:
    with Auditor({"max_event_bytes": 1 << 28}, stdout=False) as auditor:
        kept = instance(auditor)
        assert kept is not None
        auditor.redact("x" * 1000)
        assert instance(auditor) is kept
        auditor.redact("x" * _KEPT_BYTES)
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

        before = signal.signal(signal.SIGALRM, handle)
        signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
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

        work(5_000)
        before = resident()
        work(20_000)
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
