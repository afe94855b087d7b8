"""The front door."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
import re
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from conftest import EVENT, REPOSITORY, records

import auditbox
from auditbox import Auditor
from auditbox.rules import parse_rules


def test_an_event_goes_into_the_file_and_the_receipt_says_what_was_redacted(log: Path) -> None:
    with Auditor(stdout=False, file=log) as auditor:
        receipt = auditor.emit({**EVENT, "tool_args": {"api_key": "hunter2", "n": 1}})
    assert receipt.event_id == EVENT["event_id"]
    assert receipt.redactions == (auditbox.Redaction("/tool_args/api_key", "key", "replace", 7),)
    assert (receipt.redactions_total, receipt.truncated, receipt.duplicate, receipt.failures) == (1, (), False, ())
    assert receipt.json.startswith('{"event_id":"01920000-')
    (record,) = records(log)
    assert record["tool_args"] == {"api_key": "[REDACTED]", "n": 1}


def test_exact_text_is_passed_on_as_it_is(log: Path) -> None:
    text = '{"action":"call_allowed","x":1.10,"y":{"a":1,"a":2}}'
    with Auditor(stdout=False, file=log) as auditor:
        auditor.emit(auditbox.Json(text))
    assert '"x":1.10,"y":{"a":1,"a":2}' in log.read_text()


def test_a_telemetry_event_is_logged(log: Path) -> None:
    with Auditor({"agent_id": "a-1"}, stdout=False, file=log) as auditor:
        auditor.log_event("TOOL_PINNED\ud800", {"tool": {"search"}})
    (record,) = records(log)
    assert (record["event_type"], record["agent_id"]) == ("TOOL_PINNED\ufffd", "a-1")
    assert record["payload"] == {"tool": ["search"]}


def test_a_value_is_redacted_and_cut() -> None:
    with Auditor({"max_payload_bytes": 4096}, stdout=False) as auditor:
        rewritten = auditor.redact({"password": "hunter2", "n": 2**70})
        assert rewritten.value == {"password": "[REDACTED]", "n": 2**70}
        assert rewritten.json == '{"password":"[REDACTED]","n":1180591620717411303424}'
        assert (rewritten.receipt.event_id, rewritten.receipt.redactions_total) == ("", 1)
        cut = auditor.cap_payload({"a": "x" * 5000})
        assert len(cut.json) <= 4096
        assert cut.receipt.truncated


def test_the_rules_are_listed_as_their_schema_says_whatever_is_configured() -> None:
    schema = json.loads((REPOSITORY / "wit/schema/rules.schema.json").read_text("utf-8"))["$defs"]["rule"]
    known, hints = schema["properties"], get_type_hints(auditbox.Rule)
    for literal in ("kind", "action"):
        assert list(get_args(hints[literal])) == known[literal]["enum"]
    with Auditor(stdout=False) as auditor:
        rules = auditor.rules()
    for rule in rules:
        assert list(dataclasses.asdict(rule)) == schema["required"]
        assert re.search(known["id"]["pattern"], rule.id)
        assert rule.kind in known["kind"]["enum"]
        assert rule.action in known["action"]["enum"]
        assert rule.vendor != ""
        assert rule.description
    by_id = {rule.id: rule for rule in rules}
    assert len(by_id) == len(rules)
    key, aws = by_id["key"], by_id["aws-access-key-id"]
    assert (key.kind, key.vendor, aws.kind, aws.vendor) == ("key", None, "format", "AWS")
    with Auditor({"redaction": {"rules": dict.fromkeys(by_id, "off")}}, stdout=False) as auditor:
        assert auditor.rules() == rules


@pytest.mark.parametrize("text", ["", "null", "{}", '"key"', "[", "[null]", "[{}]", '["key"]', '[{"id":"key"}]'])
def test_a_list_of_rules_is_nothing_else(text: str) -> None:
    message = "^the component answered with something else than a list of rules: it is not of this version$"
    with pytest.raises(auditbox.ComponentError, match=message) as caught:
        parse_rules(text)
    assert caught.value.__context__ is None


def test_a_refused_event_is_an_error_with_its_place_and_no_value() -> None:
    with Auditor(stdout=False) as auditor:
        with pytest.raises(auditbox.InvalidEventError) as event:
            auditor.emit({"action": "sk-hunter2"})
        with pytest.raises(auditbox.InvalidJsonError) as text:
            auditor.emit(auditbox.Json("{hunter2"))
    assert (event.value.kind, event.value.path) == ("invalid-event", "/action")
    assert str(event.value).startswith('`/action`: expected "call_denied" or')
    assert (text.value.kind, text.value.offset, text.value.expected) == ("invalid-json", 1, "a key or `}`")
    assert str(text.value) == "not JSON at byte 1: expected a key or `}`"
    for error in (event.value, text.value):
        assert "hunter2" not in f"{error} {error!r} {error.args}"
        assert isinstance(error, auditbox.Error)
        assert error.__cause__ is None
        assert error.__context__ is None


def test_a_text_longer_than_any_configuration_accepts_is_refused_before_the_guest_sees_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("auditbox.auditor.LONGEST_BYTES", 100)
    with Auditor(stdout=False) as auditor:
        message = "^102 bytes long, but at most 100 can be accepted$"
        with pytest.raises(auditbox.InvalidEventError, match=message):
            auditor.redact("x" * 100)
        with pytest.raises(auditbox.InvalidEventError, match="at most 100"):
            auditor.log_event("x" * 101, None)
        (answer,) = auditor.emit_batch(auditbox.Json(f'{{"action":"{"x" * 100}"}}'))
        assert isinstance(answer, auditbox.InvalidEventError)


def test_a_closed_auditor_refuses_everything_and_may_be_closed_again(log: Path) -> None:
    auditor = Auditor(stdout=False, file=log, sinks={"mine": Collects()})
    auditor.close()
    auditor.close()
    calls: list[Any] = [
        lambda: auditor.emit(EVENT),
        lambda: auditor.emit_batch([EVENT]),
        lambda: auditor.log_event("X", None),
        lambda: auditor.log_event("X", object()),
        lambda: auditor.redact(1),
        lambda: auditor.cap_payload(1),
        lambda: auditor.redact(object()),
        lambda: auditor.rules(),
    ]
    for call in calls:
        with pytest.raises(auditbox.ClosedError, match=r"^the auditor is closed: make a new one$"):
            call()
    assert log.read_text() == ""
    assert auditor.sink_stats["mine"].dropped == 0
    assert json.loads(auditor.config)["stdout"] is False


def test_nothing_is_recorded_when_a_value_closes_the_auditor(log: Path) -> None:
    auditor = Auditor(stdout=False, file=log)

    class Closes:
        def model_dump(self) -> Any:
            auditor.close()
            return "closed"

    with pytest.raises(auditbox.ClosedError):
        auditor.emit({"action": "call_allowed", "reason": Closes()})
    assert log.read_text() == ""


class Collects:
    """A sink."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    def emit(self, record: Any) -> None:
        self.seen.append(record)


