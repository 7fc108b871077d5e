"""`recon review import`: take reviewers' decisions out of workbooks into the ledger.

Not here: what can be taken (see `recon.ledger.review`).
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path

import click

from recon.base.models import Text
from recon.base.texts import say
from recon.cli.ledger_keep import proven_ledger
from recon.cli.options import language, workspace_options

_VERDICTS = ("成立", "不成立", "部分成立", "待核实")


@click.group("review", epilog="示例 / example:  recon review import 复核.xlsx --data 资料目录")
def command() -> None:
    """复核结论：导入工作簿、逐条登记、撤回 / reviewers' decisions: import, decide, undo."""


@command.command(
    "import", epilog="示例 / example:  recon review import 复核A.xlsx 复核B.xlsx --data 资料目录"
)
@click.argument(
    "files",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
)
@workspace_options
@language
def import_files(files: tuple[Path, ...], data_dir: Path, out: Path | None) -> None:
    """按例外编号读回复核结论 / read decisions back by exception id.

    退出状态：0 全部采用；1 有未采用的；2 读不出来。
    Exit status: 0 all was taken; 1 something was not; 2 no answer.
    """
    from recon.ledger.picks import import_picks
    from recon.ledger.review import ImportReport, import_reviews

    found = proven_ledger(data_dir, out)
    out_dir, ledger = found.out_dir, found.path
    now = datetime.now(UTC).astimezone()
    report = import_reviews(files, out_dir, ledger, now)
    matches = ImportReport()
    import_picks(files, out_dir, ledger, now, matches)
    said = (*report.problems, *report.replaced, *report.kept)
    for text in (*said, *matches.problems, *matches.replaced):
        click.echo(say(text))
    left = len(report.problems) + len(matches.problems)
    click.echo(
        say(
            Text(
                f"读 {report.rows} 行：新记结论 {report.taken}，没有变化 {report.unchanged}，"
                f"未采用 {left} 处。台账：{ledger}",
                f"{report.rows} rows: {report.taken} decisions booked, {report.unchanged} "
                f"unchanged, {left} places not taken. Ledger: {ledger}",
            )
        )
    )
    if matches.rows:
        click.echo(
            say(
                Text(
                    f"待确认匹配：新记 {matches.taken} 组，没有变化 {matches.unchanged} 组；"
                    "下次 check 时采用。",
                    f"Matches to confirm: {matches.taken} booked, {matches.unchanged} unchanged; "
                    "the next check uses them.",
                )
            )
        )
    sys.exit(int(left > 0))


@command.command(
    "decide",
    epilog="示例 / example:  recon review decide 3f2a91c0 --verdict 成立 --by 张三 --on 2025-01-10",
)
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option(
    "--verdict", type=click.Choice(_VERDICTS), required=True, help="核实结论 / the verdict."
)
@click.option("--amount", help="认定金额，部分成立时必填 / confirmed amount, needed in part.")
@click.option("--reason", help="理由 / why.")
@click.option("--by", help="复核人 / who.")
@click.option("--on", help="复核日期，默认今天 / day of the review, default today.")
@click.option("--responsible", help="责任人 / who is responsible.")
@click.option("--due", help="整改时限 / when it must be put right.")
@workspace_options
@language
def decide(ids: tuple[str, ...], data_dir: Path, out: Path | None, **said: str | None) -> None:
    """登记一条或几条例外的结论，与导入工作簿相同 / book a decision, as an import does.

    几条一起登记时，要么全记，要么都不记。编号可只写开头至少 4 位。
    退出状态：0 已记；2 没有记（编号不明、金额不合、已销号等）。
    Exit status: 0 booked; 2 nothing was booked.
    """
    from recon.ledger.by_hand import decide as book
    from recon.ledger.decisions import in_words

    content = {
        "verdict": said["verdict"],
        "confirmed_amount": said["amount"],
        "reason": said["reason"],
        "reviewer": said["by"],
        "reviewed_on": said["on"] or date.today().isoformat(),  # noqa: DTZ011 - the user's day
        "responsible": said["responsible"],
        "due_on": said["due"],
    }
    now = datetime.now(UTC).astimezone()
    for item in book(proven_ledger(data_dir, out), ids, content, now):
        number = item.review.event_id if item.review else ""
        click.echo(f"{number}  {item.exception_id}  {in_words(item)}")


@command.command("undo", epilog="示例 / example:  recon review undo 12 --reason 看错了行")
@click.argument("event", metavar="EVENT", type=int)
@click.option("--reason", default="撤回复核", help="原因 / why.")
@workspace_options
@language
def undo(event: int, reason: str, data_dir: Path, out: Path | None) -> None:
    """撤回一条复核，以前的结论重新有效 / take a decision back; the one before it stands again.

    号码见 recon ledger history 编号。什么也不删除；已有收回或已销号的，先冲销或重新打开。
    'recon ledger history ID' prints the numbers. Nothing is deleted.
    """
    from recon.ledger.by_hand import reverse
    from recon.ledger.decisions import in_words

    ledger = proven_ledger(data_dir, out)
    taken = reverse(ledger, event, reason, datetime.now(UTC).astimezone(), only=("review",))
    items = ledger.items()
    for one in taken.lines or (taken.exception_id or "",):
        now = in_words(items[one]) or say(Text("没有结论", "no decision"))
        click.echo(f"{one}  {say(Text('已撤回，现在', 'taken back; now'))}: {now}")
