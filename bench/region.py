"""A made region of small counties with planted crosses: `uv run python -m bench.region`.

Each county has payers of its own (the data of `bench.make_data`, a stretch of its serial numbers)
and, in files named 跨县, what no county sees alone; `truth.csv` names each (rule, label, counties).
Not here: running it (`recon rollup`).

    uv run python -m bench.region --counties 40 --payers 400 --data bench/data
"""

from __future__ import annotations

import argparse
import csv
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from bench.draws import Draws
from bench.make_data import DATA
from bench.parts import make_part
from recon.tables.registry import specs
from sample_data.make.codes import fuel_card, id_no, uscc

Row = dict[str, Any]
Put = Callable[..., None]
#: Serial numbers of planted payers begin here, above those of any made county.
_PLANTED = 9_000_000
_CONFIG = """\
[self]
name = "示例{number:02d}县总工会"
level = "county"
accounts = ["9900110000000015571"]
receives = ["own", "basic", "prep"]

[check]
from = 2024-01-01
to = 2024-12-31
{locale}"""


def make_region(folder: Path, counties: int, payers: int, seed: int = 1) -> Path:
    """Make a region; what stands in the folder is replaced.

    Args:
        folder: The city's folder.
        counties: How many, two at least.
        payers: Of each county; none makes counties of planted rows only.
        seed: Start of the draws.

    Returns:
        The folder, with a folder per county and `truth.csv`.
    """
    shutil.rmtree(folder, ignore_errors=True)
    planted, truth = _crosses(counties)
    for number in range(counties):
        county = folder / f"县{number + 1:02d}"
        county.mkdir(parents=True)
        locale = 'locale = "luan"\n' if number == counties - 1 and counties > 2 else ""
        (county / "recon.toml").write_text(
            _CONFIG.format(number=number + 1, locale=locale), encoding="utf-8"
        )
        if payers:
            tables, _ = make_part(Draws(seed + number), number * payers, payers)
            for name, frame in tables.items():
                _write(frame, name, county / f"{specs()[name].zh}.csv")
        for name, rows in planted[number].items():
            _write(pl.DataFrame(rows, infer_schema_length=None), name,
                   county / f"跨县{specs()[name].zh}.csv")  # fmt: skip
    with (folder / "truth.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("rule", "label", "counties"), *truth])
    return folder


def _crosses(counties: int) -> tuple[list[dict[str, list[Row]]], list[tuple[str, str, str]]]:
    """Return the planted rows of each county, and what they are."""
    planted: list[dict[str, list[Row]]] = [{} for _ in range(counties)]
    truth = []

    def put(county: int, table: str, **row: object) -> None:
        planted[county].setdefault(table, []).append(row)

    def name(*which: int) -> str:
        return "、".join(f"县{one + 1:02d}" for one in sorted(which))

    for serial in range(counties):
        _own(put, serial)
    last = counties - 1
    _trained(put, 0, "K1", 2024, 1)
    _trained(put, 1, "K2", 2024, 1)
    truth.append(("XCO-01", "甲*一", name(0, 1)))
    _trained(put, 0, "K3", 2023, 2)
    _trained(put, 1, "K4", 2024, 2)
    truth.append(("XCO-02", "甲*二", name(0, 1)))
    for county in (0, 1):
        put(
            county,
            "vehicle",
            plate="桂A99001",
            fuel_type="汽油",
            owner_unit="某单位",
            status="在用",
        )
        put(county, "fuel_card", card_no=fuel_card(77), plate="桂A99001", owner_unit="某单位",
            status="正常")  # fmt: skip
        put(county, "union_org", union_name="示例跨县工会", union_uscc=uscc("81", _PLANTED + 5),
            payer_name="示例跨县公司", payer_uscc=uscc("91", _PLANTED + 5),
            founded_on=date(2019, 1, 1))  # fmt: skip
        _paid(put, county, _PLANTED + 3, "示例两地缴费公司")
        _refunded(put, county, _PLANTED + 4, "示例两地返还公司")
    truth += [
        ("XCO-03", "桂A99001", name(0, 1)),
        ("XCO-03", f"****{fuel_card(77)[-4:]}", name(0, 1)),
        ("XCO-04", "示例两地缴费公司", name(0, 1)),
        ("XCO-05", "示例两地返还公司", name(0, 1)),
        ("XCO-06", "示例跨县工会", name(0, 1)),
    ]
    if counties > 2:
        for county in (0, last):
            _refunded(put, county, _PLANTED + 6, "示例两策返还公司")
        truth.append(("XCO-07", "示例两策返还公司", name(0, last)))
    return planted, truth


def _own(put: Put, county: int) -> None:
    """Give a county one of everything that no other has."""
    number = _PLANTED + 100 + county
    _trained(put, county, "K9", 2024, 100 + county)
    _paid(put, county, number, f"示例本县公司{county}")
    _refunded(put, county, number, f"示例本县公司{county}")
    put(county, "vehicle", plate=f"桂B{10000 + county}", fuel_type="汽油", owner_unit="某单位",
        status="在用")  # fmt: skip
    put(county, "fuel_card", card_no=fuel_card(100 + county), plate=f"桂B{10000 + county}",
        owner_unit="某单位", status="正常")  # fmt: skip
    put(county, "union_org", union_name=f"示例本县工会{county}", union_uscc=uscc("81", number),
        payer_name=f"示例本县公司{county}", payer_uscc=uscc("91", number),
        founded_on=date(2019, 1, 1))  # fmt: skip


def _trained(put: Put, county: int, class_no: str, year: int, person: int) -> None:
    days = {"starts_on": date(year, 5, 6), "ends_on": date(year, 5, 17)}
    who = "一二"[person - 1] if person < 3 else "三"
    put(county, "training_class", class_no=class_no, class_name="电工", provider="示例学校",
        planned_hours=80, approved_heads=1, standard=800, **days)  # fmt: skip
    put(county, "trainee", class_no=class_no, name=f"甲子{who}",
        id_no=id_no(date(1985, 3, 1 + person % 28), 100 + person, is_woman=False))  # fmt: skip
    put(county, "training_payment", class_no=class_no, payee="示例学校", heads=1, standard=800,
        amount=800, paid_on=date(year, 6, 20))  # fmt: skip


def _paid(put: Put, county: int, number: int, name: str) -> None:
    put(county, "tax_collection", payer_name=name, payer_uscc=uscc("91", number), item="工会经费",
        period_from=date(2024, 3, 1), period_to=date(2024, 3, 31), paid=100 + county,
        treasury_on=date(2024, 4, 10), voucher_no=f"V{county}-{number}")  # fmt: skip


def _refunded(put: Put, county: int, number: int, name: str) -> None:
    put(county, "fund_transfer", kind="小微返还", payer_name=name, payer_uscc=uscc("91", number),
        payee_name=f"{name}工会", amount=60 + county, paid_on=date(2024, 9, 1),
        period_from=date(2024, 1, 1), period_to=date(2024, 12, 31))  # fmt: skip


def _write(frame: pl.DataFrame, table: str, path: Path) -> None:
    headers = {column.name: column.zh for column in specs()[table].columns}
    frame.rename({column: headers[column] for column in frame.columns}).write_csv(
        path, include_bom=True, datetime_format="%Y-%m-%d %H:%M:%S"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="A made region of counties.")
    parser.add_argument("--counties", type=int, default=40)
    parser.add_argument("--payers", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, default=DATA)
    given = parser.parse_args()
    name = f"region-{given.counties}x{given.payers}-{given.seed}"
    print(make_region(given.data / name, given.counties, given.payers, given.seed))


if __name__ == "__main__":
    main()
