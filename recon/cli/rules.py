"""`recon rules`: list, show, test and new."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from recon.base.models import Text
from recon.base.texts import SEVERITIES, say, spoken
from recon.cli.options import language

if TYPE_CHECKING:
    from recon.rules.catalog import Rule

_workspace = click.option(
    "--workspace",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=Path(),
    help="工作区目录 / workspace folder.",
)


@click.group("rules", epilog="示例 / example:  recon rules show REM-06")
def rules() -> None:
    """查看规则，运行规则用例，新建规则 / show rules, run their cases, write a new one."""


@rules.command("list", epilog="示例 / example:  recon rules list")
@_workspace
@language
def list_(workspace: Path) -> None:
    """列出全部规则 / list all rules."""
    from rich.console import Console
    from rich.table import Table

    from recon.rules.catalog import load_rules

    zh = spoken() == "zh"
    table = Table(box=None, pad_edge=False)
    for title in ("编号", "规则", "级别", "状态") if zh else ("code", "rule", "severity", "status"):
        table.add_column(title)
    rules = sorted(load_rules(workspace), key=lambda rule: rule.code)
    for rule in rules:
        about = rule.about
        own = " *" if rule.from_workspace else ""
        table.add_row(
            about.code + own, about.title.text.in_(spoken()), _severity(rule), about.status
        )
    Console(width=100).print(table)
    if any(rule.from_workspace for rule in rules):
        click.echo(say(Text("* 本目录自己的规则", "* a rule of this folder")))


def _severity(rule: Rule) -> str:
    given = rule.about.severity
    values = dict.fromkeys((given.definite, given.verify))
    return "/".join(SEVERITIES[value].in_(spoken()) for value in values)


@rules.command("show", epilog="示例 / example:  recon rules show REM-06")
@click.argument("code")
@_workspace
@language
def show(code: str, workspace: Path) -> None:
    """显示一条规则的说明页 / show the explain page of a rule."""
    from recon.policy.parameters import load_policy
    from recon.rules.catalog import choose, load_rules
    from recon.rules.pages import rule_page
    from recon.workspace.recon_toml import load_config

    config = load_config(workspace)
    policy = load_policy(config.locale, config.policy, config.workspace)
    for rule in choose(load_rules(workspace), (code,)):
        click.echo(rule_page(rule, spoken(), policy))


@rules.command("tables", epilog="示例 / example:  recon rules tables tax_collection")
@click.argument("name", required=False)
@_workspace
@language
def tables(name: str | None, workspace: Path) -> None:
    """列出规则可读的表，或一张表的列 / list the tables that rules read, or one's columns."""
    from recon.base.nearest import nearest
    from recon.engine.staging import staged_names
    from recon.rules.errors import UnknownTableError
    from recon.run.rule_cases import staged_columns
    from recon.tables.registry import specs

    known = staged_names(workspace)
    if name is None:
        for table, about in known.items():
            spec = specs().get(table.removeprefix("stg_"))
            click.echo(f"{table}  {spec.zh}  {about}" if spec else f"{table}  {about}")
        return
    titles = {title: f"stg_{one.name}" for one in specs().values() for title in (one.zh, one.name)}
    table = titles.get(name, name)
    if table not in known:
        raise UnknownTableError(name, nearest(name, (*known, *titles)))
    spec = specs().get(table.removeprefix("stg_"))
    headers = {one.name: one.zh for one in spec.columns} if spec else {}
    for column, kind in staged_columns([table], workspace)[table].items():
        click.echo(f"{column}  {kind}  {headers.get(column, '')}".rstrip())


@rules.command("test", epilog="示例 / example:  recon rules test REM-06")
@click.argument("code", required=False)
@_workspace
@language
def test(code: str | None, workspace: Path) -> None:
    """运行规则用例 / run the cases of a rule, or of all rules of the workspace."""
    from recon.rules.catalog import choose, load_rules
    from recon.run.rule_cases import try_cases

    known = load_rules(workspace)
    chosen = choose(known, (code,)) if code else tuple(r for r in known if r.from_workspace)
    if not chosen:
        click.echo(
            say(
                Text(
                    "这里没有自己的规则。随软件的规则：recon rules test REM-06",
                    "no rules of your own here. For a shipped one: recon rules test REM-06",
                )
            )
        )
    failed = 0
    passed = 0
    for rule, case, faults in try_cases(known, chosen, workspace):
        if faults:
            failed += 1
            click.echo(f"{rule.code}: {case.name}\n  " + "\n  ".join(faults))
        else:
            passed += 1
    words = Text(f"通过 {passed}，未通过 {failed}", f"{passed} passed, {failed} failed")
    click.echo(say(words))
    sys.exit(1 if failed else 0)


@rules.command("new", epilog="示例 / example:  recon rules new LOC-01")
@click.argument("code")
@_workspace
@language
def new(code: str, workspace: Path) -> None:
    """在工作区写出一条新规则的三个文件 / write the three files of a new rule."""
    from recon.rules.template import write_rule

    for path in write_rule(code.upper(), workspace):
        click.echo(path)
