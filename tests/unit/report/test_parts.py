"""Parts of the papers that depend on how much there is to say."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from recon.base.errors import UnitUnknownError
from recon.base.models import DEFINITE_DIRECTIONS
from recon.ledger.decisions import Item
from recon.output.split import fact, found_amount
from recon.report.blocks import Figures, Paragraph
from recon.report.brief import brief_page
from recon.report.items import saved_by_item, tally
from recon.report.letters import volumes, without_letter
from recon.report.listed import PRACTICE, no_items
from recon.report.next_steps import next_steps
from recon.report.papers import volumes as working_papers
from recon.report.problems import problems
from recon.report.register_rows import register_rows
from recon.report.standing import Standing

RECORD = {
    "run_id": "0" * 16,
    "period_from": "2024-01-01",
    "period_to": "2024-12-31",
    "as_of": "2024-12-31",
    "self": {"name": ""},
    "options": {"mask": True},
    "rules": [{"rule": "REM-01", "title": "未缴", "title_en": "not paid", "status": "exceptions"}],
    "policy": [],
}
ROW: dict[str, Any] = {
    "exception_id": "a", "rule": "REM-01", "family": "REM", "direction": DEFINITE_DIRECTIONS[0],
    "amount": Decimal("10.00"), "counted": True, "linked_to": None, "party_id": "91",
    "party_name": "甲公司", "period": "2024-03", "message": "甲", "message_en": "a", "formula": "",
    "evidence": [], "unverified_policy": False, "standing": "lead", "verdict": None, "reason": None,
    "confirmed_amount": None, "recovered": Decimal("0.00"), "closed_on": None, "due_on": None,
    "office": None, "responsible": None, "repeat_years": None, "measure": None, "detail": "{}",
    "policy": [],
}  # fmt: skip
MONEY = pl.Decimal(18, 2)
SCHEMA: dict[str, Any] = {
    "amount": MONEY, "confirmed_amount": MONEY, "recovered": MONEY, "closed_on": pl.String,
    "due_on": pl.Date, "evidence": pl.List(pl.String), "policy": pl.List(pl.String),
}  # fmt: skip
TEXTS = dict.fromkeys((name for name, value in ROW.items() if value is None), pl.String())


def standing(*rows: dict[str, Any], **record: Any) -> Standing:
    frame = pl.DataFrame([{**ROW, **row} for row in rows], schema_overrides={**TEXTS, **SCHEMA})
    if not rows:
        frame = pl.DataFrame([ROW], schema_overrides={**TEXTS, **SCHEMA}).clear()
    frame = frame.with_columns(found_amount())
    return Standing(Path(), {**RECORD, **record}, frame, (), {}, 0, 0)


def said(blocks: Any) -> str:
    return "\n".join(block.text for block in blocks if isinstance(block, Paragraph))


def test_a_run_without_exceptions_says_so() -> None:
    assert "没有已确认的问题。" in said(problems(standing()))
    assert said(next_steps(standing())) == ""
    assert list(volumes(standing())) == []


def test_confirmed_problems_say_what_is_left_and_who_is_found_again() -> None:
    rows = (
        {"standing": "finding", "verdict": "部分成立", "confirmed_amount": Decimal("5.00"),
         "recovered": Decimal("2.00"), "repeat_years": "2022、2023"},
        {"exception_id": "b", "standing": "dismissed", "verdict": "不成立"},
    )  # fmt: skip
    text = said(problems(standing(*rows)))
    assert "应补缴5.00元（已办理2.00元，尚余3.00元）" in text
    assert "屡审屡犯：1个单位在2022、2023年已有同类问题。" in text


def test_leads_and_what_was_dismissed_are_no_problems() -> None:
    rows = ({}, {"exception_id": "b", "standing": "dismissed", "verdict": "不成立"})
    assert "没有已确认的问题。" in said(problems(standing(*rows)))


def test_next_steps_never_add_directions_up() -> None:
    rows = [{**FOUND, "exception_id": each, "direction": each} for each in ("pay_in", "give_back")]
    text = said(next_steps(standing(*rows)))
    assert "应补缴10.00元，应返还10.00元" in text
    assert "20.00" not in text


def letter(*rows: dict[str, Any], kind: Any = "finding") -> list[Any]:
    (blocks,) = volumes(standing(*rows), kind)
    return list(blocks)


FOUND: dict[str, Any] = {
    "standing": "finding",
    "verdict": "成立",
    "confirmed_amount": Decimal("10.00"),
}


def test_a_letter_lists_every_line_so_that_its_sum_follows() -> None:
    rows = [{**FOUND, "exception_id": f"{number:03}"} for number in range(20)]
    blocks = letter(*rows)
    (figures,) = (block for block in blocks if isinstance(block, Figures))
    assert len(figures.rows) == 21
    assert figures.rows[-1][-1] == Decimal("200.00")
    assert "请贵单位补缴 200.00 元（20 项）：" in said(blocks)


def test_what_is_still_due_follows_from_original_reduction_and_recovered() -> None:
    row = {
        **FOUND, "verdict": "部分成立", "amount": Decimal("600.00"),
        "formula": "2%×30000.00=600.00",
        "confirmed_amount": Decimal("500.00"), "reason": "已扣减免", "recovered": Decimal("100.00"),
    }  # fmt: skip
    (figures,) = (block for block in letter(row) if isinstance(block, Figures))
    assert figures.rows[0][2:] == (
        Decimal("600.00"), "2%×30000.00=600.00", "100.00（已扣减免）", Decimal("100.00"),
        Decimal("400.00"),
    )  # fmt: skip


def test_lines_of_one_unit_are_told_apart_by_person_class_and_card() -> None:
    rows = [
        {**FOUND, "exception_id": "1", "direction": "recover", "period": "2024-06",
         "detail": '{"name":"欧阳明","id_no":"990000198501010016","class_no":"PX1"}'},
        {**FOUND, "exception_id": "2", "direction": "recover", "detail": '{"card_last4":"1307"}'},
        {**FOUND, "exception_id": "3", "direction": "recover", "period": None,
         "message": "甲欠款。"},
    ]  # fmt: skip
    blocks = letter(*rows)
    (figures,) = (block for block in blocks if isinstance(block, Figures))
    assert {str(row[1]) for row in figures.rows[:-1]} == {
        "未缴：欧*明（990000********0016），PX1班，2024-06", "未缴：尾号1307油卡，2024-03",
        "未缴：甲欠款",
    }  # fmt: skip
    assert "请贵单位退回 30.00 元（3 项）：" in said(blocks)


def test_directions_are_said_from_the_addressee_and_never_added_up() -> None:
    rows = [{**FOUND, "exception_id": each, "direction": each} for each in ("pay_in", "give_back")]
    text = said(letter(*rows))
    assert "请贵单位补缴 10.00 元" in text
    assert "我会应拨付贵单位工会 10.00 元" in text
    assert "20.00" not in text


def test_a_letter_without_a_text_read_leaves_the_basis_blank() -> None:
    assert "依据：＿＿＿＿＿＿＿＿。" in said(letter(FOUND))


def test_an_inquiry_demands_nothing_and_leaves_room_for_the_answer() -> None:
    blocks = letter({}, kind="lead")
    text = said(blocks)
    assert "不是催缴或退款通知" in text
    assert not any(word in text for word in ("请贵单位补缴", "应拨付", "尚欠", "已经核实"))
    (figures,) = (block for block in blocks if isinstance(block, Figures))
    assert [row[-1] for row in figures.rows] == [""]


def test_no_letter_for_leads_persons_the_own_unit_and_what_is_settled() -> None:
    rows = [
        {"exception_id": "lead"},
        {**FOUND, "exception_id": "paid", "recovered": Decimal("10.00")},
        {**FOUND, "exception_id": "closed", "closed_on": "2025-01-01"},
        {**FOUND, "exception_id": "linked", "linked_to": "paid"},
        {**FOUND, "exception_id": "person", "party_name": "丙*申"},
        {**FOUND, "exception_id": "own", "party_name": "本会"},
    ]
    here = standing(*rows, self={"name": "本会"})
    assert list(volumes(here)) == []
    assert without_letter(here) == 2


def test_two_claims_on_one_payment_name_each_other_and_are_not_set_off() -> None:
    one = {**FOUND, "exception_id": "3f2a", "detail": '{"opposite":["91c0"]}'}
    other = {**FOUND, "exception_id": "91c0", "direction": "give_back",
             "detail": '{"opposite":["3f2a","77aa"]}'}  # fmt: skip
    warned = "上列事项有的涉及同一笔款而方向相反，分别办理，不相互抵减。"
    assert warned in said(letter(one, other))
    assert warned not in said(letter(one)), "what nobody confirmed is not told to the other side"
    here = standing(one, other, {"exception_id": "77aa"})
    rows = here.rows
    assert rows.select(fact("message"))["message"].to_list() == [
        "甲；同一笔款上另有反方向的例外（91c0），分别处理，不得相互抵减",
        "甲；同一笔款上另有反方向的例外（3f2a、77aa），分别处理，不得相互抵减",
        "甲",
    ]


def item(**said: Any) -> pl.DataFrame:
    """Return one 整改事项 that names REM-01."""
    schema = no_items().schema
    row = {"item_id": "i", "item_no": "1", "area": "收缴", "problem": "未缴", "codes": ["REM-01"],
           "is_done": True, **said}  # fmt: skip
    return pl.DataFrame([row], schema=schema)


RAN = {"rules": [{**RECORD["rules"][0], "rows_examined": 9}]}  # type: ignore[index, dict-item]


def test_an_item_says_sums_of_findings_and_only_counts_leads() -> None:
    rows = (
        {"exception_id": "lead", "amount": Decimal("700.00")},
        {"exception_id": "no", "standing": "dismissed", "verdict": "不成立",
         "amount": Decimal("900.00")},
    )  # fmt: skip
    text = said(problems(replace(standing(*rows, **RAN), items=item())))
    assert "核查9项，没有已确认的问题，另有1条线索待核实。" in text
    text = said(problems(replace(standing(FOUND, *rows, **RAN), items=item())))
    assert "已确认的涉及1个单位（个人）1条，应补缴10.00元，另有1条线索待核实。" in text
    assert not any(amount in text for amount in ("700", "900", "1,6"))


def test_money_paid_out_is_not_brought_back() -> None:
    ways = ("pay_in", "recover", "remit_up", "give_back", "clear_out", "write_off")
    rows = [
        {**FOUND, "exception_id": each, "direction": each, "recovered": Decimal("3.00")}
        for each in ways
    ]
    here = standing(*rows)
    assert tally(here).saved == Decimal("6.00")
    assert saved_by_item(replace(here, items=item())) == {"i": Decimal("6.00")}


def test_linked_lines_count_nowhere_in_the_report() -> None:
    linked = {"exception_id": "b", "linked_to": "a"}
    here = standing(FOUND, {**FOUND, **linked}, {"exception_id": "c"}, {**linked, "linked_to": "c"})
    text = said([*problems(here), *next_steps(here)])
    assert "涉及1个单位（个人）1条" in text
    assert "未销号的1条" in text
    assert "还有1条线索" in text


def test_a_finding_whose_money_stands_in_an_unconfirmed_line_is_told(tmp_path: Path) -> None:
    linked = {**FOUND, "exception_id": "b", "linked_to": "a"}
    for primary, told in ((FOUND, []), ({}, ["b"]), ({"standing": "dismissed"}, ["b"])):
        here = blank_too(standing({**primary, "exception_id": "a"}, linked))
        assert here.uncounted.to_list() == told
        remarks = dict(register_rows(here).select("exception_id", "remark").rows())
        assert ("没有计入合计" in remarks["b"], "已计入" in remarks["b"]) == (told != [], not told)


def test_papers_of_chosen_units_hold_nothing_of_others() -> None:
    rows = ({"exception_id": "a"}, {"exception_id": "b", "party_name": "乙公司"})
    facts = {"party_name": "乙公司", "rule": "REM-01", "direction": "pay_in"}
    states = pl.DataFrame({"party_name": ["甲公司", "乙公司"], "state": ["new", "resolved"]})
    here = replace(
        standing(*rows),
        gone=(Item("g", facts),),
        states=states,
        items=pl.concat([item(problem="乙公司未缴"), item(area=PRACTICE)]),
    )
    one = here.only(["甲公司"])
    assert (one.rows["exception_id"].to_list(), one.gone) == (["a"], ())
    assert one.states["state"].to_list() == ["new"]
    assert one.items["area"].to_list() == [PRACTICE]
    assert [each.exception_id for each in here.only(["乙公司"]).gone] == ["g"]
    with pytest.raises(UnitUnknownError, match="甲公司"):
        here.only(["甲公"])


def test_a_brief_of_chosen_units_is_not_compared_with_the_whole_last_run(tmp_path: Path) -> None:
    states = pl.DataFrame({"party_name": ["甲公司"], "state": ["new"], "previous_run": ["last"]})
    here = replace(standing({}), run=tmp_path, states=states).only(["甲公司"])
    assert "不与上次全部单位的合计比较" in said(brief_page(here))


def blank_too(here: Standing) -> Standing:
    """Add the columns that only the register reads."""
    blank = ("measure_type", "closed_by", "proof", "references", "earlier", "explanations")
    rows = here.rows.with_columns(
        pl.lit(None, pl.List(pl.String) if name == "explanations" else pl.String).alias(name)
        for name in blank
    )
    return replace(here, rows=rows)


def paper(standing: Standing) -> tuple[str, list[object]]:
    """Return the texts of the first volume of working papers, and what its facts say."""
    (blocks,) = working_papers(standing)
    tables = [block for block in blocks if isinstance(block, Figures) and len(block.headers) == 6]
    return said(blocks), [table.rows[0][2] for table in tables]


def test_a_signed_paper_keeps_its_number_and_names_no_lead_of_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("recon.report.papers.quote_places", lambda *_: {})
    detail = '{"opposite":["lead","no","else","yes"]}'
    mine = {**FOUND, "exception_id": "b" * 16, "detail": detail}
    others = (
        {"exception_id": "lead"}, {"exception_id": "no", "standing": "dismissed"},
        {**FOUND, "exception_id": "else", "party_id": "92"},
    )  # fmt: skip
    text, facts = paper(standing(mine, *others[:2]))
    assert "编号：2024－bbbbbbbb　" in text
    assert facts == ["甲"]
    yes = {**FOUND, "exception_id": "yes", "rule": "REM-00"}
    text, facts = paper(standing(yes, mine, *others))
    assert "编号：2024－bbbbbbbb　" in text
    remark = "甲；同一笔款上另有反方向的例外（yes），分别处理，不得相互抵减"
    assert remark in facts
    listed = register_rows(blank_too(standing(yes, mine, *others)))
    said_of = dict(listed.select("exception_id", "message").rows())
    assert {key: said for key, said in said_of.items() if said != "甲"} == {"b" * 16: remark}


def test_a_paper_names_standards_in_words_and_no_tolerance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recon.report.papers.quote_places", lambda *_: {})
    used = [
        {"name": name, "value": value, "starts_on": "2000-01-01", "kind": kind, "title": name[:4],
         "title_en": name}
        for name, value, kind in (
            ("fee.handling_fee_bearer", "upper", "policy"), ("fee.none", None, "policy"),
            ("prep.whole_policies", "sme-2020-2022", "policy"),
            ("tolerance.money_yuan", "0.01", "tool"), ("fee.rate", "0.02", "policy"),
        )
    ]  # fmt: skip
    names = ["fee.handling_fee_bearer=upper", "fee.none=", "prep.whole_policies=sme-2020-2022",
             "tolerance.money_yuan=0.01"]  # fmt: skip
    row = {**FOUND, "policy": [f"{name}@2000-01-01" for name in names]}
    (blocks,) = working_papers(standing(row, policy=used))
    about = next(block for block in blocks if isinstance(block, Figures))
    assert dict(about.rows)["所用标准"] == (
        "fee.：由上级部分承担（2000-01-01 起）；prep：小微企业工会经费全额返还（2000-01-01 起）"
    )


def test_an_inquiry_asks_whether_and_says_nothing_is_so() -> None:
    (figures,) = (block for block in letter({}, kind="lead") if isinstance(block, Figures))
    assert str(figures.rows[0][1]).startswith("请核对是否存在：未缴：")
