"""The pass over a sheet's XML finds the same wherever its blocks are cut."""

from __future__ import annotations

import io

import pytest

from recon.intake.formats import sheetscan
from recon.intake.formats.sheetscan import scan_sheet

_XML = (
    b'<worksheet><cols><col min="2" max="2" hidden="1"/></cols><sheetData>'
    b'<row r="1"><c r="A1"><v>12.5</v></c><c r="B1"><v>0.1234567890123</v></c></row>'
    b'<row r="2" hidden="1"><c r="A2"><v>1E-5</v></c><c r="B2"><v>2.5e-12</v></c></row>'
    b'<row r="3"><c r="A3"><v>12345678901234567</v></c><c r="B3"><f>A1</f></c></row>'
    b'<row r="4"><c r="A4"><v>-1.2345678901234E-7</v></c><c r="B4"><v>1E+20</v></c></row>'
    b'</sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>'
)


@pytest.mark.parametrize("size", [1, 5, 6, 7, 40, 83, 90, 200, len(_XML)])
def test_what_is_found_does_not_hang_on_the_blocks(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheetscan, "_BLOCK", size)
    blocks = list(sheetscan._blocks(io.BytesIO(_XML)))
    assert b"".join(block for block, _ in blocks) == _XML
    assert all(block.endswith(b"</row>") for block, _ in blocks[:-1])
    found = scan_sheet(io.BytesIO(_XML), {}, is_1904=False)
    assert found.is_regular
    assert found.exact == {
        "A": ([3, 4], ["12345678901234568", "-0.00000012345678901234"]),
        "B": ([1, 2], ["0.1234567890123", "0.0000000000025"]),
    }
    assert found.cut == [(3, "A")]
    assert found.blank_formulas == [(3, "B")]
    assert found.hidden_rows == [2]
    assert found.hidden_columns == ["B"]
    assert found.merged == [(1, "A", 2, "B")]
