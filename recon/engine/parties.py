"""The name bridge: confirmed names, and candidates for names that no register knows.

Nothing is joined on a guess: candidates are ranked for a person to confirm. Not here: resolving
parties (that is SQL, see sql/parties).
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import polars as pl
from rapidfuzz import fuzz, process

from recon.base.errors import AliasError
from recon.tables.names import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from recon.engine.duckdb import Session

ALIAS_FILE = "aliases.csv"
_ALIAS_SCHEMA = {"name_key": pl.String, "party_id": pl.String}
_COUNT = 3
_MIN_SCORE = 60

_UNRESOLVED = """
select name_key, min(name) as name, max(code_key) as code, cast(sum(mentions) as bigint) as mentions
from party_of_mention
where resolved_by = 'unresolved'
group by name_key, code_key
order by name_key, code_key
"""
_REGISTERED = """
select name_key, min(name) as name, min(party_id) as party_id
from party_canonical where name_key is not null group by name_key order by name_key
"""


def read_aliases(workspace: Path) -> list[tuple[str, str]]:
    """Return the confirmed pairs of name and code of a workspace's aliases.csv.

    Args:
        workspace: Folder that may hold `aliases.csv` with the columns 名称 and 统一社会信用代码.

    Returns:
        Name and code, one pair per name.

    Raises:
        AliasError: A line lacks a name or a code, or names one name twice.
    """
    path = workspace / ALIAS_FILE
    if not path.is_file():
        return []
    pairs: dict[str, tuple[str, str]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line, row in enumerate(csv.reader(file), start=1):
            if line == 1 or not any(row):
                continue
            if len(row) < 2 or not row[0].strip() or not row[1].strip():
                raise AliasError(path, line)
            pair = row[0].strip(), row[1].strip()
            if pairs.setdefault(name_key(row[0]), pair)[1] != pair[1]:
                raise AliasError(path, line)
    return list(pairs.values())


def alias_table(aliases: Iterable[tuple[str, str]]) -> pl.DataFrame:
    """Return confirmed names as rules read them.

    Args:
        aliases: Pairs of name and code.

    Returns:
        Shape: name_key, party_id; one row per name.
    """
    rows = [(name_key(name), code) for name, code in aliases]
    return pl.DataFrame(rows, schema=_ALIAS_SCHEMA, orient="row")


def candidates(session: Session) -> pl.DataFrame:
    """Return names that no register knows, each with up to three ranked candidates.

    Args:
        session: A session in which the party tables were built.

    Returns:
        Shape: name, code, mentions, then candidate_1..3, code_1..3, score_1..3 (0-100), one row
        per unresolved name; empty when there is no register to compare with.
    """
    unresolved = session.frame(_UNRESOLVED)
    known = session.frame(_REGISTERED)
    names = known["name_key"].to_list()
    rows = []
    for row in unresolved.to_dicts() if names else []:
        found = process.extract(
            row["name_key"], names, scorer=fuzz.ratio, limit=_COUNT, score_cutoff=_MIN_SCORE
        )
        entry = {"name": row["name"], "code": row["code"] or None, "mentions": row["mentions"]}
        for place in range(_COUNT):
            hit = found[place] if place < len(found) else None
            entry[f"candidate_{place + 1}"] = known["name"][hit[2]] if hit else None
            entry[f"code_{place + 1}"] = known["party_id"][hit[2]] if hit else None
            entry[f"score_{place + 1}"] = round(hit[1]) if hit else None
        rows.append(entry)
    schema = {"name": pl.String, "code": pl.String, "mentions": pl.Int64}
    for place in range(1, _COUNT + 1):
        schema |= {
            f"candidate_{place}": pl.String,
            f"code_{place}": pl.String,
            f"score_{place}": pl.Int64,
        }
    return pl.DataFrame(rows, schema=schema)
