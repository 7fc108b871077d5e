"""The three files of a new rule in a workspace, ready to be filled in.

Here: text of templates. Not here: what a rule means.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from recon.rules.catalog import family_of
from recon.rules.errors import RuleCodeError, RuleExistsError

if TYPE_CHECKING:
    from pathlib import Path

_YAML = """\
code: {code}
name: {name}
title: {{zh: 请写规则名称, en: name of the rule}}
severity: medium
since: 0.1.0
requires: [tax_collection]
population: stg_tax_collection
grain: [party_id, voucher_no]
evidence: {{stg_tax_collection: [party_id, voucher_no]}}
params: {{}}
message:
  zh: "{{party_name}}{{period}}：实缴{{actual}}元，应为{{expected}}元"
  en: "{{party_name}} {{period}}: paid {{actual}} yuan, expected {{expected}} yuan"
detail: [voucher_no]
what_it_does: {{zh: 查什么, en: what it does}}
why_it_matters: {{zh: 为什么要查, en: why it matters}}
what_to_do: {{zh: 怎么办, en: what to do}}
example: {{zh: 一个带数字的例子, en: an example with numbers}}
explanations:
- {{zh: 可能的合理解释, en: a legitimate explanation}}
references: []
"""
_SQL = """\
-- {code} {name}
-- grain: one row per party_id and voucher_no
-- this example reports payments above a million yuan: replace its condition with yours
select
    party_id,
    voucher_no,
    period_text(period_from, period_to) as period,
    'verify' as direction,
    paid as amount,
    paid as expected,
    paid as actual,
    cast(null as varchar) as formula,
    'tax_payment|' || party_id || '|' || voucher_no as money_key,
    period_from as report_from,
    period_to as report_to
from stg_tax_collection
where paid > 1000000
order by party_id, voucher_no
"""
_CASES = """\
rule: {code}
as_of: 2024-12-31
cases:
- name: a payment above a million is reported
  given:
    tax_collection:
    - {{payer_name: 甲公司, item: 工会经费, period_from: 2024-03-01, period_to: 2024-03-31, \
paid: 1000000.01, treasury_on: 2024-04-15, voucher_no: V1}}
  expect:
  - {{party_name: 甲公司, period: 2024-03, direction: verify, amount: 1000000.01}}
- name: a payment of exactly a million is not
  given:
    tax_collection:
    - {{payer_name: 甲公司, item: 工会经费, period_from: 2024-03-01, period_to: 2024-03-31, \
paid: 1000000.00, treasury_on: 2024-04-15, voucher_no: V1}}
- name: no collection list, no answer
  given: {{}}
  status: no_data
"""


def write_rule(code: str, workspace: Path) -> tuple[Path, Path, Path]:
    """Write the YAML, the SQL and the cases of a new rule; its cases pass as they stand.

    Args:
        code: For example "LOC-01".
        workspace: Folder that gets rules/, sql/rules/ and tests/rules/.

    Returns:
        The three paths.

    Raises:
        RuleCodeError: The code does not look like REM-06.
        RuleExistsError: One of the files is there already.
    """
    if not re.fullmatch(r"[A-Z]{2,8}-[0-9]{2}", code):
        raise RuleCodeError(code)
    family = family_of(code).lower()
    stem = f"{code.lower().replace('-', '_')}_new_rule"
    places = (
        (workspace / "rules" / family / f"{stem}.yaml", _YAML),
        (workspace / "sql" / "rules" / family / f"{stem}.sql", _SQL),
        (workspace / "tests" / "rules" / family / f"{stem}.yaml", _CASES),
    )
    for path, _ in places:
        if path.exists():
            raise RuleExistsError(path)
    for path, template in places:
        path.parent.mkdir(parents=True, exist_ok=True)
        text = template.format(code=code, name="new-rule")
        path.write_text(text, encoding="utf-8", newline="\n")
    return (places[0][0], places[1][0], places[2][0])
