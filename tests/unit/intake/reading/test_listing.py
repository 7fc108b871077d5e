from pathlib import Path

import pytest

from recon.base.models import ReadLimits
from recon.intake.formats.letters import index_of, letter_of
from recon.intake.formats.reader import list_files, list_inputs, read_files


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
    assert [entry.path.name for entry in ignored] == ["aliases.csv", "~$a.xlsx"]
    assert ignored[0].reason.zh.startswith("sub/aliases.csv: ")


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
