"""`recon policy`: which parameters hold on a day, and where they come from.

Not here: loading and layering (see `recon.policy.parameters`).
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recon.base.models import Text
from recon.base.texts import say
from recon.cli.options import as_day, as_of, language
from recon.cli.policy_confirm import confirm, export, import_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.table import Table

    from recon.policy.parameters import Policy, PolicyValue

_WIDTH = 120  # of a pipe, which has no width of its own
_CONFIRMED = Text("已确认", "confirmed")
_UNCONFIRMED = Text("参数未确认", "unconfirmed")
_NOT_IN_FORCE = Text("未生效", "not in force")
_PENDING = Text("依据待核", "source not verified")


class _ListFirst(click.Group):
    """A group that lists when no subcommand is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `list` before arguments that do not begin with a subcommand."""
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)


def _shared(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options of both subcommands."""
    folder = click.Path(path_type=Path, exists=True, file_okay=False)
    for add in (
        language,
        click.option(
            "--data",
            "data_dir",
            type=folder,
            default=Path(),
            help="资料目录，用其 recon.toml / folder whose recon.toml counts.",
        ),
        click.option("--locale", help="地区参数包 / locale (recon.toml)."),
        as_of,
    ):
        function = add(function)
    return function


@click.group("policy", cls=_ListFirst, epilog="示例 / example:  recon policy show fee.rate")
def command() -> None:
    """查看政策参数及其来源 / show policy parameters and their sources."""


@command.command("list", epilog="示例 / example:  recon policy list --as-of 2024-12-31")
@_shared
def list_parameters(as_of: datetime | None, locale: str | None, data_dir: Path) -> None:
    """全部参数在某日的值 / all parameters with their values on a day."""
    loaded = _loaded(locale, data_dir)
    on = _day(as_of)
    table = _table(
        Text(f"政策参数（{loaded.locale}，{on}）", f"Policy parameters ({loaded.locale}, {on})"),
        Text("参数", "parameter"),
        Text("值", "value"),
        Text("单位", "unit"),
        Text("起始日", "from"),
        Text("状态", "state"),
        Text("说明", "description"),
    )
    for name in loaded.parameters():
        about, value = loaded.parameter(name), loaded.value_at(name, on)
        shown = (value.text, value.unit, str(value.starts_on)) if value else ("", about.unit, "")
        table.add_row(name, *map(_plain, shown), _state(value), _plain(say(about.description)))
    _print(table)


@command.command("show", epilog="示例 / example:  recon policy show fee.passback_days")
@click.argument("name")
@_shared
def show_parameter(name: str, as_of: datetime | None, locale: str | None, data_dir: Path) -> None:
    """一个参数的所有值和来源 / one parameter with all its values and sources."""
    loaded = _loaded(locale, data_dir)
    about, now = loaded.parameter(name), loaded.value_at(name, _day(as_of))
    shown = now.text if now else say(_NOT_IN_FORCE)
    click.echo(f"{name}  {say(about.description)}")
    click.echo(say(Text(f"类型：{about.type.text}", f"type: {about.type.text}")))
    for code, words in about.words.items():
        click.echo(f"  {code}  {say(words)}")
    click.echo(say(Text(f"{_day(as_of)} 的值：{shown}", f"value on {_day(as_of)}: {shown}")))
    table = _table(
        Text("所有取值", "All values"),
        Text("起始日", "from"),
        Text("截止日", "until"),
        Text("值", "value"),
        Text("状态", "state"),
        Text("依据", "reference"),
    )
    for value in loaded.values_of(name):
        table.add_row(
            str(value.starts_on),
            "" if value.ends_on.year == date.max.year else str(value.ends_on),
            _plain(value.text),
            _state(value),
            _plain(_reference(value)),
        )
    _print(table)
    if name == "refund.policies":
        _print(_refunds(loaded))


def _loaded(locale: str | None, data_dir: Path) -> Policy:
    from recon.policy.parameters import load_policy
    from recon.workspace.recon_toml import load_config

    config = load_config(data_dir)
    return load_policy(locale or config.locale, config.policy, config.workspace)


def _day(as_of: datetime | None) -> date:
    return as_day(as_of) or datetime.now(UTC).astimezone().date()


def _state(value: PolicyValue | None) -> str:
    if value is None:
        return say(_NOT_IN_FORCE)
    return say(_CONFIRMED if value.is_verified else _UNCONFIRMED)


def _reference(value: PolicyValue) -> str:
    from recon.policy.standards import sources

    reference = value.reference
    lines = [reference.text if value.is_verified else f"{reference.text}［{say(_PENDING)}］"]
    for source in filter(None, reference.source.split("、")):
        if source in sources():
            title, address = sources()[source]
            lines.append(f"{source} {title} {address}".rstrip())
    return "\n".join(lines)


def _refunds(loaded: Policy) -> Table:
    table = _table(
        Text("返还政策", "Refund policies"),
        Text("编号", "id"),
        Text("名称", "title"),
        Text("窗口", "window"),
        Text("口径", "anchor"),
        Text("状态", "state"),
        Text("依据", "reference"),
    )
    for refund in loaded.refund_policies:
        table.add_row(
            refund.id,
            _plain(say(refund.title.text)),
            f"{refund.window.starts_on}..{refund.window.ends_on or ''}",
            refund.anchor,
            say(_CONFIRMED if refund.is_verified else _UNCONFIRMED),
            _plain(refund.reference),
        )
    return table


def _table(title: Text, *headers: Text) -> Table:
    from rich.table import Column
    from rich.table import Table as RichTable

    columns = [
        Column(say(header), overflow="fold", no_wrap=place == 0)
        for place, header in enumerate(headers)
    ]
    return RichTable(*columns, title=say(title), title_justify="left")


def _plain(text: str) -> Any:  # noqa: ANN401 - rich is imported late
    """Return text that is never read as markup."""
    from rich.text import Text as RichText

    return RichText(text)


def _print(table: Table) -> None:
    from rich.console import Console

    width = None if sys.stdout.isatty() else _WIDTH
    Console(width=width).print(table)


for _each in (confirm, export, import_file):
    command.add_command(_each)
