"""The search for names looks into every kind of file that the tool writes."""

from __future__ import annotations

import gzip
import sqlite3
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING

import polars as pl
import pytest
import xlsxwriter

from recon.share.scan import find_texts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NAME, NUMBER = "赵钱孙", "110105194912310026"
SAID = f"付{NAME} {NUMBER}"


def as_xlsx(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write(0, 0, SAID)


def as_comment(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_comment("A1", SAID)


def as_sqlite(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("create table t (a)")
        database.execute("insert into t values (?)", (SAID,))


def as_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.csv", SAID.encode("gb18030"))


WRITERS: dict[str, Callable[[Path], object]] = {
    "a.xlsx": as_xlsx,
    "b.xlsx": as_comment,
    "c.sqlite": as_sqlite,
    "d.zip": as_zip,
    "e.parquet": lambda path: pl.DataFrame({"a": [SAID]}).write_parquet(path),
    "f.json": lambda path: path.write_text(SAID.encode("unicode_escape").decode(), "utf-8"),
    "g.html": lambda path: path.write_text(
        "".join(f"&#{ord(c)};" if c > "z" else c for c in SAID), "utf-8"
    ),
    "h.csv": lambda path: path.write_text(SAID, "utf-16-le"),
    "i.gz": lambda path: path.write_bytes(gzip.compress(SAID.encode())),
}


@pytest.mark.hostile(
    "identities in xlsx, comments, SQLite, zip, Parquet, JSON, HTML, csv, gz",
    "found by the search that the privacy tests use",
)
@pytest.mark.parametrize("name", sorted(WRITERS))
def test_names_and_numbers_are_found_in(name: str, tmp_path: Path) -> None:
    WRITERS[name](tmp_path / name)
    assert find_texts(tmp_path, [NAME, NUMBER, "周吴郑"]) == {name: {NAME, NUMBER}}


def test_a_file_name_is_searched_too(tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.txt").write_text("", "utf-8")
    assert find_texts(tmp_path, [NAME]) == {f"{NAME}.txt": {NAME}}


def test_a_number_inside_a_longer_number_is_not_that_number(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"9{NUMBER}", "utf-8")
    assert find_texts(tmp_path, [NUMBER]) == {}
