"""`recon share RUN`: a pseudonymous twin whose exceptions equal the original's."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from recon.base.models import Text
from recon.base.texts import say
from recon.cli.options import language

if TYPE_CHECKING:
    from recon.share.twin import Twin

_SHOWN = 20


@click.command("share", epilog="示例 / example:  recon share 资料目录/recon-out/3f2a91c047c07c4b")
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
@click.option(
    "--password-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="加密工作簿的口令文件 / file with the workbooks' password.",
)
@language
def share(run: str, data: Path | None, out: Path, password_file: Path | None) -> None:
    """生成一份假名副本，并证明例外与原件相同 / make a pseudonymous twin, proven equal.

    副本在输出目录的 share-运行编号，编号对照表在旁边，不要一起交出。
    The twin is share-RUN in the output folder; the map of ids beside it stays with you.

    退出码 / exit status: 0 已生成 made; 1 未能证明相同，或仍有原名 not proven, or a name is left;
    2 无法生成 cannot be made. 1、2 时没有副本 / with 1 and 2 there is no twin.
    """
    from recon.run.diff import find_run
    from recon.share.twin import make_twin

    password = password_file.read_text(encoding="utf-8").strip() if password_file else None
    twin = make_twin(find_run(run, out), data, password)
    for line in _lines(twin):
        click.echo(say(line))
    sys.exit(0 if twin.folder else 1)


def _lines(twin: Twin) -> list[Text]:
    proof = twin.proof
    if twin.folder is not None:
        return [
            Text(
                f"副本：{twin.folder}", f"twin: {twin.folder}"
            ),
            Text(
                f"已证明：{proof.rules} 条规则的 {proof.exceptions} 条例外与原件一致，"
                "副本里没有原来的名称和号码。",
                f"proven: {proof.exceptions} exceptions of {proof.rules} rules equal "
                "the original's; no original name or number is left in it.",
            ),
            Text(
                f"编号对照（自己留存，不要交出）：{twin.id_map}",
                f"map of ids (keep it, do not hand it out): {twin.id_map}",
            ),
            Text(
                "日期、金额、出生日期、账号末四位没有变；"
                "交出前请看 recon-out/twin.json 和 recon.toml、policy。",
                "Days, amounts, birth dates and last four digits are unchanged; look at "
                "recon-out/twin.json, recon.toml and policy before you hand it out.",
            ),
        ]  # fmt: skip
    found = [Text(f"与原件不同：{each}", f"differs: {each}") for each in proof.differences]
    found += [
        Text(f"{name}: 仍有 {count} 个原来的名称或号码。", f"{name}: {count} original names left.")
        for name, count in twin.left.items()
    ]
    end = Text(
        "没有生成副本。请把以上内容发给维护者。", "No twin was made. Report the lines above."
    )
    return [*found[:_SHOWN], end]
