"""The table sheets of the workbook: which rows and which columns each has.

Here: exception sheets per family and the leads. Not here: plain tables (see `facts`), sheets that
are laid out by hand (see `summary`), colours, how rows are written (see `splice`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from recon.base.texts import DIRECTIONS, FAMILIES, SEVERITIES, STATES
from recon.output.splice import MAX_ROWS
from recon.output.split import fact
from recon.policy.parameters import value_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from recon.base.models import CheckResult
    from recon.output.styles import Style

SheetKind = Literal["family", "leads", "units", "picks", "facts"]
LEADS = "待核实"
ID_HEADER, EVIDENCE = "例外编号", "证据"
#: Columns in view before the reviewer's, and what of these stands beside them on paper: up to 理由.
FRONT, _PRINTED = 6, 9
#: One line a row, so that 25 rows fit a screen and 30 a page. Units: points.
ROW_HEIGHT = 17.25
VERDICTS = ("成立", "不成立", "部分成立", "待核实")
MEASURE_TYPES = ("立行立改", "分阶段整改", "持续整改")
_SHOWN_EVIDENCE = 20
_MONEY = pl.Decimal(18, 2)


@dataclass(frozen=True)
class SheetColumn:
    """One column of a table sheet; `value` is an expression over the sheet's frame.

    What `is_behind` stands in a folded group of columns.
    """

    header: str
    width: float
    style: Style
    value: pl.Expr
    choices: tuple[str, ...] = ()
    is_input: bool = False
    is_behind: bool = False


@dataclass(frozen=True)
class SheetPlan:
    """One table sheet: its name, columns and rows.

    `height` is that of every row in points (None: as high as its texts), `frozen` how many columns
    stay in view, `printed` and `printed_rows` how many columns
    and rows are printed (None: all).
    """

    name: str
    kind: SheetKind
    columns: tuple[SheetColumn, ...]
    frame: pl.DataFrame
    height: float | None = None
    frozen: int = 0
    printed: int | None = None
    printed_rows: int | None = None


#: The reviewer's columns by the names that `CheckResult.states` and the ledger use.
REVIEW_COLUMNS: dict[str, tuple[str, float, Style, tuple[str, ...]]] = {
    "verdict": ("核实结论", 10, "center", VERDICTS),
    "confirmed_amount": ("认定金额", 14, "money", ()),
    "reason": ("理由", 24, "text", ()),
    "reviewer": ("复核人", 10, "center", ()),
    "reviewed_on": ("复核日期", 12, "date", ()),
    "office": ("责任部室", 14, "text", ()),
    "responsible": ("责任人", 10, "center", ()),
    "due_on": ("整改时限", 12, "date", ()),
    "measure": ("整改措施", 30, "text", ()),
    "measure_type": ("整改类型", 12, "center", MEASURE_TYPES),
}
_REVIEW_TYPES: dict[Style, pl.DataType] = {"money": _MONEY, "date": pl.Date()}


def _spoken(column: str, texts: dict[str, str]) -> pl.Expr:
    return pl.col(column).replace(list(texts), list(texts.values()))


def flag(column: str) -> pl.Expr:
    """Express a flag as 是, 否 or empty."""
    return pl.when(pl.col(column)).then(pl.lit("是")).when(~pl.col(column)).then(pl.lit("否"))


def _lines(column: str, most: int | None = None) -> pl.Expr:
    """Join a list of texts, one a line; of a long one the first, and how many there are."""
    texts = pl.col(column)
    if most is None:
        return texts.list.join("\n")
    rest = pl.format("\n……共 {} 处，全部见 exceptions.csv", texts.list.len())
    more = pl.when(texts.list.len() > most).then(rest).otherwise(pl.lit(""))
    return pl.concat_str(texts.list.head(most).list.join("\n"), more)


def _zh(texts: dict[str, object]) -> dict[str, str]:
    return {code: str(getattr(text, "zh", text)) for code, text in texts.items()}


def as_listed(one: Mapping[str, Any]) -> str:
    """Return a policy value of a run's record in the form that `policy` of an exception has."""
    return f"{one['name']}={one['value'] or ''}@{one['starts_on']}"