def config(*arguments: Any, **options: Any) -> Any:
    with Auditor(*arguments, **options) as auditor:
        return json.loads(auditor.config)


def test_the_defaults_are_the_components() -> None:
    assert config()["stdout"] is True
    assert config()["file"] is None


def test_the_arguments_win_over_the_configuration_and_leave_the_rest_of_it(tmp_path: Path) -> None:
    given = {"stdout": True, "agent_id": "a", "file": {"path": "old", "keep": 2}, "sinks": {"a": {"max_queued": 7}}}
    for form in (given, json.dumps(given)):
        merged = config(form, stdout=False, file=tmp_path / "new", sinks={"a": Collects(), "b": Collects()})
        assert (merged["stdout"], merged["agent_id"]) == (False, "a")
        assert (merged["file"]["path"], merged["file"]["keep"]) == (str(tmp_path / "new"), 2)
        assert merged["sinks"] == {"a": {"max_queued": 7}, "b": {"max_queued": 1000}}
    merged = config(given, file={"path": tmp_path / "other"}, sinks={"a": Collects()})
    assert (merged["file"]["path"], merged["file"]["keep"]) == (str(tmp_path / "other"), 5)


@pytest.mark.parametrize(
    ("arguments", "path", "message"),
    [
        ([{"stdou": True}], "/stdou", "`stdout`"),
        ([{"stdout": 1}], "/stdout", "expected"),
        ([[1]], "", "expected"),
        ([{"agent_id": object()}], "/agent_id", "a `object` has no form in JSON"),
        (
            [{"outbox": True}],
            "/outbox",
            "this host has no outbox yet: leave the key out, or record with the `auditbox` program",
        ),
        ([{"sinks": {"mine": {}}}], "/sinks/mine", "no sink of this name was given to the auditor"),
    ],
)
def test_a_wrong_configuration_is_refused_with_its_place(arguments: list[Any], path: str, message: str) -> None:
    # With the other arguments the configuration is parsed and written again.
    for stdout in (None, False if path != "/stdout" else None):
        with pytest.raises(auditbox.InvalidConfigError) as caught:
            Auditor(*arguments, stdout=stdout)
        assert (caught.value.kind, caught.value.path) == ("invalid-config", path)
        assert message in caught.value.message
        assert caught.value.__context__ is None


