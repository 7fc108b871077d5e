"""`recon map`: what each file, sheet and column is taken for, saved to recon.toml on demand.

Here: the command and its steps. Not here: what is printed (`map_view`, `map_json`), the questions
(`map_confirm`), the recognition (`recon.intake`) and the writing of recon.toml
(`recon.intake.mapfile`).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from recon.base.models import SourceMapping, Text
from recon.base.texts import say
from recon.cli.options import language, reading_options

if TYPE_CHECKING:
    from recon.intake.pipeline import IntakeSettings, Survey
    from recon.workspace.recon_toml import Config


@click.command("map", epilog="示例 / example:  recon map 资料目录 --save")
@click.argument(
    "data_dir", type=click.Path(path_type=Path, exists=True, file_okay=False), default="."
)
@click.option(
    "--save",
    is_flag=True,
    help="写入 recon.toml；在终端上先逐张问不确定的 / write recon.toml; asks on a terminal.",
)
@click.option(
    "--again",
    is_flag=True,
    help="以前回答过的、不再问的，也重新问（连同 --save）/ ask again what was answered.",
)
@click.option("--columns", is_flag=True, help="列出每张表的各列 / the columns of every sheet.")
@click.option(
    "--certificate", is_flag=True, help="显示读取凭证：行数、金额、编码 / intake certificate."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    help="输出形式 / form of what is printed.",
)
@click.option("--mask/--no-mask", default=True, help="是否遮蔽个人信息 / mask persons.")
@reading_options[0]
@reading_options[1]
@language
def command(  # noqa: PLR0913 - one argument an option
    data_dir: Path,
    *,
    save: bool,
    again: bool,
    columns: bool,
    certificate: bool,
    form: str,
    mask: bool,
    password_file: Path | None,
    memory: str | None,
) -> None:
    """查看每个文件、工作表、列被认作什么 / show what each file, sheet and column is taken for."""
    from recon.intake.formats.limits import read_limits
    from recon.intake.formats.worker import early_worker
    from recon.workspace.recon_toml import load_config

    _demand_sense(save=save, again=again, form=form)
    config = load_config(data_dir)
    out_dir = data_dir / "recon-out"
    limits = read_limits(memory, password_file)
    worker = early_worker(data_dir, (out_dir,), limits)  # it gets ready during the imports below

    from recon.cli.map_view import console, show, show_certificates
    from recon.intake.map_json import map_json
    from recon.intake.pipeline import IntakeSettings, read_sheets
    from recon.run.printed_names import PrintedNames

    settings = IntakeSettings(
        sources=_unsaid(config) if again else config.sources,
        exclude=(out_dir, *config.left_out(data_dir)),
        limits=limits,
        worker=worker,
        layouts=config.layouts,
    )
    survey = read_sheets(data_dir, settings)
    names = PrintedNames.of_survey(survey) if mask else PrintedNames({})
    if form == "json":
        click.echo(names.text(map_json(survey.sheets, mask=mask)))
        return
    if certificate:
        show_certificates(console(names), survey)
    else:
        show(console(names), survey, columns=columns, is_asking=save and _is_terminal())
    if save:
        _save(data_dir, survey, settings, config)
    elif any(one.found.question for one in survey.sheets):
        text = f"recon map {data_dir} --save"
        click.echo(say(Text(f"逐张回答：{text}", f"To answer one by one: {text}")))


def _demand_sense(*, save: bool, again: bool, form: str) -> None:
    """Refuse options that do nothing together.

    Raises:
        click.UsageError: Says which.
    """
    if again and not save:
        raise click.UsageError(say(Text("--again 要与 --save 一起用。", "--again needs --save.")))
    if save and form == "json":
        raise click.UsageError(
            say(
                Text(
                    "--save 要提问，不能与 --format json 一起用。",
                    "--save asks questions; it cannot be used with --format json.",
                )
            )
        )


def _unsaid(config: Config) -> tuple[SourceMapping, ...]:
    """Return what recon.toml says of encodings only: the rest is asked again."""
    return tuple(
        SourceMapping(one.file, encoding=one.encoding) for one in config.sources if one.encoding
    )


def _save(data_dir: Path, survey: Survey, settings: IntakeSettings, config: Config) -> None:
    """Ask where somebody is there, then write what was recognised."""
    from dataclasses import replace

    from recon.cli.map_confirm import Talk
    from recon.cli.map_view import console, show_open
    from recon.intake.mapfile import save_answers, save_mapping
    from recon.intake.pipeline import read_sheets
    from recon.tables.layout_files import using
    from recon.workspace.recon_toml import find_config, load_config

    path = find_config(data_dir) or data_dir / "recon.toml"
    is_again = settings.sources != config.sources
    talk = Talk(
        settings.sources,
        lambda sheet, said: save_answers(path, [(sheet, said)]),
        path.parent,
        config.sources if is_again else (),
    )
    if _is_terminal():
        with using(config.layouts):
            talk.about(survey.sheets)
    if talk.answered or is_again:
        now = load_config(data_dir)
        settings = replace(settings, sources=now.sources, layouts=now.layouts, worker=None)
        survey = read_sheets(data_dir, settings)
        click.echo()
        show_open(console(), survey)
    count = save_mapping(path, survey.sheets)
    click.echo(
        say(
            Text(
                f"{path}: 回答 {talk.answered} 处；写入或更新了 {count} 条 [[source]]。",
                f"{path}: {talk.answered} answers; {count} [[source]] entries added or changed.",
            )
        )
    )


def _is_terminal() -> bool:
    """Whether somebody is there to answer."""
    return sys.stdin.isatty() and sys.stdout.isatty()
