"""The whole intake over a folder: order, places, conservation, locked mode."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recon.base.errors import UnbalancedSheetError, UnknownSourcesError
from recon.base.models import RawSheet, SourceMapping
from recon.intake.layout.mapping import map_sheet
from recon.intake.pipeline import IntakeSettings, join_sheets, read_intake
from recon.intake.quality.items import ITEM_SCHEMA
from recon.intake.sheets.certificate import certify
from recon.intake.sheets.sheet import parse_sheet
from recon.intake.sheets.understanding import understand_parts
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PAYROLL = "单位名称,所属月份,工资总额\n"


def write(path: Path, text: str, encoding: str = "utf-8") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))


def test_row_ids_follow_files_sheets_and_rows(tmp_path: Path) -> None:
    write(tmp_path / "b/02.csv", PAYROLL + "乙,2024-02,2\n")
    write(tmp_path / "b/01.csv", PAYROLL + "甲,2024-01,1\n坏,,1\n甲,2024-02,3\n", "gb18030")
    write(tmp_path / "a.csv", "车牌号,品牌型号,处置日期\n桂A12345,x,\n")
    told: list[str] = []
    found = read_intake(tmp_path, IntakeSettings(progress=told.append))
    assert told == ["a.csv", "b/01.csv", "b/02.csv"]
    assert [file.path for file in found.files] == told
    assert found.tables["vehicle"]["row_id"].to_list() == [1]
    assert found.tables["payroll"].select("row_id", "payer_name").rows() == [
        (2, "甲"), (3, "甲"), (4, "乙"),
    ]  # fmt: skip
    ids = {file.file_id: file.path for file in found.files}
    rows = [(ids[file_id], row) for _, file_id, _, row in found.source_row.iter_rows()]
    assert rows == [("a.csv", 2), ("b/01.csv", 2), ("b/01.csv", 4), ("b/02.csv", 2)]
    assert found.rejected.select("file", "row_no").rows() == [("b/01.csv", 3)]


def test_frames_have_the_columns_of_the_contract(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", PAYROLL + "甲,2024-01,1\n")
    found = read_intake(tmp_path)
    frame = found.tables["payroll"]
    assert dict(frame.schema) == {"row_id": pl.Int64()} | specs()["payroll"].schema
    assert frame["evidence"].to_list() == ["工资表"]
    assert dict(found.rejected.schema) == ITEM_SCHEMA
    assert dict(found.quality.schema) == ITEM_SCHEMA


def test_same_folder_gives_the_same_frames(tmp_path: Path) -> None:
    for number in range(3):
        write(tmp_path / f"{number}.csv", PAYROLL + f"甲,2024-01,{number}\n坏,x,y\n")
    first, second = read_intake(tmp_path), read_intake(tmp_path)
    assert first.tables["payroll"].equals(second.tables["payroll"])
    assert first.rejected.equals(second.rejected)
    assert first.quality.equals(second.quality)


def test_encoding_of_a_mapping_reaches_the_reader(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", PAYROLL + "甲,2024-01,1\n", "gb18030")
    source = SourceMapping("*.csv", encoding="gb18030")
    found = read_intake(tmp_path, IntakeSettings(sources=(source,)))
    assert found.tables["payroll"]["payer_name"].to_list() == ["甲"]


def test_locked_folder_refuses_unknown_sheets_and_columns_together(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "单位名称,所属月份,工资总额,怪列\n甲,2024-01,1,x\n")
    write(tmp_path / "b.csv", "这是什么,那是什么\n1,2\n")
    assert read_intake(tmp_path).tables["payroll"].height == 1
    with pytest.raises(UnknownSourcesError) as caught:
        read_intake(tmp_path, IntakeSettings(locked=True))
    assert len(caught.value.text.zh.splitlines()) == 1 + 2
    assert "怪列" in caught.value.text.zh
    assert caught.value.exit_code == 2


def test_lost_row_or_cent_ends_the_run_and_names_the_sheet(raw: Callable[..., RawSheet]) -> None:
    sheet = raw([["单位名称", "所属月份", "工资总额"], ["甲", "2024-01", "1"]])
    parsed = parse_sheet(sheet, map_sheet(sheet))
    with pytest.raises(UnbalancedSheetError, match=r"a\.xlsx#Sheet1"):
        certify(replace(parsed, sheet=replace(sheet, rows_total=3)))
    sums = parsed.money["wages"] | {"accepted": Decimal(0)}
    with pytest.raises(UnbalancedSheetError, match="wages"):
        certify(replace(parsed, money={"wages": sums}))


COLUMNS = [column for table in specs().values() for column in table.columns]
HEADERS = sorted({header for column in COLUMNS for header in column.headers})
CELLS = st.one_of(
    st.none(),
    st.sampled_from(
        [
            "1", "1,234.50", "-", "(3)", "abc", "2024-01-05", "45296", "2024年3月",
            "合计", "小计", "共3笔", "注：", "工会经费", "是", "【示例】", "本年累计",
            "#N/A", "4.5E+17", "某公司", " ",
            "单位：万元", "账号：123456",
        ]
    ),
    st.text(max_size=6),
)  # fmt: skip


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_no_row_and_no_cent_is_lost_whatever_the_sheet(
    raw: Callable[..., RawSheet], data: st.DataObject
) -> None:
    width = data.draw(st.integers(1, 8))
    line = st.lists(CELLS, min_size=width, max_size=width)
    table = data.draw(st.sampled_from(sorted(specs())))
    known = [column.zh for column in specs()[table].columns if column.required]
    header: list[str | None] = [*known, *data.draw(st.lists(st.sampled_from(HEADERS), max_size=4))]
    top = data.draw(st.lists(line, max_size=3))
    rows = data.draw(st.lists(st.lists(CELLS, max_size=len(header)), max_size=8))
    lines = [*top, header, *rows]
    sheet = raw(lines, rows_total=len(lines) + data.draw(st.integers(0, 3)))
    (parsed,) = understand_parts(sheet)
    certificate = certify(parsed)
    assert certificate.is_balanced
    assert certificate.rows_read == sheet.rows_total
    found = join_sheets((), [parsed])
    accepted = sum(frame.height for frame in found.tables.values())
    assert accepted == certificate.rows_accepted == found.source_row.height
    assert found.rejected.height == certificate.rows_rejected
    for frame in found.tables.values():
        assert frame["row_id"].is_sorted()
