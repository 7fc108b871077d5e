"""No definite amount rests on a row of which nobody knows whether it counts (ruling 32).

Here: what becomes of exceptions whose evidence holds such a row. Not here: which rows these are
(see `recon.intake.sheets.repeats`).
"""

from __future__ import annotations

from recon.base.models import DEFINITE_DIRECTIONS

#: The table of their row ids; sessions without such rows have none.
DOUBTFUL = "doubtful_row"
_DEFINITE = ", ".join(f"'{one}'" for one in DEFINITE_DIRECTIONS)
_RESTS = f"""exception_id in (
    select evidence.exception_id
    from exception_evidence as evidence
    inner join {DOUBTFUL} as doubt on evidence.row_id = doubt.row_id
    where evidence.rule = $rule
)"""
#: Before the exceptions of `found` are added to the list, and after.
DOUBTED = f"""
update found set direction = 'verify' where direction in ({_DEFINITE}) and {_RESTS}
"""
DOUBT_SAID = f"""
update exception_item set
    message = message || '（所依据的行可能重复或互相矛盾，见数据质量）',
    message_en = message_en || ' (it rests on rows that may be repeated or clash; see 数据质量)'
where rule = $rule and direction = 'verify' and {_RESTS}
"""
