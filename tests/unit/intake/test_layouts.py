"""Layouts of real exports as data: each example is read as its file says."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

import pytest

from recon.base.errors import ConfigError
from recon.tables.layout_files import FOLDER, layouts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from recon.base.models import Intake

NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("name", NAMES)
def test_the_example_of_a_layout_gives_its_sums(name: str, load: Callable[..., Intake]) -> None:
    layout = layouts()[name]
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
        ("zh: 甲\ntable: bank_txn\ncolumns: {}", "example"),
    ],
)
def test_a_faulty_layout_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "甲行.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        layouts(tmp_path)
    assert said in str(caught.value)
    assert "甲行.yaml" in str(caught.value)
