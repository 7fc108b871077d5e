"""Total rows and declared counts, tied to what was parsed.

Here: each figure of a 小计 or 合计 row against the sum of the rows it covers, and 共66笔 against
the number of rows. Not here: which rows are totals (see `skips`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl

from recon.intake.layout.header import normalise_header
from recon.intake.values.amounts import parse_amount
from recon.intake.values.units import factor_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from recon.intake.layout.mapping import SheetMap

_FIGURES = {"money", "qty", "rate", "int"}
_AMOUNT = re.compile(
    r"(?P<what>[^0-9:：,，;；。]{0,20})[:：]?(?:人民币|RMB)?[¥￥]?"
    r"(?P<amount>[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)(?P<unit>万?元)?"
)
_UNITS = {"元": "yuan", "万元": "wan"}
_LABEL = re.compile(r"(?:合计|总计|小计)(?:金额|额)?\s*[:：]?$")
#: Totals of one kind of a card's movements.
_OF_KIND = re.compile("(?:加油|充值|消费|圈存|圈提|分配|非油品?)(?:合计|小计|总计)")
#: 2024.01 without 元 is a month.
_MONTH = re.compile(r"^(?:19|20)[0-9]{2}\.(?:0[1-9]|1[0-2])$")


@dataclass(frozen=True)
class Untied:
    """A figure of a total row that is not the sum of what it covers."""

    row_no: int
    column: str | None
    label: str
    stated: Decimal
    summed: Decimal


def tie_totals(
    rows: pl.DataFrame, values: dict[str, pl.Series], found: SheetMap, body: pl.DataFrame
) -> tuple[Untied, ...]:
    """Compare every total row with the rows it covers.

    A total may cover all rows above it, those since the last total, or those since the last total
    of the same words; one of the three must agree to the fen. A running total (本年累计) is passed
    over: it may count earlier files.

    Args:
        rows: What `classify_rows` returned.
        values: Parsed money columns as long as `rows`, by contract column.
        found: The sheet's table and columns.
        body: The cells of these rows.

    Returns:
        Figures and counts that agree with none.
    """
    if found.table is None or not (rows["skip"] == "total").any():
        return ()
    is_data = rows["skip"].is_null()
    sums = {
        name: column.to_frame("v").select(
            pl.when(is_data).then(pl.col("v")).fill_null(0).cast(pl.Decimal(38, 2)).cum_sum()
        )["v"]
        for name, column in values.items()
        if found.table.by_name[name].adds_up
    }
    counts = is_data.cast(pl.Int64).cum_sum()
    totals = rows.with_row_index("place").filter(pl.col("skip") == "total")
    untied: list[Untied] = []
    last: dict[str | None, int] = {}
    for row in totals.iter_rows(named=True):
        place, label = row["place"], row["label"] or ""
        starts = [None, last.get(None), last.get(label)]
        pairs = _label_pairs(body.row(place)[1:])
        of_kind = found.table.layout == "card" and _OF_KIND.search(label)
        if "累计" not in label and not of_kind:  # a running total also covers earlier files
            if not pairs:
                untied += _figures(row, sums, values, starts)
            untied += _stated({**row, "label": pairs or label}, sums, starts, found)
        if row["declared"] is not None:
            untied += _count(row, counts, starts)
        last[None] = last[label] = place
    return tuple(untied)


def wordless_total(
    found: SheetMap, is_data: pl.Series, values: Mapping[str, pl.Series], body: pl.DataFrame
) -> int | None:
    """Return the place of a last row that is a total though no word says so.

    Each of its figures is the sum of all rows above, and it lacks a text that each of them has; a
    last row with a day of its own needs three rows above it.

    Args:
        found: The sheet's table and columns.
        is_data: Which rows are data.
        values: Parsed columns, by contract column.
        body: The cells of these rows.
    """
    places = is_data.arg_true()
    if found.table is None or len(places) < 3:
        return None
    place, above = places[-1], places[:-1]
    columns = {one.letter: found.table.by_name[one.column] for one in found.matches}
    last = body.row(place, named=True)
    filled = [one for one in body.columns[1:] if last[one] and last[one].strip()]
    kinds = {one: columns[one].kind if one in columns else "" for one in filled}
    dated = {"date", "datetime", "month"} & set(kinds.values())
    if any(kind not in _FIGURES | dated for kind in kinds.values()) or (dated and len(above) < 3):
        return None
    texts = [one for one in columns if columns[one].kind not in _FIGURES and one not in filled]
    if dated:
        texts = [one for one in texts if columns[one].kind not in {"date", "datetime", "month"}]
    if not any(body[one].gather(above).str.contains(r"\S").fill_null(value=False).all()
               for one in texts):  # fmt: skip
        return None
    named = {one.column: values[one.column] for one in found.matches if one.letter in filled}
    sums = {name: one for name, one in named.items() if found.table.by_name[name].adds_up}
    sums = {name: one for name, one in sums.items() if found.table.by_name[name].kind == "money"}
    running = [one for name, one in named.items() if found.table.by_name[name].running]
    is_sum = all(one[place] and one[place] == one.gather(above).sum() for one in sums.values())
    is_last = all(one[place] == one[above[-1]] for one in running)
    return place if sums and is_sum and is_last else None


def _figures(
    row: dict[str, object],
    sums: dict[str, pl.Series],
    values: dict[str, pl.Series],
    starts: list[int | None],
) -> list[Untied]:
    place = int(str(row["place"]))
    found = []
    for name, running in sums.items():
        stated = values[name][place]
        if stated is None:
            continue
        covered = [running[place] - (0 if start is None else running[start]) for start in starts]
        if stated not in covered:
            nearest = min(covered, key=lambda one: abs(one - stated))
            found.append(Untied(int(str(row["row_no"])), name, str(row["label"]), stated, nearest))
    return found


def _label_pairs(cells: Sequence[str | None]) -> str:
    """Return 借方合计:30.00 贷方合计:100.00 of a row in which labels and figures take turns."""
    filled = [cell.strip() for cell in cells if cell and cell.strip()]
    pairs = []
    for label, figure in pairwise(filled):
        amount = parse_amount(figure)
        if amount is not None and _LABEL.search(label) and parse_amount(label) is None:
            pairs.append(f"{label.rstrip(':：')}:{amount:.2f}")
    return " ".join(pairs) if len(pairs) > 1 else ""


def _stated(
    row: dict[str, object],
    sums: dict[str, pl.Series],
    starts: list[int | None],
    found: SheetMap,
) -> list[Untied]:
    """Tie the amounts that the text of a total itself states (合计金额：250.00元)."""
    place, label = int(str(row["place"])), str(row["label"] or "")
    untied = []
    for match in _AMOUNT.finditer(label):
        text = match["amount"].replace(",", "")
        if not match["unit"] and (not re.search(r"\.[0-9][0-9]$", text) or _MONTH.match(text)):
            continue
        factor = factor_of(_UNITS.get(match["unit"] or "", found.unit))
        stated = (Decimal(text) * factor).quantize(Decimal("0.01"))
        covered = {
            name: [running[place] - (0 if one is None else running[one]) for one in starts]
            for name, running in _meant(match["what"], sums, found).items()
        }
        if covered and not any(stated in figures for figures in covered.values()):
            near = [
                (abs(figure - stated), name, figure) for name in covered for figure in covered[name]
            ]
            _, name, figure = min(near)
            untied.append(Untied(int(str(row["row_no"])), name, label, stated, figure))
    return untied


def _meant(what: str, sums: dict[str, pl.Series], found: SheetMap) -> dict[str, pl.Series]:
    """Return the money columns that the words before an amount name; all when they name none."""
    columns = found.table.by_name if found.table else {}
    headers = {match.column: normalise_header(match.header) for match in found.matches}
    named = {
        name: running
        for name, running in sums.items()
        if any(
            len(word) > 1 and word.removesuffix("金额").removesuffix("额") in what
            for word in (headers.get(name, ""), *map(normalise_header, columns[name].headers))
            if word not in {"金额", "额"}
        )
    }
    return named or sums


def _count(row: dict[str, object], counts: pl.Series, starts: list[int | None]) -> list[Untied]:
    place, stated = int(str(row["place"])), int(str(row["declared"]))
    covered = [counts[place] - (0 if start is None else counts[start]) for start in starts]
    if stated in covered:
        return []
    return [
        Untied(
            int(str(row["row_no"])),
            None,
            str(row["label"] or ""),
            Decimal(stated),
            Decimal(covered[0]),
        )
    ]
