"""What a rule is made of: its files, the SQL below it, and the policy values it names.

A run keeps a mark of it per rule, so that the next one can tell whether an exception went because
the world changed or because the rule did. Not here: states (see `states`).
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from typing import TYPE_CHECKING

from recon.base.models import Text
from recon.engine.staging import staged_selects
from recon.policy.parameters import parameter_column
from recon.rules.sql_text import tables_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    import polars as pl

    from recon.policy.parameters import Policy
    from recon.rules.catalog import Rule

_WORD = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)?")
_SHOWN = 10


def marks(rules: Iterable[Rule], policy: Policy, workspace: Path | None) -> dict[str, str]:
    """Return a mark per rule that changes with its file, its SQL or a policy value it names.

    Args:
        rules: The rules of a run.
        policy: Every value that is in force on some day.
        workspace: Folder that may carry its own `sql/`.

    Returns:
        16 hex by rule code. What comes with a day (calendars, refund policies) is in none of them.
    """
    known = {name: name for name in policy.parameters()}
    known |= {parameter_column(name): name for name in policy.parameters()}
    values = {name: _values(policy, name) for name in policy.parameters()}
    made = {}
    for rule in rules:
        words = {*tables_in(rule.sql), *tables_in(rule.evidence_sql), rule.about.population}
        texts = [rule.path.read_text(encoding="utf-8"), rule.sql, rule.evidence_sql]
        texts += staged_selects(words, workspace).values()
        words = known.keys() & frozenset[str]().union(*map(_words, texts))
        named = {known[word] for word in words}
        digest = hashlib.sha256()
        for part in (*texts, *(values[name] for name in sorted(named))):
            digest.update(_bytes(part))
        made[rule.code] = digest.hexdigest()[:16]
    return made


@cache
def _bytes(text: str) -> bytes:
    return text.replace("\r\n", "\n").encode() + b"\x1f"


@cache
def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text))


def _values(policy: Policy, name: str) -> str:
    return f"{name}={[(each.text, each.starts_on) for each in policy.values_of(name)]}"


def told(states: pl.DataFrame, decisions: pl.DataFrame) -> Iterator[Text]:
    """Say what changed because rules did, and which booked findings and letters it touches.

    Args:
        states: As `compare_with_last` gives them.
        decisions: As `read_decisions` gives them.
    """
    changed = states.filter(states["state"] == "rule_changed")
    if not changed.height:
        return
    rules = "、".join(sorted(changed["rule"].unique()))
    yield Text(
        f"{changed.height} 条例外因规则或政策值有变而消失或改变（{rules}），"
        "记为“规则变动”，不算已消除。",
        f"{changed.height} exceptions went or changed because rules or policy values did "
        f"({rules}): they are rule_changed, not resolved.",
    )
    findings = changed.join(
        decisions.filter(decisions["verdict"].is_in(["成立", "部分成立"])),
        on="exception_id",
        how="semi",
    )
    if findings.height:
        ids = findings["exception_id"].head(_SHOWN).to_list()
        parties = findings["party_name"].drop_nulls().unique(maintain_order=True).head(_SHOWN)
        more, en_more = ("等", " and others") if findings.height > _SHOWN else ("", "")
        names = "、".join(parties)
        yield Text(
            f"其中 {findings.height} 条是台账里已确认的问题：{'、'.join(ids)}{more}。"
            f"涉及的函件和单位请重新核对：{names or '—'}。",
            f"{findings.height} of them are booked findings: {', '.join(ids)}{en_more}. Check the "
            f"letters to these parties again: {names or '—'}.",
        )


def of_record(record: Mapping[str, object]) -> dict[str, str]:
    """Return the marks that a run's record keeps; nothing of a run that kept none."""
    rules = record.get("rules")
    return {
        each["rule"]: each["made_of"]
        for each in (rules if isinstance(rules, list) else ())
        if each.get("made_of")
    }
