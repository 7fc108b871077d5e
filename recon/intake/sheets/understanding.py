"""One sheet as text to parsed sheets: cut into its tables, mapped, read, shaped.

Not here: the work of any of these steps, files and the joining of sheets (`pipeline`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from recon.base.models import Text
from recon.intake.layout.chart import chart_of, with_names
from recon.intake.layout.mapping import map_sheet
from recon.intake.sheets.above import with_stated
from recon.intake.sheets.across import read_across
from recon.intake.sheets.certainty import settle
from recon.intake.sheets.months import find_months
from recon.intake.sheets.regions import repeated_beside, side_by_side, stacked_below
from recon.intake.sheets.shaping import shape_sheet
from recon.intake.sheets.sheet import parse_sheet
from recon.intake.sheets.slices import read_slices, whole
from recon.intake.sheets.wide import find_sessions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from recon.base.models import RawSheet, SourceMapping
    from recon.intake.sheets.parsed import ParsedSheet

_CHART = Text(
    "会计科目表，用来给只有科目编码的凭证和余额补科目名称。",
    "A chart of accounts; it names the accounts of ledgers that give codes only.",
)


def understand_parts(
    raw: RawSheet,
    sources: Sequence[SourceMapping] = (),
    keep: Callable[[ParsedSheet], ParsedSheet] = lambda one: one,
) -> list[ParsedSheet]:
    """Map and parse a sheet, table by table where it holds several.

    Args:
        raw: The sheet as text.
        sources: `[[source]]` entries of recon.toml.
        keep: Called with what each slice of a long sheet gave; may put its rows into a file.

    Returns:
        One parsed sheet per table, from left to right and top down.

    Raises:
        RefusedError: The file of a long sheet turns out to be damaged.
        IrregularTextError: A long text turns out to need reading line by line.
    """
    if raw.slices is not None:
        joined = read_slices(raw, sources, keep)
        if joined is not None:
            return [with_stated(joined)]
    todo = side_by_side(whole(raw))
    done: list[ParsedSheet] = []
    while todo:
        sheet = todo.pop(0)
        across = find_sessions(sheet) or find_months(sheet)
        read = read_across(sheet, across, sources) if across else None
        if read is not None:
            done.append(read)
            continue
        parsed = shape_sheet(parse_sheet(sheet, map_sheet(sheet, sources)))
        parts = repeated_beside(parsed) or stacked_below(parsed, sources)
        if parts is None:
            done.append(with_stated(settle(parsed)))
        else:
            todo = [*parts, *todo]
    return done


def name_accounts(
    sheets: Sequence[ParsedSheet], sources: Sequence[SourceMapping] = ()
) -> list[ParsedSheet]:
    """Read ledgers that give account codes only again, with the names of a chart of accounts.

    Args:
        sheets: All sheets of the folder.
        sources: `[[source]]` entries of recon.toml.

    Returns:
        The same sheets in the same order; a chart itself says what it was used for.
    """
    charts = {number: chart_of(one.sheet) for number, one in enumerate(sheets) if _is_open(one)}
    chart: dict[str, str] = {}
    for accounts in charts.values():
        chart |= accounts
    if not chart:
        return list(sheets)
    done: list[ParsedSheet] = []
    for number, one in enumerate(sheets):
        if charts.get(number):
            found = replace(one.found, how="chart", question=None, notes=(_CHART,), unmapped=())
            done.append(replace(one, found=found))
            continue
        named = with_names(one.sheet, chart) if _is_open(one) else None
        if named and one.sheet.slices:
            named = with_names(whole(one.sheet), chart)
        done += understand_parts(named, sources) if named else [one]
    return done


def _is_open(parsed: ParsedSheet) -> bool:
    return parsed.found.table is None and parsed.found.how != "saved"
