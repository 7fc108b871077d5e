"""The self-inspection report: a body in the form of such reports, then four annexes.

Here: the order of the report, its opening and its first part. Not here: the problems (see
`problems`), what is still to be done (see `next_steps`), annexes, how a block is drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recon.base.models import Text
from recon.base.texts import say, spoken
from recon.report.annexes import RAN, annexes
from recon.report.blocks import Heading, Paragraph
from recon.report.figures import day, found_by_direction, wan
from recon.report.items import tally, texts_of
from recon.report.listed import PRACTICE
from recon.report.next_steps import next_steps
from recon.report.problems import problems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recon.report.blocks import Block
    from recon.report.standing import Standing

_BLANK = "＿" * 20


def inspection_report(standing: Standing) -> tuple[Block, ...]:
    """Return the self-inspection report in the spoken language.

    The body names no run, rule, file or parameter: those stand in the annexes.

    Args:
        standing: The run and what the ledger says of it.

    Returns:
        Its blocks. Before any review it says that everything computed is a lead.
    """
    return (
        *_title(standing),
        *_opening(standing),
        *_practice(standing),
        *problems(standing),
        *next_steps(standing),
        *_contact(standing),
        *annexes(standing),
    )


def _title(standing: Standing) -> Iterator[Block]:
    name = standing.own_name or say(Text("（单位名称未填写）", "(name not given) "))
    title = Text(
        f"{name}关于工会经费和资产自查及问题整改情况的报告",
        f"Self-inspection of union money and assets, and its rectification: {name}",
    )
    yield Paragraph(say(title), "title")


def _opening(standing: Standing) -> Iterator[Block]:
    """Say the figures first: problems, done, rule books made, money saved."""
    if not standing.is_masked:
        warn = Text(
            "注意：本报告所依据的核查没有遮盖个人信息，请按内部资料保管。",
            "Note: personal data is not masked. Keep this as an internal paper.",
        )
        yield Paragraph(say(warn), "warn")
    if not standing.is_reviewed:
        unseen = Text(
            "截至本报告生成，数据核查的结果还没有复核结论，全部是线索（疑点），不是结论，"
            "因此不列入正文；复核并导入台账后重新生成本报告。",
            "No decision of a reviewer holds yet: all that was computed is a lead and stands in "
            "annex 1 only. Review, import and write this report again.",
        )
        yield Paragraph(say(unseen), "warn")
    yield Paragraph(say(_figures_in_words(standing)))
    findings = standing.of("finding")
    figures = found_by_direction(findings)
    if figures.rows:
        yield Paragraph(say(_MONEY), "note")
        yield figures


_MONEY = Text(
    "数据核查已确认问题的金额如下（各方向之间不得相互抵减，同一笔钱只计一次）。",
    "What was confirmed, by direction; directions are never netted, the same money counts once.",
)


def _figures_in_words(standing: Standing) -> Text:
    counts, record = tally(standing), standing.record
    begins, ends, as_of = (record[key] for key in ("period_from", "period_to", "as_of"))
    left = counts.problems - counts.done
    name = standing.own_name or "本单位"
    saved = wan(counts.saved)
    zh = (
        f"根据工作安排，{name}对{day(begins)}至{day(ends)}的工会经费和资产开展了自查，"
        f"并对发现和反馈的问题进行整改。截至{day(as_of)}，"
        f"{counts.areas}个方面{counts.problems}个具体问题，已完成{counts.done}个问题整改，"
        f"完善制度{counts.regulations}项，挽回资金{saved.zh}"
    )
    zh += f"；其余{left}个问题正在整改。现将情况报告如下。" if left else "。现将情况报告如下。"
    return Text(
        zh,
        f"Union money and assets of {begins} to {ends} were inspected. As of {as_of}: "
        f"{counts.problems} problems in {counts.areas} areas, {counts.done} put right, "
        f"{counts.regulations} rule books made, {saved.en} brought back; {left} are under way.",
    )


def _practice(standing: Standing) -> Iterator[Block]:
    """Give the leaders' part from 整改事项, else as blanks; then what was examined."""
    yield Heading(1, say(Text("主要做法", "How it was done")))
    typed = texts_of(standing.items, PRACTICE)
    blanks = (
        Text("统一思想，组织部署", "What was decided"),
        Text("加强领导，明确责任", "Who leads and who answers"),
        Text("细化方案，落实措施", "The plan and its measures"),
    )
    for heading, text in typed or [(say(each), _BLANK) for each in blanks]:
        yield Heading(2, heading)
        yield Paragraph(text or _BLANK)
    yield Heading(2, say(Text("逐项核查，数据说话", "What was examined")))
    yield Paragraph(say(_examined(standing)))


def _examined(standing: Standing) -> Text:
    record = standing.record
    ran = sum(each["status"] in RAN for each in record["rules"])
    left = len(record["rules"]) - ran
    files = len(record["inputs"])
    people = sorted(set(standing.rows["reviewer"].drop_nulls())) if standing.is_reviewed else []
    decided = standing.rows["verdict"].count()
    zh = f"对{files}个资料文件{standing.rows_read:,}行数据逐行登记、相互核对，完成{ran}项核查"
    zh += f"；另有{left}项因缺少资料等原因没有核查（见附件2），不等于没有问题。" if left else "。"
    if people and spoken() == "zh":
        zh += f"核查结果由{'、'.join(people)}等人工复核，已有结论{decided}条；"
        zh += "结论、收回和销号逐笔记入台账，销号须有证明材料，并由责任人以外的人办理。"
    return Text(
        zh,
        f"{files} files with {standing.rows_read:,} rows were compared by {ran} checks; {left} "
        f"checks did not run (annex 2), which is no pass. {decided} results are decided by people.",
    )


def _contact(standing: Standing) -> Iterator[Block]:
    blank = "＿" * 8
    asked = Text("欢迎对自查和整改情况进行监督。", "Anybody may supervise the correction.")
    yield Paragraph(say(asked))
    for zh, en in (("联系人", "Contact"), ("电话", "Phone"), ("邮箱", "E-mail")):
        yield Paragraph(say(Text(f"{zh}：{blank}", f"{en}: {blank}")))
    listed = Text(
        "附件：1．问题清单　2．未执行事项　3．参数与依据　4．数据与控制总数",
        "Annexes: 1 problems, 2 what was not examined, 3 parameters, 4 data and control totals",
    )
    yield Paragraph(say(listed))
    if standing.own_name:
        yield Paragraph(standing.own_name, "sign")
    yield Paragraph(say(Text("＿＿＿＿年＿＿月＿＿日", "Date: ＿＿＿＿＿＿")), "sign")
