"""Cells put anywhere, laid out as columns at the end: shared by the readers of markup."""

from __future__ import annotations

import pyarrow as pa

from recon.intake.formats.letters import letter_of
from recon.intake.formats.refusals import RefusedError

MOST_COLUMNS = 16_384
_MOST_ROWS = 1_048_576
_MOST_CELLS = 50_000_000


class Grid:
    """Cells put anywhere, turned into columns at the end."""

    def __init__(self) -> None:
        """Start empty."""
        self.rows: dict[int, dict[int, str]] = {}
        self.merged: list[tuple[int, str, int, str]] = []
        self.width = 0

    def put(self, row_no: int, column: int, text: str) -> None:
        """Write one cell; blank text only widens nothing."""
        if column >= MOST_COLUMNS or row_no > _MOST_ROWS:
            raise RefusedError("oversized", "1")
        if text:
            self.rows.setdefault(row_no, {})[column] = text
            self.width = max(self.width, column + 1)

    def merge(self, top: int, left: int, down: int, across: int) -> None:
        """Note a merged range that starts at a cell and reaches down and across."""
        if down or across:
            last = min(left + across, MOST_COLUMNS - 1)
            self.merged.append((top, letter_of(left), top + down, letter_of(last)))

    def table(self, name: str = "1") -> pa.Table:
        """Lay the cells out as string columns from row 1."""
        last = max(self.rows, default=0)
        if last * self.width > _MOST_CELLS:
            raise RefusedError("oversized", name)
        columns: list[list[str | None]] = [[None] * last for _ in range(self.width)]
        for row_no, cells in self.rows.items():
            for column, text in cells.items():
                columns[column][row_no - 1] = text
        return pa.table(
            [pa.array(column, type=pa.string()) for column in columns],
            names=[letter_of(i) for i in range(self.width)],
        )


def span_of(value: str | None) -> int:
    """Read a rowspan or colspan; nonsense counts as 1."""
    text = (value or "").strip()
    return (
        min(max(int(text), 1), 65_534) if text.isascii() and text.isdigit() and len(text) < 9 else 1
    )
