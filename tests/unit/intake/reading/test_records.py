"""XML and JSON of accounting programs (GB/T 24589).

The fixtures are written from the element names that the domain research lists, not from the text of
the standard and not from real files.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from recon.intake.formats.records import read_json_records, read_xml_records
from recon.intake.formats.refusals import RefusedError
from recon.intake.pipeline import read_intake

if TYPE_CHECKING:
    from pathlib import Path

LEDGER = """<?xml version="1.0" encoding="GB18030"?>
<会计核算数据 xmlns="urn:example">
<公共档案><电子账簿><电子账簿编号>001</电子账簿编号><会计核算单位>某县总工会</会计核算单位></电子账簿></公共档案>
<总账>
<会计科目><科目编号>222</科目编号><科目名称>应付下级经费</科目名称><科目级次>1</科目级次></会计科目>
<会计科目><科目编号>22203</科目编号><科目名称>应付建会筹备金</科目名称><科目级次>2</科目级次></会计科目>
<科目余额及发生额><科目编号>22203</科目编号><期初余额方向>借</期初余额方向><期末余额方向>贷</期末余额方向>
<会计年度>2024</会计年度><会计期间号>1</会计期间号><期初本币余额>10.00</期初本币余额>
<借方本币发生额>0</借方本币发生额><贷方本币发生额>30</贷方本币发生额><期末本币余额>20.00</期末本币余额>
</科目余额及发生额>
<记账凭证><记账凭证日期>20240105</记账凭证日期><记账凭证类型>记</记账凭证类型><记账凭证编号>1</记账凭证编号>
<分录><记账凭证行号>1</记账凭证行号><记账凭证摘要>收</记账凭证摘要><科目编号>22203</科目编号>
<借方本币金额>0</借方本币金额><贷方本币金额>30.00</贷方本币金额></分录></记账凭证>
</总账></会计核算数据>"""


def test_a_standard_ledger_in_xml_loads_with_account_names(tmp_path: Path) -> None:
    (tmp_path / "总账.xml").write_bytes(LEDGER.encode("gb18030"))
    found = read_intake(tmp_path)
    entry = found.tables["gl_entry"].row(0, named=True)
    assert entry["entry_on"] == date(2024, 1, 5)
    assert entry["voucher_no"] == "记-1"
    assert entry["account_name"] == "应付下级经费/应付建会筹备金"
    assert (entry["debit"], entry["credit"]) == (Decimal(0), Decimal(30))
    balance = found.tables["gl_balance"].row(0, named=True)
    assert (balance["month"], balance["side"]) == (date(2024, 1, 1), "贷")
    assert (balance["opening"], balance["closing"]) == (Decimal(-10), Decimal(20))
    assert found.files[0].true_type == "xml"
    assert found.files[0].encoding == "gb18030"


def test_json_keeps_digits_and_gives_outer_fields_to_inner_records() -> None:
    text = (
        '{"总账": {"记账凭证": [{"日期": "2024-01-05", "编号": 1, "已记账": true, "备注": null,'
        ' "分录": [{"金额": 30.10, "科目": "222"}, {"金额": 12345678901234567.89, "科目": "1"}]}]}}'
    )
    (sheet,) = read_json_records(text)
    assert sheet.name == "分录"
    rows = list(zip(*(column.to_pylist() for column in sheet.table.columns), strict=True))
    assert rows[0] == ("日期", "编号", "已记账", "备注", "金额", "科目")
    assert rows[1] == ("2024-01-05", "1", "true", None, "30.10", "222")
    assert rows[2][4] == "12345678901234567.89"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<a><b>1</b></a>", "foreign"),
        ("<a><b></a>", "corrupt"),
        ("<!DOCTYPE a><a/>", "entities"),
        ("<x>" * 60 + "<a><b>1</b><c>2</c></a>" + "</x>" * 60, "corrupt"),
    ],
)
def test_xml_without_records_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        read_xml_records(text)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"name": "x", "version": 1}', "foreign"),
        ("[1, 2]", "foreign"),
        ('{"a": ', "corrupt"),
        ("[" * 100_000, "corrupt"),
        ('{"a":' * 60 + '{"b": 1, "c": 2}' + "}" * 60, "corrupt"),
    ],
)
def test_json_without_records_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        read_json_records(text)
    assert refused.value.code == code