def named_values(exceptions: pl.DataFrame, used: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Return exceptions whose policy values are named in Chinese, the code behind the name.

    Args:
        exceptions: With `policy`.
        used: The values of the run: name, value, starts_on and, since it is kept, title.
    """
    said = {
        as_listed(one): (
            f"{one['title']}：{value_words(one['name'], one['value']).zh or '—'}"
            f"（{one['starts_on']} 起，{one['name']}）"
        )
        for one in used
        if one.get("title")
    }
    if not said:
        return exceptions
    named = pl.element().replace(list(said), list(said.values()))
    return exceptions.with_columns(pl.col("policy").list.eval(named))


def titles_of(result: CheckResult) -> dict[str, str]:
    """Return the Chinese title of each rule of a run."""
    return {each.rule: each.title.zh for each in result.outcomes if each.title is not None}


def fact_columns(titles: dict[str, str], *, has_earlier: bool) -> tuple[SheetColumn, ...]:
    """Return the columns that come from the run.

    Args:
        titles: Title of each rule in Chinese.
        has_earlier: Whether an earlier decision is shown beside some exception.

    Returns:
        Columns in order, the first `FRONT` of which stand before the reviewer's; their values are
        expressions over exceptions with `state` and `earlier`.
    """
    title = pl.col("rule").replace_strict(
        list(titles), list(titles.values()), default=None, return_dtype=pl.String
    )
    front = (
        SheetColumn(ID_HEADER, 17, "code", pl.col("exception_id")),
        SheetColumn("单位", 24, "text", pl.col("party_name")),
        SheetColumn("说明", 58, "text", fact("message")),
        SheetColumn("期间", 16, "center", pl.col("period")),
        SheetColumn("金额", 14, "money", pl.col("amount")),
        SheetColumn("方向", 10, "center", _spoken("direction", _zh(dict(DIRECTIONS)))),
    )
    about = (
        SheetColumn("规则", 9, "center", pl.col("rule")),
        SheetColumn("规则名称", 24, "text", title),
        SheetColumn("严重程度", 9, "center", _spoken("severity", _zh(dict(SEVERITIES)))),
        SheetColumn("计入合计", 9, "center", flag("counted")),
        SheetColumn("关联到", 18, "code", pl.col("linked_to")),
    )
    behind = (
        SheetColumn("应有", 15, "money", pl.col("expected")),
        SheetColumn("实有", 15, "money", pl.col("actual")),
        SheetColumn("差额", 15, "money", pl.col("difference")),
        SheetColumn("计算式", 30, "text", pl.col("formula")),
        SheetColumn("依据/政策参数", 34, "text", _lines("policy")),
        SheetColumn("参数未确认", 11, "center", flag("unverified_policy")),
        SheetColumn("可能的合理解释", 40, "text", _lines("explanations")),
        SheetColumn(EVIDENCE, 44, "link", _lines("evidence", _SHOWN_EVIDENCE)),
    )
    state = SheetColumn("状态", 10, "center", _spoken("state", _zh(dict(STATES))))
    earlier = SheetColumn("上次结论", 26, "text", pl.col("earlier"))
    folded = (replace(column, is_behind=True) for column in behind)
    return (*front, *about, *((earlier,) if has_earlier else ()), *folded, state)


def _review_columns() -> tuple[SheetColumn, ...]:
    return tuple(
        SheetColumn(header, width, style, pl.col(name), choices, is_input=True)
        for name, (header, width, style, choices) in REVIEW_COLUMNS.items()
    )


def _states(result: CheckResult) -> pl.DataFrame:
    """Return state and carried decision by exception, with every column there may be."""
    known = result.states.columns
    wanted = [
        pl.col(name).cast(_REVIEW_TYPES.get(style, pl.String()), strict=False)
        if name in known
        else pl.lit(None, dtype=_REVIEW_TYPES.get(style, pl.String())).alias(name)
        for name, (_, _, style, _) in REVIEW_COLUMNS.items()
    ]
    extra = [
        pl.col(name) if name in known else pl.lit(None, dtype=pl.String).alias(name)
        for name in ("state", "earlier")
    ]
    here = result.states.lazy()
    if "state" in known:
        here = here.filter(pl.col("state") != "resolved")
    return here.select("exception_id", *extra, *wanted).collect()


def _parts(plan: SheetPlan, room: int) -> Iterator[SheetPlan]:
    """Cut a plan that is longer than a sheet into several: `名称`, `名称(2)` and so on."""
    for number, start in enumerate(range(0, max(plan.frame.height, 1), room), start=1):
        name = plan.name if number == 1 else f"{plan.name}({number})"
        yield replace(plan, name=name, frame=plan.frame.slice(start, room))


def _by_money(rows: pl.DataFrame) -> pl.DataFrame:
    """Put the largest amounts first; what has none comes last, in the order of the list."""
    return rows.sort("amount", descending=True, nulls_last=True, maintain_order=True)


def family_name(family: str) -> str:
    """Return the name of a family's sheet, e.g. "REM 经费收缴"."""
    known = FAMILIES.get(family)
    return f"{family} {known.zh}" if known else family


def exception_plans(result: CheckResult) -> list[SheetPlan]:
    """Plan a sheet per family with exceptions, and one for the leads of all families.

    Returns:
        Families in the order of `FAMILIES`, then others, then 待核实 if there is any lead.
    """
    states = _states(result)
    has_earlier = bool(states["earlier"].is_not_null().any())
    facts = fact_columns(titles_of(result), has_earlier=has_earlier)
    read = {name for column in facts for name in column.value.meta.root_names()}
    found = named_values(result.exceptions, result.policy_used.to_dicts()).select(
        name for name in result.exceptions.columns if name in read | {"exception_id"}
    )

    def plan(name: str, kind: SheetKind, mine: pl.Expr) -> SheetPlan:
        """Join part by part: all rows at once would be in memory twice."""
        frame = found.filter(mine).join(
            states, on="exception_id", how="left", maintain_order="left"
        )
        columns = (*facts[:FRONT], *_review_columns(), *facts[FRONT:])
        return SheetPlan(name, kind, columns, _by_money(frame), ROW_HEIGHT, FRONT, _PRINTED)

    is_lead = pl.col("direction") == "verify"
    family = pl.col("rule").str.split("-").list.first()
    present = set(found.lazy().filter(~is_lead).select(family.unique()).collect().to_series())
    order = [*(code for code in FAMILIES if code in present), *sorted(present - set(FAMILIES))]
    plans = [plan(family_name(code), "family", ~is_lead & (family == code)) for code in order]
    has_leads = bool((found["direction"] == "verify").any())
    return [*plans, plan(LEADS, "leads", is_lead)] if has_leads else plans


def split_plans(plans: list[SheetPlan], max_rows: int = MAX_ROWS) -> list[SheetPlan]:
    """Split plans whose rows do not fit one sheet.

    Args:
        plans: The plans in workbook order.
        max_rows: Rows of a sheet, its header included.

    Returns:
        The plans in order, each of at most `max_rows` rows.
    """
    return [part for plan in plans for part in _parts(plan, max_rows - 1)]
