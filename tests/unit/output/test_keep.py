"""A file that somebody changed, or that a program holds, is left alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from recon.output.keep import WRITTEN, is_ours, write_beside


def write(path: Path) -> None:
    path.write_text("ours", encoding="utf-8")


@pytest.mark.parametrize("record", ["[]", "{", '{"a.txt": "no list"}'])
def test_without_a_good_record_nothing_is_ours(tmp_path: Path, record: str) -> None:
    write(tmp_path / "a.txt")
    (tmp_path / WRITTEN).write_text(record, encoding="utf-8")
    assert not is_ours(tmp_path / "a.txt")
    assert is_ours(tmp_path / "b.txt")


def test_a_file_that_a_program_holds_is_not_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert write_beside(tmp_path / "a.txt", write).name == "a.txt"
    assert is_ours(tmp_path / "a.txt")

    def refuse(*_: object, **__: object) -> Any:
        raise PermissionError(13, "in use")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refuse)
        assert not is_ours(tmp_path / "a.txt")


def test_a_name_that_cannot_be_taken_is_passed_over_or_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced = Path.replace
    write_beside(tmp_path / "a.txt", write)

    def refuse(self: Path, target: Path) -> Path:
        if Path(target).name == "a.txt":
            raise PermissionError(13, "open in another program")
        return replaced(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    assert write_beside(tmp_path / "a.txt", write).name == "a-2.txt"
    (tmp_path / "a.txt").unlink()
    with pytest.raises(PermissionError):
        write_beside(tmp_path / "a.txt", write)
