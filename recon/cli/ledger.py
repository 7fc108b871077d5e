"""`recon ledger`: where findings stand, money recovered, closing and opening again.

Not here: what may be booked (see `recon.ledger.steps`).
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import click

from recon.base.models import Text
from recon.base.texts import say, yuan
from recon.cli.ledger_keep import backup, proven_ledger, restore, verify
from recon.cli.ledger_propose import propose
from recon.cli.options import language, workspace_options

if TYPE_CHECKING:
    from pathlib import Path

    from recon.ledger.decisions import Item
    from recon.ledger.steps import Ledger
    from recon.ledger.store import Event

_KINDS = {
    "review": Text("复核", "review"),
    "recover": Text("收回", "recovered"),
    "close": Text("销号", "closed"),
    "reopen": Text("重新打开", "opened again"),
    "alias": Text("别名", "name"),
    "reverse": Text("冲销", "taken back"),
}


class _Yuan(click.ParamType[Decimal]):
    """An amount of money with at most two places."""

    name = "amount"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Decimal:
        """Return the amount, or fail with a sentence."""
        try:
            amount = Decimal(str(value).replace(",", ""))
            is_exact = amount.is_finite() and amount == amount.quantize(Decimal("0.01"))
        except InvalidOperation:
            is_exact = False
        if not is_exact:
            self.fail(
                say(Text(f"“{value}”不是金额，例如 640.00", f"'{value}' is no amount like 640.00"))
            )
        return amount


@click.group("ledger", epilog="示例 / example:  recon ledger list --data 资料目录")
def command() -> None:
    """整改台账：收回、销号、历史 / the ledger: recoveries, closings, history."""


@command.command("list", epilog="示例 / example:  recon ledger list --data 资料目录 --open")
@click.option("--open", "only_open", is_flag=True, help="只列未销号的问题 / open findings only.")
@workspace_options
@language
def list_items(data_dir: Path, out: Path | None, *, only_open: bool) -> None:
    """列出台账里的全部例外 / list every exception of the ledger."""
    from rich.console import Console
    from rich.table import Column, Table

    from recon.ledger.repeats import repeat_offences

    items = _ledger(data_dir, out).items().values()
    again = repeat_offences(items)
    headers = (
        Text("例外编号", "id"), Text("规则", "rule"), Text("单位", "party"),
        Text("期间", "period"), Text("结论", "verdict"), Text("认定金额", "confirmed"),
        Text("已收回", "recovered"), Text("状态", "state"), Text("屡审屡犯", "repeated in"),
    )  # fmt: skip
    table = Table(*(Column(say(header), overflow="fold") for header in headers))
    for item in sorted(items, key=lambda each: (each.facts["rule"] or "", each.exception_id)):
        if not only_open or (item.is_finding and item.closed is None):
            years = again.get((item.facts["party_id"] or "", item.facts["rule"] or ""), ())
            shown = "、".join(years) if item.is_finding else ""
            table.add_row(*map(_plain, (*_cells(item), shown)))
    Console(width=140).print(table)


@command.command(
    "recover",
    epilog="示例 / example:  recon ledger recover 3f2a91c0 640.00 --on 2025-01-10 --ref 银收12",
)
@click.argument("exception_id", metavar="ID")
@click.argument("amount", type=_Yuan())
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="到账日 / day it arrived."
)
@click.option("--ref", "reference", required=True, help="凭证号 / voucher.")
@workspace_options
@language
def recover(
    exception_id: str,
    amount: Decimal,
    on: datetime,
    reference: str,
    data_dir: Path,
    out: Path | None,
) -> None:
    """登记收回的钱 / book money that came back."""
    ledger = _ledger(data_dir, out)
    _show(ledger.recover(exception_id, amount, on.date(), reference, _now()))


@command.command(
    "close",
    epilog="示例 / example:  recon ledger close 3f2a91c0 --by 李四 --proof 银行回单及整改报告",
)
@click.argument("exception_id", metavar="ID")
@click.option("--by", required=True, help="销号人，不能是责任人 / who, not the responsible one.")
@click.option("--proof", required=True, help="证明材料 / the evidence.")
@workspace_options
@language
def close(exception_id: str, by: str, proof: str, data_dir: Path, out: Path | None) -> None:
    """销号 / close a finding."""
    _show(_ledger(data_dir, out).close(exception_id, by, proof, _now()))


@command.command(
    "reopen", epilog="示例 / example:  recon ledger reopen 3f2a91c0 --reason 回单是伪造的"
)
@click.argument("exception_id", metavar="ID")
@click.option("--reason", required=True, help="原因 / why.")
@workspace_options
@language
def reopen(exception_id: str, reason: str, data_dir: Path, out: Path | None) -> None:
    """重新打开已销号的问题 / open a closed finding again."""
    _show(_ledger(data_dir, out).reopen(exception_id, reason, _now()))


@command.command("history", epilog="示例 / example:  recon ledger history 3f2a91c0")
@click.argument("exception_id", metavar="ID")
@workspace_options
@language
def history(exception_id: str, data_dir: Path, out: Path | None) -> None:
    """一条例外的全部记录 / every event of one exception."""
    for event in _ledger(data_dir, out).history(exception_id):
        click.echo(_line(event))


@command.command(
    "alias",
    epilog="示例 / example:  recon ledger alias 某县实业公司 91450881MA5K000121 --by 张三",
)
@click.argument("name")
@click.argument("code", required=False)
@click.option("--by", required=True, help="确认人 / who confirms it.")
@click.option("--remove", is_flag=True, help="撤销这个名称 / take the name back.")
@workspace_options
@language
def alias(
    name: str, code: str | None, by: str, data_dir: Path, out: Path | None, *, remove: bool
) -> None:
    """确认一个名称就是某单位，下次运行采用 / confirm that a name is a party.

    代码写统一社会信用代码，或名册里的编号。台账的说法优先于 aliases.csv。
    CODE is the party's code; the ledger has the last word over aliases.csv.
    """
    from recon.ledger.aliases import book_alias

    if (code is None) != remove:
        raise click.UsageError(
            say(
                Text("写代码，或用 --remove 撤销，只取其一", "give a code or --remove, one of them")
            )
        )
    book_alias(_ledger(data_dir, out).path, name, code, by, _now())
    done = Text("已撤销", "taken back") if remove else Text("已记，下次运行采用", "booked")
    click.echo(f"{name}  {code or ''}  {say(done)}")


@command.command("reverse", epilog="示例 / example:  recon ledger reverse 12 --reason 金额记错")
@click.argument("event", metavar="EVENT", type=int)
@click.option("--reason", required=True, help="原因 / why.")
@workspace_options
@language
def reverse(event: int, reason: str, data_dir: Path, out: Path | None) -> None:
    """红字冲销一条记录，号码见 history / take an event back by a red entry.

    收回、销号、重新打开、复核都可以冲销；原记录留在台账里，什么也不删除。
    Recoveries, closings, reopenings and decisions can be taken back; nothing is deleted.
    """
    from recon.ledger.by_hand import reverse as take_back

    ledger = _ledger(data_dir, out)
    taken = take_back(ledger, event, reason, _now())
    click.echo(_line(taken))
    click.echo(say(Text("已冲销", "taken back")))
    _show(ledger.items()[taken.exception_id or ""])


for each in (propose, backup, restore, verify):
    command.add_command(each)


def _ledger(data_dir: Path, out: Path | None) -> Ledger:
    return proven_ledger(data_dir, out)


def _now() -> datetime:
    return datetime.now(UTC).astimezone()


def _cells(item: Item) -> tuple[str, ...]:
    state = Text("已销号", "closed") if item.closed else Text("未销号", "open")
    verdict = item.decision.get("verdict") or ""
    return (
        item.exception_id,
        item.facts["rule"] or "",
        item.facts["party_name"] or "",
        item.facts["period"] or "",
        verdict,
        "" if item.confirmed is None else yuan(item.confirmed),
        yuan(item.recovered),
        say(state) if item.is_finding else "",
    )


def _show(item: Item) -> None:
    click.echo("  ".join(filter(None, _cells(item))))


def _line(event: Event) -> str:
    """Say an event in one line: number, moment, kind, then what it holds beside the facts."""
    from recon.ledger.decisions import FACTS

    said = [str(value) for name, value in sorted(event.payload.items())
            if name not in FACTS and value]  # fmt: skip
    kind = _KINDS[event.kind] if event.kind in _KINDS else Text(event.kind, event.kind)
    return "  ".join((str(event.event_id), event.at, say(kind), *said))


def _plain(text: str) -> Any:  # noqa: ANN401 - rich is imported late
    """Return text that is never read as markup."""
    from rich.text import Text as RichText

    return RichText(text)
