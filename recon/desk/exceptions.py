"""例外: the list by line, unit or rule; filtered, sorted, searched and paged.

Here: the list and its page. Not here: the side panel and verdicts (see `panel`), the frame behind
it (see `listing`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from recon.base.models import Text
from recon.base.texts import DIRECTIONS, FAMILIES, SEVERITIES, STATES, say
from recon.desk.listing import PAGE, SORTS, by_rule, by_unit, chosen, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import polars as pl

    from recon.desk.listing import Listed
    from recon.desk.visit import Visit

_VIEWS = ("lines", "units", "rules")


def show(visit: Visit) -> Response:
    """Show the list; what is asked for stands in the address, so that it can be kept and sent."""
    found = listed(visit.place)
    words = dict(visit.query)
    view = words.get("view", "lines")
    view = view if view in _VIEWS else "lines"
    rows = chosen(found, words)
    whole = rows if view == "lines" else by_unit(rows) if view == "units" else by_rule(rows)
    page, pages = _page(words.get("page", "1"), whole.height)
    first = (page - 1) * PAGE
    return visit.draw(
        "exceptions.html",
        found=found,
        view=view,
        words=words,
        lines=whole.slice(first, PAGE).to_dicts(),
        count=rows.height,
        groups=whole.height,
        counted=rows.filter("counted")["amount"].sum() or 0,
        decided=rows["verdict"].is_not_null().sum(),
        page=page,
        pages=pages,
        choices=_choices(found),
        sorts=SORTS,
        said=_texts(found),
    )


def _texts(found: Listed) -> dict[str, Callable[[str], str]]:
    """Return how the words of lists are said."""
    titles = found.titles
    verdicts = {"open": Text("还没有", "undecided"), "decided": Text("已有", "decided")}

    def said(texts: Mapping[str, Text]) -> Callable[[str], str]:
        return lambda word: say(texts[word]) if word in texts else word

    return {
        "rule_text": lambda rule: f"{rule} {say(titles[rule])}" if rule in titles else rule,
        "family_text": lambda word: f"{word} {said(FAMILIES)(word)}" if word in FAMILIES else word,
        "direction_text": said(DIRECTIONS),
        "severity_text": said(SEVERITIES),
        "state_text": said(STATES),
        "verdict_text": said(verdicts),
    }


def _page(word: str, height: int) -> tuple[int, int]:
    pages = max(1, -(-height // PAGE))
    return (min(max(int(word), 1), pages) if word.isdecimal() else 1), pages


def _choices(found: Listed) -> dict[str, list[Any]]:
    """Return the words that the lists of filters offer: those that the run has."""
    rows: pl.DataFrame = found.rows
    return {
        name: sorted(rows[name].drop_nulls().unique().to_list())
        for name in ("family", "rule", "direction", "state")
    }


def pulse(visit: Visit) -> Response:
    """Say whether the ledger has moved since a page was drawn, so that it draws itself anew."""
    has_moved = visit.said("mark") != visit.place.ledger_mark
    return Response(status_code=204, headers={"HX-Trigger": "moved"} if has_moved else {})


PAGES = (("GET", "/exceptions", show), ("GET", "/pulse", pulse))
