"""Folders for this user alone."""

from __future__ import annotations

import contextlib
import os


def create(folder: str) -> None:
    """Creates a folder and those above it that are missing, each for this user alone.

    Raises:
        OSError: when one cannot be created, or is no folder.
    """
    if not folder or os.path.isdir(folder):
        return
    create(os.path.dirname(folder))
    # Another process may be quicker.
    with contextlib.suppress(FileExistsError):
        os.mkdir(folder, 0o700)
    if not os.path.isdir(folder):
        raise NotADirectoryError(20, "Not a directory", folder)
