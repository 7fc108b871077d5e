"""`roll_up`: from a city's folder to its papers; reads as the table of contents.

Not here: any step.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

from recon.base.models import CheckRequest
from recon.base.temporary import write_whole
from recon.output.keep import write_beside
from recon.report.register import write_listing
from recon.report.web import write_web_page
from recon.report.word import write_document
from recon.rollup.brief import brief_of
from recon.rollup.counties import CITY_OUT, city_key, find_counties, named
from recon.rollup.cross import read_registers, run_cross
from recon.rollup.figures import by_family, city_control, read_counties
from recon.rollup.papers import City, sheets_of
from recon.rollup.register import register_of
from recon.rollup.turns import run_counties, share_of
from recon.rollup.workbook import write_sheets
from recon.rollup.years import courses
from recon.run.engine_choice import open_session
from recon.workspace.errors import OutputUnwritableError
from recon.workspace.folder import claim

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from recon.rollup.counties import County
    from recon.rollup.cross import Lead
    from recon.rollup.turns import Answer, Share

_WORKBOOK, _PAGE, _BRIEF, _REGISTER = "rollup.xlsx", "rollup.html", "brief.docx", "register.xlsx"


@dataclass(frozen=True)
class CityRequest:
    """What decides a roll-up."""

    city: Path
    as_of: date
    out: Path | None = None
    jobs: int | None = None
    memory: str | None = None
    with_years: bool = False
    engine: Literal["duckdb", "spark"] = "duckdb"
    master: str | None = None

    @property
    def folder(self) -> Path:
        """Where the city's papers stand."""
        return self.out or self.city / CITY_OUT


def roll_up(
    request: CityRequest, tell: Callable[[str, str], None]
) -> tuple[City, tuple[Path, ...]]:
    """Run what is stale, add up, prove and write the city's papers.

    Args:
        request: The city, the day and the options.
        tell: Called with a county and what happens to it.

    Returns:
        What the papers say, and the files that were written: where somebody has edited or opened
        one, its name is numbered, as rollup-2.xlsx. Counties that failed stand in the answers.

    Raises:
        NoCountiesError: There is no county.
        CityUnbalancedError: A county's sums do not agree; nothing was added up.
    """
    out = request.folder
    counties = find_counties(request.city, out)
    with claim(out) as work:
        key = city_key(out)
        share = _share(request, counties)
        answers = run_counties(counties, request.as_of, key, out, share, tell)
        runs = read_counties(answers)
        leads = _cross(request, answers, work)
        years, found = courses(counties) if request.with_years else ((), ())
        city = City(request.city.resolve().name, request.as_of, answers, runs, leads, years, found)
        return city, _write(city, out)


def run_only(
    request: CityRequest, names: Iterable[str], tell: Callable[[str, str], None]
) -> tuple[Answer, ...]:
    """Run what is stale of some counties and keep their answers for a later `roll_up`.

    Nothing is added up and no paper written, so that any job queue can run a county a job, on
    several machines that share the folder.

    Raises:
        CountyUnknownError: A name is no county's.
        NoCountiesError: There is no county.
        OutputUnwritableError: The city's folder cannot be written.
    """
    out = request.folder
    counties = named(find_counties(request.city, out), names)
    try:
        out.mkdir(parents=True, exist_ok=True)
        key = city_key(out)
        return run_counties(counties, request.as_of, key, out, _share(request, counties), tell)
    except OSError as error:
        raise OutputUnwritableError(out, error) from error


def _share(request: CityRequest, counties: Sequence[County]) -> Share:
    share = share_of(request.jobs, request.memory, len(counties))
    return replace(share, engine=request.engine, master=request.master)


def _cross(request: CityRequest, answers: tuple[Answer, ...], work: Path) -> tuple[Lead, ...]:
    items = read_registers(one.register for one in answers if one.register is not None)
    asked = CheckRequest(request.city, request.as_of, memory=request.memory, engine=request.engine,
                         master=request.master)  # fmt: skip
    with open_session(asked, work) as session:
        return run_cross(session, items)


def _write(city: City, out: Path) -> tuple[Path, ...]:
    links = {
        one.county.name: os.path.relpath(one.run / "exceptions.xlsx", out).replace(os.sep, "/")
        for one in city.answers
        if one.run is not None
    }
    addresses = {name: quote(path) for name, path in links.items()}
    page, brief = brief_of(city, addresses), brief_of(city)
    written = [
        write_sheets(out / _WORKBOOK, sheets_of(city), links, city.as_of),
        write_beside(out / _PAGE, lambda path: write_web_page(page, path)),
        write_beside(out / _BRIEF, lambda path: write_document(brief, path)),
    ]
    if city.counties:
        register = register_of(city, addresses)
        written.append(write_beside(out / _REGISTER, lambda path: write_listing(register, path)))
        control = city_control(city.answers, city.counties, by_family(city.counties))
        write_whole(
            out / "control.json", json.dumps(control, ensure_ascii=False, indent=1).encode()
        )
    return tuple(written)
