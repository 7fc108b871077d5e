"""The rectification register: one row per finding or open lead, with what the ledger booked.

Here: the columns in use (整改台账) and the workbook. Not here: how rows become XML (see
`recon.output.splice`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

import polars as pl
import xlsxwriter

from recon.base.models import Text
from recon.base.texts import DIRECTIONS, say, spoken
from recon.output.sheet_cursor import Formula, SheetCursor
from recon.output.sheets import SheetColumn, SheetPlan, split_plans
from recon.output.splice import MOST_LINKS, Links, Spliced, splice_workbook
from recon.output.split import addition
from recon.output.styles import A3, FONT, Palette, set_up_print
from recon.report.items import problems_of, saved_by_item
from recon.report.register_rows import ONCE, register_rows
from recon.report.standing import ZERO, total

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from decimal import Decimal
    from pathlib import Path

    from xlsxwriter.workbook import Workbook

    from recon.output.sheet_cursor import Cell
    from recon.output.styles import Style
    from recon.report.standing import Standing

NAME = Text("整改台账", "register")
SUMMARY = Text("汇总", "summary")
_STATES = {
    "整改完成": "#E2F0D9",
    "整改中": "#FFF2CC",
    "未整改": "#FBDADA",
    "待核实": "#EAF3FB",
}
_Column = tuple[str, Text, float, "Style"]
_HEAD: tuple[_Column, ...] = (
    ("number", Text("序号", "no."), 6, "count"),
    ("exception_id", Text("问题编号", "id"), 18, "code"),
    ("party_name", Text("涉及单位/人员", "party"), 26, "wrap"),
    ("nature", Text("定性", "nature"), 22, "wrap"),
    ("message", Text("问题描述", "description"), 46, "wrap"),
    ("period", Text("所属期", "period"), 14, "center"),
    ("way", Text("方向", "direction"), 9, "center"),
    ("amount", Text("涉及金额(元)", "amount (yuan)"), 14, "money"),
)
#: Printed columns of findings, then those that stand in a folded group behind.
_FINDINGS: tuple[_Column, ...] = (
    *_HEAD,
    ("confirmed_amount", Text("认定金额(元)", "found (yuan)"), 14, "money"),
    ("reason", Text("理由", "reason"), 26, "wrap"),
    ("measure", Text("整改措施", "measure"), 24, "wrap"),
    ("leader", Text("责任领导", "leader"), 10, "center"),
    ("office", Text("责任部室", "office"), 12, "wrap"),
    ("responsible", Text("责任人", "responsible"), 9, "center"),
    ("due_on", Text("整改时限", "due"), 12, "date"),
    ("recovered", Text("已整改金额(元)", "put right (yuan)"), 14, "money"),
    ("left", Text("未整改金额(元)", "outstanding (yuan)"), 14, "money"),
    ("rectified", Text("整改状态", "state"), 10, "center"),
    ("closed_on", Text("销号日期", "closed on"), 12, "date"),
    ("closed_by", Text("销号人", "closed by"), 9, "center"),
    ("remark", Text("备注", "remark"), 24, "wrap"),
)
_LEADS: tuple[_Column, ...] = (
    *_HEAD,
    ("rectified", Text("整改状态", "state"), 10, "center"),
    ("explanations", Text("可能的合理解释", "legitimate explanations"), 44, "text"),
    ("remark", Text("备注", "remark"), 30, "wrap"),
)
_BEHIND: tuple[_Column, ...] = (
    ("title", Text("问题类别", "problem"), 22, "text"),
    ("rule", Text("规则编号", "rule"), 9, "center"),
    ("family_name", Text("家族", "family"), 12, "text"),
    ("verdict", Text("核实结论", "verdict"), 11, "center"),
    ("once", Text("计入合计", "counted"), 9, "center"),
    ("measure_type", Text("整改类型", "kind of measure"), 12, "center"),
    ("basis", Text("定性依据", "basis"), 40, "text"),
    ("proofs", Text("佐证材料", "evidence of rectification"), 30, "text"),
    ("evidence", Text("证据", "evidence"), 40, "text"),
)
_ITEMS: tuple[_Column, ...] = (
    ("item_no", Text("编号", "no."), 8, "center"),
    ("area", Text("方面", "area"), 20, "wrap"),
    ("problem", Text("问题", "problem"), 46, "wrap"),
    ("measure", Text("整改措施", "measure"), 40, "wrap"),
    ("department", Text("责任部室", "office"), 16, "wrap"),
    ("owner", Text("责任人", "responsible"), 10, "center"),
    ("due_on", Text("整改时限", "due"), 12, "date"),
    ("saved", Text("挽回资金(元)", "saved (yuan)"), 14, "money"),
    ("rectified", Text("整改状态", "state"), 12, "center"),
    ("closed_on", Text("销号日期", "closed on"), 12, "center"),
    ("closed_by", Text("销号人", "closed by"), 10, "center"),
    ("document", Text("文件或佐证", "document"), 26, "wrap"),
    ("item_id", Text("销号用编号", "id"), 18, "code"),
)
#: Stands behind the number where the rows are of several counties.
_COUNTY: _Column = ("county", Text("县（区）", "county"), 16, "wrap")
_LEAD_SHEET = Text("待核实线索", "leads")
_ITEM_SHEET = Text("整改事项", "items raised")


@dataclass(frozen=True)
class Listing:
    """What a register lists, of one county or of several, in the spoken language.

    Shape: `rows` are those of `register_rows`, `items` those of `items_listed`; of several counties
    both have `county`, and `links` leads from its name to a file (relative, percent-encoded).
    `notes` are sentences below the title and their styles; `mark` traces the paper to its run.
    """

    title: str
    notes: tuple[tuple[str, str], ...]
    mark: str
    as_of: str
    rows: pl.DataFrame
    items: pl.DataFrame
    links: Mapping[str, str] = field(default_factory=dict)

    def after_number(self, columns: tuple[_Column, ...]) -> tuple[_Column, ...]:
        """Return columns with that of the county behind the first, where there are several."""
        return (columns[0], _COUNTY, *columns[1:]) if "county" in self.rows.columns else columns


def write_register(standing: Standing, path: Path) -> None:
    """Write the register in the spoken language: findings, items raised, leads, then the sums.

    Args:
        standing: The run and what the ledger says of it.
        path: The file to write.

    Raises:
        OSError: The file cannot be written.
    """
    about = (standing.record[key] for key in ("period_from", "period_to", "as_of"))
    begins, ends, day = about
    said = Text(
        f"审查期间 {begins} 至 {ends}，截止日 {day}，运行编号 {standing.mark}。",
        f"Period {begins} to {ends}, as of {day}, run {standing.mark}. ",
    )
    notes = [(say(said) + say(SHEETS), "note"), (addition(standing.rows, spoken()), "note")]
    own = standing.own_name
    title = say(Text(f"{own}整改台账", f"Rectification register {own}")).strip()
    listing = Listing(
        title, (*notes, *shared_out([standing])), standing.mark, str(day),
        register_rows(standing), items_listed(standing),
    )  # fmt: skip
    write_listing(listing, path)


def write_listing(listing: Listing, path: Path) -> None:
    """Write a register as a workbook.

    Raises:
        OSError: The file cannot be written.
    """
    plans = split_plans(list(_plans(listing)))
    skeleton = BytesIO()
    book = xlsxwriter.Workbook(skeleton, {"in_memory": True, "default_format_properties": FONT})
    palette = Palette(book)
    day = datetime.fromisoformat(listing.as_of).replace(tzinfo=UTC)
    book.set_properties({"title": say(NAME), "author": "recon", "created": day})
    for plan in plans:
        _lay_out(book, palette, plan, (listing.mark, listing.as_of))
    last = book.add_worksheet(say(SUMMARY))
    _draw_summary(SheetCursor(last, palette, (16, 12, 18, 18, 18, 12, 18)), listing, plans)
    set_up_print(last, listing.mark, listing.as_of, repeat=None)
    members = {sheet.get_name(): sheet.index + 1 for sheet in book.worksheets()}
    book.close()
    skeleton.seek(0)
    tables = tuple(
        Spliced(
            f"xl/worksheets/sheet{members[plan.name]}.xml",
            plan.frame,
            tuple(column.value for column in plan.columns),
            links=_links(plan, listing.links),
        )
        for plan in plans
        if plan.frame.height
    )
    splice_workbook(skeleton, tables, path)


def _links(plan: SheetPlan, links: Mapping[str, str]) -> Links | None:
    if not links or "county" not in plan.frame.columns:
        return None
    url = pl.col("county").replace_strict(links, default=None, return_dtype=pl.String)
    targets = (
        plan.frame.head(MOST_LINKS)
        .select(url.alias("url"), place=pl.lit(None, dtype=pl.String))
        .with_row_index("row", offset=2)
        .filter(pl.col("url").is_not_null())
    )
    return Links(xlsxwriter.utility.xl_col_to_name(_place(plan, "county")), targets)


def _plans(listing: Listing) -> Iterator[SheetPlan]:
    rows = listing.rows
    for name, kind, columns, mine in (
        (NAME, "family", listing.after_number(_FINDINGS), rows.filter("is_finding")),
        (_LEAD_SHEET, "leads", listing.after_number(_LEADS), rows.filter(~pl.col("is_finding"))),
    ):
        numbered = mine.drop("number").with_row_index("number", offset=1)
        behind = tuple(one for one in _BEHIND if one[0] not in {each[0] for each in columns})
        shown = _columns(columns) + tuple(replace(one, is_behind=True) for one in _columns(behind))
        yield SheetPlan(say(name), kind, shown, numbered, printed=len(columns))  # type: ignore[arg-type]
        if name is NAME and listing.items.height:
            shown = _columns(listing.after_number(_ITEMS))
            yield SheetPlan(say(_ITEM_SHEET), "facts", shown, listing.items)


def _columns(columns: tuple[_Column, ...]) -> tuple[SheetColumn, ...]:
    return tuple(
        SheetColumn(say(header), width, style, pl.col(name), is_input=name == "leader")
        for name, header, width, style in columns
    )


def items_listed(standing: Standing) -> pl.DataFrame:
    """Return 整改事项 with what each brought back and whether it is closed."""
    items = problems_of(standing.items)
    saved = saved_by_item(standing)
    money = [saved[each] or None for each in items["item_id"]]
    done, still = (say(_STATE_TEXTS[state]) for state in ("整改完成", "未整改"))
    state = pl.when("is_done").then(pl.lit(done)).otherwise(pl.coalesce("state", pl.lit(still)))
    return items.with_columns(
        pl.Series("saved", money, dtype=pl.Decimal(18, 2)), state.alias("rectified")
    )


def _lay_out(book: Workbook, palette: Palette, plan: SheetPlan, mark: tuple[str, str]) -> None:
    """Add the sheet: header, widths, filter, row colours, print set-up, one styled row."""
    sheet = book.add_worksheet(plan.name)
    sheet.freeze_panes(1, 3)
    sheet.set_row(0, 30)
    was_behind = False
    for number, column in enumerate(plan.columns):
        prefix = "input_" if column.is_input else ""
        fold = {"level": 1, "hidden": True} if column.is_behind else {"collapsed": was_behind}
        was_behind = column.is_behind
        sheet.set_column(number, number, column.width, None, fold)
        sheet.write_string(0, number, column.header, palette[f"{prefix}head"])
        if plan.frame.height:
            sheet.write_blank(1, number, None, palette[f"{prefix}{column.style}"])
    if plan.frame.height:
        sheet.autofilter(0, 0, plan.frame.height, len(plan.columns) - 1)
        place = _place(plan, "rectified")
        letter = xlsxwriter.utility.xl_col_to_name(place)
        for state, colour in _STATES.items():
            rule = {
                "type": "formula",
                "criteria": f'=${letter}2="{say(_STATE_TEXTS[state])}"',
                "format": book.add_format({"bg_color": colour}),
            }
            sheet.conditional_format(1, place, plan.frame.height, place, rule)
    area = (plan.frame.height, (plan.printed or len(plan.columns)) - 1)
    set_up_print(sheet, *mark, area=area, paper=A3)


_STATE_TEXTS = {
    "整改完成": Text("已整改", "closed"),
    "整改中": Text("持续整改", "under way"),
    "未整改": Text("未整改", "open"),
    "待核实": Text("待核实", "lead"),
}


def _place(plan: SheetPlan, name: str) -> int:
    """Return the place of a column that shows a column of the rows."""
    return [column.value.meta.output_name() for column in plan.columns].index(name)


def _range(plan: SheetPlan, name: str) -> str:
    letter = xlsxwriter.utility.xl_col_to_name(_place(plan, name))
    sheet = xlsxwriter.utility.quote_sheetname(plan.name)
    return f"{sheet}!${letter}$2:${letter}${plan.frame.height + 1}"


def _live(plans: list[SheetPlan], column: str, direction: str, value: Decimal) -> Formula:
    """Return a live sum over the lines of a direction that count."""
    way, yes = say(DIRECTIONS[direction]), say(ONCE[0])
    terms = []
    for plan in plans:
        if plan.frame.height:
            ways = f'{_range(plan, "way")},"{way}"'
            counted = f'{_range(plan, "once")},"{yes}"'
            terms.append(f"SUMIFS({_range(plan, column)},{ways},{counted})")
    return Formula("=" + ("+".join(terms) or "0"), value)


def _summed(plans: list[SheetPlan], direction: str, at: int) -> tuple[Cell, ...]:
    """Return one direction's line of the summary, which stands on sheet row `at`."""
    of = pl.col("direction") == direction
    found = [plan for plan in plans if plan.kind == "family"]
    leads = [plan for plan in plans if plan.kind == "leads"]
    yes = pl.col("once") == say(ONCE[0])
    sums = [
        sum((total(plan.frame.filter(of & yes), name) for plan in some), start=ZERO)
        for some, name in ((found, "confirmed_amount"), (found, "recovered"), (leads, "amount"))
    ]
    counts = [sum(plan.frame.filter(of).height for plan in some) for some in (found, leads)]
    if not direction:
        return (say(DIRECTIONS[""]), counts[0], None, None, None, counts[1], None)
    return (
        say(DIRECTIONS[direction]),
        counts[0],
        _live(found, "confirmed_amount", direction, sums[0]),
        _live(found, "recovered", direction, sums[1]),
        Formula(f"=C{at}-D{at}", sums[0] - sums[1]),
        counts[1],
        _live(leads, "amount", direction, sums[2]),
    )


