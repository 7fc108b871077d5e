"""How much of each table was examined by at least one rule or reconciliation that ran, in money.

A table counts as examined when a rule that reads it (`requires` or `uses`) ran, or a reconciliation
of it did. Not here: rows within a table that a rule leaves out (its page says which).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from recon.base.models import Text
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from recon.base.models import Intake, RuleOutcome, SheetCertificate
    from recon.matching import MatchReport
    from recon.rules.catalog import Rule
    from recon.rules.pairings import Pairing
    from recon.tables.base import TableSpec

_ZERO = Decimal("0.00")
_RAN = ("exceptions", "clean")
_SHOWN = 3


def coverage_record(
    intake: Intake,
    rules: Iterable[Rule],
    outcomes: Sequence[RuleOutcome],
    matching: tuple[Sequence[Pairing], MatchReport],
) -> list[dict[str, Any]]:
    """Return one record per table that any sheet fed.

    Args:
        intake: What was read.
        rules: All rules, those left out by the user too.
        outcomes: What the rules said that were to run.
        matching: The pairings and what they did.

    Returns:
        Per table: `rows` accepted and rejected; `money` by column, each with `examined`,
        `not_examined` and `rejected`; `rules_run`, `rules_not_run`, `reconciliations`; `why` it was
        not examined (None where it was).

    Units: yuan.
    """
    said = {outcome.rule: outcome for outcome in outcomes}
    demands = {
        rule.code: {need.split(".")[0] for need in (*rule.about.requires, *rule.about.uses)}
        for rule in rules
    }
    sheets: dict[str, list[SheetCertificate]] = {}
    for sheet in intake.sheets:
        if sheet.table in specs():
            sheets.setdefault(sheet.table, []).append(sheet)
    records = []
    for table in sorted(sheets):
        codes = [code for code in sorted(demands) if table in demands[code]]
        run = [code for code in codes if code in said and said[code].status in _RAN]
        pairings, report = matching
        compared = [
            pairing.name
            for pairing in pairings
            if table in pairing.about.requires and report.of(pairing.name).ran
        ]
        others = [code for code in codes if code not in run]
        why = None if run or compared else _why(others, said)
        records.append(
            {
                "table": table,
                "rows": sum(sheet.rows_accepted for sheet in sheets[table]),
                "rows_rejected": sum(sheet.rows_rejected for sheet in sheets[table]),
                "money": _money(specs()[table], sheets[table], is_examined=why is None),
                "rules_run": run,
                "rules_not_run": others,
                "reconciliations": compared,
                "why": why.zh if why else None,
                "why_en": why.en if why else None,
            }
        )
    return records


def _money(
    spec: TableSpec, sheets: list[SheetCertificate], *, is_examined: bool
) -> dict[str, dict[str, Decimal]]:
    """Sum the money columns of a table by what became of them."""
    sums = {}
    for column in spec.columns:
        given = [sheet.money[column.name] for sheet in sheets if column.name in sheet.money]
        if given:
            accepted = sum((each.get("accepted", _ZERO) for each in given), start=_ZERO)
            sums[column.name] = {
                "examined": accepted if is_examined else _ZERO,
                "not_examined": _ZERO if is_examined else accepted,
                "rejected": sum((each.get("rejected", _ZERO) for each in given), start=_ZERO),
            }
    return sums


def _why(codes: list[str], said: dict[str, RuleOutcome]) -> Text:
    """Say why no rule examined a table."""
    if not codes:
        return Text("没有规则检查这张表", "no rule examines this table")
    reasons = []
    for code in codes[:_SHOWN]:
        outcome = said.get(code)
        reason = outcome.reason if outcome else Text("没有选中", "not selected")
        reasons.append((code, reason or Text("没有执行", "did not run")))
    more = len(codes) - len(reasons)
    return Text(
        "；".join(f"{code} {reason.zh.rstrip('。')}" for code, reason in reasons)
        + (f"；另有 {more} 条规则没有执行" if more > 0 else ""),
        "; ".join(f"{code}: {reason.en.rstrip('.')}" for code, reason in reasons)
        + (f"; and {more} more rules did not run" if more > 0 else ""),
    )
