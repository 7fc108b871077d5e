"""Parquet: typed columns as the texts that a csv would hold, and files that cannot be read."""

from __future__ import annotations

import gzip
import io
import zipfile
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recon.base.errors import InputsMovedError
from recon.intake.formats import parquet
from recon.intake.sheets.slices import whole
from recon.output.datafiles import write_parquet
from tests.unit.intake.reading.test_refusals import code_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from recon.intake.formats.reader import FileRead

    Read = Callable[..., FileRead]


def packed(columns: dict[str, Any], **options: Any) -> bytes:
    made = io.BytesIO()
    pq.write_table(pa.table(columns), made, **options)
    return made.getvalue()


@pytest.mark.parametrize(
    ("values", "kind", "texts"),
    [
        (["甲", "", None], pa.string(), ["甲", None, None]),
        (["甲", "甲", None], pa.dictionary(pa.int8(), pa.string()), ["甲", "甲", None]),
        (["甲".encode(), None], pa.binary(), ["甲", None]),
        ([1, -2, None], pa.int64(), ["1", "-2", None]),
        ([True, None], pa.bool_(), ["true", None]),
        ([Decimal("1.50"), None], pa.decimal128(18, 2), ["1.50", None]),
        ([Decimal("1.5"), Decimal(100)], pa.decimal128(38, 10), ["1.5", "100"]),
        ([Decimal("1.50")], pa.decimal256(60, 2), ["1.50"]),
        ([1.1, 100.0, 1e-7, None, float("nan")], pa.float64(), ["1.1", "100", "0.0000001"]),
        ([6222021e11, 45717.25], pa.float64(), ["6.22202100000000E+17", "45717.25"]),
        ([12.3], pa.float32(), ["12.3"]),
        ([date(2024, 3, 5), None], pa.date32(), ["2024-03-05", None]),
        ([time(8, 30)], pa.time64("us"), ["08:30:00"]),
        (
            [datetime(2024, 3, 5, 8, 30), datetime(2024, 3, 5)],  # noqa: DTZ001
            pa.timestamp("ms"),
            ["2024-03-05 08:30:00", "2024-03-05"],
        ),
        (
            [datetime(2024, 3, 4, 16, tzinfo=UTC)],
            pa.timestamp("us", "Europe/Paris"),
            ["2024-03-05"],
        ),
        ([None, None], pa.null(), [None, None]),
    ],
)
def test_typed_values_become_the_texts_of_a_csv(
    read: Read, values: list[Any], kind: pa.DataType, texts: list[str | None]
) -> None:
    [sheet] = read("a.parquet", packed({"列": pa.array(values, kind)})).sheets
    texts = [*texts, *[None] * (len(values) - len(texts))]
    assert sheet.cells.rows() == [(0, "列"), *enumerate(texts, start=1)]
    assert (sheet.rows_total, sheet.sheet, sheet.slices) == (len(values), None, None)


def test_a_long_file_gives_its_rows_in_slices(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "SLICE", 4)
    monkeypatch.setattr(parquet, "HEAD", 2)
    content = packed({"列": range(10)}, row_group_size=3)
    [sheet] = read("a.parquet", content).sheets
    assert (sheet.cells.height, sheet.rows_total) == (3, 10)
    assert sheet.slices is not None
    assert [one.height for one in sheet.slices()] == [5, 4, 2]
    rows = [(0, "列"), *((place + 1, str(place)) for place in range(10))]
    assert whole(sheet).cells.rows() == rows


def test_columns_of_lists_are_told_and_left_out(read: Read) -> None:
    content = packed({"名称": ["甲"], "明细": [[1, 2]], "金额": [1]})
    [sheet] = read("a.parquet", content).sheets
    assert sheet.cells.rows() == [(0, "名称", "金额"), (1, "甲", "1")]
    assert "明细" in sheet.notes[0].zh
    assert code_of(read("b.parquet", packed({"明细": [[1, 2]]}))) == "empty"


def test_parquet_in_archives_is_read(read: Read) -> None:
    content = packed({"列": [1]})
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.parquet", content)
    [member] = read("a.zip", made.getvalue()).members
    [sheet] = read("a.parquet.gz", gzip.compress(content)).sheets
    assert member.source.true_type == "parquet"
    assert member.sheets[0].cells.equals(sheet.cells)


def _cut(content: bytes) -> bytes:
    return content[:-20]


def _flipped(content: bytes) -> bytes:
    at = content.index("某县".encode())
    return content[:at] + b"\xff\xff" + content[at + 2 :]


@pytest.mark.parametrize("damage", [_cut, _flipped, lambda content: content[:4]])
def test_a_damaged_file_gets_one_sentence(read: Read, damage: Callable[[bytes], bytes]) -> None:
    columns = {"列": ["某县"] * 3}
    content = packed(columns, compression="none", use_dictionary=False, write_statistics=False)
    found = read("a.parquet", damage(content))
    assert code_of(found) == "parquet"
    assert found.source.status == "refused"
    assert found.source.problem is not None
    assert found.source.problem.zh.startswith("a.parquet: Parquet 文件已损坏")


def test_checksums_of_pages_are_believed(read: Read) -> None:
    content = packed(
        {"列": [7_777_777] * 3},
        compression="none",
        use_dictionary=False,
        write_statistics=False,
        write_page_checksum=True,
    )
    at = content.index((7_777_777).to_bytes(8, "little"))
    content = content[:at] + b"\x00" + content[at + 1 :]
    assert code_of(read("a.parquet", content)) == "parquet"


def test_files_of_the_tool_itself_are_no_input(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "own.parquet"
    write_parquet(pl.DataFrame({"单位名称": ["甲"], "所属月份": ["2024-01"]}), path)
    found = read("copied.parquet", path.read_bytes())
    assert (code_of(found), found.source.status) == ("own_output", "ignored")


def test_too_many_columns_or_bytes_are_refused(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "_MOST_BYTES", 8)
    assert code_of(read("a.parquet", packed({"列": [1, 2]}))) == "memory"
    monkeypatch.setattr(parquet, "_MOST_COLUMNS", 1)
    assert code_of(read("a.parquet", packed({"甲": [1], "乙": [1]}))) == "oversized"


@pytest.mark.parametrize("error", [FileNotFoundError, PermissionError])
def test_a_file_that_goes_away_while_it_is_read_is_told(
    read: Read, monkeypatch: pytest.MonkeyPatch, error: type[OSError]
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise error

    content = packed({"列": [1]})
    monkeypatch.setattr(pq, "ParquetFile", gone)
    if error is FileNotFoundError:
        with pytest.raises(InputsMovedError):
            read("a.parquet", content)
    else:
        assert code_of(read("a.parquet", content)) == "denied"
