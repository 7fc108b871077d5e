"""The self-inspection report: opening figures, practice, problem by problem, next steps, contact.

Here: the order of the report, its opening and its first part. Not here: the problems (see
`problems`), what is still to be done (see `next_steps`), how a block is drawn (see `word`, `web`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import Text
from recon.base.texts import DIRECTIONS, STATUSES, say, yuan
from recon.report.blocks import Contents, Figures, Heading, PageBreak, Paragraph
from recon.report.figures import amounts_by_direction
from recon.report.next_steps import next_steps
from recon.report.problems import problems
from recon.report.standing import once, total

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recon.report.blocks import Block
    from recon.report.standing import Standing

_RAN = ("exceptions", "clean")


def inspection_report(standing: Standing) -> tuple[Block, ...]:
    """Return the self-inspection report in the spoken language.

    Args:
        standing: The run and what the ledger says of it.

    Returns:
        Its blocks. Before any review it says that everything in it is a lead.
    """
    return (
        *_title(standing),
        *_opening(standing),
        *_practice(standing),
        *problems(standing),
        *next_steps(standing),
        *_contact(standing),
    )


def _title(standing: Standing) -> Iterator[Block]:
    record = standing.record
    name = standing.own_name or say(Text("（单位名称未填写）", "(name not given) "))
    title = Text(
        f"{name}工会经费和资产自查报告", f"Self-inspection of union money and assets: {name}"
    )
    yield Paragraph(say(title), "title")
    begins, ends, day, run = (
        record[key] for key in ("period_from", "period_to", "as_of", "run_id")
    )
    about = Text(
        f"审查期间 {begins} 至 {ends}　截止日 {day}　运行编号 {run}",
        f"Period under review {begins} to {ends} · as of {day} · run {run}",
    )
    yield Paragraph(say(about), "subtitle")
    yield Contents(say(Text("目　录", "Contents")))
    yield PageBreak()


def _opening(standing: Standing) -> Iterator[Block]:
    """Say the figures first: what was read, run, found, confirmed, recovered, closed."""
    if not standing.is_masked:
        warn = Text(
            "注意：本次运行没有遮盖个人信息（--no-mask），请按内部资料保管。",
            "Note: this run did not mask personal data (--no-mask). Keep it as an internal paper.",
        )
        yield Paragraph(say(warn), "warn")
    if not standing.is_reviewed:
        unseen = Text(
            "截至本报告生成，本次结果还没有复核结论。以下全部是线索（疑点），不是结论；"
            "复核并导入台账后重新生成本报告，已确认问题会单独列出。",
            "No decision of a reviewer holds for this run yet. Everything below is a lead, not a "
            "finding. Review, import and write this report again: findings then stand apart.",
        )
        yield Paragraph(say(unseen), "warn")
    yield Paragraph(say(_figures_in_words(standing)))
    yield amounts_by_direction(standing.rows, with_empty=True)
    note = Text(
        "金额单位：元。各方向之间不得相互抵减；同一笔钱只计一次；“参数未确认”的金额以未经核对的政策参数"
        "计算，确认参数前不作为结论。",
        "Amounts in yuan. Directions are never netted; the same money counts once. An amount under "
        "'unconfirmed' rests on a policy parameter that nobody has compared with its source.",
    )
    yield Paragraph(say(note), "note")


def _figures_in_words(standing: Standing) -> Text:
    record = standing.record
    ran = sum(each["status"] in _RAN for each in record["rules"])
    left = len(record["rules"]) - ran
    findings, leads, dismissed = (standing.of(each) for each in ("finding", "lead", "dismissed"))
    recovered = total(once(findings), "recovered")
    said_zh, said_en = _confirmed_in_words(findings)
    closed = findings["closed_on"].count()
    name = standing.own_name or "本单位"
    files, rows = len(record["inputs"]), standing.rows_read
    begins, ends, day = (record[key] for key in ("period_from", "period_to", "as_of"))
    return Text(
        f"{name}对 {begins} 至 {ends} 的工会经费和资产资料开展自查，期限均算到 {day}。读入文件 "
        f"{files} 个、{rows} 行，剔除 {standing.rows_rejected} 行；执行规则 {ran} 条，"
        f"未执行 {left} 条。"
        f"共发现例外 {standing.rows.height} 条：已确认问题 {findings.height} 条，"
        f"认定{said_zh}；"
        f"待核实线索 {leads.height} 条；复核不成立 {dismissed.height} 条。"
        f"已收回 {yuan(recovered)} 元，已销号 {closed} 条。",
        f"Papers of {begins} to {ends} were inspected, every deadline counted to {day}: {files} "
        f"files, {rows} rows read, {standing.rows_rejected} set aside; {ran} rules ran, {left} did "
        f"not. {standing.rows.height} exceptions: {findings.height} confirmed findings of "
        f"{said_en}, {leads.height} open leads, {dismissed.height} dismissed. "
        f"{yuan(recovered)} yuan recovered, {closed} closed.",
    )


def _confirmed_in_words(findings: pl.DataFrame) -> tuple[str, str]:
    """Say what was confirmed, direction by direction: they are never added up."""
    zh, en = [], []
    for direction, text in DIRECTIONS.items():
        amount = total(once(findings).filter(pl.col("direction") == direction), "confirmed_amount")
        if amount:
            zh.append(f"{text.zh} {yuan(amount)} 元")
            en.append(f"{yuan(amount)} yuan {text.en}")
    return "、".join(zh) or "金额 0.00 元", ", ".join(en) or "0.00 yuan"


def _practice(standing: Standing) -> Iterator[Block]:
    yield Heading(1, say(Text("主要做法", "How it was done")))
    record = standing.record
    reviewers = sorted(set(standing.rows["reviewer"].drop_nulls()))
    decided = standing.rows["verdict"].count()
    rows = standing.rows.height
    steps = (
        Text(
            f"全面读取。对 {len(record['inputs'])} 个资料文件逐行登记，"
            f"读入行数等于接收、剔除、跳过之和，金额同样核对；"
            f"剔除 {standing.rows_rejected} 行，原因逐条列在工作簿“剔除行”。",
            f"Everything was read: {len(record['inputs'])} files, every row accepted, set aside or "
            f"passed over, and the money adds up; {standing.rows_rejected} rows were set aside.",
        ),
        Text(
            "逐条核对。代收、清算、银行、账务和各类台账按规则相互勾稽，每条例外都能查到文件、工作表和行，"
            "以及所用政策参数和计算式。",
            "Everything was compared: collection, settlement, bank, ledger and registers. Every "
            "exception leads to file, sheet and row, parameter values and the formula.",
        ),
        Text(
            f"人工复核。已有结论 {decided} 条，共 {rows} 条"
            + (f"；复核人：{'、'.join(reviewers)}。" if reviewers else "；尚未开始复核。"),
            f"People reviewed: {decided} of {rows} are decided"
            + (f"; reviewers: {', '.join(reviewers)}." if reviewers else "; not begun."),
        ),
        _ledger(standing),
    )
    for step in steps:
        yield Paragraph(say(step), "item")
    yield from _not_run(standing)


def _ledger(standing: Standing) -> Text:
    """Say how decisions are kept, and the head by which 'recon ledger verify --head' finds them."""
    head = standing.ledger
    zh, en = "", ""
    if head.events:
        zh = f"截至本报告，台账有 {head.events} 条记录，校验值 {head.head[:16]}。"
        en = f" It holds {head.events} events now, head {head.head[:16]}."
    return Text(
        "台账管理。结论、收回和销号逐笔记入只增不改的台账；销号须有证明材料，"
        f"并由责任人以外的人办理。{zh}",
        "A ledger that is only added to holds decisions, recoveries and closings; a finding is "
        f"closed on evidence and by another person than the responsible one.{en}",
    )


def _not_run(standing: Standing) -> Iterator[Block]:
    left = [each for each in standing.record["rules"] if each["status"] not in _RAN]
    if not left:
        return
    text = Text(
        f"以下 {len(left)} 条规则没有执行。没有执行不等于没有问题：补齐资料或参数后再查。",
        f"These {len(left)} rules did not run, which is not a pass: supply what is missing.",
    )
    yield Paragraph(say(text))
    yield Figures(
        tuple(
            say(header)
            for header in (
                Text("规则", "rule"),
                Text("名称", "title"),
                Text("状态", "status"),
                Text("原因", "reason"),
            )
        ),
        ("text", "text", "text", "text"),
        (12, 28, 20, 40),
        tuple(
            (
                each["rule"],
                say(standing.title(each["rule"])),
                say(STATUSES[each["status"]]),
                say(Text(each["reason"] or "", each["reason_en"] or "")),
            )
            for each in left
        ),
    )


def _contact(standing: Standing) -> Iterator[Block]:
    yield Heading(1, say(Text("监督联系方式", "Contact")))
    blank = "＿" * 8
    line = Text(
        f"欢迎对自查和整改情况进行监督。联系人：{blank}　电话：{blank}　邮箱：{blank}",
        f"Contact for supervision: name {blank} phone {blank} e-mail {blank}",
    )
    yield Paragraph(say(line))
    if standing.own_name:
        yield Paragraph(standing.own_name, "sign")
    yield Paragraph(say(Text("＿＿＿＿年＿＿月＿＿日", "Date: ＿＿＿＿＿＿")), "sign")
