"""核查: as-of, period and unit; a run with live progress and a stop button; then its summary.

Here: the page. Not here: the run (`recon.run.check`, in a child process), what is summed
(`overview`).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import tomlkit
from starlette.responses import HTMLResponse

from recon.base import resources
from recon.base.models import CheckRequest, Text
from recon.base.temporary import write_whole
from recon.base.texts import say, spoken
from recon.desk.errors import FieldError
from recon.desk.jobs import Job
from recon.desk.log import note_unmasked
from recon.desk.overview import overview
from recon.run.check import run_check
from recon.workspace.folder import remove_work
from recon.workspace.recon_toml import load_config

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.responses import Response

    from recon.desk.place import Place
    from recon.desk.visit import Visit

KEY = "check"
_ASKED = ("as_of", "from", "to", "select", "ignore")
_LEVELS = {
    "county": Text("县级", "county"),
    "city": Text("市级", "city"),
    "province": Text("省级", "province"),
    "town": Text("乡镇、街道", "town"),
    "acftu": Text("全国总工会", "ACFTU"),
}


def show(visit: Visit) -> Response:
    """Show the form, the run that goes on, and the summary of the newest one."""
    job = visit.desk.jobs.get(KEY)
    run = visit.place.newest
    found = overview(run) if run else None
    config = visit.place.config
    options = found["record"]["options"] if found else {}
    return visit.draw(
        "check.html",
        job=job,
        found=found,
        own=config.self_unit,
        levels=_LEVELS,
        asked=visit.desk.kept.get(KEY) or {name: options.get(name) or "" for name in _ASKED},
        files=run.name if run else None,
    )


def start(visit: Visit) -> Response:
    """Start a run in a child process."""
    request = _request(visit)
    with visit.desk.writing:
        _keep_unit(visit.place, visit.said("own_name"), visit.said("own_level"))
    if not request.mask:
        note_unmasked(
            visit.place.out_dir, visit.who(), visit.said("reason"), "recon check --no-mask"
        )
    name = Text("核查", "the check")
    visit.desk.jobs.start(KEY, lambda: Job(name, spoken(), checked, request))
    said = {"as_of": request.as_of, "from": request.review_from, "to": request.review_to}
    lists = {"select": request.select, "ignore": request.ignore}
    visit.desk.kept[KEY] = {each: str(value or "") for each, value in said.items()} | lists
    return visit.go("/check")


def checked(request: CheckRequest, tell: Callable[[str, str], None]) -> dict[str, Any]:
    """Do a run; what the page says of it once it has ended."""
    result = run_check(request, tell)
    return {"run_id": result.run_id, "exceptions": result.exceptions.height,
            "warnings": [say(text) for text in result.warnings]}  # fmt: skip


def _request(visit: Visit) -> CheckRequest:
    shipped = resources.shipped("sample_data").resolve()
    if visit.said("no_mask") and not (visit.said("sure") and visit.said("reason")):
        wrong = Text("要勾选“确认”，并写明理由", "tick the confirmation and say why")
        raise FieldError(Text("不遮蔽", "in clear"), wrong)
    place = visit.place
    return CheckRequest(
        data_dir=place.data_dir,
        as_of=visit.day("as_of", Text("截止日", "as of")) or date.today(),  # noqa: DTZ011 - the user's own day
        out_dir=place.out_dir,
        review_from=visit.day("from", Text("审查期起", "from")),
        review_to=visit.day("to", Text("审查期止", "to")),
        select=_words(visit.said("select")),
        ignore=_words(visit.said("ignore")),
        mask=not visit.said("no_mask"),
        lang=spoken(),
        use_cache=not place.data_dir.is_relative_to(shipped),
    )


def _words(text: str) -> tuple[str, ...]:
    parts = text.replace("，", ",").replace("、", ",").split(",")
    return tuple(part.strip().upper() for part in parts if part.strip())


def _keep_unit(place: Place, name: str, level: str) -> None:
    """Write whose books these are into recon.toml where it is said otherwise than there.

    Raises:
        FieldError: Another level is chosen without a name.
    """
    own = load_config(place.data_dir).self_unit
    if not name and level not in ("", own.level):
        alone = Text("改了级别，没有填名称。填上再提交", "is empty, but a level is chosen. Fill it")
        raise FieldError(Text("本单位名称", "whose books"), alone)
    if not name or (name, level or own.level) == (own.name, own.level):
        return
    path: Path = place.config_file
    document = tomlkit.parse(path.read_text("utf-8-sig") if path.is_file() else "")
    section: Any = document.setdefault("self", tomlkit.table())
    section["name"] = name
    if level in _LEVELS:
        section["level"] = level
    write_whole(path, tomlkit.dumps(document).encode())


def progress(visit: Visit) -> Response:
    """Say how far the run is; let the page be drawn anew once it has ended."""
    job = visit.desk.jobs.get(KEY)
    if job is None or job.state != "running":
        return HTMLResponse("", headers={"HX-Refresh": "true"})
    return visit.draw("progress.html", job=job, address="/check/progress")


def stop(visit: Visit) -> Response:
    """Stop the run; nothing of it is left, unless it had ended by then."""
    job, place = visit.desk.jobs.get(KEY), visit.place
    if job is not None:
        job.stop()
        remove_work(place.out_dir, job.pid)
    newest = place.newest
    if job and newest and (newest / "run.json").stat().st_mtime >= job.begun:
        ended = Text("停止之前已经写出结果。", "It had written its result before it was stopped.")
        return visit.go("/check", ended)
    return visit.go("/check", Text("已停止，没有写出结果。", "Stopped; nothing was written."))


PAGES = (
    ("GET", "/check", show),
    ("POST", "/check/run", start),
    ("GET", "/check/progress", progress),
    ("POST", "/check/stop", stop),
)
