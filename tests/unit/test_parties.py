"""aliases.csv of a workspace: what a line must say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recon.base.errors import AliasError
from recon.engine.parties import read_aliases

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "\ufeff名称,统一社会信用代码\n"


def test_names_are_read_once_and_empty_lines_passed_over(tmp_path: Path) -> None:
    assert read_aliases(tmp_path) == []
    lines = f"{HEAD} 甲公司 ,91\n\n,\n甲 公司,91\n乙公司,92,备注\n"
    (tmp_path / "aliases.csv").write_text(lines, encoding="utf-8")
    assert read_aliases(tmp_path) == [("甲公司", "91"), ("乙公司", "92")]


@pytest.mark.parametrize("line", ["甲公司", "甲公司, ", " ,91", "乙（公司）,93"])
def test_a_line_without_name_or_code_or_with_another_code_is_named(
    tmp_path: Path, line: str
) -> None:
    text = f"{HEAD}乙公司,92\n{line}\n"
    (tmp_path / "aliases.csv").write_text(text, encoding="utf-8")
    with pytest.raises(AliasError, match=r"aliases\.csv:3"):
        read_aliases(tmp_path)
