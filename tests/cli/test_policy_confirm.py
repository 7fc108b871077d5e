"""`recon policy confirm`, `export`, `import`: from a run to recon.toml and back into the policy."""

from __future__ import annotations

import json
import signal
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click
import openpyxl
import polars as pl
import pytest
from click.testing import CliRunner

from recon.cli import cli
from recon.policy.parameters import load_policy
from recon.workspace.recon_toml import load_config

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

TOML = """# 某县
[policy]   # 本地
"fee.due_day" = 10  # 一句注释

[check]
locale = "base"
"""
USED = (("fee.passback_days", "15"), ("fee.basic_share", "0.6"))


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """A workspace with one run: 900 yuan rest on both values, 100 on the days alone."""
    (tmp_path / "recon.toml").write_text(TOML, encoding="utf-8")
    run = tmp_path / "recon-out" / "0123456789abcdef"
    run.mkdir(parents=True)
    starts = {"fee.passback_days": "2000-01-01", "fee.basic_share": "2004-01-01"}
    policy = [
        {"name": name, "value": value, "starts_on": starts[name], "is_verified": False,
         "kind": "policy", "reference": "无统一依据"}
        for name, value in USED
    ]  # fmt: skip
    (run / "run.json").write_text(json.dumps({"policy": policy}), encoding="utf-8")
    days, share = (f"{name}={value}@{starts[name]}" for name, value in USED)
    pl.DataFrame(
        {
            "amount": [Decimal("900.00"), Decimal("100.00")],
            "counted": [True, True],
            "policy": [[days, share], [days]],
        },
        schema_overrides={"amount": pl.Decimal(18, 2)},
    ).write_parquet(run / "exceptions.parquet")
    (tmp_path / "recon-out" / "latest").write_text(run.name, encoding="utf-8")
    return tmp_path


def call(county: Path, *words: str, typed: str = "") -> Result:
    return CliRunner().invoke(
        cli, ["policy", *words, "--data", str(county)], input=typed, catch_exceptions=False
    )


def value(county: Path, name: str, day: date) -> tuple[object, bool, str]:
    config = load_config(county)
    found = load_policy(config.locale, config.policy, config.workspace).value_at(name, day)
    assert found is not None
    return found.value, found.is_verified, found.reference.text


