"""One sheet as text to parsed sheets: cut into its tables, mapped, read, shaped.

Not here: the work of any of these steps, files and the joining of sheets (`pipeline`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recon.intake.mapping import map_sheet
from recon.intake.regions import repeated_beside, side_by_side, stacked_below
from recon.intake.shaping import shape_sheet
from recon.intake.sheet import ParsedSheet, parse_sheet
from recon.intake.wide import fold, unfold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from recon.models import RawSheet, SourceMapping


def understand_parts(raw: RawSheet, sources: Sequence[SourceMapping] = ()) -> list[ParsedSheet]:
    """Map and parse a sheet, table by table where it holds several.

    Args:
        raw: The sheet as text.
        sources: `[[source]]` entries of recon.toml.

    Returns:
        One parsed sheet per table, from left to right and top down.
    """
    todo = side_by_side(raw)
    done: list[ParsedSheet] = []
    while todo:
        sheet = todo.pop(0)
        parsed = understand(sheet, sources)
        parts = None
        if parsed.sheet is sheet:
            parts = repeated_beside(parsed) or stacked_below(parsed, sources)
        if parts is None:
            done.append(parsed)
        else:
            todo = [*parts, *todo]
    return done


def understand(raw: RawSheet, sources: Iterable[SourceMapping] = ()) -> ParsedSheet:
    """Map and parse one sheet.

    Args:
        raw: The sheet as text.
        sources: `[[source]]` entries of recon.toml.
    """
    wide = unfold(raw)
    if wide is None:
        return shape_sheet(parse_sheet(raw, map_sheet(raw, sources)))
    return fold(parse_sheet(wide.long, map_sheet(wide.long, sources)), wide)