SHEETS = Text(
    "问题在“整改台账”，线索在“待核实线索”；线索不是结论。各方向不得相互抵减。",
    "Findings and leads stand on sheets of their own; a lead is no conclusion. Directions are "
    "never netted.",
)


def _draw_summary(cursor: SheetCursor, listing: Listing, plans: list[SheetPlan]) -> None:
    """Draw the first sheet: findings and leads per direction, as live sums of the register."""
    cursor.title(listing.title)
    for text, style in listing.notes:
        cursor.note(text, style)
    headers = (
        Text("方向", "direction"), Text("问题数", "findings"), Text("认定金额", "found"),
        Text("已整改金额", "put right"), Text("未整改金额", "outstanding"),
        Text("线索数", "leads"), Text("线索金额", "amount of leads"),
    )  # fmt: skip
    cursor.section(say(Text("按方向合计（元）", "By direction (yuan)")))
    first = cursor.row + 2
    rows = [_summed(plans, direction, first + place) for place, direction in enumerate(DIRECTIONS)]
    money: Style = "money"
    cursor.table(
        tuple(say(header) for header in headers),
        ("label", "count", money, money, money, "count", money),
        rows,
    )


def shared_out(standings: Iterable[Standing]) -> list[tuple[str, str]]:
    """Return as notes how exceptions are shared out, and whether none of them is reviewed yet."""
    some = list(standings)
    notes = [(say(_whole(some)), "note")]
    if not any(one.is_reviewed for one in some):
        unseen = Text(
            "本次结果还没有复核结论：以下全部是线索。",
            "Nothing is reviewed yet: all rows are leads.",
        )
        notes.append((say(unseen), "warn"))
    return notes


def _whole(standings: list[Standing]) -> Text:
    """Say how exceptions are shared out: findings, leads, and what was dismissed."""
    found, leads, gone = (
        sum(one.of(each).height for one in standings) for each in ("finding", "lead", "dismissed")
    )
    whole = sum(one.rows.height for one in standings)
    text = Text(
        f"问题 {found:,} + 线索 {leads:,} + 核实不成立 {gone:,} = 例外 {whole:,}",
        f"findings {found:,} + leads {leads:,} + dismissed {gone:,} = exceptions {whole:,}",
    )
    more = sum(len(one.gone) for one in standings)
    if not more:
        return text
    return Text(
        f"{text.zh}；另有以前确认、本次没有再出现的 {more:,} 条，也在台账。",
        f"{text.en}; {more:,} earlier findings that do not show any more are listed too.",
    )
