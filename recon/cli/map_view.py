"""What `recon map` prints on a terminal: a line a table, its columns where they fit, what is open.

Here: the overview within two screens, columns, certificates, and the closing count. Not here: the
questions (`map_confirm`), the form for programs (`map_json`).
"""

from __future__ import annotations

import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from recon.base.models import Text
from recon.base.texts import say, yuan
from recon.intake.layout.mapping import place_of
from recon.intake.map_samples import SAMPLES, clean, of_read
from recon.intake.sheets.certificate import CLASS_NAMES, CLASSES, FACT_NAMES, certify

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.text import Text as RichText

    from recon.base.models import SourceFile
    from recon.intake.layout.header import ColumnMatch
    from recon.intake.pipeline import Survey
    from recon.intake.sheets.parsed import ParsedSheet
    from recon.run.printed_names import PrintedNames

#: So many lines of columns, of tables and of questions are shown without being asked for.
_COLUMN_LINES, _TABLE_LINES, _OPEN_LINES = 60, 64, 8
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
    "part_of": Text("一列拆开", "part of a column"),
    "name_beside": Text("一列拆开", "part of a column"),
    "account_beside": Text("一列拆开", "part of a column"),
    "on_credit": Text("去掉借贷字样", "without the side behind it"),
    "day_time": Text("日期加时间", "day and time together"),
    "end_of": Text("起止一列", "both ends in one column"),
    "joined": Text("几列合并", "columns joined"),
    "first_of": Text("几列取先有的", "first of columns"),
    "saying": Text("几列合看", "columns together"),
    "own_account": Text("收付双方", "payer and payee"),
    "other_account": Text("收付双方", "payer and payee"),
    "other_name": Text("收付双方", "payer and payee"),
    "paid_by": Text("收付双方", "payer and payee"),
}
_REST = Text("（全部见 --format json）", " (all: --format json)")


def console(names: PrintedNames | None = None) -> Console:
    """Return what prints to stdout, as wide as the terminal or 120 columns; names as masked."""
    width = None if sys.stdout.isatty() else 120
    shown = _Masked(file=sys.stdout, width=width, highlight=False, markup=False, emoji=False)
    shown.names = names
    return shown


class _Masked(Console):
    """A console that masks names of files, sheets and headers before it breaks lines."""

    names: PrintedNames | None = None

    def render_str(self, text: str, **options: Any) -> RichText:  # noqa: ANN401 - as they come
        return super().render_str(self.names.text(text) if self.names else text, **options)


def show_certificates(out: Console, survey: Survey) -> None:
    """Print a certificate a sheet."""
    _show_files(out, survey)
    for sheet in survey.sheets:
        _show_certificate(out, survey, sheet)
    show_open(out, survey)


def show(out: Console, survey: Survey, *, columns: bool, is_asking: bool = False) -> None:
    """Print what each file and sheet is taken for.

    Args:
        out: Where to.
        survey: What was read.
        columns: Print the columns of every sheet, however many lines that takes.
        is_asking: The questions follow; only how many there are is printed.
    """
    _show_files(out, survey)
    blank = _blank_forms(survey.sheets)
    shown = [one for one in survey.sheets if not (one.twin or one.sheet.path in blank)]
    if columns or sum(map(_lines_of, shown)) <= _COLUMN_LINES:
        for sheet in shown:
            _show_sheet(out, survey, sheet)
        out.print()
    else:
        _show_tables(out, shown)
    _show_folded(
        out,
        blank,
        Text("空白表 {} 个，只有表头，没有数据：", "{} empty forms, with headers and no data: "),
    )
    _show_sentences(out, [text for one in survey.sheets for text in one.told])
    if not is_asking:
        _show_questions(out, survey)
    show_count(out, survey)


def _lines_of(sheet: ParsedSheet) -> int:
    found = sheet.found
    return 3 + len(found.matches) + len(found.supplies) + len(found.unmapped)


