"""What a city's page and brief say, by the tables of its workbook.

Here: the words. Not here: the tables (`papers`), the register, Word and web (`recon.report`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import Text
from recon.base.texts import DIRECTIONS, say, yuan
from recon.report.blocks import Figures, Heading, Paragraph
from recon.rollup.figures import ZERO, by_direction, refused
from recon.rollup.papers import sheets_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from recon.report.blocks import Block
    from recon.rollup.papers import City


def brief_of(city: City, links: Mapping[str, str] | None = None) -> Iterator[Block]:
    """Yield what page and brief say; the page holds all tables, the brief the first of each.

    Args:
        city: What is said.
        links: Of the page: county to the address of its workbook; None is the brief.
    """
    is_page = links is not None
    yield Paragraph(
        say(Text(f"{city.name} 各县（区）核查汇总", f"{city.name}: all counties")), "title"
    )
    yield Paragraph(say(Text(f"截止日 {city.as_of}", f"as of {city.as_of}")), "subtitle")
    yield Paragraph(say(summary_of(city)))
    if is_page:
        yield Paragraph(say(_OPENS), "note")
    for answer in city.answers:
        if answer.problem is not None:
            yield Paragraph(f"{answer.county.name}: {say(answer.problem)}", "warn")
    for sheet in sheets_of(city):
        rows = sheet.rows if is_page else sheet.rows[:_FEW]
        if not rows or (not is_page and say(sheet.name) == say(Text("覆盖", "coverage"))):
            continue
        yield Heading(1, say(sheet.name))
        if sheet.note:
            yield Paragraph(say(sheet.note), "note")
        if len(rows) < len(sheet.rows):
            said = Text(
                f"前 {len(rows)} 行，全部 {len(sheet.rows)} 行见工作簿。",
                f"The first {len(rows)} of {len(sheet.rows)}; all are in the workbook.",
            )
            yield Paragraph(say(said), "note")
        yield Figures(
            tuple(say(one) for one in sheet.headers),
            sheet.kinds,
            tuple(1 for _ in sheet.headers),
            rows,
            links=links or {},
        )


_OPENS = Text("点县名打开该县工作簿。", "A county's name opens its workbook.")
#: Rows of a table in the brief; all rows stand in the workbook and on the page.
_FEW = 40


def summary_of(city: City) -> Text:
    """Return in one sentence how many counties answered, the sums and the leads."""
    sums = by_direction(city.counties) if city.counties else pl.DataFrame()
    zh, en = [], []
    for one in DIRECTIONS if not sums.is_empty() else ():
        own = sums.filter(pl.col("direction") == one)
        if own.is_empty():
            continue
        amount, unsure = (yuan(sum(own[name], ZERO)) for name in ("amount", "unconfirmed"))
        zh.append(f"{DIRECTIONS[one].zh} {amount} 元（参数未确认 {unsure} 元）")
        en.append(f"{DIRECTIONS[one].en} {amount} yuan ({unsure} unconfirmed)")
    failed = sum(one.problem is not None for one in city.answers)
    files = sum(len(refused(one)) for one in city.counties)
    periods = {(one.record["period_from"], one.record["period_to"]) for one in city.counties}
    more = Text(
        (f"{files} 个文件没有读，见“注意”。" if files else "")
        + ("各县审查期间不同，合计不是同一段时间的。" if len(periods) > 1 else ""),
        (f" {files} files were not read, see notes." if files else "")
        + (" Review periods differ: the sums are not of one time." if len(periods) > 1 else ""),
    )
    return Text(
        f"{len(city.answers)} 个县（区），{len(city.counties)} 个有结果，{failed} 个没有；"
        + (f"{'，'.join(zh)}；" if zh else "")
        + f"跨县线索 {len(city.leads)} 条（待核实，不计入合计）。{more.zh}",
        f"{len(city.answers)} counties, {len(city.counties)} with a result, {failed} without; "
        + (f"{', '.join(en)}; " if en else "")
        + f"{len(city.leads)} leads across counties (to verify, in no total).{more.en}",
    )
