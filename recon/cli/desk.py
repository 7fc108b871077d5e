"""`recon desk`: a local page for everything that the command line does.

Not here: the page (see `recon.desk`).
"""

from __future__ import annotations

from pathlib import Path

import click

from recon.cli.options import language


@click.command("desk", epilog="示例 / example:  recon desk 资料目录")
@click.argument(
    "data_dir", type=click.Path(path_type=Path, exists=True, file_okay=False), default="."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="输出目录，默认 DATA_DIR/recon-out / output folder.",
)
@click.option(
    "--link", is_flag=True, help="给已打开的工作台取一个新链接 / a new link to the open desk."
)
@click.option("--port", type=click.IntRange(min=0), default=0, help="端口，默认任选 / port.")
@click.option(
    "--idle",
    type=click.IntRange(min=0),
    default=60,
    show_default=True,
    help="多少分钟没有操作就关闭，0 为不关 / minutes until an idle desk closes; 0 never.",
)
@click.option(
    "--browser/--no-browser", default=True, help="是否打开浏览器，默认打开 / open the browser."
)
@language
def desk(
    data_dir: Path, out: Path | None, *, link: bool, port: int, idle: int, browser: bool
) -> None:
    """打开本机工作台：一个只在本机的网页 / open a local page for everything above.

    只有本机能访问；每个链接只能打开一次。按 Ctrl-C、关闭终端或闲置一小时后结束。
    Only this computer can reach it; a link opens once. Ends by Ctrl-C, with the terminal, or idle.

    退出状态：0 正常结束；2 没有打开。
    Exit status: 0 ended; 2 not opened.
    """
    from recon.desk.place import Place
    from recon.desk.server import Wish, link_of, serve

    folder = data_dir.resolve()
    place = Place(folder, (out or folder / "recon-out").resolve())
    if link:
        click.echo(link_of(place))
        return
    serve(place, Wish(port, idle * 60.0, browser), click.echo)
