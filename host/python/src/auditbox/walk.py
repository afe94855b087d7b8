"""Native values to JSON text, one by one: every type with a defined answer, and the place of what has none.

What a user's own code raises on the way is told by the name of its type only: its text may be a part of the value.
"""

from __future__ import annotations

import dataclasses
import datetime
import math
import os
from collections.abc import Iterator, Mapping, Sequence, Set
from decimal import Decimal
from enum import Enum
from json.encoder import encode_basestring
from typing import Any
from uuid import UUID

from .values import Json, UnencodableError

_MAX_DEPTH = 128
"""As deep as the guest reads. It would refuse what is deeper, but some values never end."""


class _Refused(Exception):
    """A value that has no form in JSON."""


class _TooDeep(_Refused):
    """Lists and objects nest too deep, in the guest's own words."""

    def __init__(self) -> None:
        super().__init__(f"expected at most {_MAX_DEPTH} lists and objects inside each other")


class _Composed:
    """A list or object that is being written."""

    def __init__(self, chain: list[Any], items: Iterator[tuple[Any, Any]], brackets: str) -> None:
        self.chain = chain
        """The value and what it was turned into, up to what has the items."""
        self.items = items
        """By key, or by index; a set's have neither."""
        self.brackets = brackets
        self.is_set = isinstance(chain[-1], Set)
        self.step: str | None = None
        """Where the item is that is being written."""
        self.texts: list[str] = []

    def add(self, text: str) -> None:
        self.texts.append(f"{encode_basestring(self.step or '')}:{text}" if self.brackets == "{}" else text)

    def text(self) -> str:
        # A set's order is another one in each run.
        texts = sorted(self.texts) if self.is_set else self.texts
        return f"{self.brackets[0]}{','.join(texts)}{self.brackets[1]}"


class Walk:
    """One value's way to text. It keeps its own stack, as Python's may be nearly used up."""

    def __init__(self) -> None:
        """Starts outside of any value."""
        self._open: list[_Composed] = []
        self._inside: set[int] = set()

    def whole(self, value: Any) -> str:
        """Makes the text of a whole argument.

        Raises:
            UnencodableError: with the place of what has no form in JSON.
        """
        try:
            return self._text(value)
        except _TooDeep as deep:
            problem = UnencodableError("", str(deep))
        except _Refused as refused:
            steps = [composed.step for composed in self._open if composed.step is not None]
            path = "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)
            problem = UnencodableError(path, str(refused))
        raise problem

    def _text(self, value: Any) -> str:
        text = self._enter(value)
        while self._open:
            composed = self._open[-1]
            if text is not None:
                composed.add(text)
            try:
                composed.step = None
                key, value = next(composed.items)
                composed.step = None if composed.is_set else _key(key)
            except StopIteration:
                text = composed.text()
                self._leave()
                continue
            except _Refused:
                raise
            except Exception as error:
                raised = error
            else:
                text = self._enter(value)
                continue
            raise _raises(composed.chain[-1], raised)
        assert text is not None
        return text

    def _enter(self, value: Any) -> str | None:
        """The value's text; None: it is composed, and its items come next."""
        chain = [value]
        while len(chain) <= _MAX_DEPTH:
            value = chain[-1]
            text = _scalar(value)
            if text is not None:
                return text
            if id(value) in self._inside or any(value is earlier for earlier in chain[:-1]):
                raise _Refused("this value contains itself: break the cycle, or leave it out")
            try:
                found = _items(value)
                if found is None:
                    chain.append(_lowered(value))
                    continue
            except _Refused:
                raise
            except Exception as error:
                raised = error
            else:
                if len(self._open) == _MAX_DEPTH:
                    raise _TooDeep
                self._open.append(_Composed(chain, *found))
                self._inside.update(map(id, chain))
                return None
            raise _raises(value, raised)
        raise _TooDeep

    def _leave(self) -> None:
        self._inside.difference_update(map(id, self._open.pop().chain))


def _raises(value: Any, error: Exception) -> _Refused:
    """Tells what the value's own code raised, by its type alone."""
    kind, raised = type(value).__name__, type(error).__name__
    return _Refused(f"this `{kind}` raises `{raised}` when it is read: give a dict or text instead")


def _scalar(value: Any) -> str | None:
    if value is None:
        return "null"
    if isinstance(value, str):
        return str(encode_basestring(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return _integer(value)
    if isinstance(value, float):
        return float.__repr__(value) if math.isfinite(value) else f'"{_not_finite(value)}"'
    if isinstance(value, Decimal):
        return Decimal.__str__(value) if value.is_finite() else f'"{_not_finite(value)}"'
    return None


def _items(value: Any) -> tuple[Iterator[tuple[Any, Any]], str] | None:
    """What a composed value has in it, and its brackets."""
    if isinstance(value, (bytes, bytearray, memoryview, Enum, type)) or _is_url(value):
        return None
    if isinstance(value, Mapping):
        return iter(value.items()), "{}"
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        # Not the list that it would be to `json`: redaction goes by keys.
        return zip(value._fields, value, strict=True), "{}"
    if dataclasses.is_dataclass(value):
        return ((field.name, getattr(value, field.name)) for field in dataclasses.fields(value)), "{}"
    if isinstance(value, (Sequence, Set)):
        return enumerate(value), "[]"
    return None


def _key(key: Any) -> str:
    """A key's text: of what is in JSON a text, a number, a boolean or null."""
    for _ in range(_MAX_DEPTH):
        if isinstance(key, str):
            return str.__str__(key)
        text = _scalar(key)
        if text is not None:
            return text.strip('"')
        if _items(key) is not None:
            raise _Refused(f"expected keys that are text, numbers, booleans or null, not a `{type(key).__name__}`")
        key = _lowered(key)
    raise _TooDeep


def _lowered(value: Any) -> Any:
    """One step from a value of a known class to what it is in JSON."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _from_bytes(bytes(value))
    if _is_url(value):
        return value.geturl()
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
    if isinstance(value, Json):
        raise _Refused("`Json` stands for a whole argument only: give the value itself")
    name = type(value).__name__
    raise _Refused(f"a `{name}` has no form in JSON: give a dict, a dataclass, text or a number instead")


def _is_url(value: Any) -> bool:
    """Whether it is what `urllib.parse` makes of a URL."""
    return isinstance(value, tuple) and hasattr(value, "geturl")


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
    raise _Refused(
        "this integer has more digits than Python prints: give it as text, or see `sys.set_int_max_str_digits`"
    )


def _not_finite(value: float | Decimal) -> str:
    """As the JSON mapping of protocol buffers has them."""
    if value.is_nan() if isinstance(value, Decimal) else math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"
