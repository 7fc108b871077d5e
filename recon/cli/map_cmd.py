"""`recon map`: what each file, sheet and column is taken for, saved to recon.toml on demand.

Here: the tables on the terminal. Not here: the recognition (see `recon.intake`) and the writing of
recon.toml (see `recon.intake.mapfile`).
"""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from recon.base.models import Text
from recon.base.texts import say, yuan
from recon.cli.options import language, reading_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    from rich.console import Console

    from recon.base.models import SourceFile
    from recon.intake.layout.header import ColumnMatch
    from recon.intake.pipeline import Survey
    from recon.intake.sheets.parsed import ParsedSheet

SAMPLES = 3
_HOW = {
    "main": Text("表头", "header"),
    "alias": Text("别名", "alias"),
    "format": Text("软件导出名", "export name"),
    "name": Text("字段名", "column name"),
    "part": Text("部分相同", "part"),
    "parent": Text("上层表头", "upper line"),
    "saved": Text("recon.toml", "recon.toml"),
    "preamble": Text("表上方", "above the table"),
    "title": Text("标题", "title"),
    "parts": Text("年月日列", "year, month, day"),
    "year_month": Text("年、月两列", "year and month"),
    "prefix": Text("字、号两列", "word and number"),
    "directed": Text("按方向", "by direction"),
    "on_side": Text("按方向", "by direction"),
    "net": Text("借贷两列", "debit and credit"),
    "in_side": Text("借贷两列", "debit and credit"),
    "side_of": Text("借贷两列", "debit and credit"),
}


@click.command("map", epilog="示例 / example:  recon map 资料目录 --save")
@click.argument(
    "data_dir", type=click.Path(path_type=Path, exists=True, file_okay=False), default="."
)
@click.option(
    "--save",
    is_flag=True,
    help="把对应关系写入 recon.toml；在终端上先逐项确认 / write recon.toml; asks on a terminal.",
)
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
@click.option(
    "--mask/--no-mask", default=True, help="json 中是否遮蔽个人信息 / mask persons in json."
)
@reading_options[0]
@reading_options[1]
@language
def command(  # noqa: PLR0913 - one argument an option
    data_dir: Path,
    *,
    save: bool,
    certificate: bool,
    form: str,
    mask: bool,
    password_file: Path | None,
    memory: str | None,
) -> None:
    """查看每个文件、工作表、列被认作什么 / show what each file, sheet and column is taken for."""
    from dataclasses import replace

    from recon.intake.formats.limits import read_limits
    from recon.intake.formats.worker import early_worker
    from recon.workspace.recon_toml import find_config, load_config

    config = load_config(data_dir)
    out_dir = data_dir / "recon-out"
    limits = read_limits(memory, password_file)
    worker = early_worker(data_dir, (out_dir,), limits)  # it gets ready during the imports below

    from recon.cli.map_confirm import confirm_sheets
    from recon.cli.map_json import map_json
    from recon.intake.mapfile import save_mapping
    from recon.intake.pipeline import IntakeSettings, read_sheets

    settings = IntakeSettings(
        sources=config.sources,
        exclude=(out_dir, *config.left_out(data_dir)),
        limits=limits,
        worker=worker,
        layouts=config.layouts,
    )
    survey = read_sheets(data_dir, settings)
    if form == "json":
        click.echo(map_json(survey.sheets, mask=mask))
        return
    _show(survey, certificate=certificate)
    if save and _is_terminal() and (answers := confirm_sheets(survey.sheets)):
        settings = replace(settings, sources=(*answers, *config.sources))
        survey = read_sheets(data_dir, settings)
        _show(survey, certificate=certificate)
    if save:
        path = find_config(data_dir) or data_dir / "recon.toml"
        count = save_mapping(path, survey.sheets)
        click.echo(
            say(
                Text(
                    f"{path}: 写入或更新了 {count} 条 [[source]]。",
                    f"{path}: {count} [[source]] entries added or changed.",
                )
            )
        )


