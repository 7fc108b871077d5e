"""资料: what each file and sheet was taken for, files dropped in, and corrections by lists.

Here: the page. Corrections are `[[source]]` entries and layouts, written by the functions that
`recon map --save` uses. Not here: reading (see `survey`), writing uploads (see `incoming`).
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import polars as pl
from starlette.responses import HTMLResponse

from recon.base.errors import ReconError
from recon.base.models import RawSheet, SourceMapping, Text
from recon.base.texts import say, spoken
from recon.desk.errors import FieldError
from recon.desk.incoming import put
from recon.desk.jobs import Job
from recon.desk.log import note_unmasked
from recon.desk.survey import state_of, survey
from recon.intake.mapfile import literal, save_answers
from recon.intake.pipeline import check_sources
from recon.intake.values.units import UNIT_ZH
from recon.tables.layout_files import OWN_FOLDER, write_layout
from recon.tables.registry import specs

if TYPE_CHECKING:
    from starlette.responses import Response

    from recon.desk.visit import Visit

#: Readings with persons masked and in clear are two works: no window draws the other's.
KEY, _KEY_CLEAR = "survey", "survey_unmasked"


def show(visit: Visit) -> Response:
    """Show the files; they are read anew where something has changed."""
    mask = not visit.session.shows_all
    place = visit.place
    state = (*state_of(place.data_dir, place.out_dir, place.workspace / OWN_FOLDER), mask, spoken())
    key = _key(visit)
    job = visit.desk.jobs.get(key)
    if (job is None or visit.desk.kept.get(key) != state) and not _runs(job):
        work = survey if mask else survey_unmasked
        name = Text("读取资料", "reading the files")
        job = visit.desk.jobs.start(
            key, lambda: Job(name, spoken(), work, place.data_dir, place.out_dir)
        )
        visit.desk.kept[key] = state
    if job is not None and job.state == "running":
        job.wait(0.3)
    found = job.result if job and job.state == "done" else None
    return visit.draw("files.html", job=job, found=found, **_lists(found))


def survey_unmasked(*args: Any) -> dict[str, Any]:  # noqa: ANN401 - as `survey`
    """Read a folder with persons in clear."""
    return survey(*args, mask=False)


def _key(visit: Visit) -> str:
    return _KEY_CLEAR if visit.session.shows_all else KEY


def _runs(job: Job | None) -> bool:
    return job is not None and job.state == "running"


def _lists(found: dict[str, Any] | None) -> dict[str, Any]:
    """Sort the sheets: those with a question, those that are read, the rest."""
    sheets = found["sheets"] if found else []
    for number, one in enumerate(sheets):
        one["number"] = number
    firsts = [one for one in sheets if one["part"] == 1 or one["table"]]
    asked = [one for one in firsts if one["question"]]
    read = [one for one in firsts if one["table"] and not one["question"] and not one["is_blank"]]
    forms = [one for one in firsts if one["is_blank"] and not one["question"]]
    rest = [one for one in firsts if one not in asked and one not in read and one not in forms]
    return {"asked": asked, "read": read, "forms": forms, "rest": rest, "tables": specs(),
            "units": UNIT_ZH}  # fmt: skip


def progress(visit: Visit) -> Response:
    """Say how far the reading is; let the page be drawn anew once it has ended."""
    job = visit.desk.jobs.get(_key(visit))
    if job is None or job.state != "running":
        return HTMLResponse("", headers={"HX-Refresh": "true"})
    return visit.draw("progress.html", job=job, address="/files/progress")


def upload(visit: Visit) -> Response:
    """Take files in; what is refused is said file by file, the others stay."""
    ways = visit.all_said("way")
    taken = same = 0
    refused: list[Text] = []
    files = [one for one in visit.files("file") if one.filename]
    for number, file in enumerate(files):
        way = ways[number] if number < len(ways) else file.filename or ""
        try:
            is_new = put(visit.place.data_dir, way, file) is not None
            taken, same = taken + is_new, same + (not is_new)
        except ReconError as error:
            refused.append(error.text)
    visit.session.notes.extend(say(text) for text in refused[:20])
    note = Text(
        f"放入 {taken} 个文件；{same} 个原来就有；没有收下 {len(refused)} 个。",
        f"{taken} files taken in, {same} were there already, {len(refused)} not taken.",
    )
    return visit.go("/files", note)


def _sheet(visit: Visit) -> dict[str, Any]:
    """Return the sheet that a form is about, as the last reading left it.

    Raises:
        FieldError: The files were read anew since, and it is not there.
    """
    job = visit.desk.jobs.get(_key(visit))
    sheets = job.result["sheets"] if job and job.state == "done" else []
    wanted = (visit.said("file"), visit.said("sheet"))
    for one in sheets:
        if (one["file"], one["sheet"] or "") == wanted and one["part"] == 1:
            return dict(one)
    raise FieldError(
        wanted[0], Text("已不在资料里，请刷新", "is no longer there; load the page anew")
    )


def sheet(visit: Visit) -> Response:
    """Show three rows of a sheet and the lists to correct it."""
    one = _sheet(visit)
    chosen = one["table"] or one["guess"] or ""
    template = "sheet_form.html" if visit.is_part else "sheet_page.html"
    return visit.draw(template, one=one, chosen=chosen, tables=specs(), units=UNIT_ZH)


def look(visit: Visit) -> Response:
    """Show the lists of another table or header row, before anything is saved."""
    one = _sheet(visit)
    table = specs().get(visit.said("table"))
    row = visit.said("header_row")
    if row.isdecimal() and int(row) in one["heads"]:
        one["header_row"] = int(row)
    if table is None or table.name != one["table"]:
        one["taken"] = _guessed(one, table)
    return visit.draw("sheet_form.html", one=one, chosen=visit.said("table"), tables=specs(),
                      units=UNIT_ZH)  # fmt: skip


def _guessed(one: dict[str, Any], table: Any) -> dict[str, str]:  # noqa: ANN401 - a table's spec
    """Return columns whose own Chinese name or alias stands as the header."""
    if table is None:
        return {}
    known = {name: column.name for column in table.columns
             for name in (column.zh, *column.aliases)}  # fmt: skip
    heads = one["heads"].get(one["header_row"], {})
    return {letter: known[text] for letter, text in heads.items() if text in known}


def answer(visit: Visit) -> Response:
    """Keep what was said of a sheet in recon.toml, and as a layout where that is asked for."""
    one = _sheet(visit)
    table = visit.needed("table", Text("数据表", "table"))
    row = visit.said("header_row")
    headers, columns = visit.all_said("header"), visit.all_said("column")
    said = dict(zip(headers, columns, strict=False)) if table != "ignore" else {}
    said = {header: column for header, column in said.items() if header and column != "?"}
    mapping = SourceMapping(
        literal(one["file"]),
        None if one["sheet"] is None else literal(one["sheet"]),
        table,
        int(row) if row.isdecimal() and table != "ignore" else None,
        said,
        visit.said("unit") or None,
    )
    check_sources((mapping,))
    raw = RawSheet(0, one["file"], one["sheet"], False, pl.DataFrame({"row_no": []}), 0)
    with visit.desk.writing:
        save_answers(visit.place.config_file, [(raw, mapping)])
        if visit.said("as_layout") and (kept := {c: [h] for h, c in said.items() if c}):
            name = PurePosixPath(one["file"]).stem
            write_layout(visit.place.workspace, name, table, kept)
    place = one["file"] + (f"#{one['sheet']}" if one["sheet"] else "")
    return visit.go(
        "/files", Text(f"{place}：已写入 recon.toml。", f"{place}: kept in recon.toml.")
    )


def unmask(visit: Visit) -> Response:
    """Show persons in clear, once that is asked for in so many words; or mask them again."""
    if visit.said("mask"):
        visit.session.shows_all = False
        return visit.go("/files")
    who = visit.who()
    why = visit.needed("reason", Text("理由", "the reason"))
    note_unmasked(visit.place.out_dir, who, why, "recon map --no-mask")
    visit.session.shows_all = True
    return visit.go("/files", Text("已记录，现在不遮蔽。", "Recorded; persons are shown in clear."))


PAGES = (
    ("GET", "/files", show),
    ("GET", "/files/progress", progress),
    ("POST", "/files/upload", upload),
    ("GET", "/files/sheet", sheet),
    ("POST", "/files/look", look),
    ("POST", "/files/answer", answer),
    ("POST", "/files/unmask", unmask),
)
