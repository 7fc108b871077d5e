"""The passes of the matcher give equal results on the cluster and on the driver."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import TYPE_CHECKING

import polars as pl
import pytest

from recon.engine.connect import Cluster
from recon.engine.duckdb import Session
from recon.engine.spark import SparkSession
from recon.engine.spark_errors import SparkFailedError
from recon.matching import prove_balance, run_matching
from tests.matching_support import ALL_PASSES, PARAMETERS, RESULTS, Line, frame, pairing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

pytest.importorskip("pyspark", reason="needs: uv sync --group spark (.ci/run does)")

CONFIRMED = {name: pl.String() for name in ("pairing", "match_id", "side", "line_key")}

#: Every kind of pass, in every way that it may be asked for.
EVERY_PASS = (
    *ALL_PASSES[:3],
    {"pass": "listed"},
    {"pass": "key_total", "by": ["party_id", "day"]},
    {"pass": "key_total", "by": ["day", "shared_key"]},
    {"pass": "shared_key", "by": ["account", "day"]},
    *ALL_PASSES[3:],
    {"pass": "subset_sum", "by": [], "together": ["day"]},
    {"pass": "reversal", "by": ["party_id"], "worded": True},
)
#: The list behind a line of side b: the lines of side a with its key.
LIST = (
    "select b.line_id, a.party_id, a.amount from src_line_b as b "
    "inner join src_line_a as a on b.shared_key = a.shared_key"
)

#: A batch that adds up to one line, a cent of difference, a name cut off, a list, a total of a day.
KEYED = [
    Line(900, None, 12345, key="B"),
    Line(901, None, 1, key="B"),
    Line(902, 3, 11111, "戊"),
    Line(903, 200, 777, "N:示例县甲乙食品"),
    Line(904, 200, 101, "庚", key="L"),
    Line(905, 200, 202, "辛", key="L"),
    Line(906, 210, 3001, "壬"),
    Line(907, 210, 4002, "壬"),
]
OTHER = [
    Line(900, None, 12346, key="B"),
    Line(901, 3, 11110, "戊"),
    Line(903, 201, 777, "N:示例县甲乙食品有限公司"),
    Line(904, 201, 303, key="L"),
    Line(905, 211, 7003, "壬"),
]


def lines(seed: int, count: int) -> list[Line]:
    """Return lines of few parties, days and amounts, so that every pass finds something."""
    draw = Random(seed)  # noqa: S311 - nothing secret
    return [
        Line(
            number,
            draw.choice([None, *range(40)]),
            draw.choice([100, 200, 300, 500, -200, -300, 301, 700, 0]) * draw.choice([1, 1, 10]),
            draw.choice([None, "甲", "乙", "丙", "N:丁"]),
            draw.choice([None, None, None, f"R{draw.randrange(9)}"]),
            draw.choice([None, None, f"K{draw.randrange(6)}"]),
            draw.choice([None, "1001", "1002"]),
            draw.choice([None, "货款"]),
            draw.random() < 0.1,
        )
        for number in range(count)
    ]


def _no_parties(*_: object) -> None:
    """Build nothing: no side here reads the register of parties."""


def results(
    session: Session, sides: dict[str, list[Line]], confirmed: list[tuple[str, str, str, str]]
) -> dict[str, pl.DataFrame]:
    session.load({f"src_line_{side}": frame(found) for side, found in sides.items()})
    session.load({"confirmed_match": pl.DataFrame(confirmed, CONFIRMED, orient="row")})
    session.prepare({"src_line_a", "src_line_b", "confirmed_match"})
    one = pairing(EVERY_PASS, accounts=True, internal="set_aside", unresolved=("a",))
    one.list_sql["b"] = LIST
    run_matching(session.connection, [one], PARAMETERS, date(2024, 12, 31), session.matcher_tables)
    prove_balance(session.connection)
    return {name: session.frame(f"select * from {name} order by all") for name in RESULTS}


def test_all_passes_are_equal_on_the_cluster(
    master: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recon.engine.spark_matcher_tables.FEW", 0)
    monkeypatch.setattr(SparkSession, "build", _no_parties)
    sides = {"a": [*lines(1, 150), *KEYED], "b": [*lines(2, 150), *OTHER]}
    cluster = Cluster(master, tmp_path / "shared")
    with Session(threads=1) as here, SparkSession(cluster, None, None, 1) as there:
        first = results(here, sides, [])
        passes = set(first["match_line"]["pass_no"].drop_nulls())
        assert passes == {1, 2, 3, 4, 5, 6, 7}
        said = first["match_candidate"].filter(pl.col("option_no") < 2).rows(named=True)
        confirmed = [
            ("test_pair", row["ambiguity_id"], row["side"], row["line_key"]) for row in said
        ]
        wanted = results(here, sides, confirmed)
        assert wanted["match_confirmed_line"].height
        assert wanted["match_refused"].height
        found = results(there, sides, confirmed)
        for name in RESULTS:
            assert found[name].equals(wanted[name]), name
        left = [path.name for path in (tmp_path / "shared").iterdir() if "match" in path.name]
        assert [name for name in left if not name.startswith("confirmed_match")] == []


def test_a_pairing_of_few_lines_is_matched_on_the_driver(
    master: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SparkSession, "build", _no_parties)
    sides = {"a": lines(1, 20), "b": lines(2, 20)}
    cluster = Cluster(master, tmp_path / "shared")
    made: list[str] = []
    make = cluster.make
    cluster.make = lambda name, sql, kinds: (made.append(name), make(name, sql, kinds))[1]  # type: ignore[method-assign]
    with Session(threads=1) as here, SparkSession(cluster, None, None, 1) as there:
        wanted, found = (results(one, sides, []) for one in (here, there))
        for name in RESULTS:
            assert found[name].equals(wanted[name]), name
    assert made == ["match_list", "match_input"] or made == ["match_input", "match_list"]


def test_a_cluster_that_fails_in_a_pass_is_what_is_told(
    master: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recon.engine.spark_matcher_tables.FEW", 0)
    monkeypatch.setattr(SparkSession, "build", _no_parties)
    cluster = Cluster(master, tmp_path / "shared")
    make = cluster.make

    def fail(name: str, sql: str, kinds: Mapping[str, str]) -> None:
        if name == "match_crowd":
            raise SparkFailedError("test_pair", "no worker is left")
        make(name, sql, kinds)

    monkeypatch.setattr(cluster, "make", fail)
    with SparkSession(cluster, None, None, 1) as there:
        with pytest.raises(SparkFailedError, match="no worker is left"):
            results(there, {"a": lines(1, 20), "b": lines(2, 20)}, [])
        assert not list((tmp_path / "shared").glob("match_*"))
