"""What secrets are known by: read from the guest's JSON (`wit/schema/rules.schema.json`)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

from .errors import broken


@dataclass(frozen=True)
class Rule:
    """A rule by which secrets are found."""

    id: str
    """What receipts and configurations call it. It never changes."""
    kind: Literal["key", "format", "notation", "shell"]
    """How it knows a secret.

    By the name it stands under (`key`), by its own shape (`format`), by the way the text around it is written
    (`notation`), or by what is known of command lines (`shell`).
    """
    vendor: str | None
    """Whose format it is; None when it is nobody's."""
    description: str
    """What it finds, for people."""
    action: Literal["replace", "mask", "hash", "drop", "off"]
    """What becomes of it when the configuration says nothing."""


def parse_rules(text: str) -> tuple[Rule, ...]:
    """Reads the answer of `catalog.rules`, and raises `ComponentError` when it is none."""
    rules = _rules(text)
    if rules is None:
        raise broken("a list of rules")
    return rules


def _rules(text: str) -> tuple[Rule, ...] | None:
    try:
        rules = json.loads(text)
        return tuple([Rule(**rule) for rule in rules]) if isinstance(rules, list) else None
    except (ValueError, TypeError):
        return None
