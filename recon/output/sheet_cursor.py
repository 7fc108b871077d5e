"""A sheet that is laid out by hand: titles, notes and small tables one below the other.

Not here: what they say (see `blocks`).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from recon.output.styles import shown_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter.worksheet import Worksheet

    from recon.output.styles import Palette, Style

_LINE_HEIGHT = 16


@dataclass(frozen=True)
class Formula:
    """A live formula and the value it has now."""

    text: str
    value: Decimal | int | str


@dataclass(frozen=True)
class Link:
    """A jump to another sheet."""

    sheet: str
    text: str
    cell: str = "A1"


Cell = str | int | Decimal | Formula | Link | None


@dataclass
class SheetCursor:
    """A cursor that goes down a sheet; `widths` are its columns'."""

    sheet: Worksheet
    palette: Palette
    widths: Sequence[float]
    row: int = 0

    def __post_init__(self) -> None:
        """Set the column widths."""
        for number, width in enumerate(self.widths):
            self.sheet.set_column(number, number, width)

    def title(self, text: str) -> None:
        """Write the title of the sheet."""
        self.sheet.set_row(self.row, 30)
        self.sheet.write_string(self.row, 0, text, self.palette["title"])
        self.row += 1

    def section(self, text: str) -> None:
        """Leave a line and write the title of a block."""
        self.row += 1
        for column in range(len(self.widths)):
            self.sheet.write_blank(self.row, column, None, self.palette["section"])
        self.sheet.write_string(self.row, 0, text, self.palette["section"])
        self.row += 1

    def note(self, text: str, style: str = "note") -> None:
        """Write a sentence over the whole width, as high as it needs."""
        last = len(self.widths) - 1
        lines = -(-shown_width(text) // max(int(sum(self.widths)) - 4, 1))
        self.sheet.set_row(self.row, _LINE_HEIGHT * max(lines, 1))
        self.sheet.merge_range(self.row, 0, self.row, last, "", self.palette[style])
        self.sheet.write_string(self.row, 0, text, self.palette[style])
        self.row += 1

    def step(self, link: Link, text: str) -> None:
        """Write a jump, and over the rest of the width what is to be done there."""
        last = len(self.widths) - 1
        self._write(0, link, "text")
        self.sheet.merge_range(self.row, 1, self.row, last, "", self.palette["text"])
        self.sheet.write_string(self.row, 1, safe_text(text), self.palette["text"])
        self.row += 1

    def pairs(self, rows: Sequence[tuple[str, str]]) -> None:
        """Write labels and their values, the value over the rest of the width."""
        last = len(self.widths) - 1
        for label, value in rows:
            self.sheet.write_string(self.row, 0, label, self.palette["label"])
            self.sheet.merge_range(self.row, 1, self.row, last, "", self.palette["wrap"])
            self.sheet.write_string(self.row, 1, value, self.palette["wrap"])
            self.row += 1

    def table(
        self, headers: Sequence[str], styles: Sequence[Style], rows: Sequence[Sequence[Cell]]
    ) -> None:
        """Write a small table from column A on."""
        for column, header in enumerate(headers):
            self.sheet.write_string(self.row, column, header, self.palette["head"])
        self.row += 1
        for cells in rows:
            for column, (cell, style) in enumerate(zip(cells, styles, strict=True)):
                self._write(column, cell, style)
            self.row += 1

    def _write(self, column: int, cell: Cell, style: Style) -> None:
        shape = self.palette[style]
        match cell:
            case None:
                self.sheet.write_blank(self.row, column, None, shape)
            case Formula(text, value):
                self.sheet.write_formula(self.row, column, text, shape, value)
            case Link(sheet, text, place):
                quoted = sheet.replace("'", "''")
                target = f"internal:'{quoted}'!{place}"
                self.sheet.write_url(
                    self.row, column, target, self.palette["link"], safe_text(text)
                )
            case str():
                self.sheet.write_string(self.row, column, safe_text(cell), shape)
            case _:
                self.sheet.write_number(self.row, column, cell, shape)


def safe_text(text: str) -> str:
    """Make a text fit for `write_string`: XlsxWriter takes `<r>…</r>` for its own markup.

    Returns:
        The text, at most what a cell holds; one that looks like markup ends with a space.
    """
    kept = "".join(
        each for each in text if each in "\n\t" or " " <= each < "\ufffe" or each > "\uffff"
    )
    kept = kept[:16_000]
    return f"{kept} " if kept.startswith("<r>") and kept.endswith("</r>") else kept
