"""The data files hold the contract's columns exactly, and the same run gives the same bytes."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from recon.output import datafiles
from recon.output.datafiles import EXCEPTION_COLUMNS, arrange, dump_json, write_csv, write_data
from tests.unit.output import factory


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("run")
    write_data(factory.result(60), path)
    return path


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_parquet_holds_every_exception_exactly(folder: Path) -> None:
    read = pl.read_parquet(folder / "exceptions.parquet")
    assert read.equals(factory.result(60).exceptions)
    assert read.schema == pl.Schema(EXCEPTION_COLUMNS)


def test_csv_has_a_byte_order_mark_and_crlf(folder: Path) -> None:
    content = (folder / "exceptions.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfexception_id,rule,severity,")
    assert content.endswith(b"\r\n")


def test_csv_reads_back_row_by_row(folder: Path) -> None:
    header, *rows = _rows(folder / "exceptions.csv")
    found = factory.result(60).exceptions
    assert header == list(EXCEPTION_COLUMNS)
    assert len(rows) == found.height
    first = dict(zip(header, rows[1], strict=True))
    assert first["amount"] == "79.20"
    assert first["counted"] == "true"
    assert first["linked_to"] == ""
    assert json.loads(first["evidence"]) == found["evidence"][1].to_list()


def test_csv_text_that_a_spreadsheet_would_run_is_quoted(folder: Path) -> None:
    header, *rows = _rows(folder / "exceptions.csv")
    at = header.index("party_name")
    names = [row[at] for row in rows[: len(factory.NASTY)]]
    for name, written in zip(factory.NASTY, names, strict=True):
        runs = name[0] in "=+-@\t\r＝＋－＠"
        assert written == ("'" + name if runs else name)


@pytest.mark.parametrize("text", ["\r=1", "\n=1", "a\rb", 'a"b', "a,b"])
def test_csv_keeps_line_breaks_and_quotes_inside_a_field(tmp_path: Path, text: str) -> None:
    write_csv(pl.DataFrame({"a": [text], "b": ["x"]}), tmp_path / "t.csv")
    written = _rows(tmp_path / "t.csv")
    assert written == [["a", "b"], [("'" if text[0] in "\r\n" else "") + text, "x"]]


def test_csv_of_nothing_is_its_header(tmp_path: Path) -> None:
    write_csv(factory.exceptions(0), tmp_path / "t.csv")
    assert _rows(tmp_path / "t.csv") == [list(EXCEPTION_COLUMNS)]


def test_json_is_sorted_exact_and_readable(folder: Path) -> None:
    text = (folder / "control.json").read_text(encoding="utf-8")
    assert text.endswith("}\n")
    assert "代收2024" in text
    assert json.loads(text)["reconciliations"][0]["a_total"] == "100.00"
    assert dump_json({"b": Path("x/y"), "a": {Decimal("1.10")}}).index('"a"') == 4


def test_json_refuses_what_it_cannot_write_exactly() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        dump_json({"seconds": float("nan")})
    with pytest.raises(TypeError, match="bytes"):
        dump_json({"x": b""})


def test_timing_names_engine_and_rules(folder: Path) -> None:
    timing = json.loads((folder / "timing.json").read_text(encoding="utf-8"))
    assert timing["engine"] == "duckdb"
    assert timing["rules"]["REM-01"] == 0.125


def test_arrange_refuses_a_missing_column() -> None:
    with pytest.raises(pl.exceptions.ColumnNotFoundError):
        arrange(factory.exceptions(1).drop("formula"))


def test_same_bytes_for_other_chunks_of_the_same_rows(tmp_path: Path) -> None:
    whole = factory.result(3000)
    found = whole.exceptions
    parts = pl.concat([found[:7], found[7:1500], found[1500:]], rechunk=False)
    names = ("exceptions.parquet", "exceptions.csv", "states.csv")
    seen = []
    for number, frame in enumerate((found, parts)):
        target = tmp_path / str(number)
        target.mkdir()
        object.__setattr__(whole, "exceptions", frame)
        write_data(whole, target)
        seen.append([(target / name).read_bytes() for name in names])
    assert parts.n_chunks() == 3
    assert seen[0] == seen[1]


_WRITE = """
import hashlib, sys, pathlib
from tests.unit.output import factory
from recon.output.datafiles import write_data
folder = pathlib.Path(sys.argv[1]); folder.mkdir()
write_data(factory.result(150_000), folder)
for path in sorted(folder.iterdir()):
    if path.name != "timing.json":
        print(path.name, hashlib.sha256(path.read_bytes()).hexdigest())
"""


def test_same_bytes_for_any_number_of_threads(tmp_path: Path) -> None:
    root = Path(factory.__file__).parents[3]
    seen = [
        subprocess.run(
            [sys.executable, "-c", _WRITE, str(tmp_path / threads)],
            check=True,
            capture_output=True,
            text=True,
            cwd=root,
            env={**os.environ, "POLARS_MAX_THREADS": threads},
        ).stdout
        for threads in ("1", "4")
    ]
    assert "exceptions.parquet" in seen[0]
    assert seen[0] == seen[1]


def test_frames_written_one_by_one_are_the_bytes_of_one_frame(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datafiles, "_ROW_GROUP", 4)
    frame = pl.DataFrame({"n": range(10), "t": ["甲"] * 10}).with_columns(
        m=pl.col("n").cast(datafiles.MONEY), d=pl.lit(None, dtype=pl.Date)
    )
    datafiles.write_frames([frame], tmp_path / "whole.parquet")
    datafiles.write_frames([frame.head(0), frame[:3], frame[3:]], tmp_path / "parts.parquet")
    assert pl.read_parquet(tmp_path / "parts.parquet").equals(frame)
    assert pq.ParquetFile(tmp_path / "parts.parquet").num_row_groups == 3
    whole, parts = ((tmp_path / f"{name}.parquet").read_bytes() for name in ("whole", "parts"))
    assert whole == parts
