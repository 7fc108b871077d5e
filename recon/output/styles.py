"""How the workbook looks: cell styles, colours, widths and the print set-up of a sheet.

Not here: what stands in a cell.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

Style = Literal[
    "text", "wrap", "center", "money", "number", "count", "date", "code", "label", "total", "link"
]

FONT = {"font_name": "Microsoft YaHei", "font_size": 10}
_CELL: dict[str, Any] = {"valign": "top", "border": 1, "border_color": "#D9D9D9"}
_STYLES: dict[str, dict[str, Any]] = {
    "text": {**_CELL},
    "wrap": {**_CELL, "text_wrap": True},
    "center": {**_CELL, "align": "center"},
    "money": {**_CELL, "num_format": "#,##0.00;[Red]-#,##0.00"},
    "number": {**_CELL, "num_format": "#,##0.######"},
    "count": {**_CELL, "num_format": "#,##0"},
    "date": {**_CELL, "num_format": "yyyy-mm-dd", "align": "center"},
    "code": {**_CELL, "font_name": "Consolas", "font_size": 9},
    "input_text": {**_CELL, "bg_color": "#FFFDF2"},
    "input_wrap": {**_CELL, "bg_color": "#FFFDF2", "text_wrap": True},
    "input_center": {**_CELL, "bg_color": "#FFFDF2", "align": "center"},
    "input_money": {**_CELL, "bg_color": "#FFFDF2", "num_format": "#,##0.00"},
    "input_date": {**_CELL, "bg_color": "#FFFDF2", "num_format": "yyyy-mm-dd", "align": "center"},
    "head": {
        "bold": True,
        "font_color": "#FFFFFF",
        "bg_color": "#1F4E79",
        "align": "center",
        "valign": "vcenter",
        "text_wrap": True,
        "border": 1,
        "border_color": "#D9D9D9",
    },
    "input_head": {
        "bold": True,
        "font_color": "#FFFFFF",
        "bg_color": "#9C5700",
        "align": "center",
        "valign": "vcenter",
        "text_wrap": True,
        "border": 1,
        "border_color": "#D9D9D9",
    },
    "title": {"bold": True, "font_size": 16, "font_color": "#1F4E79", "valign": "vcenter"},
    "section": {"bold": True, "font_size": 12, "font_color": "#1F4E79", "bottom": 2},
    "label": {**_CELL, "bold": True, "bg_color": "#F2F2F2"},
    "note": {"text_wrap": True, "valign": "top", "font_color": "#595959"},
    "warn": {"text_wrap": True, "valign": "top", "font_color": "#9C0006", "bg_color": "#FFEBEE"},
    "link": {**_CELL, "font_color": "#0563C1", "underline": 1},
    "total": {**_CELL, "bold": True, "num_format": "#,##0.00", "top": 2},
    "state": {**_CELL, "align": "center", "bold": True},
}
#: Row colour by state; the commonest state of a first run (new) is pale.
STATE_FILLS = {
    "新增": "#EAF3FB",
    "金额变化": "#FFE9CC",
    "复发": "#FBDADA",
    "已消除": "#E6E6E6",
}
TAB_COLOURS = {
    "family": "#1F4E79",
    "leads": "#C55A11",
    "units": "#2E7D32",
    "picks": "#7B3F9D",
    "facts": "#7F7F7F",
    "summary": "#00695C",
}


@dataclass
class Palette:
    """The cell formats of one workbook, each made once."""

    book: Workbook
    made: dict[str, Format] = field(default_factory=dict)

    def __getitem__(self, style: str) -> Format:
        """Return the format of a style."""
        if style not in self.made:
            self.made[style] = self.book.add_format({**FONT, **_STYLES[style]})
        return self.made[style]


def shown_width(text: str) -> int:
    """Return how wide a text is in a sheet: a Chinese character takes two places.

    Example:
        >>> shown_width("金额ab")
        6
    """
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)


#: Sizes of paper as a workbook counts them.
A4, A3 = 9, 8


def set_up_print(
    sheet: Worksheet,
    run_id: str,
    as_of: str,
    *,
    repeat: int | None = 0,
    area: tuple[int, int] | None = None,
    paper: int = A4,
) -> None:
    """Make a sheet printable: landscape, one page wide, header on each page, page numbers.

    Args:
        sheet: The sheet.
        run_id: Printed in the footer, so that a paper can be traced to its run.
        as_of: Printed in the footer.
        repeat: Row to repeat on each page; None for none.
        area: Last row and last column that are printed; None prints all.
        paper: `A4` or `A3`.
    """
    sheet.set_landscape()
    sheet.set_paper(paper)
    sheet.fit_to_pages(1, 0)
    if area is not None:
        sheet.print_area(0, 0, *area)
    sheet.set_margins(left=0.3, right=0.3, top=0.55, bottom=0.55)
    sheet.set_header("&L&A", {"margin": 0.25})
    sheet.set_footer(f"&L运行编号 {run_id}&C第 &P 页，共 &N 页&R截止日 {as_of}", {"margin": 0.25})
    if repeat is not None:
        sheet.repeat_rows(repeat)
