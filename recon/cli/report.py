"""`recon report [RUN]`: the papers of an inspection, from a run and the ledger.

Not here: what the papers say (see `recon.report`).
"""

from __future__ import annotations

from pathlib import Path

import click

from recon.base.models import Text
from recon.base.texts import say
from recon.cli.options import language

_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command("report", epilog="示例 / example:  recon report --data 资料目录")
@click.argument("run", metavar="[RUN]", required=False)
@click.option(
    "--data",
    "data_dir",
    type=_FOLDER,
    help="资料目录，默认 RUN 所在输出目录的上一级，否则当前目录 / data folder.",
)
@click.option(
    "--out", type=_FOLDER, help="check 的输出目录，默认资料目录下 recon-out / output folder."
)
@language
def report(run: str | None, data_dir: Path | None, out: Path | None) -> None:
    """写自查报告、整改台账和单位核对函 / write report, register and letters of a run.

    写到运行目录的 report 子目录；RUN 默认为最近一次。改过的文件不覆盖，新的另编号。
    Written into the run's folder 'report'; RUN is the newest by default. A file that somebody has
    edited is left alone and the new one gets a number.

    退出状态：0 写好；2 没有写成。
    Exit status: 0 written; 2 not written.
    """
    from recon.report import FOLDER, write_papers
    from recon.report.standing import read_standing
    from recon.workspace.recon_toml import load_config

    folder, out_dir = _find(run, data_dir, out)
    workspace = load_config(data_dir or out_dir.resolve().parent).workspace
    standing = read_standing(folder, workspace, out_dir)
    papers = write_papers(standing, folder / FOLDER)
    for paper in papers:
        click.echo(str(paper.path))
    if any(paper.is_beside for paper in papers):
        click.echo(
            say(
                Text(
                    "同名文件被人改过，或正被其他程序打开，没有覆盖；新的另编号写在旁边。",
                    "A file of that name was edited or is held open and was left alone; "
                    "the new one has a numbered name beside it.",
                )
            )
        )
    if not standing.is_reviewed:
        click.echo(
            say(
                Text(
                    "本次结果还没有复核结论，报告里全部是线索。"
                    "填写工作簿，用 recon review import 导入后再写一次。",
                    "Nothing of this run is reviewed: the report holds leads only. Fill the "
                    "workbook, take it in with 'recon review import' and write the report again.",
                )
            )
        )


def _find(run: str | None, data_dir: Path | None, out: Path | None) -> tuple[Path, Path]:
    """Return the run folder and the output folder that it is in.

    Raises:
        NotARunError: The word names no run.
        RunMissingError: There is no complete run.
    """
    from recon.base.errors import RunMissingError
    from recon.run.diff import find_run
    from recon.workspace.folder import latest_run

    out_dir = out or (data_dir or Path()) / "recon-out"
    if run is None:
        newest = latest_run(out_dir)
        if newest is None:
            raise RunMissingError(out_dir)
        return newest, out_dir
    found = find_run(run, out_dir)
    return found, out or found.resolve().parent