@pytest.mark.parametrize("text", ["", "{", '{"stdout":NaN}', '{"a":' * 5000])
def test_what_is_no_configuration_is_left_to_the_component(text: str) -> None:
    for stdout in (None, False):
        with pytest.raises(auditbox.Error) as caught:
            Auditor(text, stdout=stdout)
        assert caught.value.kind.startswith("invalid-")


def test_a_path_that_is_not_utf8_is_refused() -> None:
    for path in ("a\udcff", b"a\xff"):
        with pytest.raises(auditbox.InvalidConfigError) as caught:
            Auditor(file=path)  # type: ignore[arg-type]
        assert (caught.value.path, caught.value.message) == ("/file", "`a?` is not UTF-8: choose another path")


def test_a_file_that_cannot_be_opened_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(auditbox.SinkError) as caught:
        Auditor(file=tmp_path)
    want = f"cannot open the log `{tmp_path}`: Is a directory (os error 21): name a file, not a folder"
    assert (caught.value.kind, str(caught.value)) == ("sink", want)
    assert caught.value.__context__ is None


def test_a_receipt_names_the_sink_that_failed_and_under_closed_it_is_an_error(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    for on_failure in ("open", "closed"):
        with Auditor({"on_failure": on_failure, "stdout": False}, file=folder / "log") as auditor:
            (folder / "log").unlink()
            folder.rmdir()
            folder.write_text("in the way")
            if on_failure == "open":
                (failure,) = auditor.emit(EVENT).failures
                assert (failure.target, failure.retryable) == ("file", True)
                assert failure.message.endswith("a part of the path is a file, not a folder: choose another path")
            else:
                with pytest.raises(auditbox.UnavailableError, match=r"^`file`: cannot write to the log"):
                    auditor.emit(EVENT)
            folder.unlink()


def test_an_auditor_cannot_be_pickled_or_copied() -> None:
    with Auditor(stdout=False) as auditor:
        for copied in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError, match="cannot be pickled or copied: make one in each process"):
                copied(auditor)


def test_errors_can_be_pickled() -> None:
    for error in (
        auditbox.InvalidJsonError(3, "a value"),
        auditbox.InvalidEventError("/a", "expected"),
        auditbox.ClosedError(),
        auditbox.TrapError("it"),
    ):
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), str(again), again.__dict__) == (type(error), str(error), error.__dict__)
