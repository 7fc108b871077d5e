"""`recon ledger verify|backup|restore`: proving the ledger, keeping it, bringing it back.

Not here: the proofs (see `recon.ledger.witness`), the backup (see `recon.ledger.backup`).
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from recon.base.models import Text
from recon.base.texts import say
from recon.cli.options import language, workspace_options

if TYPE_CHECKING:
    from recon.ledger.steps import Ledger
    from recon.ledger.witness import LedgerHead


def found_ledger(data_dir: Path, out: Path | None) -> tuple[Ledger, Path]:
    """Return the ledger of a data folder, unproven, and its workspace."""
    from recon.ledger.steps import Ledger
    from recon.ledger.store import ledger_path
    from recon.workspace.recon_toml import load_config

    out_dir, workspace = out or data_dir / "recon-out", load_config(data_dir).workspace
    return Ledger(ledger_path(workspace, out_dir), out_dir), workspace


def proven_ledger(data_dir: Path, out: Path | None) -> Ledger:
    """Return the ledger of a data folder once it is proven whole, and no older than its runs."""
    from recon.ledger.witness import prove

    ledger, _ = found_ledger(data_dir, out)
    prove(ledger.path, ledger.out_dir)
    return ledger


@click.command("verify", epilog="示例 / example:  recon ledger verify --data 资料目录")
@click.option("--head", help="报告上印的校验值（开头至少 8 位）/ a head as a report prints it.")
@workspace_options
@language
def verify(data_dir: Path, out: Path | None, head: str | None) -> None:
    """逐条核对台账的校验链，并与各次运行记下的比较 / prove the ledger's hash chain.

    退出状态：0 完好；1 没有 --head 所写的校验值；2 被改过、换过或损坏，说出第一条不符的记录。
    Exit status: 0 whole; 1 the head that was named is not in it; 2 altered, replaced or damaged.
    """
    from recon.ledger.store import read_events
    from recon.ledger.witness import heads_seen, prove

    ledger, _ = found_ledger(data_dir, out)
    now = prove(ledger.path, ledger.out_dir)
    runs = len(list(heads_seen(ledger.out_dir)))
    click.echo(
        say(
            Text(
                f"{ledger.path}: 完好，{_said(now).zh}；{runs} 次运行记下的都在其中。",
                f"{ledger.path}: whole, {_said(now).en}; all that {runs} runs saw is in it.",
            )
        )
    )
    if head is None:
        return
    wanted = head.strip().lower()
    hits = [e.event_id for e in read_events(ledger.path) if e.digest.startswith(wanted)]
    if len(wanted) < _SHORTEST or not hits:
        click.echo(
            say(
                Text(
                    f"{head}: 台账里没有这个校验值；那份报告所据的台账不是这一本，或之后被改写过。",
                    f"{head}: not in this ledger; the report rests on another, or on one that was "
                    "rewritten since.",
                )
            )
        )
        raise click.exceptions.Exit(1)
    click.echo(say(Text(f"{head}: 是第 {hits[0]} 号记录", f"{head}: that is event {hits[0]}")))


_SHORTEST = 8


def _said(head: LedgerHead) -> Text:
    return Text(
        f"{head.events} 条记录，校验值 {head.head or '（空）'}",
        f"{head.events} events, head {head.head or '(none)'}",
    )


@click.command("backup", epilog="示例 / example:  recon ledger backup 台账备份-20250110.zip")
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@workspace_options
@language
def backup(target: Path, data_dir: Path, out: Path | None) -> None:
    """把台账和密钥备份成一个文件 / write ledger and key into one file.

    备份里有密钥，与台账同样保管。退出状态：0 已备份；2 没有。
    The backup holds the key: keep it as safe as the ledger. Exit status: 0 done; 2 not.
    """
    from recon.ledger.backup import back_up

    ledger, workspace = found_ledger(data_dir, out)
    head = _said(back_up(workspace, ledger.out_dir, target, datetime.now(UTC).astimezone()))
    click.echo(say(Text(f"{target}: 已备份，{head.zh}。", f"{target}: written, {head.en}.")))


@click.command("restore", epilog="示例 / example:  recon ledger restore 台账备份-20250110.zip")
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--replace", is_flag=True, help="现有记录备份里没有也照换，原文件另名保留 / replace anyhow."
)
@workspace_options
@language
def restore(source: Path, data_dir: Path, out: Path | None, *, replace: bool) -> None:
    """从备份恢复台账和密钥 / bring ledger and key back from a backup.

    原来的文件改名保留，不删除。退出状态：0 已恢复；2 没有动。
    What stood there is kept under another name. Exit status: 0 done; 2 nothing was changed.
    """
    from recon.ledger.backup import restore as bring_back

    ledger, workspace = found_ledger(data_dir, out)
    now = datetime.now(UTC).astimezone()
    done = bring_back(source, workspace, ledger.out_dir, now, replace=replace)
    head = _said(done.head)
    click.echo(
        say(Text(f"{done.ledger}: 已恢复，{head.zh}。", f"{done.ledger}: brought back, {head.en}."))
    )
    for path in done.kept:
        click.echo(say(Text(f"原来的另存为 {path}", f"what stood there is kept as {path}")))
