"""Temporary files go with their process, or with the next start after its death."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

import psutil
import pytest

from recon.base.errors import TemporaryUnwritableError
from recon.base.temporary import mark, remove_left, remove_left_in, temporary_folder
from recon.workspace.errors import KeyDamagedError
from recon.workspace.folder import KEY_FILE, claim, workspace_key

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def gone() -> str:
    """Return the mark of a process that has ended."""
    machine = mark().partition("-")[0]
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return f"{machine}-{process.pid}"


def test_a_folder_is_there_as_long_as_it_is_used(place: Path) -> None:
    with temporary_folder("read") as folder:
        assert folder.parent == place
        (folder / "0.arrow").write_bytes(b"x")
        remove_left()
        assert (folder / "0.arrow").exists()
    assert list(place.iterdir()) == []


def test_what_a_dead_process_left_is_removed_and_nothing_else(place: Path, tmp_path: Path) -> None:
    dead = gone()
    (place / f"recon-read-{dead}-abc").mkdir()
    (place / f"recon-read-{dead}-abc" / "0.arrow").write_bytes(b"x")
    (place / f"recon-verify-{dead}-abc").write_bytes(b"x")
    kept = [f"recon-read-{mark()}-abc", "recon-mine", f"other-{dead}-abc",
            f"recon-read-00000000-{dead.partition('-')[2]}-abc"]  # fmt: skip
    for name in kept:
        (place / name).mkdir()
    with claim(tmp_path / "out"):
        assert sorted(path.name for path in place.iterdir()) == sorted(kept)


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    remove_left_in(tmp_path / "none", "*")
    assert list(tmp_path.iterdir()) == []


def test_no_place_for_temporary_files_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with pytest.raises(TemporaryUnwritableError, match="none"), temporary_folder("read"):
        pass


def test_the_key_is_made_once_and_whole(tmp_path: Path) -> None:
    (tmp_path / f".{KEY_FILE}.{gone()}").write_text("half", encoding="ascii")
    first = workspace_key(tmp_path, tmp_path)
    assert len(first) == 64
    assert workspace_key(tmp_path, tmp_path) == first
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


@pytest.mark.parametrize("content", [b"", b" \n", b"\xff\xfe"])
def test_a_damaged_key_is_never_used(content: bytes, tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_bytes(content)
    with pytest.raises(KeyDamagedError):
        workspace_key(tmp_path, tmp_path)


def test_a_key_that_another_run_made_meanwhile_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = "ab" * 32

    def meanwhile(_folder: Path, _pattern: str) -> None:
        (tmp_path / KEY_FILE).write_text(other, encoding="ascii")

    monkeypatch.setattr("recon.workspace.folder.remove_left_in", meanwhile)
    assert workspace_key(tmp_path, tmp_path) == other.encode()


def test_what_a_process_that_does_not_answer_has_made_is_kept(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = place / f"recon-read-{gone()}-abc"
    folder.mkdir()

    def silent(_process: int) -> None:
        raise psutil.AccessDenied

    with monkeypatch.context() as patch:
        patch.setattr("recon.base.temporary.psutil.Process", silent)
        remove_left()
    assert folder.exists()
    remove_left()
    assert not folder.exists()
