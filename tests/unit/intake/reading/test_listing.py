import os
from pathlib import Path

import pytest

from recon.base.errors import SeveralWorkspacesError
from recon.base.models import ReadLimits
from recon.intake.cache import cached_intake
from recon.intake.formats.letters import index_of, letter_of
from recon.intake.formats.reader import list_files, list_inputs, read_file, read_files
from recon.intake.pipeline import IntakeSettings, read_intake


def make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"a,b\n1,2\n")


def names(root: Path, *exclude: Path) -> list[str]:
    return [path.relative_to(root).as_posix() for path in list_inputs(root, exclude)]


def test_only_inputs_are_listed_in_posix_order(tmp_path: Path) -> None:
    make(
        tmp_path, "b.CSV", "a/2.xlsx", "a/10.xls", "a.et", "说明.md", "x.py", "db.sqlite", ".a.csv",
        "~$a.xlsx", "recon.toml", "aliases.csv", "recon-out/r1/exceptions.csv", ".git/a.csv",
        "old/run.json", "old/rejected.csv", "old/deep/x.csv", "z.zip", "y.txt",
    )  # fmt: skip
    assert names(tmp_path) == ["a.et", "a/10.xls", "a/2.xlsx", "b.CSV", "y.txt", "z.zip"]


def test_what_looks_like_data_is_told_when_passed_over(tmp_path: Path) -> None:
    make(tmp_path, "~$a.xlsx", "sub/aliases.csv", "a.csv", "README.md")
    ignored = list_files(tmp_path).ignored
    assert [entry.path.name for entry in ignored] == ["README.md", "aliases.csv", "~$a.xlsx"]
    assert ignored[1].reason.zh.startswith("sub/aliases.csv: ")


def test_every_other_regular_file_is_named_one_line_a_kind(tmp_path: Path) -> None:
    make(
        tmp_path, "a.csv", "流水", "b.dat", "c.bak", "d.csv.1", "e.xlsx.download", "f.slk", "g.mht",
        "1.jpg", "2.jpg", "3.jpg", "sub/4.jpg", ".hidden.csv", "Thumbs.db", ".DS_Store",
        "recon.toml", "recon.key", "rules/own/x.yaml", "sql/x.sql",
    )  # fmt: skip
    told = {one.path.name: one.reason.zh for one in list_files(tmp_path).ignored if not one.is_own}
    assert told.keys() == {
        "流水", "b.dat", "c.bak", "d.csv.1", "e.xlsx.download", "f.slk", "g.mht", "1.jpg",
        ".hidden.csv",
    }  # fmt: skip
    assert told["1.jpg"].startswith("1.jpg、2.jpg、3.jpg等 4 个文件: ")
    assert all("没有读取" in one or "导出" in one for one in told.values())


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="links and pipes of POSIX")
def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    make(tmp_path, "a.csv", "deep/b.csv")
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    (tmp_path / "gone.csv").symlink_to("nowhere.csv")
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    (tmp_path / "good.csv").symlink_to("a.csv")
    (tmp_path / "around").symlink_to(tmp_path, target_is_directory=True)
    assert names(tmp_path) == ["a.csv", "deep/b.csv", "good.csv"]
    told = {one.path.name: one.reason.zh for one in list_files(tmp_path).ignored}
    assert told.keys() == {"pipe.csv", "loop.csv", "gone.csv", "zero.csv", "around"}
    assert all("没有打开" in told[name] for name in told if name != "around")
    read = read_file(tmp_path / "pipe.csv", 1, tmp_path, ReadLimits())
    assert read.source.status == "refused"


def test_a_folder_that_cannot_be_opened_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, "a.csv", "closed/b.csv")
    real = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    told = list_files(tmp_path)
    assert [path.name for path in told.inputs] == ["a.csv"]
    assert [one.path.name for one in told.ignored] == ["closed"]


def test_a_folder_of_several_workspaces_is_refused_unless_a_copy_is_skipped(tmp_path: Path) -> None:
    make(tmp_path, "a.csv", "2023备份/recon.toml", "2023备份/a.csv", "recon.toml")
    for read in (
        lambda *left_out: read_intake(tmp_path, IntakeSettings(exclude=left_out)),
        lambda *left_out: cached_intake(tmp_path, IntakeSettings(exclude=left_out), tmp_path),
    ):
        with pytest.raises(SeveralWorkspacesError) as error:
            read()
        for text in (error.value.text.zh, error.value.text.en):
            assert "recon rollup" in text
            assert '[check] skip = ["2023备份"]' in text
        read(tmp_path / "2023备份")


def test_files_that_may_hold_data_are_told_what_to_do_with(tmp_path: Path) -> None:
    make(
        tmp_path, "流水.rar", "文件.pdf", "老账.dbf", "aliases.csv", "recon-ledger.sqlite", "a.csv"
    )
    told = {one.path.name: one for one in list_files(tmp_path).ignored}
    assert "解压" in told["流水.rar"].reason.zh
    assert "导出" in told["文件.pdf"].reason.zh
    assert "另存" in told["老账.dbf"].reason.zh
    assert [name for name, one in told.items() if one.is_own] == [
        "aliases.csv",
        "recon-ledger.sqlite",
    ]


def test_excluded_places_are_left_out(tmp_path: Path) -> None:
    make(tmp_path, "out/a.csv", "b.csv", "c.csv")
    assert names(tmp_path, tmp_path / "out", tmp_path / "b.csv") == ["c.csv"]


def test_nothing_to_read_is_no_trouble(tmp_path: Path) -> None:
    assert list(read_files([], tmp_path, ReadLimits())) == []


@pytest.mark.parametrize("index", [0, 25, 26, 701, 702, 16_383])
def test_letters_and_places_agree(index: int) -> None:
    assert index_of(letter_of(index)) == index
