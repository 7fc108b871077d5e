"""The papers of an inspection, written from a run and the ledger: report, register, letters.

Here: the list of papers and the one function that writes them. Not here: what a paper says (see
`inspection`, `letters`, `register`), how it is drawn (see `word`, `web`), what a run found.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from recon.base.models import Text
from recon.base.texts import say
from recon.output.keep import write_beside
from recon.workspace.errors import OutputUnwritableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from recon.report.standing import Standing

#: The folder inside a run folder; `recon verify` looks at files of the run itself only.
FOLDER = "report"
PAGE = "report.html"
REPORT = Text("自查报告", "self-inspection-report")
REGISTER = Text("整改台账", "rectification-register")
LETTERS = Text("单位核对函", "letters")
INQUIRIES = Text("询证函", "inquiries")
BRIEF = Text("一页纸", "brief")
PAPERS = Text("取证单", "working-papers")
Kind = Literal["standard", "leads", "brief", "papers"]
STANDARD: Kind = "standard"


@dataclass(frozen=True)
class Paper:
    """A written file; `is_beside` says that an edited file of the wanted name was left alone."""

    path: Path
    is_beside: bool


def write_papers(
    standing: Standing, folder: Path, kinds: tuple[Kind, ...] = (STANDARD,)
) -> tuple[Paper, ...]:
    """Write papers of a run, each at once or not at all, in the spoken language.

    A paper that somebody has edited, or that a program holds open, is left alone and the new one
    gets a numbered name.

    Args:
        standing: The run and what the ledger says of it.
        folder: Where they go; made when it is not there.
        kinds: Which papers.

    Returns:
        The files in the order they were written.

    Raises:
        OutputUnwritableError: The folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tuple(
            _write(folder / name, write)
            for kind in kinds
            for name, write in WRITERS[kind](standing)
        )
    except OSError as error:
        raise OutputUnwritableError(folder, error) from error


_Todo = tuple[str, "Callable[[Path], None]"]


def _standard(standing: Standing) -> Iterator[_Todo]:
    """Yield report, register, letters and the page of the run."""
    inspection, word, web, register = map(_module, ("inspection", "word", "web", "register"))
    blocks = inspection.inspection_report(standing)
    title = say(REPORT)
    yield f"{title}.docx", lambda path: word.write_document(blocks, path)
    yield f"{title}.html", lambda path: web.write_web_page(blocks, path)
    yield f"{say(REGISTER)}.xlsx", lambda path: register.write_register(standing, path)
    yield from _letters(standing, "finding", LETTERS)
    page = standing.run / PAGE
    if page.is_file():
        yield PAGE, lambda path: _copy(page, path)


def _leads(standing: Standing) -> Iterator[_Todo]:
    yield from _letters(standing, "lead", INQUIRIES)


def _brief(standing: Standing) -> Iterator[_Todo]:
    brief, word = map(_module, ("brief", "word"))
    blocks = brief.brief_page(standing)
    yield f"{say(BRIEF)}.docx", lambda path: word.write_document(blocks, path, is_letter=True)


def _papers(standing: Standing) -> Iterator[_Todo]:
    papers, word = map(_module, ("papers", "word"))
    for number, volume in enumerate(papers.volumes(standing), start=1):
        name = f"{say(PAPERS)}{'' if number == 1 else f'({number})'}.docx"
        yield (
            name,
            lambda path, pages=volume: word.write_document(  # type: ignore[misc]
                pages, path, is_letter=True
            ),
        )


def _letters(standing: Standing, kind: str, title: Text) -> Iterator[_Todo]:
    letters, word = map(_module, ("letters", "word"))
    for number, volume in enumerate(letters.volumes(standing, kind), start=1):
        name = f"{say(title)}{'' if number == 1 else f'({number})'}.docx"
        yield (
            name,
            lambda path, pages=volume: word.write_document(  # type: ignore[misc]
                pages, path, is_letter=True
            ),
        )


def _module(name: str) -> Any:  # noqa: ANN401 - a module
    return import_module(f"recon.report.{name}")


#: The papers of each kind: file name and the function that writes it.
WRITERS: dict[str, Callable[[Standing], Iterator[_Todo]]] = {
    STANDARD: _standard,
    "leads": _leads,
    "brief": _brief,
    "papers": _papers,
}


def _copy(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)


def _write(path: Path, write: Callable[[Path], None]) -> Paper:
    written = write_beside(path, write)
    return Paper(written, written != path)
