"""`recon report [RUN]`: the papers of an inspection, from a run and the ledger.

Not here: what the papers say (see `recon.report`).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from recon.base.models import Text
from recon.base.texts import say
from recon.cli.options import language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recon.report import Kind, Paper
    from recon.report.standing import Standing

_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


def _kind(name: str, help_text: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return an option that asks for one kind of paper instead of the usual ones."""
    return click.option(f"--{name}", "kinds", flag_value=name, multiple=True, help=help_text)


@click.command("report", epilog="示例 / example:  recon report --data 资料目录 --leads")
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
@click.option(
    "--unit",
    "units",
    multiple=True,
    help="只写这些单位的，可写几次 / of these units only, may be given several times.",
)
@_kind("leads", "只写询证函：对没有确认的线索，请对方核实 / only inquiries about leads.")
@_kind("brief", "只写一页纸：给领导看的五大项、趋势和要决定的事 / only the one-page brief.")
@_kind("papers", "只写取证单：已确认的问题，附来源行原文 / only working papers about findings.")
@language
def report(
    run: str | None,
    data_dir: Path | None,
    out: Path | None,
    units: tuple[str, ...],
    kinds: tuple[Kind, ...],
) -> None:
    """写自查报告、整改台账、核对函、取证单、一页纸 / write the papers of a run.

    写到运行目录的 report 子目录；RUN 默认为最近一次。改过的文件不覆盖，新的另编号。
    函只写已确认（成立、部分成立）而未办结的事项；对线索另用 --leads 写询证函。
    Written into the run's folder 'report'; RUN is the newest by default. A file that somebody has
    edited is left alone and the new one gets a number. Letters are only about what was confirmed
    and is still due; --leads writes inquiries about leads.

    退出状态：0 写好；2 没有写成。
    Exit status: 0 written; 2 not written.
    """
    from recon.report import FOLDER, STANDARD, write_papers
    from recon.report.standing import read_standing
    from recon.workspace.recon_toml import load_config

    folder, out_dir = _find(run, data_dir, out)
    workspace = load_config(data_dir or out_dir.resolve().parent).workspace
    standing = read_standing(folder, workspace, out_dir, data_dir)
    standing = standing.only(units) if units else standing
    papers = write_papers(standing, folder / FOLDER, kinds or (STANDARD,))
    for paper in papers:
        click.echo(str(paper.path))
    for notice in _notices(standing, papers, kinds):
        click.echo(say(notice))


def _notices(
    standing: Standing, papers: tuple[Paper, ...], kinds: tuple[Kind, ...]
) -> Iterator[Text]:
    """Yield what the user must know of the papers that were written, or were not."""
    from recon.report.letters import without_letter
    from recon.report.papers import MOST_SINGLE, shares_papers

    if not papers and "papers" in kinds:
        yield Text(
            "没有可写的：还没有已确认的问题。取证单只写结论为成立、部分成立的。",
            "Nothing to write: nothing is confirmed. Working papers are about findings only.",
        )
    elif not papers:
        yield Text(
            "没有可写的：没有涉及外单位、有确定方向和金额的线索。",
            "Nothing to write: no lead with a definite direction and amount is about another unit.",
        )
    if "papers" in kinds and shares_papers(standing):
        yield Text(
            f"已确认的问题超过 {MOST_SINGLE} 条：同一单位同一问题合写一份取证单。",
            f"More than {MOST_SINGLE} findings: those of a unit and problem share a paper.",
        )
    if any(paper.is_beside for paper in papers):
        yield Text(
            "同名文件被人改过，或正被其他程序打开，没有覆盖；新的另编号写在旁边。",
            "A file of that name was edited or is held open and was left alone; "
            "the new one has a numbered name beside it.",
        )
    if not standing.is_reviewed and not kinds:
        yield Text(
            "本次结果还没有复核结论，报告里全部是线索，没有写核对函。"
            "填写工作簿，用 recon review import 导入后再写一次。",
            "Nothing of this run is reviewed: the report holds leads only, and no letter was "
            "written. Fill the workbook, take it in with 'recon review import' and write the "
            "report again.",
        )
    uncounted = standing.uncounted
    if uncounted.len():
        yield Text(
            f"{uncounted.len()} 条已确认问题的金额记在没有确认的另一条上，没有计入任何合计和函"
            f"（{uncounted[0]} 等，见整改台账备注）；请在那条登记结论。",
            f"The money of {uncounted.len()} findings stands in a line that is not confirmed, and "
            f"is in no total and no letter ({uncounted[0]} …, see the register); decide that line.",
        )
    left = without_letter(standing)
    if left and not kinds:
        yield Text(
            f"{left} 条未办结问题的对象是个人或本单位，没有写函，见整改台账。",
            f"{left} open findings are about persons or the own unit and got no letter; see the "
            "register.",
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
