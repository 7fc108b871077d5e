"""比较: two runs side by side, and why a rule found nothing about a unit.

Here: the page over `recon diff` and `recon explain --why-not`. Not here: either answer.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import polars as pl
from starlette.responses import HTMLResponse

from recon.base.models import Text
from recon.base.texts import spoken
from recon.desk.jobs import Job
from recon.ledger.known import run_folders
from recon.rules.catalog import load_rules
from recon.run.diff import compare_runs, find_run
from recon.why_not.ask import why_not

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.responses import Response

    from recon.desk.visit import Visit

KEY = "why"
_MOST = 500


def show(visit: Visit) -> Response:
    """Show both questions, and the answers that were asked for."""
    place = visit.place
    folders = list(run_folders(place.out_dir, None))
    folders.sort(key=lambda one: (one / "run.json").stat().st_mtime, reverse=True)
    runs = [_about(folder) for folder in folders]
    before, after = visit.said("before"), visit.said("after")
    found, rows = None, pl.DataFrame()
    if before and after:
        one, other = (find_run(word, place.out_dir) for word in (_name(before), _name(after)))
        found = compare_runs(one, other)
        rows = found.rows.filter(pl.col("state") != "persisting")
    return visit.draw(
        "compare.html",
        runs=runs,
        before=before or runs[:2][-1]["id"] if runs else "",
        after=after,
        found=found,
        rows=rows.head(_MOST).to_dicts(),
        more=max(0, rows.height - _MOST),
        rules=load_rules(place.workspace),
        job=visit.desk.jobs.get(KEY),
        asked=visit.desk.kept.get(KEY) or {"party": "", "rule": ""},
    )


def _name(word: str) -> str:
    """Return an id only: an address is no way to name a folder elsewhere."""
    return "".join(sign for sign in word if sign.isalnum())


def _about(folder: Path) -> dict[str, Any]:
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    when = datetime.fromtimestamp((folder / "run.json").stat().st_mtime, UTC).astimezone()
    return {"id": folder.name, "as_of": record.get("as_of"), "at": f"{when:%Y-%m-%d %H:%M}"}


def why(visit: Visit) -> Response:
    """Ask why a rule found nothing about a unit; it is worked out in a child process."""
    party = visit.needed("party", Text("单位", "unit"))
    rule = visit.needed("rule", Text("规则", "rule"))
    name = Text("追问", "the question")
    place = visit.place
    words = (party, rule, place.data_dir)
    visit.desk.jobs.start(KEY, lambda: Job(name, spoken(), asked, place.out_dir, *words))
    visit.desk.kept[KEY] = {"party": party, "rule": rule}
    return visit.go("/compare")


def asked(
    out_dir: Path, party: str, rule: str, data_dir: Path, tell: Callable[[str, str], None]
) -> str:
    """Return the answer as text."""
    tell("rules", rule)
    return why_not(out_dir, party, rule, data_dir)


def progress(visit: Visit) -> Response:
    """Say how far the question is."""
    job = visit.desk.jobs.get(KEY)
    if job is None or job.state != "running":
        return HTMLResponse("", headers={"HX-Refresh": "true"})
    return visit.draw("progress.html", job=job, address="/compare/progress")


PAGES = (
    ("GET", "/compare", show),
    ("POST", "/compare/why", why),
    ("GET", "/compare/progress", progress),
)
