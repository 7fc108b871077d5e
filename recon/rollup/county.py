"""One county in a process of its own: `python -m recon.rollup.county TASK.json`.

It checks the county, then writes its registers for the city: persons, vehicles, cards, payers and
unions as tokens under the city's key, their names masked. No identity leaves the county's folder
but as a token. Not here: which counties are run (`counties`, `turns`).
"""

from __future__ import annotations

import hmac
import json
import sys
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from recon.base import resources
from recon.base.errors import ReconError
from recon.base.models import CheckRequest, Text
from recon.base.temporary import write_whole
from recon.run.check import examined_run, run_check
from recon.tables.checks import uscc_is_valid
from recon.tables.masking import mask_one, mask_text
from recon.tables.names import person_token

if TYPE_CHECKING:
    from collections.abc import Mapping

#: How labels are masked; a plate is looked up by auditors and stays.
_MASKS = {"trained": "person", "card": "card"}
#: Kinds whose identity is a credit code, of registers or not: its check digit says that it is one.
_CODED = ("union", "remitted", "refunded")
REGISTER: dict[str, pl.DataType] = {
    "county": pl.String(),
    "kind": pl.String(),
    "token": pl.String(),
    "label": pl.String(),
    "year": pl.Int64(),
    "amount": pl.Decimal(18, 2),
    "locale": pl.String(),
    "place": pl.String(),
    "exceptions": pl.List(pl.String()),
}


@dataclass(frozen=True)
class Task:
    """What a county's process is told; all plain, so that it goes through JSON."""

    county: str
    folder: str
    as_of: str
    key: str
    register: str
    answer: str
    memory: str | None = None
    threads: int | None = None
    engine: Literal["duckdb", "spark"] = "duckdb"
    master: str | None = None

    def to_json(self) -> bytes:
        """Return the task as a file holds it."""
        return json.dumps(asdict(self), ensure_ascii=False).encode()


def examine(task: Task) -> dict[str, Any]:
    """Check a county and write its register; return where its run stands.

    Raises:
        ReconError: The county has no true answer.
    """
    request = CheckRequest(
        Path(task.folder),
        date.fromisoformat(task.as_of),
        memory=task.memory,
        threads=task.threads,
        engine=task.engine,
        master=task.master,
        use_cache=True,
    )
    result = run_check(request)
    run = Path(result.run_dir)
    listed = pl.read_parquet(
        run / "exceptions.parquet", columns=["exception_id", "party_id", "evidence"]
    )
    sql = (resources.shipped("sql") / "city" / "register.sql").read_text(encoding="utf-8")
    with examined_run(request, with_rules=False) as examined:
        found = examined.session.select(sql, "city/register.sql")
    locale = str(json.loads((run / "run.json").read_text(encoding="utf-8"))["locale"])
    register_of(found, listed, task.county, locale, bytes.fromhex(task.key)).write_parquet(
        task.register
    )
    return {"run": str(run)}


def register_of(
    found: pl.DataFrame, listed: pl.DataFrame, county: str, locale: str, key: bytes
) -> pl.DataFrame:
    """Return a county's register for the city: tokens for identities, labels masked.

    Args:
        found: Rows of sql/city/register.sql; those whose credit code is none are left out.
        listed: exception_id, party_id and evidence of the county's run.
        county: Its name.
        locale: Its locale.
        key: The city's key.

    Returns:
        Columns of `REGISTER`.
    """
    by_place: dict[str, list[str]] = {}
    by_party: dict[str, list[str]] = {}
    for one, party, evidence in listed.iter_rows():
        by_party.setdefault(party or "", []).append(one)
        for place in evidence or ():
            by_place.setdefault(place, []).append(one)
    code = pl.col("identity")
    is_code = uscc_is_valid(code) & ~code.str.contains("^0+$")
    rows = [
        {
            "county": county,
            "kind": row["kind"],
            "token": token_of(row["kind"], row["identity"], key),
            "label": _masked(row),
            "year": row["year"],
            "amount": row["amount"],
            "locale": locale,
            "place": mask_text(row["place"]),
            "exceptions": sorted(
                {*by_place.get(row["place"], ()), *by_party.get(row["party_id"] or "-", ())}
            ),
        }
        for row in found.filter(is_code | ~pl.col("kind").is_in(_CODED)).iter_rows(named=True)
    ]
    return pl.DataFrame(rows, schema=REGISTER).sort("kind", "token", "year", "place")


def token_of(kind: str, identity: str, key: bytes) -> str:
    """Return what stands for an identity in the city (16 hex); alike in all kinds of one nature."""
    if kind == "trained":
        return person_token(identity, key)
    return hmac.digest(key, identity.encode(), "sha256").hex()[:16]


def _masked(row: Mapping[str, Any]) -> str:
    label, kind = str(row["label"] or ""), _MASKS.get(str(row["kind"]))
    return mask_one(label, kind) if kind and label else mask_text(label)


def main(path: str) -> int:
    """Do one task; the answer, good or bad, is a file."""
    task = Task(**json.loads(Path(path).read_text(encoding="utf-8")))
    try:
        answer = examine(task)
    except ReconError as error:
        answer = {"error": {"zh": error.text.zh, "en": error.text.en}}
    except Exception as error:  # noqa: BLE001 - another county must not fall with this one
        said = Text(
            f"程序内部错误：{type(error).__name__}", f"internal error: {type(error).__name__}"
        )
        answer = {"error": {"zh": said.zh, "en": said.en}}
    write_whole(Path(task.answer), json.dumps(answer, ensure_ascii=False).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
