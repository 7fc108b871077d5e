"""The output folder and the workspace's key on disks that refuse things, and the run before."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest

from recon.workspace.errors import OutputUnwritableError
from recon.workspace.folder import KEY_FILE, claim, place_run, previous_run, workspace_key

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_what_a_killed_run_left_is_removed_by_the_next(tmp_path: Path) -> None:
    with claim(tmp_path) as work:
        prefix = work.name.removesuffix(str(os.getpid()))
    (tmp_path / f"{prefix}1").mkdir()
    (tmp_path / f"{prefix}1" / "half").write_bytes(b"x")
    with claim(tmp_path) as work:
        assert [path.name for path in tmp_path.glob(f"{prefix}*")] == [work.name]
    assert not work.exists()


def test_a_full_disk_is_said_whatever_a_library_calls_it(tmp_path: Path) -> None:
    with pytest.raises(OutputUnwritableError, match=os.strerror(errno.ENOSPC)), claim(tmp_path):
        raise RuntimeError(f"cannot write the page: {FULL}")


def test_a_disk_that_turns_out_full_is_said_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise FULL

    monkeypatch.setattr("recon.workspace.folder.os.fsync", refuse)
    with pytest.raises(OutputUnwritableError, match=os.strerror(errno.ENOSPC)), claim(tmp_path):
        raise RuntimeError("the file ends too early")


def test_a_fault_that_is_none_of_the_disk_stays_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="of the program"), claim(tmp_path):
        raise RuntimeError("of the program")


def test_a_key_is_made_on_a_disk_without_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: Path, _target: Path) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    key = workspace_key(tmp_path, tmp_path)
    assert (tmp_path / KEY_FILE).read_bytes().strip() == key
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


def test_a_key_stands_in_the_output_folder_where_the_workspace_takes_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, out = Path.open, tmp_path / "out"
    out.mkdir()

    def refuse(self: Path, *words: Any, **more: Any) -> Any:
        if self.parent in refused and KEY_FILE in self.name:
            raise PermissionError(13, "read-only", str(self))
        return opened(self, *words, **more)

    monkeypatch.setattr(Path, "open", refuse)
    refused = {tmp_path, out}
    with pytest.raises(OutputUnwritableError, match=KEY_FILE):
        workspace_key(tmp_path, out)
    refused = {tmp_path}
    workspace_key(tmp_path, out)
    assert (out / KEY_FILE).is_file()
    assert not (tmp_path / KEY_FILE).exists()


def test_a_run_that_is_there_keeps_its_files_and_gains_those_it_lacks(tmp_path: Path) -> None:
    for turn, names in enumerate((("a",), ("a", "b"))):
        written = tmp_path / f"work{turn}"
        written.mkdir()
        for name in names:
            (written / name).write_text(name, encoding="utf-8")
        assert place_run(written, tmp_path, "0" * 16, {}) == ()
    kept = tmp_path / ("0" * 16)
    assert sorted(path.name for path in kept.iterdir()) == ["a", "b"]


@pytest.mark.parametrize("timing", [None, "{", json.dumps({"previous_run": "gone"})])
def test_a_run_that_does_not_say_what_came_before_has_nothing_before_it(
    tmp_path: Path, timing: str | None
) -> None:
    run = tmp_path / ("0" * 16)
    run.mkdir()
    (run / "run.json").write_text("{}", encoding="utf-8")
    if timing is not None:
        (run / "timing.json").write_text(timing, encoding="utf-8")
    (tmp_path / "latest").write_text(run.name, encoding="utf-8")
    assert previous_run(tmp_path, run.name) is None
    assert previous_run(tmp_path, "1" * 16) == run
