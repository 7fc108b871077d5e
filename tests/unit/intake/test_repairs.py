"""Numbers that a spreadsheet cut: the only number that fits is proposed, and never applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recon.intake.pipeline import join_sheets
from recon.intake.sheets.understanding import understand_parts
from recon.tables.masking import mask_cells

if TYPE_CHECKING:
    from collections.abc import Callable

    from recon.base.models import Intake, RawSheet

HEAD = ["班次编号", "姓名", "身份证号", "补助金额"]
CUT = "450881198501010000"
WHOLE, OTHER = "450881198501010015", "450881198501010031"


@pytest.fixture
def both(raw: Callable[..., RawSheet]) -> Callable[..., Intake]:
    """Join a sheet with a cut number and one with whole numbers."""

    def run(cut: list[str], *whole: list[str]) -> Intake:
        first = raw([HEAD, cut], path="a.xlsx")
        second = raw([HEAD, *whole], path="b.xlsx")
        return join_sheets((), [*understand_parts(first), *understand_parts(second)])

    return run


def reason(found: Intake) -> str:
    return next(
        str(row["reason"])
        for row in found.quality.iter_rows(named=True)
        if row["check"] == "number_cut"
    )


@pytest.mark.parametrize("cut", [CUT, "4.50881E+17"])
def test_the_only_number_that_fits_is_proposed_not_applied(
    both: Callable[..., Intake], cut: str
) -> None:
    found = both(["B1", "张三", cut, ""], ["B2", "张三", WHOLE, ""], ["B2", "李四", OTHER, ""])
    assert f"可能是{WHOLE}（见b.xlsx#Sheet1!2）" in reason(found)
    assert f"may be {WHOLE} (see b.xlsx#Sheet1!2)" in found.quality["reason_en"][0]
    assert found.tables["trainee"]["id_no"][0] == cut
    masked = mask_cells(found.quality, found.sheets)
    assert WHOLE not in masked["reason"][0]
    assert "450881********0015" in masked["reason"][0]


def test_an_amount_tells_two_of_the_same_name_apart(both: Callable[..., Intake]) -> None:
    whole = [["B2", "张三", WHOLE, "800"], ["B2", "张三", OTHER, "900"]]
    assert OTHER in reason(both(["B1", "张三", CUT, "900"], *whole))
    assert "可能是" not in reason(both(["B1", "张三", CUT, "700"], *whole))
    assert "可能是" not in reason(both(["B1", "张三", CUT, ""], *whole))


def test_another_name_or_another_beginning_is_no_proposal(both: Callable[..., Intake]) -> None:
    assert "可能是" not in reason(both(["B1", "王五", CUT, ""], ["B2", "张三", WHOLE, ""]))
    assert "可能是" not in reason(
        both(["B1", "张三", CUT, ""], ["B2", "张三", "450881199002150026", ""])
    )
    assert "可能是" not in reason(both(["B1", "张三", CUT, ""], ["B2", "张三", CUT, ""]))
