"""`recon verify RUN`: does a run folder still say what its inputs give?"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from recon.base.models import Text
from recon.base.texts import say
from recon.cli.options import language


@click.command("verify", epilog="示例 / example:  recon verify 资料目录/recon-out/3f2a91c047c07c4b")
@click.argument("run", metavar="RUN")
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="资料目录，默认输出目录的上一级 / folder of the inputs.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("recon-out"),
    help="按运行编号查找的输出目录 / output folder in which ids are looked up.",
)
@language
def verify(run: str, data: Path | None, out: Path) -> None:
    """用资料重算一次运行，逐字节比较 / recompute a run and compare it byte by byte.

    退出码 / exit status: 0 一致 the same; 1 不一致 different; 2 无法验证 cannot be verified.
    """
    from recon.run.diff import find_run
    from recon.run.verify import verify_run

    found = verify_run(find_run(run, out), data)
    count = len(found.compared)
    if not found.different:
        click.echo(
            say(Text(f"一致：{count} 个数据文件逐字节相同。", f"the same: {count} files agree."))
        )
        sys.exit(0)
    for name in found.different:
        click.echo(
            say(
                Text(
                    f"{found.run / name}: 与重算结果不同。不要使用这次运行的结果；移走后重新运行。",
                    f"{found.run / name}: differs from what the inputs give. Do not use this run; "
                    "move it away and run again.",
                )
            )
        )
    sys.exit(1)
