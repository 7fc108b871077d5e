"""The page of a run: one file that opens from a double-click and asks nothing of a network.

Here: turning a finished run into the page's data, and putting data, style and script together under
a content security policy that names their hashes. Not here: what the page looks like (see
`templates`).
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import polars as pl
from jinja2 import Environment

from recon.base.models import DEFINITE_DIRECTIONS
from recon.base.temporary import write_whole
from recon.base.texts import DIRECTIONS, FAMILIES, SEVERITIES, STATES, STATUSES
from recon.output.brief import Seen, brief_of, last_record
from recon.output.sheets import REVIEW_COLUMNS, named_values
from recon.output.split import addition, split

if TYPE_CHECKING:
    from decimal import Decimal
    from pathlib import Path

    from recon.base.models import CheckResult, RuleOutcome, Text

PAGE = "report.html"
#: A browser stays quick up to here; the rest is in the csv, and the page says so.
MOST_ROWS = 100_000
_MOST_EVIDENCE = 30
#: Columns whose values repeat, written once and pointed at.
_DICTIONARIES = {
    "rule": "rule",
    "severity": "severity",
    "direction": "direction",
    "state": "state",
    "party": "party_name",
    "party_id": "party_id",
    "period": "period",
    "policy": "policy",
    "explanations": "explanations",
    "explanations_en": "explanations_en",
    "detail": "detail",
}


def _fen(column: str) -> pl.Expr:
    """Express money as whole fen, which JavaScript holds exactly."""
    return (pl.col(column).cast(pl.Decimal(20, 2)) * 100).cast(pl.Int64)


def _as_fen(amount: Decimal) -> int:
    return int(amount * 100)


def _pair(text: Text | None) -> list[str] | None:
    return None if text is None else [text.zh, text.en]


def _texts(texts: Mapping[str, Text]) -> dict[str, list[str]]:
    return {code: [text.zh, text.en] for code, text in texts.items()}


def _shown(result: CheckResult) -> pl.DataFrame:
    """Choose the rows of the page, with their state and lists as lines of text."""
    found = named_values(result.exceptions, result.policy_used.to_dicts())
    if found.height > MOST_ROWS:
        level = pl.col("severity").replace_strict(
            list(SEVERITIES), list(range(len(SEVERITIES))), default=9, return_dtype=pl.Int8
        )
        place = pl.int_range(pl.len()).alias("place")
        found = (
            found.with_columns(place)
            .sort(
                level, pl.col("amount").fill_null(0), descending=[False, True], maintain_order=True
            )
            .head(MOST_ROWS)
            .sort("place")
            .drop("place")
        )
    if "state" in result.states.columns:
        states = result.states.select("exception_id", "state")
    else:
        states = pl.DataFrame(schema={"exception_id": pl.String, "state": pl.String})
    return found.join(states, on="exception_id", how="left", maintain_order="left").with_columns(
        pl.col("evidence").list.len().alias("evidence_count"),
        pl.col("evidence").list.head(_MOST_EVIDENCE).list.join("\n"),
        *(pl.col(name).list.join("\n") for name in ("policy", "explanations", "explanations_en")),
    )


def _rows(shown: pl.DataFrame) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    """Write rows column by column, and the dictionaries of the columns that repeat."""
    plain = shown.select(
        pl.col("exception_id").alias("id"),
        *(_fen(name).alias(name) for name in ("amount", "expected", "actual", "difference")),
        pl.col("counted").cast(pl.Int8),
        pl.col("unverified_policy").cast(pl.Int8).alias("unverified"),
        pl.col("linked_to").alias("linked"),
        "message",
        "message_en",
        "formula",
        "evidence",
        "evidence_count",
    )
    rows = {name: plain[name].to_list() for name in plain.columns}
    dictionaries: dict[str, list[Any]] = {}
    for name, column in _DICTIONARIES.items():
        values = shown[column]
        words = values.unique(maintain_order=True)
        places = pl.DataFrame({"word": words, "place": range(len(words))})
        coded = pl.DataFrame({"word": values}).join(
            places, on="word", how="left", maintain_order="left", nulls_equal=True
        )
        rows[name] = coded["place"].to_list()
        dictionaries[name] = words.to_list()
    return rows, dictionaries


def _families(result: CheckResult) -> list[dict[str, Any]]:
    found = result.exceptions.with_columns(family=pl.col("rule").str.split("-").list.first())
    sums = found.filter("counted").group_by("family", "direction").agg(pl.col("amount").sum())
    amounts: dict[str, dict[str, int]] = {}
    for family, direction, amount in sums.sort("family", "direction").iter_rows():
        amounts.setdefault(family, {})[direction] = _as_fen(amount)
    counts = found.group_by("family").agg(
        pl.len().alias("exceptions"), (pl.col("direction") == "verify").sum().alias("leads")
    )
    order = list(FAMILIES)
    rows = sorted(
        counts.iter_rows(named=True),
        key=lambda row: (
            order.index(row["family"]) if row["family"] in order else len(order),
            row["family"],
        ),
    )
    return [{**row, "amounts": amounts.get(row["family"], {})} for row in rows]


def _brief(result: CheckResult) -> dict[str, Any]:
    known = [name for name in REVIEW_COLUMNS if name in result.states.columns]
    rows = result.exceptions.join(
        result.states.select("exception_id", *known).unique("exception_id"),
        on="exception_id",
        how="left",
        maintain_order="left",
    )
    period = (str(result.review_from), str(result.review_to))
    before = last_record(result.run_dir.parent, result.states, period)
    as_of = str(result.request.as_of)
    found = brief_of(Seen(rows, result.states, result.outcomes, as_of, before))
    return {
        "largest": [
            {
                "party": each.party, "direction": each.direction, "lines": each.lines,
                "problems": [_pair(one) for one in each.problems],
                "found": _as_fen(each.found), "unseen": _as_fen(each.unseen),
            }
            for each in found.largest
        ],
        "ways": [
            {
                "direction": each.direction, "amount": _as_fen(each.amount),
                "before": None if each.before is None else _as_fen(each.before),
                "found": _as_fen(each.found),
            }
            for each in found.ways
        ],
        "trend": _pair(found.trend),
        "decisions": [_pair(each) for each in found.decisions],
    }  # fmt: skip


def _rule(each: RuleOutcome) -> dict[str, Any]:
    return {
        "rule": each.rule,
        "title": _pair(each.title),
        "status": each.status,
        "reason": _pair(each.reason),
        "examined": each.rows_examined,
        "exceptions": each.exceptions,
    }


def page_data(result: CheckResult) -> dict[str, Any]:
    """Return all that the page shows.

    Shape: meta, texts, totals, split, brief, addition, families, rules, warnings, and `rows`
    column by column: of one that is a key of `dictionaries` each value is a place in that list.
    Units: whole fen.
    """
    rows, dictionaries = _rows(_shown(result))
    about = result.run_info.get("self")
    totals = {each.direction: each for each in result.totals}
    return {
        "meta": {
            "run_id": result.run_id,
            "as_of": str(result.request.as_of),
            "from": str(result.review_from),
            "to": str(result.review_to),
            "self": str(about.get("name") or "") if isinstance(about, Mapping) else "",
            "masked": result.request.mask,
            "lang": result.request.lang,
            "all": result.exceptions.height,
        },
        "texts": {
            "directions": _texts(DIRECTIONS),
            "severities": _texts(SEVERITIES),
            "states": _texts(STATES),
            "statuses": _texts(STATUSES),
            "families": _texts(FAMILIES),
        },
        "totals": [
            {
                "direction": direction,
                "exceptions": total.exceptions if (total := totals.get(direction)) else 0,
                "confirmed": _as_fen(total.confirmed) if total else 0,
                "unconfirmed": _as_fen(total.unconfirmed) if total else 0,
            }
            for direction in DEFINITE_DIRECTIONS
        ],
        "split": [
            {**row, **{name: _as_fen(row[name]) for name in ("amount", "confirmed", "unconfirmed")}}
            for row in split(result.exceptions)
            .select("direction", "category", "exceptions", "amount", "confirmed", "unconfirmed")
            .iter_rows(named=True)
        ],
        "brief": _brief(result),
        "addition": [addition(result.exceptions, lang) for lang in ("zh", "en")],
        "families": _families(result),
        "rules": [_rule(each) for each in result.outcomes],
        "warnings": [_pair(each) for each in result.warnings],
        "dictionaries": dictionaries,
        "rows": rows,
    }


def script_json(value: object) -> str:
    r"""Write a value as JSON that no text inside can break out of a script element with.

    Returns:
        Compact JSON without <, >, & and the line separators of JavaScript.

    Example:
        >>> script_json(["</script>"])
        '["\\u003c/script\\u003e"]'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _source(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def render_page(result: CheckResult) -> str:
    """Render the page of a run.

    Returns:
        HTML; the same run gives the same text. Without its data it is under 100 KB.
    """
    folder = files("recon.output") / "templates"
    page, style, script = (
        (folder / name).read_text(encoding="utf-8") for name in ("page.html", "page.css", "page.js")
    )
    policy = (
        f"default-src 'none'; style-src {_source(style)}; script-src {_source(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        Environment(autoescape=True)
        .from_string(page)
        .render(
            lang="en" if result.request.lang == "en" else "zh-CN",
            csp=policy,
            title=f"recon {result.run_id}",
            style=style,
            script=script,
            data=script_json(page_data(result)),
        )
    )


def write_page(result: CheckResult, folder: Path) -> Path:
    """Write report.html into the run folder, at once or not at all.

    Raises:
        OSError: The file cannot be written.
    """
    path = folder / PAGE
    write_whole(path, render_page(result).encode("utf-8"))
    return path


def write(result: CheckResult, folder: Path) -> tuple[Text, ...]:
    """Write the page (see `write_page`); there is never anything to tell."""
    write_page(result, folder)
    return ()
