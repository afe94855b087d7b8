"""Native values to JSON text: the quick way, for values of plain types. `walk` knows all others."""

from __future__ import annotations

import json
import marshal
from typing import Any

_plain = json.JSONEncoder(ensure_ascii=False, check_circular=False, allow_nan=False, separators=(",", ":")).encode


class Json:
    """Exact JSON text in the place of a whole argument; it is passed on as it is."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        """Takes the text; `emit_batch` takes JSON Lines."""
        if not isinstance(text, str):
            raise TypeError(f"`Json` takes text, not `{type(text).__name__}`")
        self.text = text


class UnencodableError(Exception):
    """A value that has no JSON. The path may hold a key that is a secret."""

    def __init__(self, path: str, message: str) -> None:
        """Takes the JSON Pointer of the value and what to do about it."""
        super().__init__(message)
        self.path = path
        self.message = message


def encode(value: Any) -> bytes:
    """Makes JSON text of any value that has a defined one.

    Raises:
        UnencodableError: when it has none.
    """
    if type(value) is Json:
        return utf8(value.text)
    try:
        # Refuses subclasses, of which the encoder below would lose something: a named tuple its keys.
        marshal.dumps(value)
        return utf8(_plain(value))
    except (ValueError, TypeError, RecursionError):
        pass
    from .walk import Walk

    return utf8(Walk().whole(value))


def utf8(text: str) -> bytes:
    """Encodes JSON text. Lone surrogates, which UTF-8 does not have, become escapes, which JSON has."""
    return text.encode("utf-8", "backslashreplace")
