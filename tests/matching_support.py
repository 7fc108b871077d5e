"""A small stage for the matcher: lines given as tuples, pairings built in the test."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl

from recon.matching import prove_balance, run_matching
from recon.rules.pairings import Pairing, PairingFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from recon.matching import MatchReport, PairingProof

START = date(2024, 3, 1)
PARAMETERS: dict[str, object] = {
    "match.window_days": 5,
    "match.max_group": 40,
    "match.max_solutions": 5,
    "match.tolerance_yuan": Decimal("0.01"),
    "match.cross_period_days": 62,
}
ALL_PASSES: tuple[dict[str, Any], ...] = (
    {"pass": "reference"},
    {"pass": "party_amount_window"},
    {"pass": "amount_window_unique"},
    {"pass": "shared_key", "by": ["shared_key"]},
    {"pass": "subset_sum", "by": ["party_id"]},
    {"pass": "tolerance"},
    {"pass": "reversal"},
)

#: The result tables of the matcher.
RESULTS = (
    "match_line",
    "match_group",
    "match_candidate",
    "match_bound",
    "match_refused",
    "match_confirmed_line",
    "match_detail",
    "match_input_total",
)


@dataclass(frozen=True, order=True)
class Line:
    """One line of a side; `day` counts from 2024-03-01 and `fen` is signed."""

    line_id: int
    day: int | None
    fen: int
    party: str | None = None
    reference: str | None = None
    key: str | None = None
    account: str | None = None
    text: str | None = None
    is_internal: bool = False


@dataclass
class Outcome:
    """The result tables of one pairing, as Python values."""

    report: MatchReport
    proofs: list[PairingProof]
    lines: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    groups: dict[str, dict[str, Any]] = field(default_factory=dict)
    candidates: list[dict[str, Any]] = field(default_factory=list)
    bounds: list[dict[str, Any]] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)
    confirmed: list[dict[str, Any]] = field(default_factory=list)

    def class_of(self, side: str, line_id: int) -> str:
        return str(self.lines[side, line_id]["class"])

    def pass_of(self, side: str, line_id: int) -> int | None:
        number: int | None = self.lines[side, line_id]["pass_no"]
        return number

    def group_sets(self) -> set[tuple[int, frozenset[tuple[str, int]]]]:
        """Matched groups as (pass, lines)."""
        found: dict[tuple[int, str], set[tuple[str, int]]] = {}
        for place, line in self.lines.items():
            if line["class"] in ("matched", "confirmed"):
                found.setdefault((line["pass_no"], line["group_id"]), set()).add(place)
        return {(number, frozenset(members)) for (number, _), members in found.items()}


def frame(lines: Iterable[Line]) -> pl.DataFrame:
    rows = [
        (
            line.line_id,
            None if line.day is None else START + timedelta(days=line.day),
            Decimal(line.fen) / 100,
            line.party,
            line.reference,
            line.text,
            line.key,
            line.account,
            line.is_internal,
        )
        for line in lines
    ]
    schema = {
        "line_id": pl.Int64(),
        "day": pl.Date(),
        "amount": pl.Decimal(18, 2),
        "party_id": pl.String(),
        "reference": pl.String(),
        "text_": pl.String(),
        "shared_key": pl.String(),
        "account": pl.String(),
        "is_internal": pl.Boolean(),
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def pairing(passes: Sequence[Mapping[str, Any]] = ALL_PASSES, **settings: object) -> Pairing:
    about = {
        "name": "test_pair",
        "title": {"zh": "测试", "en": "Test"},
        "what_it_does": {"zh": "测试", "en": "Test"},
        "requires": ["line_a", "line_b"],
        "sides": {
            "a": {"sql": "a", "label": {"zh": "甲方", "en": "Side A"}},
            "b": {"sql": "b", "label": {"zh": "乙方", "en": "Side B"}},
        },
        "passes": list(passes),
        **settings,
    }
    return Pairing(
        PairingFile.model_validate(about),
        {"a": "select * from src_line_a", "b": "select * from src_line_b"},
        Path("test_pair.yaml"),
    )


def match(
    side_a: Iterable[Line],
    side_b: Iterable[Line],
    passes: Sequence[Mapping[str, Any]] = ALL_PASSES,
    *,
    confirmed: Sequence[tuple[str, str]] = (),
    parameters: Mapping[str, object] | None = None,
    **settings: object,
) -> Outcome:
    """Run one pairing over two lists of lines and read everything back; the proof is checked."""
    connection = duckdb.connect(config={"threads": 2})
    try:
        for side, lines in (("a", side_a), ("b", side_b)):
            connection.register("incoming", frame(lines))
            connection.execute(f"create table src_line_{side} as select * from incoming")
            connection.unregister("incoming")
        if confirmed:
            connection.execute(
                "create table confirmed_match "
                "(pairing varchar, match_id varchar, side varchar, line_key varchar)"
            )
            sides = {
                (side, key) for pair in confirmed for side, key in zip("ab", pair, strict=True)
            }
            connection.executemany(
                "insert into confirmed_match values ('test_pair', 'one', ?, ?)", sorted(sides)
            )
        report = run_matching(
            connection,
            [pairing(passes, **settings)],
            {**PARAMETERS, **(parameters or {})},
            date(2024, 12, 31),
        )
        return _read(connection, report)
    finally:
        connection.close()


def _read(connection: duckdb.DuckDBPyConnection, report: MatchReport) -> Outcome:
    def rows(table: str) -> list[dict[str, Any]]:
        return connection.sql(f"select * from {table} order by all").pl().to_dicts()

    return Outcome(
        report,
        prove_balance(connection),
        {(row["side"], row["line_id"]): row for row in rows("match_line")},
        {row["group_id"]: row for row in rows("match_group")},
        rows("match_candidate"),
        rows("match_bound"),
        rows("match_refused"),
        rows("match_confirmed_line"),
    )
