"""The probe names the step and the condition at which a party's rows end."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import pytest

from recon.base.errors import PartyUnknownError
from recon.engine.duckdb import Session
from recon.engine.staging import staged_names
from recon.why_not.page import _ended, find_party
from recon.why_not.probe import Failing, Probe
from recon.why_not.selects import Source, relation_of
from recon.why_not.spoken import condition_words
from recon.why_not.titles import STEPS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recon.why_not.probe import Ending

MONEY = pl.Decimal(18, 2)


@pytest.fixture
def session() -> Iterator[Session]:
    with Session() as session:
        fees = {
            "party_id": ["P1", "P1", "P2"],
            "day": [date(2024, 1, 5), date(2024, 2, 5), date(2024, 1, 5)],
            "due": [Decimal(10), Decimal(20), Decimal(30)],
            "name": ["张三", "李四", "王五"],
            "note": ["a", None, "c"],
        }
        banks = {"party_id": ["P2"], "paid": [Decimal(30)]}
        session.load(
            {
                "fees": pl.DataFrame(fees, schema_overrides={"due": MONEY}),
                "banks": pl.DataFrame(banks, schema_overrides={"paid": MONEY}),
            }
        )
        session.set_parameters({"least": Decimal("25.00"), "unset": None})
        yield session


def ending(session: Session, sql: str, party: str = "P1") -> Ending:
    return Probe(session, party, None).ending(sql, "X-01")


def test_a_condition_is_named_with_the_numbers_of_the_nearest_row(session: Session) -> None:
    found = ending(session, "select party_id from fees where due > $least and note is not null")
    assert (found.kind, found.place, found.rows) == ("where", "X-01", 2)
    assert found.failing == (Failing("due > $least", (("due", "10.00"), ("$least", "25.00"))),)
    assert dict(found.row)["day"] == "2024-01-05"


def test_a_condition_that_is_null_did_not_hold(session: Session) -> None:
    found = ending(session, "select party_id from fees where due > $unset")
    assert [each.condition for each in found.failing] == ["due > $unset"]
    assert ("$unset", None) in found.failing[0].values


def test_the_step_in_which_the_rows_end_is_found_behind_ctes(session: Session) -> None:
    sql = """
        with large as (select party_id, due from fees where due > 25),
        doubled as (select large.party_id, 2 * large.due as due from large)
        select doubled.party_id from doubled where doubled.due > 0
    """
    found = ending(session, sql)
    assert (found.kind, found.place) == ("where", "large")
    assert dict(found.trail) == {"doubled": 0, "large": 0, "fees": 2}


def test_a_join_without_a_counterpart_is_named(session: Session) -> None:
    sql = """
        select fees.party_id from fees
        inner join banks on fees.party_id = banks.party_id and banks.paid = fees.due
    """
    found = ending(session, sql)
    assert (found.kind, found.other, found.rows) == ("join", "banks", 2)
    assert "banks.paid = fees.due" in found.failing[0].condition


def test_a_left_join_drops_nothing(session: Session) -> None:
    sql = """
        select fees.party_id from fees left join banks on fees.party_id = banks.party_id
        where banks.paid is not null
    """
    assert ending(session, sql).kind == "where"


def test_a_table_without_the_party_ends_the_search(session: Session) -> None:
    found = ending(session, "select party_id from fees where due > 0", "P9")
    assert (found.kind, found.place) == ("no_rows", "fees")


def test_grouping_and_rank_are_named(session: Session) -> None:
    sql = "select party_id from fees group by party_id having count(*) > 5"
    found = ending(session, sql)
    assert found.kind == "after"
    assert "COUNT(*) > 5" in found.failing[0].condition


def test_of_a_union_the_branch_that_comes_nearest_is_told(session: Session) -> None:
    sql = """
        with both_ as (
            select party_id from banks where paid > 100
            union all
            select party_id from fees where due > 25 and day is not null
        )
        select party_id from both_ where party_id is not null
    """
    found = ending(session, sql)
    assert (found.kind, found.failing[0].condition) == ("where", "due > 25")


def test_a_party_id_with_a_quote_is_data(session: Session) -> None:
    assert ending(session, "select party_id from fees where due > 0", "P' or 1=1 --").rows == 0


def test_names_of_persons_are_masked(session: Session) -> None:
    said = "\n".join(_ended(ending(session, "select party_id from fees where name = '赵六'")))
    assert "姓名（name） = 张*" in said
    assert "张三" not in said


def test_a_table_without_any_row_of_the_party_is_said(session: Session) -> None:
    found = ending(session, "select party_id from fees where due > 0", "P9")
    said = "\n".join(_ended(found))
    assert "- 中间步骤“fees”: 0" in said
    assert "到 中间步骤“fees” 就没有这个单位的行" in said


def test_a_statement_that_reads_no_table_has_no_rows(session: Session) -> None:
    assert ending(session, "select 'P1' as party_id where false").kind == "no_rows"
    derived = "select party_id from (select party_id from fees where due > 25) as large"
    assert ending(session, derived).kind == "no_rows"


def test_a_join_and_a_rank_are_said_in_words(session: Session) -> None:
    joined = ending(
        session,
        "select fees.party_id from fees inner join banks on fees.party_id = banks.party_id",
    )
    said = "\n".join(_ended(joined))
    assert "这一步：2 行，在 中间步骤“banks” 里没有对得上的行" in said
    grouped = ending(session, "select party_id from fees group by party_id having count(*) > 5")
    assert "分组或排名之后没有留下" in "\n".join(_ended(grouped))


def test_an_empty_cell_of_a_failing_condition_is_said(session: Session) -> None:
    found = ending(session, "select party_id from fees where note > $unset and due < 0")
    assert "$unset = 空" in "\n".join(_ended(found))


def test_a_column_without_its_table_is_found_by_its_name(session: Session) -> None:
    sql = "select due, party_id from banks natural join fees where due > 99"
    assert ending(session, sql, "P2").failing[0].condition == "due > 99"


def test_only_a_query_can_be_asked() -> None:
    with pytest.raises(TypeError, match="X is no select"):
        relation_of("X", "drop table fees")
    plain = relation_of("X", "(select 1 as party_id) union all select 2")
    assert len(list(plain.branches())) == 2
    assert not Source("a", "a").condition


def test_a_computed_value_is_followed_to_what_it_was_worked_out_from(session: Session) -> None:
    sql = """
        with judged as (
            select party_id, due > 15 and note is null as is_odd
            from fees
            where day > date '2024-02-01'
        )
        select party_id from judged where not judged.is_odd
    """
    found = ending(session, sql)
    (failing,) = found.failing
    assert failing.condition == "NOT judged.is_odd"
    assert failing.values == (("judged.is_odd", "true"),)
    assert failing.because == (("due", "20.00"), ("note", None))
    said = "\n".join(_ended(found))
    assert "is_odd = 是" in said
    assert "它由这些数据得出：" in said


def test_a_party_that_only_a_run_names_can_be_asked_for(session: Session) -> None:
    parties = {"party_id": ["P1"], "party_name": ["甲公司"], "party_code": ["91"]}
    session.load({"party": pl.DataFrame(parties)})
    named = [("N:乙商行", "乙商行"), ("P1", "甲公司")]
    assert find_party(session, "乙商行", named)[0] == "N:乙商行"
    assert find_party(session, "甲公司", named) == ("P1", "甲公司")
    with pytest.raises(PartyUnknownError):
        find_party(session, "乙商行")


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("short > $tolerance_money_yuan", "少的数（short） 大于 参数“金额比较的容差”"),
        ("not is_ineligible", "不是“不符合返还条件（is_ineligible）”"),
        ("int_wage.party_id is null", "在工资总额（int_wage）里没有对应的行"),
        ("due_on is not null and paid_on <= due_on",
         "到期日（due_on） 有值，并且付款日期（paid_on） 不大于 到期日（due_on）"),
        ("flag in ('a', 'b') or coalesce(paid, 0) = 0",
         "flag 是 “a”、“b” 之一，或者已缴数（paid） 等于 0"),
        ("list_contains(x, 1)", "`ARRAY_CONTAINS(x, 1)`"),
    ],
)  # fmt: skip
def test_a_condition_is_said_in_words_and_what_has_none_is_quoted(sql: str, words: str) -> None:
    assert condition_words(sql) == words


def test_source_rows_behind_the_nearest_row_are_named(session: Session) -> None:
    session.load(
        {
            "paid_row": pl.DataFrame({"row_id": [7, 8], "party_id": ["P1", "P1"],
                                      "day": [date(2024, 1, 5), date(2024, 2, 5)],
                                      "sum": [1, 2]}),
            "source_row": pl.DataFrame({"row_id": [7, 8], "file_id": [1, 1], "sheet": ["表", "表"],
                                        "row_no": [3, 4]}),
            "source_file": pl.DataFrame({"file_id": [1], "path": ["代收.xlsx"]}),
        }
    )  # fmt: skip
    sql = "with step as (select party_id, day, sum from paid_row) select party_id from step"
    found = ending(session, f"{sql} where sum > 1 and day < date '2024-02-01'")
    assert found.places == ("代收.xlsx#表!3",)
    assert "相关来源行：代收.xlsx#表!3" in "\n".join(_ended(found))


def test_every_computed_table_has_a_title_of_its_own() -> None:
    assert set(STEPS) == {name for name in staged_names() if name.startswith("int_")}
    assert len(set(STEPS.values())) == len(STEPS)
