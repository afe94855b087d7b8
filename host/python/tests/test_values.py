"""Native values and their JSON."""

from __future__ import annotations

import collections
import dataclasses
import datetime
import enum
import json
import math
import sys
import urllib.parse
import uuid
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any, NamedTuple

import pytest

import auditbox
from auditbox.values import UnencodableError, encode
from auditbox.walk import Walk


class Color(str, enum.Enum):
    """A text with a name."""

    RED = "red"


class Level(enum.Enum):
    """A number with a name."""

    HIGH = 3


@dataclasses.dataclass
class Point:
    """A record."""

    x: int
    inner: Any = None


class Login(NamedTuple):
    """A record whose keys matter to redaction."""

    user: str
    password: str


class Model:
    """As pydantic's."""

    def __init__(self, dumped: Any) -> None:
        self.dumped = dumped

    def model_dump(self) -> Any:
        return self.dumped


class Throws(Mapping[str, Any]):
    """A mapping that cannot be read."""

    def __getitem__(self, key: str) -> Any:
        raise RuntimeError("hunter2")

    def __iter__(self) -> Iterator[str]:
        raise RuntimeError("hunter2")

    def __len__(self) -> int:
        return 1


class ThrowsText(Exception):
    """An exception without a text."""

    def __str__(self) -> str:
        raise RuntimeError("hunter2")


def text(value: Any) -> str:
    return encode(value).decode()


ZONE = datetime.timezone(datetime.timedelta(hours=2))
UTC = datetime.timezone.utc

ANSWERS = [
    (None, "null"),
    (True, "true"),
    ('ä\u2028\n"', '"ä\u2028\\n\\""'),
    (12345678901234567890123, "12345678901234567890123"),
    (-0.0, "-0.0"),
    (1e300, "1e+300"),
    (0.1, "0.1"),
    ([1, (2, [])], "[1,[2,[]]]"),
    ({"b": 1, "a": {}}, '{"b":1,"a":{}}'),
    (math.nan, '"NaN"'),
    ([math.inf, -math.inf], '["Infinity","-Infinity"]'),
    (datetime.datetime(2026, 1, 2, 3, 4, 5, 60, UTC), '"2026-01-02T03:04:05.000060Z"'),
    (datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=ZONE), '"2026-01-02T03:04:05+02:00"'),
    (
        datetime.datetime(1900, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(minutes=53, seconds=28))),
        '"1899-12-31T23:06:32Z"',
    ),
    (datetime.datetime(2026, 1, 2, 3, 4), '"2026-01-02T03:04:00"'),
    (datetime.date(2026, 1, 2), '"2026-01-02"'),
    (datetime.time(3, 4), '"03:04:00"'),
    (datetime.timedelta(minutes=2), "120"),
    (datetime.timedelta(milliseconds=-1500), "-1.5"),
    (b"text", '"text"'),
    (bytearray("ä", "utf-8"), '"ä"'),
    (memoryview(b"\xff\x00"), '"[binary, 2 bytes]"'),
    (Color.RED, '"red"'),
    (Level.HIGH, "3"),
    (uuid.UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
    (PurePosixPath("/a/b"), '"/a/b"'),
    (urllib.parse.urlsplit("https://a/b?c=d"), '"https://a/b?c=d"'),
    (ValueError("no"), '"ValueError: no"'),
    (KeyError(), '"KeyError"'),
    (Decimal("1.10"), "1.10"),
    (Decimal("-1E+400"), "-1E+400"),
    ([Decimal("sNaN"), Decimal("-Infinity")], '["NaN","-Infinity"]'),
    ({3, 1, 2}, "[1,2,3]"),
    (frozenset({"b", "a", Login("u", "p")}), '["a","b",{"user":"u","password":"p"}]'),
    (Point(1, Point(2)), '{"x":1,"inner":{"x":2,"inner":null}}'),
    (Login("u", "p"), '{"user":"u","password":"p"}'),
    (Model({"a": Level.HIGH}), '{"a":3}'),
    (collections.OrderedDict(a=1), '{"a":1}'),
    (collections.ChainMap({"a": 1}), '{"a":1}'),
    (collections.deque([1, 2]), "[1,2]"),
    (range(3), "[0,1,2]"),
    (
        {1: 1, 1.5: 1, None: 1, False: 1, Level.HIGH: 1, Color.RED: 1, uuid.UUID(int=1): 1, math.nan: 1},
        '{"1":1,"1.5":1,"null":1,"false":1,"3":1,"red":1,"00000000-0000-0000-0000-000000000001":1,"NaN":1}',
    ),
    ("\ud83d", '"\\ud83d"'),
    ({"\udcff": {1}}, '{"\\udcff":[1]}'),
]


@pytest.mark.parametrize(("value", "want"), ANSWERS)
def test_every_value_of_the_table_has_its_answer(value: Any, want: str) -> None:
    assert text(value) == want
    json.loads(want)


@pytest.mark.parametrize("value", [value for value, _ in ANSWERS])
def test_the_quick_way_and_the_long_way_agree(value: Any) -> None:
    assert encode(value) == Walk().whole(value).encode("utf-8", "backslashreplace")


def iter_nothing() -> Iterator[Any]:
    yield from ()


def cycle() -> Any:
    value: list[Any] = [1]
    value.append({"a": value})
    return value


def refusal(value: Any) -> UnencodableError:
    with pytest.raises(UnencodableError) as caught:
        encode(value)
    assert caught.value.__context__ is None
    return caught.value


