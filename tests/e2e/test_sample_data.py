"""The shipped county: made again byte for byte, with sound codes, and described as it is."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
import yaml

from recon.base.models import CheckRequest
from recon.run.check import run_check
from recon.tables.checks import id_is_valid, uscc_is_valid
from recon.tables.registry import specs
from sample_data.make.__main__ import make
from sample_data.make.build import build_county
from sample_data.make.days import AS_OF
from sample_data.make.files import content_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sample_data.make.county import County

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data"
DIRECTIONS = {
    "pay_in", "remit_up", "give_back", "recover", "clear_out", "write_off", "lapsed", "verify", "",
}  # fmt: skip


@pytest.fixture(scope="module")
def county() -> County:
    return build_county()


@pytest.fixture(scope="module")
def planted() -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = yaml.safe_load(
        (SAMPLE / "planted.yaml").read_text(encoding="utf-8")
    )
    return entries


def files_below(folder: Path) -> list[str]:
    """Return files that the generator owns; a run's output may lie beside them."""
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(p.as_posix() for p in paths if p.parts[0] not in {"recon-out", ".recon"})


def test_the_generator_makes_the_county_again(tmp_path: Path) -> None:
    make(tmp_path)
    for name in ("planted.yaml", "README.md"):
        assert (tmp_path / name).read_bytes() == (SAMPLE / name).read_bytes(), name
    assert files_below(tmp_path / "county") == files_below(SAMPLE / "county")
    for name in files_below(tmp_path / "county"):
        made, kept = tmp_path / "county" / name, SAMPLE / "county" / name
        assert content_of(made) == content_of(kept), name


def test_every_table_of_the_contract_has_rows(county: County) -> None:
    assert {name for name, rows in county.tables.items() if rows} == set(specs()) - {
        "rectification_item"
    }


def test_the_files_are_small() -> None:
    sizes = [path.stat().st_size for path in (SAMPLE / "county").rglob("*") if path.is_file()]
    assert sum(sizes) < 3_000_000


def values(county: County, kind: str) -> set[str]:
    return {
        row[column.name]
        for spec in specs().values()
        for column in spec.columns
        if column.kind == kind
        for row in county.tables[spec.name]
        if row.get(column.name)
    }


@pytest.mark.parametrize(("kind", "prefix"), [("uscc", r"^(91|81|12)990000"), ("id_no", "^990000")])
def test_codes_hold_together_and_carry_the_area_that_does_not_exist(
    county: County, kind: str, prefix: str
) -> None:
    broken = set(county.broken_codes)
    found = pl.DataFrame({"code": sorted(values(county, kind) - broken)})
    check = uscc_is_valid if kind == "uscc" else id_is_valid
    assert found.filter(~check(pl.col("code")))["code"].to_list() == []
    assert found.filter(~pl.col("code").str.contains(prefix))["code"].to_list() == []


def test_every_planted_entry_is_well_formed(planted: list[dict[str, Any]]) -> None:
    keys = {"rule", "kind", "party_name", "party_uscc", "period", "direction", "amount", "why"}
    for entry in planted:
        assert set(entry) == keys
        assert re.fullmatch(r"(REM|SME|PRE|TRN|FUEL|AST|LED|ORG|GOV|RECT)-\d\d", str(entry["rule"]))
        assert entry["kind"] in {"defect", "consequence", "look_alike"}
        assert entry["direction"] in DIRECTIONS
        assert entry["amount"] is None or Decimal(str(entry["amount"])) > 0
        assert entry["party_name"] or str(entry["rule"]).startswith(("ORG", "LED"))


RULES = {
    "REM": 15, "SME": 13, "PRE": 10, "TRN": 20, "FUEL": 20, "AST": 10, "LED": 7, "ORG": 9,
    "GOV": 1, "RECT": 1,
}  # fmt: skip


@pytest.mark.parametrize(("family", "count"), RULES.items())
def test_every_rule_has_a_defect_and_a_look_alike(
    planted: list[dict[str, Any]], family: str, count: int
) -> None:
    for number in range(1, count + 1):
        kinds = {entry["kind"] for entry in planted if entry["rule"] == f"{family}-{number:02d}"}
        assert {"defect", "look_alike"} <= kinds, f"{family}-{number:02d}"


def test_the_ledger_balances(county: County) -> None:
    debit = sum(row["debit"] or Decimal(0) for row in county.tables["gl_entry"])
    credit = sum(row["credit"] or Decimal(0) for row in county.tables["gl_entry"])
    assert debit == credit


AGREED = ("REM", "SME", "PRE", "TRN", "FUEL", "AST", "LED", "ORG", "GOV", "RECT")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], pl.DataFrame]:
    """What a check of the county says: the rules' outcomes and the exceptions."""
    out = tmp_path_factory.mktemp("county")
    result = run_check(CheckRequest(SAMPLE / "county", AS_OF, out))
    return {outcome.rule: outcome.status for outcome in result.outcomes}, result.exceptions


def listed(rows: Iterable[dict[str, Any]]) -> Counter[tuple[str, ...]]:
    """Return exceptions by what planted.yaml says of them: who, when, which way, how much."""
    return Counter(
        (
            row["rule"],
            row["party_name"] or "",
            row["period"] or "",
            row["direction"] or "",
            "" if row["amount"] is None else f"{Decimal(str(row['amount'])):.2f}",
        )
        for row in rows
    )


@pytest.mark.parametrize("family", AGREED)
def test_each_planted_defect_is_found_and_nothing_else(
    planted: list[dict[str, Any]], found: tuple[dict[str, str], pl.DataFrame], family: str
) -> None:
    outcomes, exceptions = found
    ran = {code for code in outcomes if code.startswith(f"{family}-")}
    assert {code for code in ran if outcomes[code] not in {"exceptions", "clean"}} == set()
    expected = listed(e for e in planted if e["kind"] != "look_alike" and e["rule"] in ran)
    actual = listed(e for e in exceptions.iter_rows(named=True) if e["rule"] in ran)
    assert actual - expected == Counter()
    assert expected - actual == Counter()


def test_planted_payers_are_named_by_their_code(
    planted: list[dict[str, Any]], found: tuple[dict[str, str], pl.DataFrame]
) -> None:
    codes: dict[str, str] = {e["party_name"]: e["party_uscc"] for e in planted if e["party_uscc"]}
    for row in found[1].filter(pl.col("rule").str.starts_with("REM")).iter_rows(named=True):
        if row["party_name"] in codes:
            assert row["party_id"] == codes[row["party_name"]]
