"""Persons inside the names of files, sheets and headers: masked wherever those names are printed.

A part of a name is masked where it is a number of a person, or where a column of persons of the
same folder holds it. Here: finding such parts, and putting the masked name into all that a run
says. Not here: how a value is masked (`recon.tables.masking`); inputs keep their paths on disk, and
`verify` finds them by their hashes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import Text
from recon.output.datafiles import write_frames
from recon.tables.masking import mask_one, mask_text
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recon.base.models import CheckResult, Intake, MatchTables
    from recon.base.rows import Rows
    from recon.intake.pipeline import Survey

_HAN = re.compile("[\u4e00-\u9fff]+")
#: Units: signs of a person's name. One of two is met within other words: it must stand alone.
_SIZES = (4, 3, 2)
_SHORT = 2
_CELLS = ("file", "sheet", "header", "reason", "reason_en")
_SAID = ("message", "message_en", "detail")


@dataclass(frozen=True)
class PrintedNames:
    """Names that hold a person, the longest first, each with the form in which it is printed."""

    masked: dict[str, str]

    @classmethod
    def of(cls, intake: Intake) -> PrintedNames:
        """Find the names of files, sheets and headers that hold a person."""
        names = {each.path for each in intake.files}
        for path in list(names):
            names |= set(path.split("/"))
        for sheet in intake.sheets:
            names |= {sheet.sheet or "", *sheet.columns, *sheet.unmapped}
        return cls._of(names, (_held(rows, table) for table, rows in intake.rows.items()))

    @classmethod
    def of_survey(cls, survey: Survey) -> PrintedNames:
        """Find such names in what `recon map` has looked at."""
        names = {part for each in survey.files for part in (each.path, *each.path.split("/"))}
        frames = []
        for one in survey.sheets:
            found = one.found
            names |= {one.sheet.path, *one.sheet.path.split("/"), one.sheet.sheet or ""}
            names |= {each.header for each in found.matches}
            names |= {each.header for each in found.unmapped}
            if found.table and one.accepted is not None:
                frames.append([one.accepted.select(_columns_of_persons(found.table.name))])
        return cls._of(names, frames)

    @classmethod
    def _of(cls, names: set[str], held: Iterable[Iterable[pl.DataFrame]]) -> PrintedNames:
        persons = _persons(held, names)
        made = {name: _printed(name, persons) for name in names}
        changed = {name: shown for name, shown in made.items() if name != shown}
        return cls(dict(sorted(changed.items(), key=lambda pair: -len(pair[0]))))

    def put(self, result: CheckResult) -> CheckResult:
        """Return a result that prints the masked names."""
        if not self.masked:
            return result
        evidence = pl.col("evidence").list.eval(self._shown(pl.element()))
        found = result.exceptions.with_columns(
            evidence, *(self._shown(pl.col(name)).alias(name) for name in _SAID)
        )
        return replace(
            result,
            intake=self._intake(result.intake),
            exceptions=found,
            matches=self._matches(result.matches),
            warnings=self._texts(result.warnings),
        )

    def _shown(self, value: pl.Expr) -> pl.Expr:
        return value.str.replace_many(list(self.masked), list(self.masked.values()), leftmost=True)

    def text(self, text: str) -> str:
        """Return a text that prints the masked names."""
        for name, shown in self.masked.items():
            text = text.replace(name, shown)
        return text

    def _texts(self, texts: Iterable[Text]) -> tuple[Text, ...]:
        return tuple(Text(self.text(each.zh), self.text(each.en)) for each in texts)

    def _intake(self, intake: Intake) -> Intake:
        files = tuple(
            replace(
                each,
                path=self.text(each.path),
                problem=self._texts([each.problem])[0] if each.problem else None,
            )
            for each in intake.files
        )
        sheets = tuple(
            replace(
                each,
                sheet=self.text(each.sheet) if each.sheet else each.sheet,
                columns={self.text(header): name for header, name in each.columns.items()},
                unmapped=tuple(map(self.text, each.unmapped)),
                notes=self._texts(each.notes),
                twin=self.text(each.twin) if each.twin else each.twin,
            )
            for each in intake.sheets
        )
        return replace(
            intake,
            files=files,
            sheets=sheets,
            rejected=self._cells(intake.rejected),
            quality=self._cells(intake.quality),
            questions=self._texts(intake.questions),
            notes=self._texts(intake.notes),
            passed_over=self._texts(intake.passed_over),
            repeats=self._texts(intake.repeats),
        )

    def _cells(self, cells: pl.DataFrame) -> pl.DataFrame:
        return cells.with_columns(
            self._shown(pl.col(name)).alias(name) for name in _CELLS if name in cells.columns
        )

    def _matches(self, matches: MatchTables | None) -> MatchTables | None:
        if matches is None:
            return None
        lines = matches.lines.with_name(f"printed-{matches.lines.name}")
        write_frames([self._cells(pl.read_parquet(matches.lines))], lines)
        return replace(matches, lines=lines, picks=self._cells(matches.picks))


def _columns_of_persons(table: str) -> list[str]:
    return [each.name for each in specs()[table].columns if each.shown_as == "person"]


def _held(rows: Rows, table: str) -> Iterator[pl.DataFrame]:
    columns = _columns_of_persons(table)
    frames = rows.frames(columns) if columns else iter(())
    return (frame.select(columns) for frame in frames)


def _persons(held: Iterable[Iterable[pl.DataFrame]], names: Iterable[str]) -> frozenset[str]:
    """Return the parts of names that some column of persons holds as a whole."""
    words = {header for spec in specs().values() for one in spec.columns for header in one.headers}
    runs = {run for name in names for run in _HAN.findall(name)}
    parts = {
        run[start : start + size]
        for run in runs
        for size in _SIZES
        for start in range(len(run) - size + 1)
    }
    parts = {part for part in parts if len(part) > _SHORT or part in runs} - words
    wanted = pl.Series("name", sorted(parts), dtype=pl.String)
    found: set[str] = set()
    for frame in (each for frames in (held if parts else ()) for each in frames):
        for column in frame.columns:
            values = frame[column].drop_nulls().str.strip_chars().unique()
            found |= set(values.filter(values.is_in(wanted.implode())))
    return frozenset(found)


def _printed(name: str, persons: frozenset[str]) -> str:
    """Return a name with every person and number of a person in it masked."""
    for person in sorted(persons, key=len, reverse=True):
        alone = rf"(?<![\u4e00-\u9fff]){person}(?![\u4e00-\u9fff])"
        pattern = person if len(person) > _SHORT else alone
        name = re.sub(pattern, mask_one(person, "person"), name)
    return mask_text(name)
