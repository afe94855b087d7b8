"""Where compiled code is kept: who can write there can run code as us."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
import wasmtime

from auditbox.engine import cache, program


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own."""
    monkeypatch.setenv("AUDITBOX_CACHE_DIR", str(tmp_path / "a/cache"))
    return tmp_path / "a/cache"


def works() -> bool:
    cache.save("name", b"code")
    return cache.load("name") == b"code"


def test_code_is_kept_in_a_new_folder_of_this_user_alone(folder: Path) -> None:
    assert cache.load("name") is None
    assert works()
    assert [stat.S_IMODE(place.stat().st_mode) for place in (folder, folder.parent, folder / "name")] == [
        0o700,
        0o700,
        0o600,
    ]
    assert os.listdir(folder) == ["name"]


def test_a_folder_that_others_can_write_is_not_used(folder: Path) -> None:
    assert works()
    for mode in (0o720, 0o702, 0o1777):
        folder.chmod(mode)
        assert not works(), oct(mode)
        assert cache.load("name") is None
    folder.chmod(0o755)
    assert works(), "others may read"


def test_a_folder_that_others_can_rename_is_not_used(folder: Path) -> None:
    assert works()
    folder.parent.chmod(0o777)
    assert not works()
    folder.parent.chmod(0o1777)
    assert works(), "as in `/tmp`"


def test_a_symbolic_link_is_not_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    folder.parent.mkdir()
    folder.symlink_to(tmp_path / "elsewhere")
    assert not works()


def test_another_users_folder_is_not_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert works()
    monkeypatch.setattr("os.geteuid", lambda: 12345)
    assert not works()


def test_a_file_that_others_can_write_is_not_loaded(folder: Path) -> None:
    assert works()
    (folder / "name").chmod(0o622)
    assert cache.load("name") is None


def test_without_a_folder_there_is_no_cache(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder.parent.touch()
    assert not works()
    monkeypatch.setenv("AUDITBOX_CACHE_DIR", "")
    assert not works()
    monkeypatch.delenv("AUDITBOX_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert works()
    assert (tmp_path / "home/.cache/auditbox/name").exists()


def test_code_that_is_not_whole_is_not_loaded(folder: Path) -> None:
    assert works()
    (folder / "name").write_bytes((folder / "name").read_bytes()[:-1])
    assert cache.load("name") is None


def test_a_module_is_compiled_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = 0

    class Counted(wasmtime.Module):
        def __init__(self, engine: wasmtime.Engine, wasm: bytes) -> None:
            nonlocal compiled
            compiled += 1
            super().__init__(engine, wasm)

    monkeypatch.setattr("wasmtime.Module", Counted)
    for _ in range(2):
        program._compiled(b"\0asm\x01\0\0\0")
    assert compiled == 1
    (kept,) = folder.iterdir()
    # As if another version of wasmtime had left it.
    cache.save(kept.name, b"something else")
    for _ in range(2):
        program._compiled(b"\0asm\x01\0\0\0")
    assert compiled == 2
