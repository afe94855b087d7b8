"""Native values to JSON text, one by one: every type with a defined answer, and the place of what has none.

What a user's own code raises on the way is told by the name of its type only: its text may be a part of the value.
"""

from __future__ import annotations

import dataclasses
import datetime
import math
import os
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from decimal import Decimal
from enum import Enum
from json.encoder import encode_basestring
from typing import Any
from uuid import UUID

from .values import UnencodableError

_MAX_DEPTH = 128
"""As deep as the guest reads. It would refuse what is deeper; here it would overflow the stack first."""


class _Refused(Exception):
    """A value that has no JSON, and the steps that lead to it, the last one first."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.steps: list[str] = []


class _TooDeep(Exception):
    """Lists and objects nest too deep."""


class Walk:
    """One value's way to text."""

    def __init__(self) -> None:
        """Starts outside of any value."""
        self._inside: dict[int, bool] = {}
        self._depth = 0

    def whole(self, value: Any) -> str:
        """Makes the text of a whole argument.

        Raises:
            UnencodableError: with the place of what has no JSON.
        """
        try:
            return self._text(value)
        except _Refused as refused:
            path = "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in reversed(refused.steps))
            problem = UnencodableError(path, str(refused))
        except (_TooDeep, RecursionError):
            # The guest's own words.
            problem = UnencodableError("", f"expected at most {_MAX_DEPTH} lists and objects inside each other")
        raise problem

    def _text(self, value: Any) -> str:
        if value is None:
            return "null"
        if isinstance(value, str):
            return encode_basestring(value)
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int):
            return _integer(value)
        if isinstance(value, float):
            return float.__repr__(value) if math.isfinite(value) else f'"{_not_finite(value)}"'
        if isinstance(value, Decimal):
            return Decimal.__str__(value) if value.is_finite() else f'"{_not_finite(value)}"'
        if id(value) in self._inside:
            raise _Refused("this value contains itself: break the cycle, or leave it out")
        self._inside[id(value)] = True
        try:
            return self._made(value)
        finally:
            del self._inside[id(value)]

    def _made(self, value: Any) -> str:
        # Whatever else the value's own code raises is told by its type alone, and not from inside `except`.
        try:
            return self._composed(value)
        except (_Refused, _TooDeep, RecursionError):
            raise
        except Exception as error:
            raised = type(error).__name__
        raise _Refused(f"this `{type(value).__name__}` raises `{raised}` when it is read: give a dict or text instead")

    def _composed(self, value: Any) -> str:
        if isinstance(value, Mapping):
            return self._object(value.items())
        if isinstance(value, tuple) and hasattr(value, "geturl"):
            # What `urllib.parse` makes of a URL.
            return self._text(value.geturl())
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            return self._object(zip(value._fields, value, strict=True))
        if isinstance(value, (bytes, bytearray, memoryview)):
            return encode_basestring(_from_bytes(bytes(value)))
        if isinstance(value, Enum):
            return self._text(value.value)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return self._object((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
        if isinstance(value, Sequence):
            return self._list([str(index), item] for index, item in enumerate(value))
        if isinstance(value, Set):
            return self._set(value)
        return self._text(_lowered(value))

    def _object(self, items: Iterable[tuple[Any, Any]]) -> str:
        def member(item: tuple[Any, Any]) -> str:
            key = self._key(item[0])
            return f"{encode_basestring(key)}:{self._step(key, item[1])}"

        return self._nested("{", items, member, "}")

    def _list(self, items: Iterable[Sequence[Any]]) -> str:
        return self._nested("[", items, lambda item: self._step(item[0], item[1]), "]")

    def _set(self, items: Set[Any]) -> str:
        # Sorted, as a set's order is another one in each run.
        self._enter()
        texts = sorted(self._text(item) for item in items)
        self._depth -= 1
        return f"[{','.join(texts)}]"

    def _nested(self, opening: str, items: Iterable[Any], text: Callable[[Any], str], closing: str) -> str:
        self._enter()
        texts = [text(item) for item in items]
        self._depth -= 1
        return f"{opening}{','.join(texts)}{closing}"

    def _enter(self) -> None:
        if self._depth == _MAX_DEPTH:
            raise _TooDeep
        self._depth += 1

    def _step(self, step: str, value: Any) -> str:
        try:
            return self._text(value)
        except _Refused as refused:
            refused.steps.append(step)
            raise

    def _key(self, key: Any) -> str:
        if isinstance(key, str):
            return key
        text = self._text(key)
        if text.startswith('"'):
            import json

            return str(json.loads(text))
        if text.startswith(("{", "[")):
            raise _Refused(f"expected keys that are text, numbers, booleans or null, not a `{type(key).__name__}`")
        return text


def _lowered(value: Any) -> Any:
    """One step from a value of a known class to what it is in JSON."""
    if isinstance(value, datetime.datetime):
        return _date_time(value)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        seconds = value / datetime.timedelta(seconds=1)
        return int(seconds) if seconds.is_integer() else seconds
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, BaseException):
        name, message = type(value).__name__, str(value)
        return f"{name}: {message}" if message else name
    if not isinstance(value, type) and callable(getattr(value, "model_dump", None)):
        return value.model_dump()
    name = type(value).__name__
    raise _Refused(f"a `{name}` has no form in JSON: give a dict, a dataclass, text or a number instead")


def _date_time(value: datetime.datetime) -> str:
    """By RFC 3339, where a zone's offset has no seconds; without a zone by ISO 8601."""
    offset = value.utcoffset()
    if offset is not None and offset % datetime.timedelta(minutes=1):
        value = value.astimezone(datetime.timezone.utc)
        offset = datetime.timedelta(0)
    text = value.isoformat()
    return text[:-6] + "Z" if offset == datetime.timedelta(0) else text


def _from_bytes(value: bytes) -> str:
    """Text where it is text, so that redaction sees what is in it."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return f"[binary, {len(value)} bytes]"


def _integer(value: int) -> str:
    try:
        return int.__repr__(value)
    except ValueError:
        pass
    raise _Refused("this integer has more digits than Python prints: give it as text, or see `sys.set_int_max_str_digits`")


def _not_finite(value: float | Decimal) -> str:
    """As the JSON mapping of protocol buffers has them."""
    if value.is_nan() if isinstance(value, Decimal) else math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"
