"""Plain columns read at once: the same answer as cell by cell, on plain and nearly plain cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recon.intake.values import columns
from recon.intake.values.columns import ValueContext, parse_values
from recon.intake.values.plain import read_plain
from recon.tables.registry import specs

if TYPE_CHECKING:
    from recon.tables.base import ColumnSpec

#: One column of each kind and default, of all tables.
_SHAPES = {
    (one.kind, one.default, one.values, one.name.endswith("_wan")): one
    for table in specs().values()
    for one in table.columns
}
_KINDS = sorted({kind for kind, *_ in _SHAPES})
_CELLS = {
    "money": "0 -0 1 -1.5 12.30 1234567890123456.78 12345678901234567 1.234 .5 5. 1,234 +7 1e3 007",
    "rate": "0 0.02 2% 2‰ 0.0000001 -0.5 123456789012 1234567890123",
    "qty": "0 40.5 40升 0.0000001 -3 123456789012.123456",
    "int": "0 -0 -5 007 12.0 36人 999999999999999999 9999999999999999999",
    "date": "2024-02-29 2023-02-29 2024-1-5 2024-13-01 1900-01-01 2100-12-31 20240105 45000",
    "datetime": "2024-02-29 2023-02-29 2024-01-05T08:30:00 1900-01-01 2024-01-32",
    "month": "2024-01 2024-13 2024-1 2024.1 2024.10 1900-12 2100-01 202401 1850-05",
    "bool": "是 否 1 0 也许",
    "uscc": "91450000100000000E 91450000 9145-0000 无 NA 1.2E+17 ａ１",
    "id_no": "110101199001010015 1.1E+17 无 11010119900101001x",
    "account": "6222020000000000 6222-02 1.23E+15 / 无",
    "card": "9130000000 91.30 NONE",
    "plate": "示A00001 A00001 ·",
    "text": "某某公司 1.234E+15 - — / \u200bx a\tb 'x =\"5\" ABC",
}  # fmt: skip


def read_both(
    column: ColumnSpec, cells: pl.Series, context: ValueContext, patch: pytest.MonkeyPatch
) -> tuple[columns.Parsed, columns.Parsed]:
    """Read a column as it comes, and with every cell read by the readers of its kind."""
    quick = parse_values(column, cells, context)
    columns._default.cache_clear()
    with patch.context() as here:
        here.setattr(columns, "read_plain", lambda *_: None)
        slow = parse_values(column, cells, context)
    return quick, slow


@pytest.mark.parametrize("kind", _KINDS)
@settings(max_examples=40)
@given(data=st.data())
def test_the_answer_is_that_of_the_readers_cell_by_cell(kind: str, data: st.DataObject) -> None:
    column = data.draw(st.sampled_from([one for key, one in _SHAPES.items() if key[0] == kind]))
    words = [*_CELLS.get(kind, "").split(" "), *column.values, *_CELLS["money"].split()]
    cell = st.one_of(st.none(), st.sampled_from(words), st.sampled_from(words).map(" {}".format))
    plain = st.sampled_from([one for one in words if one][:3])
    drawn = data.draw(st.one_of(st.lists(plain, min_size=1), st.lists(cell, min_size=1)))
    cells = pl.Series("cells", drawn, dtype=pl.String)
    context = ValueContext(data.draw(st.sampled_from([None, "wan", "yuan", "percent"])), year=2024)
    with pytest.MonkeyPatch.context() as patch:
        quick, slow = read_both(column, cells, context, patch)
    assert quick.values.dtype == slow.values.dtype == column.dtype
    assert quick.values.to_list() == slow.values.to_list()
    assert quick.bad.to_list() == slow.bad.to_list()
    assert {k: v.to_list() for k, v in quick.flags} == {k: v.to_list() for k, v in slow.flags}
    assert [k for k, _ in quick.flags] == [k for k, _ in slow.flags]


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        ("money", ["12.30", "-1", None]),
        ("date", ["2024-02-29", None]),
        ("month", ["2024-02"]),
        ("uscc", ["91450000100000000E"]),
        ("text", ["某某公司", None]),
    ],
)
def test_plain_columns_are_read_at_once(kind: str, cells: list[str | None]) -> None:
    column = next(one for key, one in _SHAPES.items() if key[:2] == (kind, None) and not key[3])
    assert read_plain(column, pl.Series("cells", cells)) is not None
