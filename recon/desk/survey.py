"""What a folder's files are taken for, read in a child process, as plain values for the page.

Here: gathering. The sheets are those of `recon map --format json`, with their headers and three
rows under them. Not here: the recognition (`recon.intake`), the page (see `files`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from recon.base.texts import say
from recon.intake.formats.limits import read_limits
from recon.intake.formats.listing import list_files
from recon.intake.layout.candidates import candidates, head_rows
from recon.intake.map_json import sheet_json
from recon.intake.map_samples import clean, masked
from recon.intake.pipeline import IntakeSettings, read_sheets
from recon.workspace.recon_toml import load_config

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import polars as pl

    from recon.intake.sheets.parsed import ParsedSheet

_ROWS, _HEADS, _LOOKED = 3, 4, 40


def survey(
    data_dir: Path, out_dir: Path, tell: Callable[[str, str], None], *, mask: bool = True
) -> dict[str, Any]:
    """Read a folder as `recon map` does.

    Returns:
        `sheets` (those of `recon map --format json` and `how`, `sure`, `twin`, `guess`, `heads`,
        `taken`, `rows_shown`), `refused` (sentences) and `ignored` (sentences).

    Raises:
        ReconError: recon.toml is wrong, or the folder holds other workspaces.
    """
    config = load_config(data_dir)
    settings = IntakeSettings(
        sources=config.sources,
        exclude=(out_dir, *config.left_out(data_dir)),
        limits=read_limits(None, None),
        layouts=config.layouts,
        progress=lambda name: tell("read", name),
    )
    found = read_sheets(data_dir, settings)
    refused = [say(one.problem) for one in found.files if one.status == "refused" and one.problem]
    return {
        "sheets": [_sheet(one, mask=mask) for one in found.sheets],
        "refused": refused,
        "ignored": [say(one) for one in found.passed_over],
        "files": len(found.files),
        "mask": mask,
    }


def state_of(data_dir: Path, out_dir: Path, layouts: Path) -> tuple[object, ...]:
    """Return what decides a survey: names, sizes and times of files, recon.toml and layouts."""
    config = load_config(data_dir)
    listing = list_files(data_dir, (out_dir, *config.left_out(data_dir)))
    own = sorted(layouts.glob("*.yaml")) if layouts.is_dir() else []
    stats = [(str(path), path.stat()) for path in (*listing.inputs, *own) if path.is_file()]
    return (config.fingerprint, *((name, stat.st_size, stat.st_mtime_ns) for name, stat in stats))


def _sheet(parsed: ParsedSheet, *, mask: bool) -> dict[str, Any]:
    found, sheet = parsed.found, replace(parsed.sheet, slices=None)
    told = sheet_json(parsed, mask=mask)
    taken = {one.letter: one.column for one in found.matches}
    sure = min((one.confidence for one in found.matches), default=0.0)
    heads: dict[int, dict[str, str]] = {}
    for one in candidates(sheet):
        if len(heads) < _HEADS:
            heads.setdefault(one.block.rows[0], {k: clean(v) for k, v in one.block.shown.items()})
    first = found.header_rows[0] if found.header_rows else next(iter(heads), 0)
    if not heads:
        heads = {
            row: {k: clean(v) for k, v in cells.items()}
            for row, cells in head_rows(sheet, _HEADS * 2)
        }
        first = first or next(iter(heads), 0)
    last = found.header_rows[-1] if found.header_rows else first
    told.pop("columns")
    return {
        **told,
        "how": found.how,
        "sure": round(sure * 100),
        "part": sheet.part,
        "twin": parsed.twin,
        "is_blank": parsed.is_blank,
        "guess": found.guess.name if found.guess else None,
        "unit": found.unit,
        "header_row": first,
        "heads": heads,
        "taken": taken,
        "shown": _shown(sheet.under(last), parsed, mask=mask),
    }


def _shown(body: pl.DataFrame, parsed: ParsedSheet, *, mask: bool) -> list[dict[str, str]]:
    """Return three rows under the header by letter, persons masked."""
    looked = body.head(_LOOKED).drop("row_no")
    table = parsed.found.table
    kinds = {
        one.letter: table.by_name[one.column].shown_as for one in parsed.found.matches if table
    }
    cells = masked(looked, kinds) if mask else looked
    rows = cells.head(_ROWS).iter_rows(named=True)
    return [{letter: clean(text, 60) for letter, text in row.items() if text} for row in rows]
