"""Spark Connect gives the same exceptions as DuckDB: rule by rule.

RECON_PARITY_TURN=3 pytest tests/spark/test_parity.py              other rules, other cases of each
RECON_PARITY_TURN=all pytest -n 2 tests/spark/test_parity.py       every case of every rule
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from zlib import crc32

import polars as pl
import pytest

from recon.engine.case_session import CaseSession
from recon.engine.connect import Cluster
from recon.engine.portable import to_spark
from recon.rules.case_file import cases_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from recon.rules.case_file import Case
    from recon.rules.catalog import Rule

pytest.importorskip("pyspark", reason="needs: uv sync --group spark (.ci/run does)")
from tests.spark import parity

#: One in so many rules is compared in a turn, and one in so many of its cases: their product is the
#: number of turns that compare all.
RULE_TURNS, CASE_TURNS = 3, 20
#: The turn, a whole number, or "all".
TURN = os.environ.get("RECON_PARITY_TURN", "0")


def _turn(code: str) -> int:
    """Return the turn of a rule: not all rules begin at the same one."""
    return crc32(code.encode()) + int(TURN)


FAMILY_OF = [
    pytest.param(code.split("-")[0], code, id=code)
    for code in parity.RULES
    if TURN == "all" or _turn(code) % RULE_TURNS == 0
]


@pytest.fixture(scope="module")
def engines(request: pytest.FixtureRequest) -> Iterator[parity.Engines]:
    """Both sessions, for one family: what the server and the cluster keep ends with them."""
    with parity.server() as master, parity.both_engines(master) as both:
        yield both


def _cases(rule: Rule) -> list[Case]:
    """Return those of the turn, and always the first one with exceptions."""
    cases = cases_of(rule)
    if TURN == "all":
        return list(cases)
    first = next(case for case in cases if case.expect)
    begin = _turn(rule.code) // RULE_TURNS
    return [case for no, case in enumerate(cases, begin) if case is first or no % CASE_TURNS == 0]


@pytest.mark.parametrize(("engines", "code"), FAMILY_OF, indirect=["engines"])
def test_cases_are_equal(engines: parity.Engines, code: str) -> None:
    rule = parity.RULES[code]
    found = {case.name: parity.compare(engines, rule, case) for case in _cases(rule)}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_divisions_and_texts_of_numbers_are_equal(master: str, tmp_path: Path) -> None:
    numbers = pl.DataFrame(
        {"num": ["1.000", "-2.005", "0.005", "5.000", "0.000", "123456789012.345", "-0.015"],
         "den": ["3.000", "1.000", "1.000", "0.000", "7.000", "0.070", "-3.000"]},
    ).cast(pl.Decimal(18, 3))  # fmt: skip
    wanted = (
        "select num, den, div_half_up(num, den) as a, ratio_half_up(num, den * 1000) as b, "
        "number_text(num) as c, percent_text(den) as d from numbers"
    )
    cluster = Cluster(master, tmp_path / "shared")
    with CaseSession() as session:
        session.load({"numbers": numbers})
        here = session.frame(f"{wanted} order by num, den")
        session.execute(f"create or replace temp table answers as {wanted}", "numbers")
        cluster.put("numbers", numbers, session.columns("numbers"))
        rows = cluster.fetch(to_spark(wanted, {}), session.columns("answers"), "numbers")
    cluster.close()
    there = pl.DataFrame(rows).sort("num", "den")
    assert there.rows() == here.rows()
