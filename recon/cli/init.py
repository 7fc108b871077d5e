"""`recon init`: a workspace with recon.toml and template workbooks."""

from __future__ import annotations

from pathlib import Path

import click

from recon.base.models import Text
from recon.base.texts import say
from recon.cli.options import language


@click.command("init", epilog="示例 / example:  recon init 2024年资料")
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=Path())
@click.option("--locale", help="地区参数包；待填的值写成表 / locale; its open values as a form.")
@language
def init(folder: Path, locale: str | None) -> None:
    """建立工作区：recon.toml 和各类空白模板 / make a workspace."""
    from recon.run.policy_sheet import write_form
    from recon.workspace.templates import write_workspace

    for path in write_workspace(folder, locale or "base"):
        click.echo(path)
    if locale and (form := write_form(folder, locale)):
        click.echo(form)
    click.echo(
        say(
            Text(
                f"下一步：填写模板，或把导出的文件放进 {folder}，然后运行 recon check {folder}",
                f"Next: fill the templates, or put your exports into {folder}, "
                f"then run: recon check {folder}",
            )
        )
    )
