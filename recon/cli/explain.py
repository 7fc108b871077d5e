"""`recon explain ID`: one exception with its numbers, rows and sources."""

from __future__ import annotations

from pathlib import Path

import click

from recon.cli.options import language
from recon.texts import spoken


@click.command("explain", epilog="示例 / example:  recon explain 3f2a91c0 --out 资料目录/recon-out")
@click.argument("exception_id", metavar="ID")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("recon-out"),
    help="check 的输出目录，默认 recon-out / output folder of check.",
)
@language
def explain(exception_id: str, out: Path) -> None:
    """解释一条例外：规则、计算式、来源行、参数 / explain one exception."""
    from recon.catalog import load_rules
    from recon.explain import exception_page, find_exception

    run, row = find_exception(out, exception_id)
    click.echo(exception_page(run, row, spoken(), load_rules()), nl=False)
