"""文书: letters, inquiries, report, register: previewed, chosen by unit, written and downloaded.

Here: the page over `recon report`, the run's workbook, and `recon review import`. Not here: what a
paper says (`recon.report`).
"""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse

from recon.base.models import Text
from recon.base.temporary import temporary_folder
from recon.base.texts import say
from recon.desk.errors import FieldError
from recon.desk.place import now
from recon.ledger.picks import import_picks
from recon.ledger.review import ImportReport, import_reviews
from recon.report import (
    BRIEF,
    FOLDER,
    INQUIRIES,
    LETTERS,
    PAPERS,
    REGISTER,
    REPORT,
    WRITERS,
    write_papers,
)
from recon.report.brief import brief_page
from recon.report.inspection import inspection_report
from recon.report.letters import addressees, volumes
from recon.report.papers import volumes as working_papers
from recon.report.standing import Standing, read_standing
from recon.report.web import write_web_page

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from starlette.responses import Response

    from recon.desk.visit import Visit
    from recon.report.blocks import Block

#: A previewed paper is shown as paper: no script, nothing from anywhere.
_PAPER = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"


def _named(*papers: Text) -> Text:
    """Return papers by the names of their files."""
    english = ", ".join(each.en.replace("-", " ") for each in papers)
    return Text("、".join(each.zh for each in papers), english)


KINDS = {
    "standard": _named(REPORT, REGISTER, LETTERS),
    "leads": _named(INQUIRIES),
    "brief": _named(BRIEF),
    "papers": _named(PAPERS),
}
_RUN_FILES = ("exceptions.xlsx", "exceptions.csv", "report.html")


def _standing(visit: Visit) -> Standing:
    place = visit.place
    standing = read_standing(place.run, place.workspace, place.out_dir, place.data_dir)
    units = visit.all_said("unit") or visit.query.getlist("unit")
    return standing.only(units) if units else standing


def show(visit: Visit) -> Response:
    """Show what can be written, what was written, and who would get a letter."""
    standing = _standing(visit)
    run = standing.run
    return visit.draw(
        "papers.html",
        kinds={name: text for name, text in KINDS.items() if name in WRITERS},
        letters=addressees(standing).to_dicts(),
        inquiries=addressees(standing, "lead").to_dicts(),
        is_reviewed=standing.is_reviewed,
        run=run,
        files=[name for name in _RUN_FILES if (run / name).is_file()],
        papers=sorted(path.name for path in (run / FOLDER).glob("*") if _is_paper(path)),
        names={"report": REPORT, "letters": LETTERS, "inquiries": INQUIRIES},
    )


def _is_paper(path: Path) -> bool:
    return path.is_file() and not path.name.startswith((".", "~"))


def preview(visit: Visit) -> Response:
    """Show a paper as it will read."""
    standing, kind = _standing(visit), visit.names["kind"]
    blocks: Iterable[Block]
    if kind == "report":
        blocks = inspection_report(standing)
    elif kind == "brief":
        blocks = brief_page(standing)
    elif kind == "papers":
        blocks = next(working_papers(standing), ())
    elif kind in ("letters", "inquiries"):
        found = volumes(standing, "finding" if kind == "letters" else "lead")
        blocks = next(found, ())
    else:
        raise HTTPException(404)
    with temporary_folder("desk") as folder:
        path = folder / "paper.html"
        write_web_page(blocks, path)
        text = path.read_text(encoding="utf-8")
    return HTMLResponse(text, headers={"content-security-policy": _PAPER})


def write(visit: Visit) -> Response:
    """Write papers of the chosen kinds and units into the run's folder `report`."""
    kinds = tuple(kind for kind in visit.all_said("kind") if kind in WRITERS)
    if not kinds:
        raise FieldError(Text("文书", "papers"), Text("没有选", "none is chosen"))
    standing = _standing(visit)
    with visit.desk.writing:
        papers = write_papers(standing, standing.run / FOLDER, kinds)  # type: ignore[arg-type]
    names = "、".join(paper.path.name for paper in papers)
    beside = any(paper.is_beside for paper in papers)
    note = Text(
        f"已写：{names or '（没有可写的）'}。", f"Written: {names or '(nothing to write)'}."
    )
    if beside:
        more = Text(
            "有的同名文件被人改过或开着，没有覆盖，新的另编号。",
            "Edited or open files were left alone; the new ones are numbered.",
        )
        visit.session.notes.append(say(more))
    return visit.go("/papers", note)


def download(visit: Visit) -> Response:
    """Give a file of the newest run: a paper, or the run's workbook, list or page."""
    name, run = visit.names["name"], visit.place.run
    papers = {path.name: path for path in (run / FOLDER).glob("*") if _is_paper(path)}
    of_run = {each: run / each for each in _RUN_FILES if (run / each).is_file()}
    found = (papers if visit.names["where"] == "report" else of_run).get(name)
    if found is None:
        raise HTTPException(404)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return FileResponse(found, media_type=kind, headers=headers)


def take_workbook(visit: Visit) -> Response:
    """Take reviewers' workbooks into the ledger, as `recon review import` does."""
    files = [one for one in visit.files("file") if one.filename]
    if not files:
        raise FieldError(Text("工作簿", "workbook"), Text("没有选文件", "no file was chosen"))
    place = visit.place
    with temporary_folder("desk") as folder, visit.desk.writing:
        paths = []
        for number, file in enumerate(files, start=1):
            path = folder / f"{number}-workbook.xlsx"
            path.write_bytes(file.file.read())
            paths.append(path)
        ledger = place.proven_ledger
        report, matches = import_reviews(paths, place.out_dir, ledger.path, now()), ImportReport()
        import_picks(paths, place.out_dir, ledger.path, now(), matches)
    return visit.draw("imported.html", report=report, matches=matches)


PAGES = (
    ("GET", "/papers", show),
    ("GET", "/papers/preview/{kind}", preview),
    ("POST", "/papers/write", write),
    ("POST", "/papers/import", take_workbook),
    ("GET", "/papers/file/{where}/{name}", download),
)
