"""`recon init`: a workspace with recon.toml and template workbooks."""

from __future__ import annotations

from pathlib import Path

import click

from recon.base.models import Text
from recon.base.texts import say
from recon.cli.options import language


@click.command("init", epilog="示例 / example:  recon init 2024年资料")
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=Path())
@language
def init(folder: Path) -> None:
    """建立工作区：recon.toml 和各类空白模板 / make a workspace."""
    from recon.workspace.templates import write_workspace

    for path in write_workspace(folder):
        click.echo(path)
    click.echo(
        say(
            Text(
                f"下一步：填写模板，或把导出的文件放进 {folder}，然后运行 recon check {folder}",
                f"Next: fill the templates, or put your exports into {folder}, "
                f"then run: recon check {folder}",
            )
        )
    )