def _is_terminal() -> bool:
    """Whether somebody is there to answer."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _show(survey: Survey, *, certificate: bool) -> None:
    console = _console()
    _show_files(console, survey)
    if certificate:
        for sheet in survey.sheets:
            _show_certificate(console, survey, sheet)
    else:
        blank = _blank_forms(survey.sheets)
        shown = [one for one in survey.sheets if not (one.twin or one.sheet.path in blank)]
        for sheet, samples in zip(shown, _samples(shown), strict=True):
            _show_sheet(console, survey, sheet, samples)
        _show_blank(console, blank)
    for sheet in survey.sheets:
        for text in (*sheet.told, *sheet.asked):
            console.print(_clean(say(text)), style="yellow")
    _show_questions(console, survey)


def _blank_forms(sheets: Sequence[ParsedSheet]) -> list[str]:
    """Return the files that hold empty forms, their instructions, and nothing else."""
    of_file: dict[str, list[ParsedSheet]] = {}
    for one in sheets:
        of_file.setdefault(one.sheet.path, []).append(one)
    return [
        path
        for path, found in of_file.items()
        if any(one.is_blank for one in found)
        and all(one.is_blank or one.found.how == "text" for one in found)
    ]


def _show_blank(console: Console, blank: list[str]) -> None:
    """Say in one line which files are empty forms."""
    if not blank:
        return
    zh, en = "、".join(blank[:SAMPLES]), ", ".join(blank[:SAMPLES])
    more = len(blank) > SAMPLES
    text = Text(
        f"空白表 {len(blank)} 个，只有表头，没有数据：{zh}{'等' if more else ''}。",
        f"{len(blank)} empty forms, with headers and no data: {en}{' and others' if more else ''}.",
    )
    console.print()
    console.print(_clean(say(text)), style="dim")


def _console() -> Console:
    from rich.console import Console

    width = None if sys.stdout.isatty() else 120
    return Console(file=sys.stdout, width=width, highlight=False, markup=False, emoji=False)


def _show_files(console: Console, survey: Survey) -> None:
    for file in survey.files:
        if file.status != "read" and file.problem:
            console.print(_clean(say(file.problem)), style="yellow")
    for text in survey.ignored:
        console.print(_clean(say(text)), style="dim")


def _show_sheet(
    console: Console, survey: Survey, sheet: ParsedSheet, samples: dict[str, str]
) -> None:
    from rich.table import Table

    found = sheet.found
    console.print()
    console.print(_clean(_title(survey, sheet)), style="bold")
    if found.table is None:
        for note in (*((found.question,) if found.question else ()), *found.notes):
            console.print("  " + _clean(say(note)), style="yellow")
    words = [Text("列", "col"), Text("表头", "header"), Text("字段", "column")]
    words += [Text("依据", "by"), Text("把握", "sure"), Text("示例", "samples")]
    table = Table(*map(say, words), box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for match in found.matches:
        by = say(_HOW[match.how])
        name = _field(sheet, match)
        sure = f"{match.confidence:.0%}"
        table.add_row(match.letter, _clean(match.header), name, by, sure, samples[match.column])
    for column, supply in found.supplies:
        value = samples.get(column, "")
        table.add_row("", _clean(supply.label), column, say(_HOW[supply.how]), "", value)
    for one in found.unmapped:
        near = "、".join(one.nearest)
        hint = say(Text(f"未用；相近：{near}", f"unused; nearest: {near}")) if near else "—"
        table.add_row(one.letter, _clean(one.header), hint, "", "", "", style="dim")
    if table.row_count:
        console.print(table)


def _field(sheet: ParsedSheet, match: ColumnMatch) -> str:
    column = sheet.found.table.by_name[match.column] if sheet.found.table else None
    return f"{match.column} {column.zh}" if column else match.column


def _title(survey: Survey, sheet: ParsedSheet) -> str:
    from recon.intake.layout.mapping import place_of

    found = sheet.found
    file = _file_of(survey, sheet)
    kind = file.true_type if file else ""
    if found.table is None:
        what = say(Text("未识别", "not understood"))
        return f"{place_of(sheet.sheet)} [{kind}] → {what}"
    rows = "-".join(str(row) for row in (found.header_rows[0], found.header_rows[-1]))
    row = rows if len(found.header_rows) > 1 else str(found.header_rows[0])
    header = say(Text(f"表头在第{row}行", f"header in row {row}"))
    if not found.header_rows[0]:
        header = say(Text("表头为文件的列名", "header: the names of the columns"))
    hidden = say(Text("，隐藏", ", hidden")) if sheet.sheet.hidden else ""
    unit = say(Text("，万元", ", in 万元")) if found.unit == "wan" else ""
    name = f"{found.table.name} {found.table.zh}"
    return f"{place_of(sheet.sheet)} [{kind}] → {name}（{header}{hidden}{unit}）"


def _samples(sheets: Sequence[ParsedSheet]) -> list[dict[str, str]]:
    """Return the first values of each column as they stand in the files, personal data masked."""
    import polars as pl

    from recon.tables.masking import mask_value

    picked = [_picked(sheet) for sheet in sheets]
    first = [
        (number, match.column, sheet.found.table.by_name[match.column].shown_as, text)
        for number, sheet in enumerate(sheets)
        if sheet.found.table is not None
        for match in sheet.found.matches
        for text in list(dict.fromkeys(picked[number][match.letter].drop_nulls()))[:SAMPLES]
    ]
    schema = {"sheet": pl.Int64, "column": pl.String, "kind": pl.String, "cell": pl.String}
    listed = pl.DataFrame(first, schema=schema, orient="row")
    masked = listed.select("sheet", "column", mask_value(pl.col("cell"), pl.col("kind")))
    shown: list[dict[str, list[str]]] = [
        {match.column: [] for match in sheet.found.matches} for sheet in sheets
    ]
    for number, column, text in masked.iter_rows():
        shown[number][column].append(text)
    return [
        {
            column: _clean(" | ".join(_without_persons(texts, persons)), 40)
            for column, texts in columns.items()
        }
        for columns, persons in zip(shown, map(_persons, sheets, picked), strict=True)
    ]


def _picked(sheet: ParsedSheet) -> pl.DataFrame:
    """Return the first accepted rows of a sheet as they stand in the file."""
    import polars as pl

    rows = [] if sheet.accepted is None else sheet.accepted["row_no"].head(SAMPLES * 10).to_list()
    return sheet.sheet.cells.filter(pl.col("row_no").is_in(rows))


def _without_persons(texts: list[str], persons: list[str]) -> list[str]:
    """Shorten the names of persons wherever a text has them."""
    import polars as pl

    from recon.tables.masking import mask_one

    if not persons:
        return texts
    short = [mask_one(name, "person") for name in persons]
    return pl.Series(texts, dtype=pl.String).str.replace_many(persons, short).to_list()


def _persons(sheet: ParsedSheet, rows: pl.DataFrame) -> list[str]:
    """Return the natural persons that some rows name as a party or a person."""
    import polars as pl

    from recon.tables.masking import reads_like_person

    table = sheet.found.table
    letters = [
        match.letter
        for match in sheet.found.matches
        if table is not None and table.by_name[match.column].shown_as in {"party", "person"}
    ]
    if not letters:
        return []
    names = pl.concat([rows.select(name=letter) for letter in letters]).drop_nulls().unique()
    return names.filter(reads_like_person(pl.col("name")))["name"].sort().to_list()


def _show_certificate(console: Console, survey: Survey, sheet: ParsedSheet) -> None:
    from recon.intake.sheets.certificate import CLASS_NAMES, CLASSES, FACT_NAMES, certify

    certificate = certify(sheet)
    file = _file_of(survey, sheet)
    console.print()
    console.print(_clean(_title(survey, sheet)), style="bold")
    lines = []
    if file is not None:
        lines.append(f"SHA-256 {file.sha256}")
        if file.encoding:
            lines.append(f"{say(Text('编码', 'encoding'))} {file.encoding_evidence}")
    counts = (
        certificate.rows_read,
        certificate.rows_accepted,
        certificate.rows_rejected,
        certificate.rows_skipped,
        certificate.rows_repeated,
    )
    zh, en = (
        "行：读入 {} = 计入 {} + 剔除 {} + 跳过 {} + 重复 {}",
        "rows: read {} = accepted {} + rejected {} + skipped {} + repeated {}",
    )
    lines.append(say(Text(zh, en)).format(*counts))
    passed = [f"{say(CLASS_NAMES[kind])} {number}" for kind, number in sheet.skipped.items()]
    lines.append(say(Text("跳过：", "skipped: ")) + ", ".join(passed))
    facts = [f"{say(FACT_NAMES[name])} {number}" for name, number in certificate.facts.items()]
    if facts:
        lines.append(say(Text("另有：", "also: ")) + ", ".join(facts))
    for name, sums in certificate.money.items():
        amounts = [yuan(sums.get(kind, Decimal(0))) for kind in CLASSES]
        zh, en = (
            "计入 {}，剔除 {}，跳过 {}，重复 {}",
            "accepted {}, rejected {}, skipped {}, repeated {}",
        )
        sentence = say(Text(zh, en))
        lines.append(f"{name}: " + sentence.format(*amounts))
    lines += [say(note) for note in certificate.notes]
    for line in lines:
        console.print("  " + _clean(line))


def _show_questions(console: Console, survey: Survey) -> None:
    questions = [one.found.question for one in survey.sheets if one.found.question]
    known = sum(one.found.table is not None for one in survey.sheets)
    total = len(survey.sheets)
    console.print()
    console.print(
        say(
            Text(
                f"{total} 张工作表，认出 {known} 张，待确认 {len(questions)} 张。",
                f"{total} sheets, {known} recognised, {len(questions)} to be confirmed.",
            )
        )
    )


def _file_of(survey: Survey, sheet: ParsedSheet) -> SourceFile | None:
    files: Sequence[SourceFile] = survey.files
    return next((file for file in files if file.file_id == sheet.sheet.file_id), None)


def _clean(text: str, limit: int = 400) -> str:
    """Return a text from a file on one line, without signs that steer a terminal."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"
