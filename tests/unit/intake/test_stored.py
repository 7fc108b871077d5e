"""Rows of large sheets lie in files during a run; they are the same rows as in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from recon.base import rows
from recon.base.paper import CACHE_FOLDER
from recon.base.rows import source_rows
from recon.engine.staging import source_frames, source_tables
from recon.intake.cache import cached_intake
from recon.intake.pipeline import IntakeSettings, read_intake

if TYPE_CHECKING:
    from pathlib import Path

    from recon.base.models import Intake

PAYROLL = "单位名称,统一社会信用代码,所属月份,工资总额\n"
GOOD_USCC = "91350100M000100Y43"
KEY = b"k" * 32


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Write three files of one table: a key that stands in two files, a bad code, a bad row."""
    folder = tmp_path / "data"
    folder.mkdir()
    lines = [
        [f"甲,{GOOD_USCC},2024-01,100.00", "乙,,2024-01,5", "丙,,2024-13,7"],
        [f"甲,{GOOD_USCC},2024-01,200.00", "丁,123,2024-02,8"],
        ["戊,,2024-03,9"],
    ]
    for number, part in enumerate(lines):
        text = PAYROLL + "\n".join(part) + "\n"
        (folder / f"{number}.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "LARGE", 2)


def same(one: Intake, other: Intake) -> bool:
    return (
        all(one.tables[name].equals(frame) for name, frame in other.tables.items())
        and one.tables.keys() == other.tables.keys()
        and one.source_row.equals(other.source_row)
        and one.quality.equals(other.quality)
        and one.rejected.equals(other.rejected)
        and one.sheets == other.sheets
    )


@pytest.mark.usefixtures("small")
def test_stored_rows_are_the_rows_in_memory(data: Path, tmp_path: Path) -> None:
    whole = read_intake(data)
    stored = read_intake(data, IntakeSettings(store=tmp_path / "rows"))
    assert len([*(tmp_path / "rows").iterdir()]) == 2
    assert sorted(whole.quality["check"]) == ["key_clash", "key_clash", "valid_uscc"]
    assert same(stored, whole)


@pytest.mark.usefixtures("small")
def test_small_sheets_are_stored_once_many_rows_are_held(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "LARGE", 100)
    monkeypatch.setattr(rows, "MOST_HELD", 2)
    stored = read_intake(data, IntakeSettings(store=tmp_path / "rows"))
    assert len([*(tmp_path / "rows").iterdir()]) == 2
    assert same(stored, read_intake(data))


@pytest.mark.usefixtures("small")
def test_batches_give_the_source_tables_of_whole_frames(data: Path, tmp_path: Path) -> None:
    stored = read_intake(data, IntakeSettings(store=tmp_path / "rows"))
    parts: dict[str, list[pl.DataFrame]] = {}
    for name, frame in source_frames(stored.rows, KEY):
        parts.setdefault(name, []).append(frame)
    whole = source_tables(stored.tables, KEY)
    assert len(parts["src_payroll"]) == 3
    assert parts.keys() == whole.keys()
    assert all(pl.concat(parts[name]).equals(frame) for name, frame in whole.items())
    assert pl.concat([*source_rows(stored.rows)]).equals(stored.source_row)


@pytest.mark.usefixtures("small")
def test_cache_gives_stored_rows_again(data: Path, tmp_path: Path) -> None:
    first = cached_intake(data, IntakeSettings(store=tmp_path / "rows1"), tmp_path)
    again = cached_intake(data, IntakeSettings(store=tmp_path / "rows2"), tmp_path)
    assert (first.how, again.how) == ("stored", "reused")
    assert same(again.intake, read_intake(data))
    assert same(cached_intake(data, IntakeSettings(), tmp_path).intake, again.intake)


@pytest.mark.usefixtures("small")
def test_damaged_stored_rows_are_not_believed(data: Path, tmp_path: Path) -> None:
    cached_intake(data, IntakeSettings(store=tmp_path / "rows1"), tmp_path)
    path = next((tmp_path / CACHE_FOLDER).glob("rows/*/rows-*.parquet"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()
    path.write_bytes(content)
    again = cached_intake(data, IntakeSettings(store=tmp_path / "rows2"), tmp_path)
    assert again.how == "stored"
    assert same(again.intake, read_intake(data))
