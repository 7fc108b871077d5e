"""Layouts of real exports as data: each example is read as its file says."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

import pytest

from recon.base.errors import ConfigError
from recon.intake.cache import cached_intake
from recon.intake.pipeline import IntakeSettings, read_intake
from recon.tables.layout_files import FOLDER, layouts, own_layouts, write_layout
from recon.workspace.folder import run_id
from recon.workspace.recon_toml import load_config

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from recon.base.models import Intake

NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("name", NAMES)
def test_the_example_of_a_layout_gives_its_sums(name: str, load: Callable[..., Intake]) -> None:
    layout = layouts()[name]
    assert layout.example is not None
    lines = list(csv.reader(StringIO(layout.example.lines)))
    found = load(lines, f"{name}.csv", None)
    frame = found.tables[layout.table]
    sums = {column: str(frame[column].sum()) for column in layout.example.sums}
    assert sums == layout.example.sums
    assert found.rejected.height == 0
    if layout.table == "bank_txn":
        assert frame["party_name"].null_count() == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("zh: 甲\ntable: bank\ncolumns: {}\nexample: {lines: a, sums: {}}", "没有表“bank”"),
        (
            "zh: 甲\ntable: bank_txn\ncolumns: {cash: [现金]}\nexample: {lines: a, sums: {}}",
            "没有列“cash”",
        ),
        ("zh: 甲\ncolumns: {}", "table"),
    ],
)
def test_a_faulty_layout_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "甲行.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        layouts(tmp_path)
    assert said in str(caught.value)
    assert "甲行.yaml" in str(caught.value)


STATEMENT = """办理日,进项数,出项数,结存数,来往何人
2024-03-04,298.81,,1298.81,甲厂
2024-03-05,,98.80,1200.01,乙店
"""
COLUMNS = {
    "posted_on": ["办理日"],
    "money_in": ["进项数"],
    "money_out": ["出项数"],
    "balance": ["结存数"],
    "party_name": ["来往何人"],
}


def statement(folder: Path) -> Path:
    """Put a statement whose headers nobody knows into a folder."""
    (folder / "乡村行.csv").write_text(STATEMENT, encoding="utf-8")
    return folder


def sums(folder: Path) -> dict[str, str]:
    """Read a folder as its settings say; return the sums of a statement, none if none is read."""
    found = read_intake(folder, IntakeSettings(layouts=load_config(folder).layouts))
    frame = found.tables.get("bank_txn")
    names = ("money_in", "money_out", "balance")
    return {} if frame is None else {name: str(frame[name].sum()) for name in names}


def test_a_workspace_teaches_headers_and_another_knows_nothing_of_them(tmp_path: Path) -> None:
    taught, plain = tmp_path / "a", tmp_path / "b"
    for folder in (taught, plain):
        folder.mkdir()
        statement(folder)
    path = write_layout(taught, "示例 乡村/银行", "bank_txn", COLUMNS)
    assert path == taught / "layouts" / "示例-乡村-银行.yaml"
    known = {"money_in": "298.81", "money_out": "98.80", "balance": "2498.82"}
    assert [sums(plain), sums(taught), sums(plain)] == [{}, known, {}]


def test_layouts_of_a_workspace_make_another_run_and_another_entry_of_the_cache(
    tmp_path: Path,
) -> None:
    statement(tmp_path)
    (tmp_path / "花名册.csv").write_text(
        "班次编号,姓名,身份证号\nP1,张小三,11010519491231002X\n", encoding="utf-8"
    )
    first = run_id([], tmp_path)
    assert cached_intake(tmp_path, IntakeSettings(), tmp_path).how == "stored"
    write_layout(tmp_path, "乡村银行", "bank_txn", COLUMNS)
    settings = IntakeSettings(layouts=load_config(tmp_path).layouts)
    again = cached_intake(tmp_path, settings, tmp_path)
    assert again.how == "stored"
    assert again.intake.rows["bank_txn"].height == 2
    assert cached_intake(tmp_path, settings, tmp_path).how == "reused"
    assert run_id([], tmp_path) != first


def test_a_layout_is_never_written_over(tmp_path: Path) -> None:
    names = [write_layout(tmp_path, "甲行", "bank_txn", COLUMNS).name for _ in range(3)]
    assert names == ["甲行.yaml", "甲行-2.yaml", "甲行-3.yaml"]
    with pytest.raises(ConfigError, match="没有列“cash”"):
        write_layout(tmp_path, "乙行", "bank_txn", {"cash": ["现金"]})
    assert len(own_layouts(tmp_path)) == 3 * len(COLUMNS)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"money_in": ["余额"]}, "“余额”已经是“balance”，不能又是“money_in”"),
        ({"money_in": ["甲数"], "money_out": ["甲 数"]}, "“甲 数”已经是“money_in”"),
    ],
)
def test_a_layout_that_turns_a_known_header_round_is_refused(
    tmp_path: Path, columns: dict[str, list[str]], said: str
) -> None:
    statement(tmp_path)
    write_layout(tmp_path, "甲行", "bank_txn", columns)
    with pytest.raises(ConfigError) as caught:
        sums(tmp_path)
    assert said in str(caught.value)
