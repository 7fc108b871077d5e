"""`recon policy confirm`, `export` and `import`: confirming policy values without writing TOML.

Here: the questions, and what is said before and after. Not here: which values block how much
(`recon.policy.blocked`), the sheet (`recon.run.policy_sheet`), recon.toml
(`recon.workspace.confirm`).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from recon.base.models import Text
from recon.base.texts import say, yuan
from recon.cli.map_ask import hear_interrupt
from recon.cli.options import language, workspace_options

if TYPE_CHECKING:
    from datetime import date

    from recon.policy.blocked import Blocked, UsedValue
    from recon.policy.parameters import Policy
    from recon.workspace.confirm import Confirmation
    from recon.workspace.recon_toml import Config


#: Units of parameters in Chinese; a share has none.
_UNITS = {
    "day": " 日",
    "month": " 个月",
    "year": " 年",
    "yuan": " 元",
    "hour": " 时",
    "person": " 人",
}


@click.command("confirm", epilog="示例 / example:  recon policy confirm --data 资料 --by 王某")
@click.option("--by", help="核对人 / who compared the values.")
@workspace_options
@language
def confirm(by: str | None, data_dir: Path, out: Path | None) -> None:
    """逐项确认政策参数，影响金额最大的先问 / confirm values, most yuan first."""
    config, policy, found = _read(data_dir, out)
    said: list[Confirmation] = []
    try:
        _ask(policy, found, by, said)
    except click.Abort:
        click.echo()  # what was answered until then is kept
    _write(config, policy, found, tuple(said))


@click.command("export", epilog="示例 / example:  recon policy export 参数确认.xlsx --data 资料")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@workspace_options
@language
def export(file: Path, data_dir: Path, out: Path | None) -> None:
    """把未确认的参数写成表格，填好再导入 / write unconfirmed values to fill in."""
    from recon.run.policy_sheet import write_sheet
    from recon.workspace.errors import OutputUnwritableError

    _, policy, found = _read(data_dir, out)
    try:
        count = write_sheet(file, found, policy)
    except OSError as error:
        raise OutputUnwritableError(file, error) from error
    click.echo(
        say(
            Text(
                f"{file}：{count} 个参数未确认。填浅黄色的列，再运行 recon policy import {file}",
                f"{file}: {count} values are not confirmed. Fill in the yellow columns, then run "
                f"'recon policy import {file}'",
            )
        )
    )


@click.command("import", epilog="示例 / example:  recon policy import 参数确认.xlsx --data 资料")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@workspace_options
@language
def import_file(file: Path, data_dir: Path, out: Path | None) -> None:
    """读回填好的“参数确认”表，写入 recon.toml / take a filled-in sheet into recon.toml."""
    from recon.run.policy_sheet import read_sheet

    config, policy, found = _read(data_dir, out, must_be=False)
    _write(config, policy, found, read_sheet(file, policy))


def _read(
    data_dir: Path, out: Path | None, *, must_be: bool = True
) -> tuple[Config, Policy, Blocked]:
    """Return the settings, the policy and what blocks how much in the newest run."""
    from recon.policy.parameters import load_policy
    from recon.run.policy_sheet import read_blocked
    from recon.workspace.recon_toml import load_config

    config = load_config(data_dir)
    policy = load_policy(config.locale, config.policy, config.workspace)
    return config, policy, read_blocked(out or data_dir / "recon-out", must_be=must_be)


def _ask(policy: Policy, found: Blocked, by: str | None, said: list[Confirmation]) -> None:
    """Ask group by group, the one that frees most yuan for each question first."""
    seen: set[str] = set()
    while True:
        group, gain = found.best_group(seen)
        if not group:
            return
        names = "、".join(policy.parameter(one.name).description.zh for one in group)
        click.echo(
            say(
                Text(
                    f"\n确认这 {len(group)} 项可使 {yuan(gain)} 元转为已确认：{names}",
                    f"\nConfirming these {len(group)} frees {yuan(gain)} yuan: "
                    + "; ".join(policy.parameter(one.name).description.en for one in group),
                )
            )
        )
        for one in group:
            seen.add(one.key)
            answer, by = _one(policy, one, by)
            if answer is not None:
                said.append(answer)
            hear_interrupt()
            if answer is None and not click.confirm(
                say(Text("跳过了。继续？", "Passed over. Go on?")), default=True
            ):
                return


def _one(policy: Policy, one: UsedValue, by: str | None) -> tuple[Confirmation | None, str | None]:
    """Ask for one value; no document leaves it as it is."""
    from recon.policy.packs import cited
    from recon.run.policy_sheet import typed
    from recon.workspace.confirm import Confirmation

    about = policy.parameter(one.name)
    held, cites = about.in_words(one.value), cited(one.reference)
    hear_interrupt()
    click.echo(f"\n{say(about.description)}（{one.name}，{one.starts_on}）")
    click.echo(
        say(
            Text(
                f"  本工具的值：{held.zh}{_UNITS.get(about.unit, '')}；依据：{cites}；"
                f"涉及 {one.exceptions} 条、{yuan(one.amount)} 元",
                f"  value here: {held.en} {about.unit}; {cites}; "
                f"{one.exceptions} exceptions, {yuan(one.amount)} yuan",
            )
        )
    )
    document = click.prompt(
        say(Text("  文件名称和文号（不确认就直接回车）", "  document and number (Enter: not now)")),
        default="",
        show_default=False,
    ).strip()
    if not document:
        return None, by
    article = click.prompt(say(Text("  条款", "  article")), default="", show_default=False)
    value: object = None
    while value is None or isinstance(value, Text):
        if isinstance(value, Text):
            click.echo(say(Text(f"  应为{value.zh}。", f"  Use {value.en}.")))
        stated = click.prompt(say(Text("  本地的值", "  local value")), default=one.value)
        value = typed(policy, one.name, stated)
    hear_interrupt()
    day = _prompted_day(Text("  起始日", "  from"), one.starts_on)
    by = by or click.prompt(say(Text("  核对人", "  compared by")))
    on = _prompted_day(Text("  核对日期", "  compared on"), None)
    return Confirmation(one.name, value, day, document, article.strip(), by, on), by


def _prompted_day(label: Text, default: date | None) -> date:
    from datetime import UTC, datetime

    day = default or datetime.now(UTC).astimezone().date()
    found: datetime = click.prompt(
        say(label), default=str(day), type=click.DateTime(["%Y-%m-%d"]), show_default=True
    )
    return found.date()


def _write(config: Config, policy: Policy, found: Blocked, said: tuple[Confirmation, ...]) -> None:
    """Write what was confirmed and say what it changes."""
    from recon.policy.parameters import load_policy
    from recon.workspace.confirm import write_confirmations
    from recon.workspace.recon_toml import FILE_NAME, load_config

    if not said:
        click.echo(say(Text("没有确认任何参数，recon.toml 没有改动。", "Nothing was confirmed.")))
        return
    changes = write_confirmations(config.workspace, policy, said)
    again = load_config(config.workspace)
    load_policy(again.locale, again.policy, again.workspace)
    click.echo(say(Text(f"\n写入 {config.workspace / FILE_NAME}", f"\nWritten: {FILE_NAME}")))
    for change in changes:
        click.echo(f"- {change.before or say(Text('（没有）', '(none)'))}")
        click.echo(f"+ {change.after}")
    same = {
        one.key
        for one in found.values
        for each in said
        if (one.name, one.starts_on) == (each.name, each.starts_on)
    }
    freed, rest = found.freed_by(same), sum(found.sums.values())
    click.echo(
        say(
            Text(
                f"值不变时，{yuan(freed)} 元转为已确认，仍有 {yuan(rest - freed)} 元未确认；"
                "重新运行 recon check 生效。",
                f"Where the value is the same, {yuan(freed)} yuan become confirmed and "
                f"{yuan(rest - freed)} stay open. Run 'recon check' again.",
            )
        )
    )