def show_open(out: Console, survey: Survey) -> None:
    """Print what is to be answered, and how many sheets are known."""
    _show_questions(out, survey)
    show_count(out, survey)


def _show_questions(out: Console, survey: Survey) -> None:
    _show_sentences(
        out,
        [
            *(one.found.question for one in survey.sheets if one.found.question),
            *(text for one in survey.sheets for text in one.asked),
        ],
        _OPEN_LINES,
    )


def show_count(out: Console, survey: Survey) -> None:
    """Print how many sheets are known, open, empty and unknown."""
    blank = sum(one.is_blank for one in survey.sheets)
    known = sum(one.found.table is not None for one in survey.sheets) - blank
    total = len(survey.sheets)
    count = sum(one.found.question is not None for one in survey.sheets)
    others = sum(
        one.found.table is None and one.found.question is None and one.found.how == ""
        for one in survey.sheets
    )
    counts = (
        (blank, "空白 {} 张", "{} empty forms"),
        (others, "没有认出 {} 张", "{} not understood"),
    )
    more = Text(
        "".join(f"，{zh.format(number)}" for number, zh, _ in counts if number),
        "".join(f", {en.format(number)}" for number, _, en in counts if number),
    )
    out.print(
        say(
            Text(
                f"{total} 张工作表，认出 {known} 张，待确认 {count} 张{more.zh}。",
                f"{total} sheets, {known} recognised, {count} to be confirmed{more.en}.",
            )
        )
    )


def _show_sentences(out: Console, texts: Sequence[Text], most: int = _OPEN_LINES) -> None:
    """Print sentences, a line each; of many the first ones and how many more."""
    for text in texts[:most]:
        out.print(clean(say(text)), style="yellow")
    if rest := len(texts) - most if len(texts) > most else 0:
        more = Text(f"……另 {rest} 句{_REST.zh}", f"... {rest} more{_REST.en}")
        out.print(say(more), style="yellow")


def _show_tables(out: Console, sheets: Sequence[ParsedSheet]) -> None:
    """Print a line per file and table, then the sheets that are no table that is known."""
    groups: dict[tuple[str, str], list[ParsedSheet]] = {}
    others = []
    for one in sheets:
        if one.found.table:
            groups.setdefault((one.found.table.name, one.sheet.path), []).append(one)
        elif one.found.question is None:
            others.append(one)
    lines = [_line(found) for _, found in sorted(groups.items())]
    for line in lines[:_TABLE_LINES]:
        out.print(line, overflow="ellipsis", no_wrap=True)
    if rest := len(lines) - _TABLE_LINES if len(lines) > _TABLE_LINES else 0:
        more = Text(f"……另 {rest} 个文件{_REST.zh}", f"... {rest} more files{_REST.en}")
        out.print(say(more))
    for how, what in (
        ("", Text("没有认出 {} 张：", "{} not understood: ")),
        ("text", Text("只有一列文字 {} 张：", "{} of one column of text: ")),
        ("chart", Text("会计科目表 {} 张：", "{} charts of accounts: ")),
        ("saved", Text("按 recon.toml 不读 {} 张：", "{} set aside by recon.toml: ")),
    ):
        _show_folded(out, [place_of(one.sheet) for one in others if one.found.how == how], what)
    hint = Text(
        "各列认作什么：recon map --columns，或 --format json。",
        "Columns: recon map --columns, or --format json.",
    )
    out.print(say(hint), style="dim")


