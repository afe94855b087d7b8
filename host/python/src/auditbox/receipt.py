"""What the guest says it has done: read from its JSON (`wit/schema/receipt.schema.json`), which is kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from .errors import Error, broken, from_fields


@dataclass(frozen=True)
class Redaction:
    """One secret that was found, and what became of it."""

    path: str
    """Where the secret was: JSON Pointer (RFC 6901)."""
    rule: str
    """Id of the rule that found it."""
    action: str
    """What was done: `replace`."""
    bytes: int
    """Length of what was there, in bytes of the decoded value."""


@dataclass(frozen=True)
class Failure:
    """One effect that failed."""

    target: str
    """What failed: `outbox`, or the name of a sink."""
    message: str
    """Why, for people."""
    retryable: bool
    """Whether the same event may be emitted again with a chance of success."""


@dataclass(frozen=True)
class Receipt:
    """What was done to an event or a value. Never holds any part of what was redacted."""

    event_id: str
    """UUID of the event. Empty in receipts of `redact` and `cap_payload`."""
    redactions: tuple[Redaction, ...]
    """What was redacted, the first 100."""
    redactions_total: int
    """How many redactions there were, those beyond the first 100 included."""
    truncated: tuple[str, ...]
    """JSON Pointers (RFC 6901) to what was cut, the first 100."""
    duplicate: bool
    """Whether the outbox had an event of this id already, so that this one was not recorded."""
    failures: tuple[Failure, ...]
    """The effects that failed."""
    json: str
    """The receipt as the component wrote it: one JSON object on one line."""


@dataclass(frozen=True)
class Rewritten:
    """A value and what was done to it."""

    value: Any
    """The new value. Integers are exact; one of more digits than Python reads is a `decimal.Decimal`."""
    json: str
    """The new value as JSON text, exactly as the component wrote it."""
    receipt: Receipt
    """What was redacted and truncated."""


def parse_receipt(text: str) -> Receipt:
    """Reads a receipt, and raises `ComponentError` when it is none."""
    receipt = _receipt(text)
    if receipt is None:
        raise broken("a receipt")
    return receipt


def parse_rewritten(value: str, receipt: str) -> Rewritten:
    """Reads the answer of `redact` and `cap-payload`, and raises `ComponentError` when it is none."""
    fields = parse_receipt(receipt)
    try:
        return Rewritten(parse_value(value), value, fields)
    except ValueError:
        pass
    raise broken("a value")


def parse_answer(line: str) -> str | Error:
    """Reads one line of the answer of `emit-batch`: a receipt's JSON, or why the event was refused."""
    if not line.startswith('{"error":'):
        return line
    try:
        return from_fields(json.loads(line)["error"])
    except (ValueError, KeyError, TypeError):
        return broken("an error")


def parse_value(text: str) -> Any:
    """Reads any JSON value, integers of any length included."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        raise
    except ValueError:
        # An integer of more digits than Python makes an `int` from, lest that take for ever.
        return json.loads(text, parse_int=_long_integer)


def _long_integer(digits: str) -> Any:
    from decimal import Decimal

    try:
        return int(digits)
    except ValueError:
        return Decimal(digits)


def _receipt(text: str) -> Receipt | None:
    try:
        fields = json.loads(text)
        return Receipt(
            fields.get("event_id", ""),
            tuple([Redaction(**redaction) for redaction in fields["redactions"]]),
            fields["redactions_total"],
            tuple(fields["truncated"]),
            fields.get("duplicate", False),
            tuple([Failure(**failure) for failure in fields.get("failures", ())]),
            text,
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
