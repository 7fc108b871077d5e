"""Answers that are seldom given: nothing to say, more than is shown, own files at fault."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import polars as pl
import pytest

from recon.base import resources
from recon.base.errors import (
    ConfigError,
    ExceptionUnknownError,
    ResourceMissingError,
    RunMissingError,
    YamlError,
)
from recon.base.models import RuleOutcome, Text
from recon.base.yamlio import load_yaml
from recon.engine.portable import to_spark
from recon.intake.values.amounts import parse_quantity
from recon.policy import standards
from recon.rules.pages import exception_page, find_exception
from recon.run.coverage import _why
from recon.run.review_period import _not_understood

if TYPE_CHECKING:
    from pathlib import Path


def test_a_table_that_no_rule_reads_or_ran_over_says_why() -> None:
    assert _why([], {}).en == "no rule examines this table"
    said = {"A": RuleOutcome("A", "no_data", reason=Text("缺表。", "no table."))}
    assert _why(["A", "B"], said).en == "A: no table; B: not selected"


def test_an_id_must_begin_one_exception(tmp_path: Path) -> None:
    with pytest.raises(RunMissingError):
        find_exception(tmp_path, "abcd")
    run = tmp_path / ("0" * 16)
    run.mkdir()
    (run / "run.json").write_text('{"policy": []}', encoding="utf-8")
    (tmp_path / "latest").write_text(run.name, encoding="utf-8")
    row = {
        "exception_id": "abcd1", "rule": "LOC-01", "direction": "verify", "amount": None,
        "message": "甲", "message_en": "a", "formula": None, "evidence": ["a.csv!2"],
        "party_name": None, "period": None,
        "policy": ["fee.rate=0.02@2020-01-01"], "linked_to": "abcd2",
    }  # fmt: skip
    listed = pl.DataFrame([row, {**row, "exception_id": "abcd2"}])
    listed.write_parquet(run / "exceptions.parquet")
    for word in ("abcd", "ffff"):
        with pytest.raises(ExceptionUnknownError, match=word):
            find_exception(tmp_path, word)
    found, columns = find_exception(tmp_path, "abcd1")
    page = exception_page(found, columns, "zh", ())
    assert "同一笔钱已计入例外 abcd2" in page
    assert "- fee.rate=0.02@2020-01-01\n" in page
    assert "the same money is counted in exception abcd2" in exception_page(run, columns, "en", ())


def test_our_own_files_that_are_missing_or_of_another_shape_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ResourceMissingError, match="nothing"):
        resources.shipped("nothing")
    (tmp_path / "latin.yaml").write_bytes(b"a: \xff\n")
    for name in ("latin.yaml", "gone.yaml"):
        with pytest.raises(YamlError, match=name):
            load_yaml(tmp_path / name)
    (tmp_path / "ages.yaml").write_text("ages: 3\n", encoding="utf-8")
    monkeypatch.setattr(standards, "_path", lambda _: tmp_path / "ages.yaml")
    standards.ref_retirement.cache_clear()
    with pytest.raises(ConfigError, match=r"ages\.yaml"):
        standards.ref_retirement()
    standards.ref_retirement.cache_clear()


def test_notes_beyond_the_first_are_counted() -> None:
    notes = tuple(Text(f"{n}", f"{n}") for n in range(60))
    told = _not_understood(SimpleNamespace(notes=notes))  # type: ignore[arg-type]
    assert len(told) < 60
    assert f"{60 - len(told) + 1} more files or sheets" in told[-1].en


def test_a_dash_is_no_quantity() -> None:
    assert parse_quantity("—") is None


def test_having_in_a_subquery_and_a_limit_stay_what_they_mean() -> None:
    text = to_spark("select a from t order by a limit 3", {}).replace("`", "")
    assert "ORDER BY a" in text
    assert "ORDER BY" not in to_spark("select a from t order by a", {})
