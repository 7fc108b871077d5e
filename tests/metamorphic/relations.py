"""Changes to a county, each with what it must leave as it is and what must change with it.

A relation changes the county and says what the exceptions must be then. Everything else about an
exception must be equal, and so must the word of every rule. Not here: running a check (see
`outcome`), drawing (`county`), other years and sums (`moved`).
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.metamorphic.clean import ACCOUNT, NEW, clean_payers
from tests.metamorphic.moved import YEARS, scale, shift, texts_later

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.metamorphic.county import County, Row
    from tests.metamorphic.outcome import Outcome, Said

MONEY = ("amount", "expected", "actual", "difference")
ROWS = ("evidence", "kin")
_WORDS = ("message", "message_en", "formula", "detail")
_IDS = ("exception_id", "linked_to")
#: Rates of the whole county: three published figures, each computed from all payers and members.
_COUNTY_RATES = frozenset({"ORG-01", "ORG-02", "ORG-06"})
#: Sums of a month over all payers.
_MONTH_SUMS = frozenset({"REM-08", "REM-09"})
_MASKED_CHECK_DIGIT = re.compile(r"(\*{8}\d{3})[\dX]")


def _as_it_is(said: Said) -> Said:
    return said


@dataclass(frozen=True)
class Relation:
    """One change of a county and its effect.

    `expect` turns an exception of the county into that of the changed one; `shown` leaves out what
    is not compared; the rules in `apart` are not compared at all. `factor` is that of the money: an
    amount may be off by half a fen for each of its rows, times the factor. `counts` says whether
    rows set aside and quality items must be as many as before. `stays` and `changes` are for
    people.
    """

    name: str
    change: Callable[[County, int], County]
    stays: str
    changes: str
    expect: Callable[[Said], Said] = _as_it_is
    shown: Callable[[Said], Said] = _as_it_is
    apart: frozenset[str] = frozenset()
    factor: int = 1
    counts: bool = False


def without(*names: str) -> Callable[[Said], Said]:
    """Return what leaves some columns of an exception out."""
    return lambda said: {name: value for name, value in said.items() if name not in names}


def look(**words: Any) -> Callable[[County, int], County]:
    """Return the change of how the tables are written; `...` stands for the seed."""

    def change(county: County, seed: int) -> County:
        chosen: dict[str, Any] = {
            name: seed if word is ... else word for name, word in words.items()
        }
        return replace(county, look=replace(county.look, **chosen))

    return change


def split(county: County, _seed: int) -> County:
    """Split every third tax payment that stands alone for its period: 100 yuan, and the rest.

    Both parts have the voucher, the day and the declaration (base, rate, due) of the whole.
    """
    rows = county.tables["tax_collection"]
    alone = Counter(map(_fee, rows))
    parted = [
        part
        for at, row in enumerate(rows)
        for part in (
            [{**row, "paid": Decimal(100)}, {**row, "paid": row["paid"] - 100}]
            if at % 3 == 0 and row["paid"] > 300 and alone[_fee(row)] == 1
            else [row]
        )
    ]
    return replace(county, tables={**county.tables, "tax_collection": parted})


def _fee(row: Row) -> tuple[Any, ...]:
    return (row.get("payer_uscc"), row.get("payer_name"), row.get("period_from"))


def add_clean(county: County, seed: int) -> County:
    """Add three to five payers without a fault, with a bank account of their own."""
    added = clean_payers(3 + seed % 3)
    return replace(
        county,
        tables={name: rows + added.get(name, []) for name, rows in county.tables.items()},
        accounts=(*county.accounts, ACCOUNT),
    )


def _without_newcomers(said: Said) -> Said:
    kept = {
        name: [one for one in value if not one[0].startswith(NEW)] if name in ROWS else value
        for name, value in said.items()
    }
    if said["rule"] in _MONTH_SUMS:
        kept = without(*_WORDS, "expected", "actual")(kept)
    return kept


def _years_later(said: Said) -> Said:
    return {name: texts_later(value, name) for name, value in said.items()}


def _without_births(said: Said) -> Said:
    """Leave out ids, made of periods and identity numbers, and the check digits that are shown."""
    text = json.dumps(without(*_IDS)(said), default=str, ensure_ascii=False)
    kept: Said = json.loads(_MASKED_CHECK_DIGIT.sub(r"\1", text))
    kept |= {name: said[name] for name in MONEY if name in said}
    if re.fullmatch("[0-9a-f]{16}", said["party_id"] or ""):
        kept.pop("party_id")
    return kept


def _times(factor: int) -> Callable[[Said], Said]:
    def expect(said: Said) -> Said:
        return {
            name: value * factor if name in MONEY and value is not None else value
            for name, value in said.items()
        }

    return expect


_ALL = "every exception in every column, and the word of every rule"

#: What lies in the folder twice, or empty.
AGAIN = (
    Relation(
        "every file copied under another name",
        look(copied=True),
        _ALL,
        "each copy is named once; its rows are counted as repeated",
    ),
    Relation(
        "two exports of each table that share a month",
        look(overlapping=True),
        _ALL,
        "the paths and rows in evidence, one for one; the rows that both hold are named. ORG-08 "
        "counts members by source: one listed twice, once without a source, is one person where "
        "two files list it, and is not compared",
        apart=frozenset({"ORG-08"}),
    ),
    Relation(
        "the empty templates of recon init beside the files",
        look(templates=True),
        _ALL,
        "nothing",
        counts=True,
    ),
    Relation(
        "all files merged into one workbook",
        look(merged=True),
        _ALL,
        "the paths in evidence, which name the sheet now",
        counts=True,
    ),
)
RELATIONS = (
    *AGAIN,
    Relation(
        "files renamed, in the opposite order",
        look(backwards=True),
        _ALL,
        "the paths in evidence, one for one",
        counts=True,
    ),
    Relation(
        "rows permuted in every file",
        look(shuffle=...),
        _ALL,
        "the row numbers in evidence, one for one; of rows under one key (lines of a voucher, one "
        "payment listed twice) evidence may name another",
        shown=without("evidence"),
        counts=True,
    ),
    Relation(
        "csv turned into xlsx",
        look(form="xlsx"),
        _ALL,
        "the paths in evidence, which name the sheet now",
        counts=True,
    ),
    Relation("money in 万元", look(wan=True), _ALL, "nothing", counts=True),
    Relation(
        "a third of the tax payments split in two",
        split,
        _ALL,
        "evidence names both parts",
    ),
    Relation(
        "three to five clean payers added",
        add_clean,
        "every exception in every column; the newcomers have none",
        "REM-08 and REM-09, sums of a month: both sides and the rows grow by the newcomers', the "
        "amount stays; ORG-01, ORG-02, ORG-06, rates of the whole county, are computed anew",
        shown=_without_newcomers,
        apart=_COUNTY_RATES,
    ),
    Relation(
        f"{YEARS} years later, policy, holidays and births too",
        shift,
        "every exception in every column",
        "the years in periods and texts; ids, which are made of periods and identity numbers. "
        "TRN-04 goes by the statutory table of birth months and is not compared",
        expect=_years_later,
        shown=_without_births,
        apart=frozenset({"TRN-04"}),
    ),
    *(
        Relation(
            f"money times {factor}, that of the policy too",
            scale(factor),
            "who, when, which way, on which rows, counted or not",
            f"amounts times {factor}, to half a fen for each row, times {factor}; "
            "ids that are made of amounts; texts",
            expect=_times(factor),
            shown=without(*_WORDS, *_IDS, "policy"),
            factor=factor,
        )
        for factor in (10, 10_000)
    ),
)


def together(name: str, *parts: Relation) -> Relation:
    """Return several changes as one: made, expected and shown one after the other."""

    def change(county: County, seed: int) -> County:
        for part in parts:
            county = part.change(county, seed)
        return county

    def through(said: Said, steps: list[Callable[[Said], Said]]) -> Said:
        for step in steps:
            said = step(said)
        return said

    factor = 1
    for part in parts:
        factor *= part.factor
    return Relation(
        name,
        change,
        "; ".join(part.stays for part in parts),
        "; ".join(part.changes for part in parts),
        expect=lambda said: through(said, [part.expect for part in parts]),
        shown=lambda said: through(said, [part.shown for part in parts]),
        apart=frozenset().union(*(part.apart for part in parts)),
        factor=factor,
        counts=all(part.counts for part in parts),
    )


def judge(relation: Relation, before: Outcome, after: Outcome) -> list[str]:
    """Say where the changed county's outcome is not what it must be.

    Args:
        relation: The change that was made.
        before: What the county gave.
        after: What the changed county gave.

    Returns:
        One sentence per difference, by rule; empty when there is none.
    """
    expected = [relation.shown(relation.expect(one)) for one in _compared(relation, before)]
    actual = [relation.shown(one) for one in _compared(relation, after)]
    found = list(_differences(expected, actual, relation.factor))
    for code, word in before.statuses.items():
        if code not in relation.apart and after.statuses[code] != word:
            found.append(f"{code}: {word}, then {after.statuses[code]}")
    if relation.counts and before.rows != after.rows:
        found.append(f"rows set aside and doubted: {before.rows}, then {after.rows}")
    return sorted(found)


def _compared(relation: Relation, outcome: Outcome) -> list[Said]:
    return [said for said in outcome.exceptions if said["rule"] not in relation.apart]


def _differences(expected: list[Said], actual: list[Said], factor: int) -> Iterator[str]:
    """Pair exceptions by all that is no money, then compare the money of each pair."""
    left, right = _by_words(expected), _by_words(actual)
    for words in sorted(left.keys() | right.keys()):
        ones, others = left[words], right[words]
        if len(ones) != len(others):
            yield f"{words}: {len(ones)} expected, {len(others)} found"
        for one, other in zip(ones, others, strict=False):
            slack = Decimal("0.005") * factor * one.rows if factor > 1 else Decimal(0)
            if any(_apart(a, b) > slack for a, b in zip(one.money, other.money, strict=True)):
                yield f"{words}: {one.money} expected, {other.money} found"


@dataclass(frozen=True)
class _Sums:
    money: tuple[Decimal | None, ...]
    rows: int


def _by_words(said: list[Said]) -> defaultdict[str, list[_Sums]]:
    found: defaultdict[str, list[_Sums]] = defaultdict(list)
    for one in said:
        kept = without(*MONEY, *(["kin"] if "evidence" in one else []))(one)
        words = {"rule": one["rule"], **kept}
        money = tuple(one.get(name) for name in MONEY)
        sums = _Sums(money, len(one.get("evidence", ())) + 1)
        found[json.dumps(words, ensure_ascii=False, default=str)].append(sums)
    return defaultdict(list, {key: sorted(some, key=str) for key, some in found.items()})


def _apart(one: Decimal | None, other: Decimal | None) -> Decimal:
    if one is None or other is None:
        return Decimal(0 if one is other else "Infinity")
    return abs(one - other)
