"""The configuration: as the program says it, and as the guest answers it. Every default is the guest's."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .capability.file import FileOptions
from .errors import InvalidConfigError, broken
from .values import UnencodableError, encode, utf8


@dataclass(frozen=True)
class Effective:
    """What of the configuration in force concerns the host."""

    stdout: bool
    """Whether records go to the standard output."""
    file: FileOptions | None
    """The log, if there is one."""
    has_outbox: bool
    """Whether there is an outbox."""
    sinks: Mapping[str, int]
    """How many records may wait for each of the user's own sinks."""
    closed: bool
    """Whether a record that could not be committed is the caller's error, and no sink gets it."""

    @staticmethod
    def parse(text: str) -> Effective:
        """Reads what `configure` answers.

        Raises:
            ComponentError: when that is no configuration.
        """
        try:
            config = json.loads(text)
            file = config["file"]
            return Effective(
                config["stdout"],
                file and FileOptions(**file),
                config["outbox"] is not None,
                {name: sink["max_queued"] for name, sink in config["sinks"].items()},
                config["on_failure"] == "closed",
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            pass
        raise broken("a configuration")


def merge(
    config: Mapping[str, Any] | str | None,
    stdout: bool | None,
    file: str | os.PathLike[str] | Mapping[str, Any] | None,
    sinks: Iterable[str],
) -> bytes:
    """Makes the configuration's text, with what was said beside it.

    Raises:
        InvalidConfigError: when it has no form in JSON.
    """
    text = utf8(config) if isinstance(config, str) else _encoded({} if config is None else config)
    names = list(sinks)
    if stdout is None and file is None and not names:
        return text
    merged = _parsed(text)
    # What is no object is left to the guest, which says what is wrong with it.
    if not isinstance(merged, dict):
        return text
    if stdout is not None:
        merged["stdout"] = stdout
    if isinstance(file, Mapping):
        merged["file"] = file
    elif file is not None:
        path = _path(file)
        given = merged.get("file")
        # The file's other settings are those of the configuration.
        merged["file"] = {**given, "path": path} if isinstance(given, dict) else path
    queues = merged.setdefault("sinks", {}) if names else None
    if isinstance(queues, dict):
        for name in names:
            queues.setdefault(name, {})
    return _encoded(merged)


def _encoded(config: Any) -> bytes:
    try:
        return encode(config)
    except UnencodableError as error:
        problem = InvalidConfigError(error.path, error.message)
    raise problem


def _parsed(text: bytes) -> Any:
    try:
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _path(file: str | os.PathLike[str]) -> str:
    path = os.fsdecode(file)
    shown = path.encode("utf-8", "replace").decode()
    if shown != path:
        raise InvalidConfigError("/file", f"`{shown}` is not UTF-8: choose another path")
    return path
