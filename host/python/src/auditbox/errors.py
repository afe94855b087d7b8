"""The errors of the package. No message holds any part of a payload's values."""

from __future__ import annotations

from typing import Any, ClassVar


class Error(Exception):
    """Why a call failed. `kind` says what sort of failure it is; each kind has a class of its own."""

    kind: ClassVar[str] = "internal"
    """The kind, the same word in every language."""

    def __init__(self, message: str) -> None:
        """Takes what went wrong and what to do about it."""
        super().__init__(message)
        self.message = message
        """What is wrong, without the place."""

    def __str__(self) -> str:
        """All of it, for people."""
        return self.message


class _PlacedError(Error):
    """What is wrong with a value, and where in it."""

    def __init__(self, path: str, message: str) -> None:
        """Takes a JSON Pointer and what was expected there."""
        super().__init__(message)
        # What pickle and copy make another one from.
        self.args = (path, message)
        self.path = path
        """JSON Pointer (RFC 6901), empty for the value as a whole. A key that is a secret is redacted in it."""

    def __str__(self) -> str:
        """The message behind its place."""
        return f"`{self.path}`: {self.message}" if self.path else self.message


class InvalidJsonError(Error):
    """The text is not JSON."""

    kind = "invalid-json"

    def __init__(self, offset: int, expected: str) -> None:
        """Takes where the text stops being JSON, and what was expected there."""
        super().__init__(expected)
        self.args = (offset, expected)
        self.offset = offset
        """Where the text stops being JSON, in bytes of UTF-8 from its start."""
        self.expected = expected
        """What the grammar allows there."""

    def __str__(self) -> str:
        """Both, for people."""
        return f"not JSON at byte {self.offset}: expected {self.expected}"


class InvalidEventError(_PlacedError):
    """The value is not an event, or not one that can be recorded."""

    kind = "invalid-event"


class InvalidConfigError(_PlacedError):
    """The configuration is wrong."""

    kind = "invalid-config"


class UnavailableError(Error):
    """An effect failed, and `on_failure` is `closed`: refuse the tool call."""

    kind = "unavailable"


class ClosedError(Error):
    """The auditor is closed."""

    kind = "closed"

    def __init__(self) -> None:
        """Says what to do."""
        super().__init__("the auditor is closed: make a new one")
        self.args = ()


class SinkError(Error):
    """The file cannot be opened."""

    kind = "sink"


class ComponentError(Error):
    """The component is not one that this version can run, or not the one that was packed."""

    kind = "component"


class TrapError(Error):
    """The component failed inside, which is a bug in it. The next call works."""

    kind = "trap"


class InternalError(Error):
    """Something else failed inside: a bug, or the operating system."""

    kind = "internal"


def broken(what: str) -> ComponentError:
    """Makes the error for an answer out of contract. It does not repeat it, as there may be anything in it."""
    return ComponentError(f"the component answered with something else than {what}: it is not of this version")


def from_fields(fields: dict[str, Any]) -> Error:
    """Makes an error from the case's name and its fields, as `emit-batch` writes them."""
    try:
        match fields["kind"]:
            case "invalid-json":
                return InvalidJsonError(fields["offset"], fields["expected"])
            case "invalid-event":
                return InvalidEventError(fields["path"], fields["message"])
            case "invalid-config":
                return InvalidConfigError(fields["path"], fields["message"])
            case "unavailable":
                return UnavailableError(fields["message"])
    except (KeyError, TypeError):
        pass
    return broken("an error")