NO_FORM = "has no form in JSON: give a dict, a dataclass, text or a number instead"
CYCLE = "this value contains itself: break the cycle, or leave it out"


@pytest.mark.parametrize(
    ("value", "path", "message"),
    [
        ({"a/b": [0, {"~": object()}]}, "/a~1b/1/~0", f"a `object` {NO_FORM}"),
        ([len], "/0", f"a `builtin_function_or_method` {NO_FORM}"),
        ([lambda: 1], "/0", f"a `function` {NO_FORM}"),
        ([Model], "/0", f"a `type` {NO_FORM}"),
        (1j, "", f"a `complex` {NO_FORM}"),
        (iter_nothing(), "", f"a `generator` {NO_FORM}"),
        ([auditbox.Json("1")], "/0", "`Json` stands for a whole argument only: give the value itself"),
        (cycle(), "/1/a", CYCLE),
        (Model(Throws()), "", "this `Throws` raises `RuntimeError` when it is read: give a dict or text instead"),
        (
            {"e": ThrowsText()},
            "/e",
            "this `ThrowsText` raises `RuntimeError` when it is read: give a dict or text instead",
        ),
        ({"k": {(1, 2): 1}}, "/k", "expected keys that are text, numbers, booleans or null, not a `tuple`"),
        ({"k": {object: 1}}, "/k", f"a `type` {NO_FORM}"),
        (
            {"n": 10**5000},
            "/n",
            "this integer has more digits than Python prints: give it as text, or see `sys.set_int_max_str_digits`",
        ),
    ],
)
def test_what_has_no_form_is_refused_with_its_place(value: Any, path: str, message: str) -> None:
    error = refusal(value)
    assert (error.path, error.message) == (path, message)
    assert "hunter2" not in f"{error!r} {error}"


def nested(depth: int, inner: Any = 1) -> Any:
    value = inner
    for number in range(depth):
        value = [value] if number % 2 else {"a": value}
    return value


def test_values_nest_as_deep_as_the_guest_reads_and_no_deeper() -> None:
    too_deep = "expected at most 128 lists and objects inside each other"
    with auditbox.Auditor(stdout=False) as auditor:
        for inner in (1, math.nan):
            assert auditor.redact(nested(128, inner)).json
            for depth in (129, 100_000):
                with pytest.raises(auditbox.InvalidEventError) as caught:
                    auditor.redact(nested(depth, inner))
                assert (caught.value.path, caught.value.message) == ("", too_deep)


def test_a_model_that_dumps_ever_new_models_is_too_deep() -> None:
    class Endless:
        def model_dump(self) -> Any:
            return Endless()

    for value in (Endless(), {"a": [Endless()]}, [{Endless(): 1}]):
        assert refusal(value).message.startswith("expected at most 128")


def test_a_mapping_that_holds_ever_new_ones_is_too_deep() -> None:
    class Endless(Throws):
        def __getitem__(self, key: str) -> Any:
            return Endless()

        def __iter__(self) -> Iterator[str]:
            return iter("a")

    assert refusal([Endless()]).message.startswith("expected at most 128")


def test_the_same_value_twice_is_no_cycle() -> None:
    shared = Point(1)
    assert text([shared, shared]) == '[{"x":1,"inner":null},{"x":1,"inner":null}]'


def test_ten_megabytes_of_bytes_are_text_or_their_length() -> None:
    with auditbox.Auditor(stdout=False) as auditor:
        assert auditor.redact(b"\xff" * 10_000_000).value == "[binary, 10000000 bytes]"
        assert auditor.redact(b"x" * 10_000_000).value == "x" * 10_000_000


def test_lone_surrogates_become_the_replacement_character() -> None:
    with auditbox.Auditor(stdout=False) as auditor:
        assert auditor.redact({"a\ud800": "\udfffb"}).value == {"a\ufffd": "\ufffdb"}
        assert auditor.redact(auditbox.Json('"\ud800"')).value == "\ufffd"


def test_numbers_come_back_digit_for_digit() -> None:
    value = [2**63, -(10**40), 0.1, 1e-7, 123456789.123456789, True]
    with auditbox.Auditor(stdout=False) as auditor:
        back = auditor.redact(value).value
        assert back == value
        assert [type(item) for item in back] == [type(item) for item in value]
        digits = "1" * 5000
        assert str(auditor.redact(auditbox.Json(digits)).value) == digits
        assert auditor.redact(auditbox.Json('{"a":1.10,"a":1E2}')).json == '{"a":1.10,"a":1E2}'


def test_a_secret_key_is_kept_out_of_the_path_of_an_error() -> None:
    secret = "sk-abcdefghijklmnopqrstuvwxyz012345"
    with auditbox.Auditor(stdout=False) as auditor:
        with pytest.raises(auditbox.InvalidEventError) as caught:
            auditor.emit({"action": "call_allowed", "tool_args": {secret: {"b": object()}}})
        assert caught.value.path == "/tool_args/[REDACTED]/b"
        assert caught.value.__context__ is None
        assert caught.value.__cause__ is None


def test_json_takes_text_alone() -> None:
    with pytest.raises(TypeError, match="takes text, not `bytes`"):
        auditbox.Json(b"{}")  # type: ignore[arg-type]


def test_the_recursion_limit_is_left_alone() -> None:
    before = sys.getrecursionlimit()
    refusal(nested(100_000, object()))
    assert sys.getrecursionlimit() == before
