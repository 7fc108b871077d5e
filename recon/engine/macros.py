"""The helper functions of rule SQL, once for DuckDB and once for Spark.

Here: what `div_half_up` and its kin mean in each dialect. Not here: any rule, and how the Spark
form takes the place of a call (`portable`).
"""

from __future__ import annotations

from dataclasses import dataclass

from recon.tables.names import PERSON, UNIT

#: Made once per session.
DUCKDB_MACROS = (
    f"""
create macro reads_like_person(name_key) as
    regexp_matches(name_key, '{PERSON}') and not regexp_matches(name_key, '{UNIT}');
"""
    """
create macro div_half_up(num, den) as cast(
    sign(num) * sign(den) * cast(
        (200 * cast(abs(cast(num as decimal(30, 8))) * 100000000 as hugeint)
         + cast(abs(cast(den as decimal(30, 8))) * 100000000 as hugeint))
        // nullif(2 * cast(abs(cast(den as decimal(30, 8))) * 100000000 as hugeint), 0)
    as decimal(20, 0)) * 0.01
as decimal(18, 2));
create macro ratio_half_up(num, den) as cast(
    sign(num) * sign(den) * cast(
        (2000000 * cast(abs(cast(num as decimal(30, 8))) * 100000000 as hugeint)
         + cast(abs(cast(den as decimal(30, 8))) * 100000000 as hugeint))
        // nullif(2 * cast(abs(cast(den as decimal(30, 8))) * 100000000 as hugeint), 0)
    as decimal(20, 0)) * 0.000001
as decimal(18, 6));
create macro number_text(x) as regexp_replace(
    regexp_replace(cast(x as varchar), '(\\.[0-9]*?)0+$', '\\1'), '\\.$', '');
create macro period_text(from_day, to_day) as case
    when date_trunc('month', from_day) = date_trunc('month', to_day)
        then strftime(from_day, '%Y-%m')
    else strftime(from_day, '%Y-%m') || '..' || strftime(to_day, '%Y-%m')
end;
create macro add_days(day, n) as cast(day + cast(n as integer) as date);
create macro add_months(day, n) as cast(day + to_months(cast(n as integer)) as date);
create macro percent_text(rate) as
    number_text(cast(cast(rate as decimal(18, 6)) * 100 as decimal(18, 6))) || '%';
"""
)


@dataclass(frozen=True)
class SparkMacro:
    """A helper in Spark SQL: its body, with the names of its arguments as columns."""

    arguments: tuple[str, ...]
    body: str


def _half_up(hundred: int, unit: str, kind: str) -> str:
    """Return a division whose result is rounded half away from zero, in whole numbers only."""
    num, den = (
        f"cast(abs(cast({name} as decimal(30, 8))) * 100000000 as decimal(38, 0))"
        for name in ("num", "den")
    )
    return (
        f"cast(case when (num < 0) <> (den < 0) then -1 else 1 end * cast(({2 * hundred} * {num} "
        f"+ {den}) div nullif(2 * {den}, 0) as decimal(20, 0)) * {unit} as {kind})"
    )


_NUMBER_TEXT = (
    r"regexp_replace(regexp_replace(cast({} as string), '([.][0-9]*?)0+$', '$1'), '[.]$', '')"
)

#: By name; `div` is Spark's whole-number division.
SPARK_MACROS = {
    "div_half_up": SparkMacro(("num", "den"), _half_up(100, "0.01", "decimal(18, 2)")),
    "ratio_half_up": SparkMacro(("num", "den"), _half_up(1000000, "0.000001", "decimal(18, 6)")),
    "number_text": SparkMacro(("x",), _NUMBER_TEXT.format("x")),
    "percent_text": SparkMacro(
        ("rate",),
        "concat("
        + _NUMBER_TEXT.format("cast(cast(rate as decimal(18, 6)) * 100 as decimal(18, 6))")
        + ", '%')",
    ),
    "reads_like_person": SparkMacro(
        ("name_key",), f"name_key rlike r'{PERSON}' and not name_key rlike '{UNIT}'"
    ),
    "period_text": SparkMacro(
        ("from_day", "to_day"),
        "case when date_format(from_day, 'yyyy-MM') = date_format(to_day, 'yyyy-MM') "
        "then date_format(from_day, 'yyyy-MM') "
        "else concat(date_format(from_day, 'yyyy-MM'), '..', date_format(to_day, 'yyyy-MM')) end",
    ),
    "add_days": SparkMacro(("day", "n"), "date_add(day, cast(n as int))"),
    "add_months": SparkMacro(("day", "n"), "add_months(day, cast(n as int))"),
}
