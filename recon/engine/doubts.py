"""No definite amount rests on a row of which nobody knows whether it counts, none is below zero.

Here: what becomes of exceptions whose evidence holds a doubtful row (ruling 32), and of amounts
that cannot be (ruling 47). Not here: which rows are doubtful (see `recon.intake.sheets.repeats`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recon.base.models import DEFINITE_DIRECTIONS, SourcePlace
from recon.engine.own_sql import evidence_place
from recon.engine.rendering import found_sql

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from recon.engine.own_sql import Asked
    from recon.rules.catalog import Rule

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

_ROWS = """
select distinct file.path, source.sheet, source.row_no
from ({evidence}) as evidence
inner join source_row as source on evidence.row_id = source.row_id
inner join source_file as file on source.file_id = file.file_id
order by file.path, source.sheet, source.row_no
"""


class Aside(NamedTuple):
    """How many amounts below zero a rule gave, and the source rows behind them."""

    set_aside: int = 0
    rows_aside: tuple[SourcePlace, ...] = ()


def take_out(
    session: Asked, rule: Rule, columns: Mapping[str, str], evidence: Callable[[Rule], str]
) -> Aside:
    """Take rows that give no possible amount out of `found_all`.

    Args:
        session: Its `found_all` holds what the rule's first statement gave.
        rule: A rule of the tool.
        columns: Column name to DuckDB type of `found_all`.
        evidence: Returns the select of the source rows of `found`.
    """
    place = rule.sql_path.as_posix()
    ((count,),) = session.execute("select count(*) from found_all where amount < 0", place)
    kept = "amount is null or amount >= 0"
    session.execute(
        f"create or replace temp table found_kept as select * from found_all where {kept}", place
    )
    session.execute(f"delete from found_all where {kept}", place)
    session.execute(found_sql(rule, columns), place)
    rows = session.execute(_ROWS.format(evidence=evidence(rule)), evidence_place(rule))
    session.execute("create or replace temp table found_all as select * from found_kept", place)
    return Aside(int(count), tuple(SourcePlace(*row) for row in rows))
