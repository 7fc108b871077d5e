"""The folder that faults are tried on: inputs, a run, a reviewed workbook, a ledger."""

from __future__ import annotations

import re
import shutil
import sqlite3
import tempfile
import zipfile
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import openpyxl
import polars as pl

from recon.base.paper import LEDGER_FILE
from recon.ledger.store import Event, read_events
from recon.output import VOLATILE_FILES
from tests.cli.reviewed_support import FILLED, fill
from tests.fuzz.containers import ROWS
from tests.trust.planted import plant, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHECK = ("--as-of", "2024-12-31", "-q", "--fail-on", "none", "--select", "REM-02,REM-03,TRN-01")
EXITS = {0, 2}  # 2: the folder holds rows that nobody can read, on purpose
BACK = ("--on", "2024-12-30", "--ref")
_RUN = re.compile(r"[0-9a-f]{16}")
#: Names that only a file in the making has.
_MAKING = re.compile(
    r"^\.(work-|new-)|\.tmp$|\.part$|\.new$|\.trial$|^\.recon\.key\.|^recon-.*-\d+-"
)


@dataclass(frozen=True)
class Ground:
    """A prepared folder: `data` with its run, `tmp` for temporary files, `away` for the rest."""

    top: Path

    @property
    def data(self) -> Path:
        """Return the data folder."""
        return self.top / "资料"

    @property
    def out(self) -> Path:
        """Return the output folder."""
        return self.data / "recon-out"

    @property
    def tmp(self) -> Path:
        """Return the place for temporary files."""
        return self.top / "tmp"

    @property
    def reviewed(self) -> Path:
        """Return the workbook that a reviewer has filled."""
        return self.top / "复核.xlsx"

    @property
    def ledger(self) -> Path:
        """Return the ledger."""
        return self.data / LEDGER_FILE

    def copy(self, top: Path) -> Ground:
        """Copy all of it, without what only time decides."""
        shutil.copytree(self.top, top)
        return Ground(top)

    def environment(self) -> dict[str, str]:
        """Return what the environment of a process that works on this folder says."""
        place = str(self.tmp)
        return {"TMPDIR": place, "TEMP": place, "TMP": place, "RECON_LANG": "zh"}

    def command(self, name: str) -> tuple[str, ...]:
        """Return the words of a command: check, import or recover."""
        where = ("--data", str(self.data))
        if name == "import":
            return ("review", "import", str(self.reviewed), *where)
        if name == "recover":
            return ("ledger", "recover", self.finding(), "1.00", *BACK, "银收7", *where)
        return ("check", str(self.data), *CHECK)

    def finding(self) -> str:
        """Return the exception that the ledger holds from the start."""
        return str(self.events()[0].exception_id)

    def inputs(self) -> dict[str, bytes]:
        """Return the bytes of every input and of everything else that a user put there."""
        files = [path for path in self.data.iterdir() if path.suffix in {".csv", ".xlsx", ".toml"}]
        return {path.name: path.read_bytes() for path in (*files, self.reviewed)}

    def events(self) -> list[Event]:
        """Return the ledger's events; reading proves that the file is whole."""
        return read_events(self.ledger)

    def runs(self) -> dict[str, dict[str, bytes]]:
        """Return the data files of everything that has a run's name."""
        folders = [path for path in self.out.glob("*") if _RUN.fullmatch(path.name)]
        return {folder.name: data_files(folder) for folder in folders}

    def left(self) -> list[str]:
        """Return the files in the making that lie about."""
        found = [path for path in self.top.rglob("*") if _MAKING.search(path.name)]
        return sorted(path.relative_to(self.top).as_posix() for path in found)


def data_files(folder: Path) -> dict[str, bytes]:
    """Return the files of a run that equal work must give byte for byte."""
    return {
        path.name: path.read_bytes()
        for path in sorted(folder.iterdir())
        if path.suffix in {".parquet", ".csv", ".json"} and path.name not in VOLATILE_FILES
    }


def broken_papers(folder: Path) -> Iterator[str]:
    """Yield what of a run's other files is not whole."""
    for book in folder.glob("*.xlsx"):
        if not zipfile.is_zipfile(book):
            yield f"{book.name} is no workbook"
    page = folder / "report.html"
    if not page.read_text(encoding="utf-8").rstrip().endswith("</html>"):
        yield "report.html is cut short"


def save(path: Path, rows: list[list[Any]]) -> None:
    """Save rows as the only sheet of a workbook."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)


def prepare(top: Path) -> Ground:
    """Make the folder: check it, review two exceptions, book one of them and some money."""
    ground = Ground(top)
    top.mkdir(parents=True)
    ground.tmp.mkdir()
    plant(ground.data)
    (ground.data / "代收第二批.csv").write_text(
        "\n".join(",".join("" if c is None else str(c) for c in row) for row in ROWS[1:-1]),
        encoding="utf-8",
    )
    wages = [[row[0], "2024-03", 64_000] for row in ROWS[2:-1]]
    save(ground.data / "工资总额表.xlsx", [["单位名称", "月份", "工资总额"], *wages])
    with temporary_files_in(ground.tmp):
        assert run("check", ground.data, *CHECK).exit_code in EXITS
        (name,) = ground.runs()
        found = pl.read_parquet(ground.out / name / "exceptions.parquet")
        ids = found.filter(pl.col("amount") > 10)["exception_id"].to_list()
        workbook = ground.out / name / "exceptions.xlsx"
        said = {**FILLED, "复核日期": date(2024, 12, 30)}
        for wanted in (ids[:1], ids[:6]):
            fill(workbook, ground.reviewed, dict.fromkeys(wanted, said))
            if wanted == ids[:1]:
                result = run(*ground.command("import"))
                assert result.exit_code == 0, result.output
        words = ("ledger", "recover", ids[0], "2.00", *BACK, "银收1", "--data", ground.data)
        result = run(*words)
        assert result.exit_code == 0, result.output
        assert run("check", ground.data, *CHECK).exit_code in EXITS
    with closing(sqlite3.connect(ground.ledger)) as connection:
        assert connection.execute("select count(*) from event").fetchone() == (2,)
    return ground


class temporary_files_in:  # noqa: N801 (used like contextlib.suppress)
    """Have this process keep its temporary files in a folder for a while."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> None:
        self._was, tempfile.tempdir = tempfile.tempdir, str(self._folder)

    def __exit__(self, *_: object) -> None:
        tempfile.tempdir = self._was