def test_ctrl_c_is_heard_at_every_question(county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[bool] = []

    def asked(*_words: object, **_more: object) -> str:
        heard.append(signal.getsignal(signal.SIGINT) is not None)
        raise click.Abort

    # as the reading of a run leaves it: a handler that Python does not know
    monkeypatch.setattr(signal, "getsignal", lambda _number: set_to[-1])
    set_to: list[object] = [None]
    monkeypatch.setattr(signal, "signal", lambda _number, handler: set_to.append(handler))
    monkeypatch.setattr(click, "prompt", asked)
    result = call(county, "confirm")
    assert "没有确认任何参数" in result.output
    assert heard == [True]


def test_confirm_asks_and_writes_what_was_said(county: Path) -> None:
    first = "县工发〔2020〕3号\n第五条\n20\n2020-01-01\n2026-11-01\n"
    second = "工财字〔2004〕42号\n二\n\n\n2026-11-02\n"
    typed = first + second
    result = call(county, "confirm", "--by", "王某", typed=typed)
    assert result.exit_code == 0, result.output
    assert "确认这 2 项可使 1,000.00 元转为已确认" in result.output
    assert "重新运行 recon check 生效" in result.output
    text = (county / "recon.toml").read_text("utf-8")
    assert text.startswith("# 某县")
    assert "# 一句注释" in text
    day = date(2024, 1, 1)
    shares = value(county, "fee.basic_share", day), value(county, "fee.passback_days", day)
    assert {one[1] for one in shares} == {True}


def test_what_was_answered_before_an_abort_is_kept(county: Path) -> None:
    result = call(county, "confirm", "--by", "王某", typed="某文\n\n\n\n2026-11-02\n")
    assert result.exit_code == 0, result.output
    assert "写入" in result.output
    assert "某文" in (county / "recon.toml").read_text("utf-8")


def test_nothing_confirmed_leaves_the_file_alone(county: Path) -> None:
    result = call(county, "confirm", typed="\nn\n")
    assert result.exit_code == 0
    assert "没有确认任何参数" in result.output
    assert (county / "recon.toml").read_text("utf-8") == TOML


def test_a_value_that_cannot_be_is_asked_again(county: Path) -> None:
    typed = "某文\n\n很多\n0.7\n\n2026-11-02\n\nn\n"
    result = call(county, "confirm", "--by", "王某", typed=typed)
    assert "应为" in result.output
    assert result.exit_code == 0


def fill(path: Path, rows: dict[str, dict[str, Any]]) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book["参数确认"]
    headers = {cell.value: cell.column for cell in sheet[1]}
    for (cell,) in sheet.iter_rows(min_row=2, min_col=headers["参数名"], max_col=headers["参数名"]):
        for header, held in rows.get(str(cell.value), {}).items():
            sheet.cell(cell.row, headers[header]).value = held
    book.save(path)


GOOD = {
    "文号": "县工发〔2020〕3号",
    "条款": "第五条",
    "核对人": "王某",
    "核对日期": date(2026, 11, 1),
}


def test_export_then_import_confirms(county: Path) -> None:
    sheet = county / "参数确认.xlsx"
    exported = call(county, "export", str(sheet))
    assert exported.exit_code == 0, exported.output
    assert "2 个参数未确认" in exported.output
    first = [cell.value for cell in openpyxl.load_workbook(sheet)["参数确认"]["E"]]
    assert first[1] == 1000
    fill(sheet, {"fee.passback_days": {**GOOD, "本地的值": 30}})
    result = call(county, "import", str(sheet))
    assert result.exit_code == 0, result.output
    assert "100.00 元转为已确认，仍有 900.00 元未确认" in result.output
    found = value(county, "fee.passback_days", date(2024, 1, 1))
    assert found == (30, True, "县工发〔2020〕3号，第五条")


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"核对人": None}, "“核对人”没有填"),
        ({"核对日期": "上个月"}, "“核对日期”没有填，或不是日期"),
        ({"本地的值": "十五"}, "“十五”不合要求。应为"),
        ({"参数名": "fee.nothing"}, "不认识的参数“fee.nothing”"),
    ],
)
def test_each_fault_of_the_sheet_names_its_row(
    county: Path, cells: dict[str, Any], said: str
) -> None:
    sheet = county / "a.xlsx"
    call(county, "export", str(sheet))
    fill(sheet, {"fee.passback_days": {**GOOD, **cells}})
    result = CliRunner().invoke(cli, ["policy", "import", str(sheet), "--data", str(county)])
    assert result.exit_code == 2
    assert said in result.output
    assert "a.xlsx#参数确认!" in result.output
    assert (county / "recon.toml").read_text("utf-8") == TOML


def test_a_workbook_without_the_sheet_and_a_folder_without_a_run(county: Path) -> None:
    other = county / "b.xlsx"
    openpyxl.Workbook().save(other)
    result = CliRunner().invoke(cli, ["policy", "import", str(other), "--data", str(county)])
    assert "没有工作表“参数确认”" in result.output
    (county / "recon-out" / "latest").unlink()
    result = CliRunner().invoke(cli, ["policy", "export", str(other), "--data", str(county)])
    assert result.exit_code == 2


def test_a_later_value_of_the_pack_stays(county: Path) -> None:
    sheet = county / "a.xlsx"
    run = county / "recon-out" / "0123456789abcdef"
    record = json.loads((run / "run.json").read_text("utf-8"))
    record["policy"] = [
        {"name": "sme.vat_sales_yuan", "value": "150000", "starts_on": "2021-04-01",
         "is_verified": False, "kind": "policy", "reference": "公告2021年第11号"}
    ]  # fmt: skip
    (run / "run.json").write_text(json.dumps(record), encoding="utf-8")
    call(county, "export", str(sheet))
    fill(sheet, {"sme.vat_sales_yuan": GOOD})
    assert call(county, "import", str(sheet)).exit_code == 0
    assert value(county, "sme.vat_sales_yuan", date(2022, 1, 1))[:2] == (Decimal(150000), True)
    assert value(county, "sme.vat_sales_yuan", date(2024, 1, 1))[:2] == (Decimal(100000), True)
    config = load_config(county)
    policy = load_policy(config.locale, config.policy, config.workspace)
    assert policy.value_at("sme.vat_sales_yuan", date(2028, 1, 1)) is None
    assert policy.value_at("sme.vat_sales_yuan", date(2020, 1, 1)) is not None
