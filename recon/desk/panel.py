"""The side panel of one exception: its numbers, sources and history, and the verdict.

Here: one exception's page and what is booked from it. Verdicts and their undoing are the events of
`recon review decide` and `undo`. Not here: the list (see `exceptions`).
"""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import polars as pl

from recon.base.errors import ExceptionUnknownError, ReconError
from recon.base.models import Text
from recon.base.texts import say, spoken
from recon.desk.errors import FieldError
from recon.desk.listing import Listed, listed
from recon.desk.place import now
from recon.desk.quoting import quoted
from recon.ledger.by_hand import decide, reverse
from recon.ledger.decisions import FACTS, items_of, reversed_events
from recon.ledger.store import read_events
from recon.output.sheets import REVIEW_COLUMNS, VERDICTS
from recon.output.units import UNIT_VERDICTS
from recon.rules.catalog import load_rules
from recon.rules.pages import reference_line
from recon.why_not.spoken import header_of

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.responses import Response

    from recon.desk.visit import Visit
    from recon.ledger.store import Event
    from recon.rules.catalog import Rule

#: The panel's fields by the names of the ledger, and those that it does not ask: they stay.
_FIELDS = ("verdict", "confirmed_amount", "reason", "responsible", "due_on")
_UNASKED = ("office", "measure", "measure_type")
KINDS = {
    "review": Text("复核", "decided"),
    "recover": Text("收回", "recovered"),
    "close": Text("销号", "closed"),
    "reopen": Text("重新打开", "opened again"),
    "reverse": Text("撤回", "taken back"),
}
#: What an event holds beside a decision.
_STEPS = {
    "recovered": Text("收回", "recovered"),
    "on": Text("到账日", "arrived on"),
    "reference": Text("凭证号", "voucher"),
    "by": Text("经办人", "by"),
    "proof": Text("证明材料", "proof"),
    "reversed": Text("冲销第几号", "takes back no."),
    "reason_to_reverse": Text("冲销原因", "why taken back"),
}
_OTHERS = 30


def show(visit: Visit) -> Response:
    """Show one exception, beside the list or as a page of its own."""
    return _drawn(visit, visit.names["id"])


def _drawn(visit: Visit, exception_id: str, fault: Text | None = None) -> Response:
    found = listed(visit.place)
    row = _row(found, exception_id)
    given = {"row": row, "found": found, **_about(visit, found, row), "fault": fault}
    given["typed"] = {name: visit.said(name) for name in _FIELDS} if fault else _standing(row)
    template = "panel.html" if visit.is_part else "exception.html"
    return visit.draw(template, 409 if fault else 200, **given)


def rows(visit: Visit) -> Response:
    """Show the source rows of an exception as they stand in the files, persons masked."""
    found = listed(visit.place)
    quotes = quoted(visit.place, found.run, _row(found, visit.names["id"]))
    return visit.draw("quotes.html", quotes=quotes)


def _row(found: Listed, exception_id: str) -> dict[str, Any]:
    """Return all columns of an exception, and what holds of it.

    Raises:
        ExceptionUnknownError: The newest run has none of this id.
    """
    here = found.rows.filter(pl.col("exception_id") == exception_id)
    if here.height != 1:
        raise ExceptionUnknownError(exception_id, found.run, [])
    return {**_written(found.run, exception_id), **here.row(0, named=True)}


@lru_cache(maxsize=64)
def _written(run: Path, exception_id: str) -> dict[str, Any]:
    """Return all columns of an exception as its run wrote them, which never changes."""
    whole = pl.scan_parquet(run / "exceptions.parquet")
    mine = whole.filter(pl.col("exception_id") == exception_id).collect()
    return mine.row(0, named=True)


def _standing(row: dict[str, Any]) -> dict[str, str]:
    return {name: "" if row.get(name) is None else str(row[name]) for name in _FIELDS}


@lru_cache(maxsize=2)
def _rules(workspace: Path, run: str) -> dict[str, Rule]:  # noqa: ARG001 - a run's rules are fixed
    return {one.code: one for one in load_rules(workspace)}


