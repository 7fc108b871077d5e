"""Whether what was said of one sheet is kept as a layout for all sheets headed like it.

Here: which headers a layout can hold, the offer, and the writing. Not here: the questions before it
(`map_confirm`), what a layout is (`recon.tables.layout_files`).
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import click

from recon.base.errors import ConfigError
from recon.base.models import Text
from recon.base.texts import say
from recon.cli.map_ask import LATER, pick
from recon.intake.layout.header import check_own, index_with, normalise_header
from recon.intake.map_samples import clean
from recon.intake.sheets.understanding import understand_parts
from recon.tables.layout_files import OWN_FOLDER, own_headers, using, write_layout

if TYPE_CHECKING:
    from pathlib import Path

    from recon.base.models import RawSheet, SourceMapping
    from recon.tables.layout_files import OwnHeaders


def offer_layout(workspace: Path, sheet: RawSheet, said: SourceMapping) -> bool:
    """Ask whether what was said holds for every sheet headed so, and write it; whether it was.

    Nothing is asked where a layout would not do: no header is new, one means something else
    already, or the sheet is not read by the layout alone.

    Args:
        workspace: The folder of recon.toml.
        sheet: The sheet that was asked about.
        said: What is read with it.
    """
    new = _new_headers(said)
    if not new or not _is_enough(sheet, said, new):
        return False
    name = PurePosixPath(sheet.path).stem
    listed = "、".join(clean(header) for _, _, header in new)
    question = Text(
        f"以后表头相同的文件也这样读吗（{listed}）？1=存为本单位的版式 {OWN_FOLDER}/；"
        "回车=只管这个文件：",
        f"Read every file headed so from now on ({listed})? 1 keep it in {OWN_FOLDER}/, Enter: "
        "this file only:",
    )
    if pick(question, {"1": "1"}) == LATER:
        return False
    columns: dict[str, list[str]] = {}
    for _, column, header in new:
        columns.setdefault(column, []).append(header)
    path = write_layout(workspace, name, str(said.table), columns)
    click.echo("  " + say(Text(f"已写入 {path}", f"Written: {path}")))
    return True


def _new_headers(said: SourceMapping) -> OwnHeaders:
    """Return what was said of headers that mean nothing in that table yet."""
    table, known = str(said.table), index_with(own_headers())
    return tuple(
        (table, column, header)
        for header, column in said.columns.items()
        if column and all(name != table for name, _, _ in known.get(normalise_header(header), ()))
    )


def _is_enough(sheet: RawSheet, said: SourceMapping, new: OwnHeaders) -> bool:
    """Whether a layout alone gives the rows that the answers give."""
    try:
        check_own((*own_headers(), *new))
    except ConfigError:
        return False
    told = understand_parts(sheet, (said,))[0]
    with using((*own_headers(), *new)):
        alone = understand_parts(sheet)[0]
    if told.found.table is None or alone.found.table is not told.found.table:
        return False
    if told.accepted is None or alone.accepted is None:
        return False
    return alone.accepted.equals(told.accepted)
