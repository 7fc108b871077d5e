"""What a run writes about itself: `control.json`, `run.json`, the policy values it used.

Here: turning stage results into plain values. Not here: writing files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from recon import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from recon.base.models import CheckResult, RuleOutcome, SheetCertificate
    from recon.engine.duckdb import Session
    from recon.matching import MatchReport, PairingProof, PairingRun
    from recon.policy.parameters import Policy
    from recon.run.plan import RunPlan

_USED = """
select
    used.name, used.value_text as value, used.starts_on, bool_and(used.is_verified) as is_verified,
    used.kind,
    min(known.reference) as reference, count(distinct used.exception_id) as exceptions
from exception_policy as used
inner join ref_policy_value as known on used.name = known.name and used.starts_on = known.starts_on
group by used.name, used.value_text, used.starts_on, used.kind
order by used.name, used.starts_on
"""


def policy_used(session: Session, policy: Policy) -> pl.DataFrame:
    """Return every parameter value that an exception used.

    Returns:
        Shape: name, title, title_en, value, starts_on, is_verified, kind, reference, exceptions,
        locale.
    """
    used = session.frame(_USED)
    about = [policy.parameter(name).description for name in used["name"]]
    return used.with_columns(
        pl.Series("title", [one.zh for one in about], pl.String),
        pl.Series("title_en", [one.en for one in about], pl.String),
        pl.lit(policy.locale).alias("locale"),
    )


def control_record(
    result: CheckResult,
    proofs: Iterable[PairingProof],
    matched: MatchReport,
    coverage: list[dict[str, Any]],
) -> dict[str, Any]:
    """Return the control totals of a run.

    Per file and sheet, rows and money by class; per reconciliation both sides, matched, unmatched
    and the recorded difference; per table how much was examined.
    """
    sheets: dict[int, list[dict[str, Any]]] = {}
    for sheet in result.intake.sheets:
        sheets.setdefault(sheet.file_id, []).append(_sheet_record(sheet))
    files = [
        {
            "path": file.path,
            "sha256": file.sha256,
            "size": file.size,
            "true_type": file.true_type,
            "encoding": file.encoding,
            "encoding_evidence": file.encoding_evidence,
            "status": file.status,
            "problem": file.problem.zh if file.problem else None,
            "problem_en": file.problem.en if file.problem else None,
            "sheets": sheets.get(file.file_id, []),
        }
        for file in result.intake.files
    ]
    return {
        "files": files,
        "repeated": _repeated_record(result),
        "unreadable_money": sum(
            sheet.facts.get("unreadable_money", 0) for sheet in result.intake.sheets
        ),
        "reconciliations": [_proof_record(proof, matched.of(proof.pairing)) for proof in proofs],
        "reconciliations_not_run": [
            {
                "name": run.pairing,
                "title": run.title.zh,
                "title_en": run.title.en,
                "missing": list(run.missing),
            }
            for run in matched.pairings
            if not run.ran
        ],
        "coverage": coverage,
    }


def _repeated_record(result: CheckResult) -> dict[str, int]:
    """Count the files and sheets that others repeat as a whole, and rows that count elsewhere."""
    twins: dict[int, list[bool]] = {}
    for sheet in result.intake.sheets:
        if sheet.rows_accepted or sheet.rows_rejected or sheet.twin:
            twins.setdefault(sheet.file_id, []).append(sheet.twin is not None)
    return {
        "files": sum(all(of_file) for of_file in twins.values()),
        "sheets": sum(sum(of_file) for of_file in twins.values()),
        "rows": sum(sheet.rows_repeated for sheet in result.intake.sheets),
    }


def _proof_record(proof: PairingProof, run: PairingRun) -> dict[str, Any]:
    record: dict[str, Any] = {
        "name": proof.pairing,
        "title": run.title.zh,
        "title_en": run.title.en,
        "difference": proof.difference,
        "confirmed_refused": run.refused,
        "searches_cut": run.bounds,
    }
    for name, side in (("a", proof.a), ("b", proof.b)):
        record |= {
            f"{name}_label": run.labels[name].zh,
            f"{name}_label_en": run.labels[name].en,
            f"{name}_lines": side.lines,
            f"{name}_total": side.amount,
            f"{name}_matched": side.matched,
            f"{name}_unmatched": side.unmatched,
            f"{name}_classes": {
                class_: {"lines": total.lines, "amount": total.amount}
                for class_, total in sorted(side.classes.items())
            },
        }
    return record


def _sheet_record(sheet: SheetCertificate) -> dict[str, Any]:
    return {
        "sheet": sheet.sheet,
        "hidden": sheet.hidden,
        "table": sheet.table,
        "header_row": sheet.header_row,
        "header_how": sheet.header_how,
        "columns": sheet.columns,
        "unmapped": list(sheet.unmapped),
        "rows": {
            "read": sheet.rows_read,
            "accepted": sheet.rows_accepted,
            "rejected": sheet.rows_rejected,
            "skipped": sheet.rows_skipped,
            "repeated": sheet.rows_repeated,
            "skipped_by_class": sheet.skipped,
        },
        "repeats": sheet.twin,
        "facts": sheet.facts,
        "money": sheet.money,
        "notes": [note.zh for note in sheet.notes],
        "notes_en": [note.en for note in sheet.notes],
    }


def run_record(result: CheckResult, plan: RunPlan, made_of: Mapping[str, str]) -> dict[str, Any]:
    """Return the description of a run: inputs, options, parameter values, rules."""
    request, config = result.request, plan.config
    return {
        **result.run_info,
        "tool_version": __version__,
        "locale": plan.policy.locale,
        "options": {
            "as_of": request.as_of,
            "from": request.review_from,
            "to": request.review_to,
            "locale": request.locale,
            "select": sorted(request.select),
            "ignore": sorted(request.ignore),
            "mask": request.mask,
        },
        "self": {
            "name": config.self_unit.name,
            "level": config.self_unit.level,
            "receives": list(config.self_unit.receives),
        },
        "inputs": [
            _fields(file, "path", "sha256", "size", "status") for file in result.intake.files
        ],
        "policy": result.policy_used.to_dicts(),
        "rules": [
            _rule_record(outcome) | {"made_of": made_of.get(outcome.rule)}
            for outcome in result.outcomes
        ],
        "totals": [
            _fields(total, "direction", "exceptions", "confirmed", "unconfirmed")
            for total in result.totals
        ],
        "confirmed_matches": [
            _fields(each, "match_id", "pairing", "a_keys", "b_keys")
            for each in result.confirmed_matches
        ],
        "aliases": [{"name": name, "code": code} for name, code in result.aliases],
        "ledger": plan.ledger_head.record(),
        "warnings": [warning.zh for warning in result.warnings],
        "warnings_en": [warning.en for warning in result.warnings],
    }


def _rule_record(outcome: RuleOutcome) -> dict[str, Any]:
    title, reason = outcome.title, outcome.reason
    return {
        "rule": outcome.rule,
        "title": title.zh if title else None,
        "title_en": title.en if title else None,
        **_fields(outcome, "status", "rows_examined", "exceptions", "amounts"),
        "lacks": list(outcome.lacks),
        "reason": reason.zh if reason else None,
        "reason_en": reason.en if reason else None,
    }


def _fields(record: object, *names: str) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names}
