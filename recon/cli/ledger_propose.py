"""`recon ledger propose`: bank lines that may settle open findings, with the command to book each.

Not here: which line may settle what (see `recon.ledger.proposals`).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from recon.base.models import Text
from recon.base.texts import say, yuan
from recon.cli.options import language, workspace_options

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from recon.ledger.proposals import Proposal

_KINDS = {
    "whole": Text("金额等于未收回数", "is what is outstanding"),
    "together": Text("等于该单位各条未收回数之和", "is the sum of all that the party owes"),
    "part": Text("少于未收回数，可能是部分收回", "is less than outstanding: maybe a part"),
}


@click.command("propose", epilog="示例 / example:  recon ledger propose --data 资料目录")
@workspace_options
@language
def propose(data_dir: Path, out: Path | None) -> None:
    """从后来的银行流水提出可能的收回，不自动登记 / propose recoveries from later bank lines.

    退出码 / exit status: 0 列完 listed; 2 读不出来 error.
    """
    from recon.ledger import proposals
    from recon.ledger.decisions import items_of
    from recon.ledger.store import ledger_path, read_events
    from recon.run.bank_lines import days_of_runs, read_bank_lines
    from recon.workspace.recon_toml import load_config

    out_dir = out or data_dir / "recon-out"
    events = read_events(ledger_path(load_config(data_dir).workspace, out_dir))
    items = items_of(events).values()
    found = []
    if any(item.is_finding and item.closed is None for item in items):
        lines = read_bank_lines(data_dir, datetime.now(UTC).astimezone().date())
        found = proposals.propose(items, events, lines, days_of_runs(out_dir))
    for proposal in found:
        for text in _said(proposal):
            click.echo(text)
    none = Text("没有可以提出的收回。", "Nothing to propose.")
    some = Text(
        f"共 {len(found)} 笔，都没有登记：核对后用上面的命令登记。",
        f"{len(found)} lines, none booked: compare them, then book by the commands above.",
    )
    click.echo(say(some if found else none))


def _said(proposal: Proposal) -> Iterator[str]:
    """Say a line, and per finding the command that books it."""
    from recon.ledger.proposals import outstanding

    line = proposal.line
    name = proposal.items[0].facts["party_name"] or line.party_id
    yield "  ".join(
        (str(line.day), yuan(line.amount), name, line.place, say(_KINDS[proposal.kind]))
    )
    if proposal.kind != "together" and len(proposal.items) > 1:
        yield say(Text("  有几条都对得上，只取其一：", "  Several fit; choose one:"))
    for item in proposal.items:
        amount = outstanding(item) if proposal.kind == "together" else abs(line.amount)
        yield (
            f"  recon ledger recover {item.exception_id} {amount:.2f} --on {line.day} "
            f"--ref {line.label}    # {item.facts['rule']} {item.facts['period'] or ''}".rstrip()
        )
