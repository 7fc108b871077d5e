"""What would turn unconfirmed amounts into confirmed ones: the sheet 参数确认, and a line for it.

Not here: which values block how much (`recon.policy.blocked`), and reading the sheet back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import Text
from recon.base.paper import POLICY_SHEET
from recon.base.texts import yuan
from recon.output.sheets import SheetColumn, SheetPlan
from recon.policy.blocked import ZERO, Blocked, blocked
from recon.policy.packs import cited
from recon.policy.parameters import value_words

if TYPE_CHECKING:
    from recon.base.models import CheckResult
    from recon.output.styles import Style

_SCHEMA: dict[str, pl.DataType] = {
    "参数": pl.String(), "参数名": pl.String(), "本工具的值": pl.String(), "起始日": pl.Date(),
    "涉及金额": pl.Decimal(18, 2), "涉及条数": pl.Int64(), "依据": pl.String(),
}  # fmt: skip
_WIDTHS = (34, 26, 16, 12, 15, 10, 40)
#: Headers that people fill in, with width and style; `recon policy import` reads them.
_FILLED: dict[str, tuple[int, Style]] = {
    "本地的值": (16, "text"), "文号": (30, "wrap"), "条款": (18, "text"), "核对人": (10, "center"),
    "核对日期": (12, "date"),
}  # fmt: skip
_SHOWN = 3


def _blocked(result: CheckResult) -> Blocked:
    return blocked(result.exceptions, result.policy_used.to_dicts())


def confirmation_plan(result: CheckResult) -> SheetPlan:
    """Plan the sheet 参数确认: the values that are not confirmed, the one with most yuan first."""
    titles = dict(result.policy_used.select("name", "title").iter_rows())
    rows = [
        (titles[one.name], one.name, value_words(one.name, one.value).zh, one.starts_on,
         one.amount, one.exceptions, cited(one.reference))
        for one in _blocked(result).open_values
    ]  # fmt: skip
    styles: tuple[Style, ...] = ("wrap", "text", "text", "date", "money", "count", "wrap")
    columns = [
        SheetColumn(name, width, style, pl.col(name))
        for name, width, style in zip(_SCHEMA, _WIDTHS, styles, strict=True)
    ]
    columns += [
        SheetColumn(name, width, style, pl.lit(None, dtype=pl.String), is_input=True)
        for name, (width, style) in _FILLED.items()
    ]
    frame = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    return SheetPlan(POLICY_SHEET, "facts", tuple(columns), frame)


def confirming_helps(result: CheckResult) -> Text | None:
    """Say which values free most yuan, or None where nothing is unconfirmed."""
    found = _blocked(result)
    group, gain = found.best_group()
    if not group or gain <= ZERO:
        return None
    rows = {row["name"]: row for row in result.policy_used.to_dicts()}
    zh, en = ([str(rows[one.name][key]) for one in group[:_SHOWN]] for key in ("title", "title_en"))
    more = len(group) > _SHOWN
    return Text(
        f"确认这 {len(group)} 项参数可使 {yuan(gain)} 元转为已确认（recon policy confirm）："
        f"{'、'.join(zh)}{'等' if more else ''}",
        f"confirming these {len(group)} values frees {yuan(gain)} yuan (recon policy confirm): "
        f"{'; '.join(en)}{', ...' if more else ''}",
    )