def _line(sheets: Sequence[ParsedSheet]) -> str:
    """Return one line for the sheets of a file that are one table."""
    head = sheets[0]
    table, names = head.found.table, [one.sheet.sheet for one in sheets if one.sheet.sheet]
    where = head.sheet.path
    if len(names) == 1:
        where += f"#{names[0]}"
    elif names:
        listed = "、".join(list(dict.fromkeys(names))[:2])
        count = len(names)
        where += say(Text(f"（{listed}等 {count} 张表）", f" ({listed} ..., {count} tables)"))
    rows = sum(one.rows_accepted for one in sheets)
    bad = sum(one.rejected["row_no"].n_unique() for one in sheets)
    counts = Text(f"{rows:,} 行", f"{rows:,} rows")
    if bad:
        counts = Text(f"{counts.zh}，剔除 {bad:,} 行", f"{counts.en}, {bad:,} rejected")
    name = f"{table.zh} {table.name}" if table else ""
    unused = list(dict.fromkeys(col.header for one in sheets for col in one.found.unmapped))
    if unused:
        first, more = "、".join(unused[:SAMPLES]), "…" if len(unused) > SAMPLES else ""
        counts = Text(f"{counts.zh}，未用：{first}{more}", f"{counts.en}, unused: {first}{more}")
    return clean(f"{where} → {name}  {say(counts)}")


def _blank_forms(sheets: Iterable[ParsedSheet]) -> list[str]:
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


def _show_folded(out: Console, places: Sequence[str], what: Text) -> None:
    """Say in one line which files or sheets are of a kind."""
    if not places:
        return
    zh, en = "、".join(places[:SAMPLES]), ", ".join(places[:SAMPLES])
    more = len(places) > SAMPLES
    count = len(places)
    text = Text(
        f"{what.zh.format(count)}{zh}{'等' if more else ''}。",
        f"{what.en.format(count)}{en}{' and others' if more else ''}.",
    )
    out.print(clean(say(text)), style="dim")


def _show_files(out: Console, survey: Survey) -> None:
    for file in survey.files:
        if file.status != "read" and file.problem:
            out.print(clean(say(file.problem)), style="yellow")
    for text in survey.ignored:
        out.print(clean(say(text)), style="dim")


def _show_sheet(out: Console, survey: Survey, sheet: ParsedSheet) -> None:
    found = sheet.found
    out.print()
    out.print(clean(title(survey, sheet)), style="bold")
    if found.table is None:
        for note in found.notes:
            out.print("  " + clean(say(note)), style="yellow")
    words = [Text("列", "col"), Text("表头", "header"), Text("字段", "column")]
    words += [Text("依据", "by"), Text("把握", "sure"), Text("示例", "samples")]
    table = Table(*map(say, words), box=None, pad_edge=False, padding=(0, 2, 0, 0))
    samples = of_read(sheet)
    for match in found.matches:
        by = say(_HOW[match.how])
        name = _field(sheet, match)
        sure = f"{match.confidence:.0%}"
        table.add_row(match.letter, clean(match.header), name, by, sure, samples[match.column])
    for column, supply in found.supplies:
        value = samples.get(column, "")
        table.add_row("", clean(supply.label), column, say(_HOW[supply.how]), "", value)
    for one in found.unmapped:
        near = "、".join(one.nearest)
        hint = say(Text(f"未用；相近：{near}", f"unused; nearest: {near}")) if near else "—"
        table.add_row(one.letter, clean(one.header), hint, "", "", "", style="dim")
    if table.row_count:
        out.print(table)


def _field(sheet: ParsedSheet, match: ColumnMatch) -> str:
    column = sheet.found.table.by_name[match.column] if sheet.found.table else None
    return f"{match.column} {column.zh}" if column else match.column


def title(survey: Survey, sheet: ParsedSheet) -> str:
    """Return where a sheet is, what its file is, and which table it is taken for."""
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


def _show_certificate(out: Console, survey: Survey, sheet: ParsedSheet) -> None:
    certificate = certify(sheet)
    file = _file_of(survey, sheet)
    out.print()
    out.print(clean(title(survey, sheet)), style="bold")
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
        out.print("  " + clean(line))


def _file_of(survey: Survey, sheet: ParsedSheet) -> SourceFile | None:
    files: Sequence[SourceFile] = survey.files
    return next((file for file in files if file.file_id == sheet.sheet.file_id), None)
