"""The matcher's lines as people read them: names, places, and personal data masked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import pytest

from recon.engine.macros import DUCKDB_MACROS
from recon.matching.match_lines import list_matches

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TABLES = """
create table match_line (pairing varchar, side varchar, line_id bigint, class varchar,
    pass_no integer, group_id varchar, reason_zh varchar, reason_en varchar,
    amount decimal(18, 2));
create table match_detail (pairing varchar, side varchar, line_id bigint, day date,
    party_id varchar, reference varchar, text_ varchar);
create table match_candidate (pairing varchar, ambiguity_id varchar, option_no integer,
    side varchar, line_id bigint, line_key varchar);
create table match_confirmed_line (pairing varchar, match_id varchar, side varchar,
    line_id bigint, line_key varchar);
create table match_refused (pairing varchar, match_id varchar, reason_zh varchar,
    reason_en varchar);
create table party as select '91' as party_id, '甲公司' as party_name;
create table source_row as select id as row_id, 1 as file_id, '一月' as sheet, id + 10 as row_no
    from range(1, 9) as r (id);
create table source_file as select 1 as file_id, '流水.xlsx' as path;
"""
LINES: dict[int, tuple[str | None, str | None, str | None]] = {
    1: ("91", "R1", "付甲公司款"),
    2: ("N:张小三", "13812340000", "张小三报销"),
    3: ("N:某某中心", None, "62220212345678"),
    4: ("N:李四", None, None),
    5: (None, None, "1234567"),
}


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute(DUCKDB_MACROS)
        opened.execute(TABLES)
        for number, (party, reference, text) in LINES.items():
            opened.execute(
                "insert into match_line values ('p', 'a', ?, 'only_a', 2, 'g', '无', 'none', ?)",
                [number, number * 100],
            )
            opened.execute(
                "insert into match_detail values ('p', 'a', ?, date '2024-01-02', ?, ?, ?)",
                [number, party, reference, text],
            )
        yield opened


def listed(
    connection: duckdb.DuckDBPyConnection, folder: Path, *, mask: bool
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    tables = list_matches(connection, folder, mask=mask)
    return pl.read_parquet(tables.lines).to_dicts(), tables.picks.to_dicts()


def test_lines_say_who_and_where(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    lines, picks = listed(connection, tmp_path, mask=False)
    assert [line["party"] for line in lines] == ["甲公司", "张小三", "某某中心", "李四", None]
    assert [line["text"] for line in lines] == [text for _, _, text in LINES.values()]
    first = lines[0]
    assert (first["file"], first["sheet"], first["row_no"]) == ("流水.xlsx", "一月", 11)
    assert (str(first["amount"]), first["reason"], first["reason_en"]) == ("100.00", "无", "none")
    assert "is_person" not in first
    assert picks == []


def test_many_lines_are_listed_side_by_side_in_the_same_order(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.execute(
        "insert into match_line select pairing || '2', 'B', line_id, class, pass_no, group_id, "
        "reason_zh, reason_en, amount from match_line"
    )
    at_once = listed(connection, tmp_path, mask=True)
    monkeypatch.setattr("recon.matching.match_lines._AT_ONCE", 2)
    assert len(at_once[0]) == 2 * len(LINES)
    assert listed(connection, tmp_path, mask=True) == at_once


def test_persons_and_numbers_are_masked(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    lines, _ = listed(connection, tmp_path, mask=True)
    assert [line["party"] for line in lines] == ["甲公司", "张*三", "某某中心", "李*", None]
    assert [line["reference"] for line in lines] == ["R1", "138****0000", None, None, None]
    assert [line["text"] for line in lines] == [
        "付甲公司款",
        "张*三报销",
        "****5678",
        None,
        "1234567",
    ]
    assert "is_person" not in lines[0]


def test_lines_without_persons_stay(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    connection.execute("delete from match_line where line_id in (2, 4)")
    lines, _ = listed(connection, tmp_path, mask=True)
    assert [line["party"] for line in lines] == ["甲公司", "某某中心", None]


def test_choices_are_open_confirmed_or_refused(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    connection.execute("insert into match_candidate values ('p', 'm1', 1, 'a', 2, 'k2')")
    connection.execute("insert into match_confirmed_line values ('p', 'm2', 'a', 1, 'k1')")
    connection.execute("insert into match_refused values ('p', 'm3', '不等', 'unequal')")
    _, picks = listed(connection, tmp_path, mask=True)
    shown = [(row["status"], row["group_id"], row["option_no"], row["party"]) for row in picks]
    assert shown == [
        ("confirmed", "m2", None, "甲公司"),
        ("open", "m1", 1, "张*三"),
        ("refused", "m3", None, None),
    ]
    assert [str(row["amount"]) for row in picks] == ["100.00", "200.00", "None"]
    assert picks[2]["reason_en"] == "unequal"