def _about(visit: Visit, found: Listed, row: dict[str, Any]) -> dict[str, Any]:
    """Return what stands beside an exception: rule, sources, history, alike ones."""
    rule = _rules(visit.place.workspace, found.run.name).get(row["rule"])
    used = {f"{p['name']}={p['value']}@{p['starts_on']}": p for p in found.record["policy"]}
    events = read_events(visit.place.ledger.path)
    alike = _alike(found, row)
    return {
        "rule": rule,
        "basis": [reference_line(one, spoken()) for one in rule.provisions] if rule else [],
        "policy": [(value, used.get(value)) for value in row["policy"]],
        "detail": named(json.loads(row["detail"] or "{}")),
        "history": [each for each in events if each.exception_id == row["exception_id"]],
        "gone": reversed_events(events),
        "kinds": KINDS,
        "facts": FACTS,
        "said_of": said_of,
        "alike": {name: rows.height for name, rows in alike.items()},
        "others": alike["party"].filter(pl.col("exception_id") != row["exception_id"])
        .head(_OTHERS).to_dicts(),
        "verdicts": VERDICTS,
        "headers": REVIEW_COLUMNS,
    }  # fmt: skip


def named(detail: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return a detail under the headers people know, two of which may be alike; lists as text."""
    return [
        (header_of(name), "、".join(map(str, value)) if isinstance(value, list) else value)
        for name, value in detail.items()
    ]


def _alike(found: Listed, row: dict[str, Any]) -> dict[str, pl.DataFrame]:
    """Return the rows that are like one: of its unit and rule, of its rule, of its unit.

    Those that have a decision are left out of the first two: it stands.
    """
    same = (pl.col("rule") == row["rule"]) & (pl.col("direction") == row["direction"])
    mine = pl.col("party_id").eq_missing(pl.lit(row["party_id"], dtype=pl.String))
    is_open = pl.col("verdict").is_null()
    return {
        "unit": found.rows.filter(same & mine & is_open),
        "rule": found.rows.filter(same & is_open),
        "party": found.rows.filter(mine & pl.col("party_id").is_not_null()),
    }


def said_of(event: Event) -> str:
    """Return what an event holds beside the facts, each under its name."""
    headers = {name: about[0] for name, about in REVIEW_COLUMNS.items()}
    headers |= {name: say(text) for name, text in _STEPS.items()}
    return "；".join(
        f"{headers.get(name, '')}{' ' if name in headers else ''}{value}"
        for name, value in sorted(event.payload.items())
        if name not in FACTS and value and name not in ("source", "reversed_kind")
    )


def book(visit: Visit) -> Response:
    """Book a verdict for one exception, for its unit, or for all like it.

    A decision that came in between is shown and never written over.
    """
    exception_id = visit.names["id"]
    found = listed(visit.place)
    row = _row(found, exception_id)
    scope, verdict = visit.said("scope", "one"), visit.said("verdict")
    said = _said(visit)
    try:
        _demand_shown(visit, found)
        if scope == "one":
            said |= {name: row[name] for name in _UNASKED}
            seen = visit.said("seen")
            expected = {exception_id: int(seen) if seen.isdecimal() else 0}
            with visit.desk.writing:
                decide(visit.place.proven_ledger, [exception_id], said, now(), expected)
            note = Text("已记一条结论。", "One decision is booked.")
        else:
            ids = _alike(found, row)["unit" if scope == "unit" else "rule"]["exception_id"]
            note = book_many(visit, ids.to_list(), verdict, said)
    except ReconError as error:
        return _drawn(visit, exception_id, error.text)
    if visit.is_part:
        visit.session.notes.clear()
        answer = _drawn(visit, exception_id)
        answer.headers["HX-Trigger"] = "moved"
        return answer
    return visit.go(f"/exceptions/{exception_id}", note)


def _said(visit: Visit) -> dict[str, str | None]:
    said = {name: visit.said(name) or None for name in _FIELDS}
    return {**said, "reviewer": visit.who(), "reviewed_on": _day(visit)}


def _demand_shown(visit: Visit, found: Listed) -> None:
    """Refuse what was said of another run: its lines and amounts may be others.

    Raises:
        FieldError: A run has been finished since the page was drawn.
    """
    if visit.said("run") != found.run.name:
        since = Text(
            "打开这一页以后又核查过，金额和条数可能变了，没有登记。看过新的结果再登记",
            "a check has ended since this page was opened, and amounts and lines may be others. "
            "Nothing was booked. Look at the new ones and book again",
        )
        raise FieldError(Text("核查结果", "the results"), since)


def book_many(visit: Visit, ids: list[str], verdict: str, said: dict[str, str | None]) -> Text:
    """Book one verdict for many that have none of their own, all or none.

    Raises:
        FieldError: The verdict needs an amount of each, or there is nothing to decide.
    """
    if verdict not in UNIT_VERDICTS:
        wrong = Text("要逐条填，不能一次给多条", "is decided line by line")
        raise FieldError(verdict or say(Text("结论", "verdict")), wrong)
    with visit.desk.writing:
        ledger = visit.place.proven_ledger
        items = items_of(read_events(ledger.path))
        own = {key for key, one in items.items() if one.review is not None}
        rows = listed(visit.place).rows
        holds = set(rows.filter(pl.col("verdict").is_not_null())["exception_id"])
        open_ids = [one for one in ids if one not in holds]
        if not open_ids:
            nothing = Text("都已有结论，没有改动", "all are decided; nothing was changed")
            raise FieldError(Text("选中的例外", "the chosen exceptions"), nothing)
        expected = {key: items[key].review.event_id for key in own}  # type: ignore[union-attr]
        seen = {key: expected.get(key, 0) for key in open_ids}
        decide(ledger, open_ids, {**said, "confirmed_amount": None}, now(), seen)
    left = len(ids) - len(open_ids)
    return Text(
        f"已记 {len(open_ids)} 条结论；{left} 条已有结论，没有改。",
        f"{len(open_ids)} decisions booked; {left} were decided already and stay.",
    )


def _day(visit: Visit) -> str:
    return visit.said("reviewed_on") or date.today().isoformat()  # noqa: DTZ011 - the user's day


def book_chosen(visit: Visit) -> Response:
    """Book one verdict for the lines that are ticked in the list."""
    ids = visit.all_said("id")
    if not ids:
        raise FieldError(Text("例外", "exceptions"), Text("没有勾选", "none is ticked"))
    said = _said(visit)
    _demand_shown(visit, listed(visit.place))
    note = book_many(visit, ids, visit.said("verdict"), said)
    back = visit.said("back", "/exceptions")
    return visit.go(back if back.startswith("/exceptions") else "/exceptions", note)


def undo(visit: Visit) -> Response:
    """Take a decision back; the one before it stands again."""
    event = visit.said("event")
    if not event.isdecimal():
        raise FieldError(Text("记录号", "event"), Text("不是号码", "is no number"))
    reason = visit.said("reason_to_reverse") or say(Text("撤回复核", "taken back"))
    exception_id = visit.names["id"]
    try:
        with visit.desk.writing:
            reverse(visit.place.proven_ledger, int(event), reason, now(), only=("review",))
    except ReconError as error:
        return _drawn(visit, exception_id, error.text)
    if visit.is_part:
        answer = _drawn(visit, exception_id)
        answer.headers["HX-Trigger"] = "moved"
        return answer
    return visit.go(f"/exceptions/{exception_id}", Text("已撤回。", "Taken back."))


PAGES = (
    ("POST", "/exceptions/chosen", book_chosen),
    ("GET", "/exceptions/{id}", show),
    ("GET", "/exceptions/{id}/rows", rows),
    ("POST", "/exceptions/{id}/decide", book),
    ("POST", "/exceptions/{id}/undo", undo),
)
