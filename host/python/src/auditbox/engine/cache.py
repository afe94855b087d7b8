"""Where compiled code is kept between runs.

Who can write there can run code as us, so it must be a folder that only this user can write; without one there is no
cache, which costs time and nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import sys

from .. import folders

_VARIABLE = "AUDITBOX_CACHE_DIR"
"""Names another folder; empty: none."""

_DIGEST_BYTES = 32


def load(name: str) -> bytes | None:
    """Reads compiled code, if it is there and whole."""
    try:
        with open(os.path.join(_folder(), name), "rb") as file:
            _check(file.fileno())
            digest, code = file.read(_DIGEST_BYTES), file.read()
    except OSError:
        return None
    return code if hashlib.sha256(code).digest() == digest else None


def save(name: str, code: bytes) -> None:
    """Keeps compiled code, if there is a folder for it."""
    import tempfile

    with contextlib.suppress(OSError):
        folder = _folder()
        # By another name first, so that nobody reads a half of it.
        handle, path = tempfile.mkstemp(dir=folder, prefix=f".{name}.")
        try:
            with open(handle, "wb") as file:
                file.write(hashlib.sha256(code).digest() + code)
            os.replace(path, os.path.join(folder, name))
        except BaseException:
            os.unlink(path)
            raise


def _folder() -> str:
    """The folder, created if need be, by its absolute path.

    Raises:
        OSError: when there is none, it cannot be created, is a symbolic link, or anybody else could write it or put
            another in its place.
    """
    folder = os.environ.get(_VARIABLE)
    if folder is None:
        folder = os.path.join(_caches(), "auditbox")
    if not folder:
        raise FileNotFoundError
    folders.create(folder)
    if os.path.islink(folder):
        raise PermissionError
    folder = os.path.realpath(folder)
    if sys.platform != "win32":
        _check_all(folder)
    return folder


def _caches() -> str:
    if sys.platform == "win32":
        return os.environ.get("LOCALAPPDATA") or os.path.expanduser("~\\AppData\\Local")
    # By the XDG Base Directory Specification a relative path does not count.
    place = os.environ.get("XDG_CACHE_HOME", "")
    return place if os.path.isabs(place) else os.path.join(os.path.expanduser("~"), ".cache")


def _check(place: str | int) -> None:
    """What is there is ours and closed to others' writes."""
    if sys.platform != "win32":
        found = os.stat(place)
        if found.st_uid != os.geteuid() or found.st_mode & 0o022:
            raise PermissionError


def _check_all(folder: str) -> None:
    """Those above it are ours or root's, and let nobody else rename what is in them."""
    _check(folder)
    while folder != (above := os.path.dirname(folder)):
        folder = above
        found = os.stat(folder)
        sticky, shared = found.st_mode & stat.S_ISVTX, found.st_mode & 0o022
        if found.st_uid not in (0, _user()) or (shared and not sticky):
            raise PermissionError


def _user() -> int:
    return os.geteuid() if sys.platform != "win32" else 0
