"""The made-up inspection: its folder, checked and reported, carries every figure, item by item."""

from __future__ import annotations

import filecmp
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from docx import Document

from recon.cli import cli
from recon.output.items import read_items
from sample_data.make.inspection import make_inspection

if TYPE_CHECKING:
    from collections.abc import Iterator

SHIPPED = Path(__file__).parents[2] / "sample_data" / "inspection"
ITEMS = 28


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    data = tmp_path_factory.mktemp("inspection") / "data"
    shutil.copytree(SHIPPED, data, ignore=shutil.ignore_patterns("recon-out", ".recon-cache"))
    result = run("check", data, "--as-of", "2025-06-30", "--fail-on", "none", "-q")
    assert result.exit_code == 0, result.output
    return data


def latest(folder: Path) -> Path:
    out = folder / "recon-out"
    return out / (out / "latest").read_text(encoding="utf-8").strip()


def body(folder: Path) -> list[str]:
    result = run("report", "--data", folder)
    assert result.exit_code == 0, result.output
    papers = sorted(
        (latest(folder) / "report").glob("自查报告*.docx"), key=lambda p: p.stat().st_mtime
    )
    texts = [paragraph.text for paragraph in Document(str(papers[-1])).paragraphs]
    return texts[: texts.index("附件1　问题清单")]


def test_the_shipped_folder_is_what_the_maker_writes(tmp_path: Path) -> None:
    make_inspection(tmp_path)
    made = tmp_path / "inspection"
    names = [str(path.relative_to(made)) for path in made.rglob("*") if path.is_file()]
    assert filecmp.cmpfiles(made, SHIPPED, names, shallow=False)[1:] == ([], [])


def test_the_opening_carries_the_figures(folder: Path) -> None:
    text = "\n".join(body(folder))
    assert "3个方面28个具体问题，已完成22个问题整改，完善制度1项，挽回资金3.209万元" in text
    assert "其余6个问题正在整改" in text


def test_areas_and_items_stand_in_order(folder: Path) -> None:
    texts = body(folder)
    heads = [text for text in texts if re.fullmatch("针对“.*”问题的整改。|关于“.*”方面", text)]
    sizes = [0]
    for head in heads:
        if head.startswith("关于"):
            sizes.append(0)
        else:
            sizes[-1] += 1
    assert sizes == [0, 14, 8, 6]


@pytest.mark.parametrize(
    ("number", "figures"),
    [
        (3, ("5家", "8家", "62.5%", "383名", "519名", "73.8%", "“建会率不实”：核查3项，全部相符")),
        (6, ("6家企业没有缴纳", "6家小微企业", "“应缴未缴”：核查75项，没有已确认的问题，另有",
             "“逾期未申请”：核查12项，没有已确认的问题，另有6条线索待核实")),
        (7, ("63家", "38家", "25家", "核查63项，没有已确认的问题，另有25条线索待核实",
             "其余38项没有发现问题")),
        (16, ("12个培训班", "20多次", "“补助人数多于名册”：核查3项，全部相符")),
        (17, ("2024年1月30日收回", "管理办法", "“到期仍占用”：核查1项，全部相符")),
        (18, ("17名", "两家用人单位", "3.209万元", "另有17条线索待核实",
              "另有2条线索待核实")),
        (19, ("油卡退款", "“油卡退款未入账”：核查1项，全部相符")),
        (20, ("72.95%", "“实名制采集率不实”：核查3项，全部相符")),
    ],
)  # fmt: skip
def test_each_item_carries_its_figures(folder: Path, number: int, figures: tuple[str, ...]) -> None:
    texts = body(folder)
    heads = [place for place, text in enumerate(texts) if text.startswith("针对“")]
    assert len(heads) == ITEMS
    said = texts[heads[number - 1] + 1]
    assert [each for each in figures if each not in said] == []


def test_an_item_is_closed_in_the_ledger_by_another_person(folder: Path) -> None:
    items = read_items(latest(folder)).filter(item_no="10")
    item_id = items["item_id"][0]
    own = run("ledger", "close", item_id[:8], "--by", "孙某丁", "--proof", "照片", "--data", folder)
    assert (own.exit_code, "不能自己销号" in own.output) == (2, True)
    done = ("--by", "周某", "--proof", "验收单", "--data", folder)
    assert run("ledger", "close", item_id[:8], *done).exit_code == 0
    again = run("ledger", "close", item_id, *done)
    assert (again.exit_code, "已经销号" in again.output) == (2, True)
    assert "已完成23个问题整改" in "\n".join(body(folder))
