"""`recon review import`: take reviewers' decisions out of workbooks into the ledger.

Not here: what can be taken (see `recon.ledger.review`).
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from recon.base.models import Text
from recon.base.texts import say
from recon.cli.options import language, workspace_options


@click.group("review", epilog="示例 / example:  recon review import 复核.xlsx --data 资料目录")
def command() -> None:
    """把工作簿里的复核结论导入台账 / take reviewers' decisions into the ledger."""


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
    from recon.ledger.store import ledger_path
    from recon.workspace.recon_toml import load_config

    out_dir = out or data_dir / "recon-out"
    ledger = ledger_path(load_config(data_dir).workspace, out_dir)
    now = datetime.now(UTC).astimezone()
    report = import_reviews(files, out_dir, ledger, now)
    matches = ImportReport()
    import_picks(files, out_dir, ledger, now, matches)
    for text in (*report.problems, *report.replaced, *matches.problems, *matches.replaced):
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
