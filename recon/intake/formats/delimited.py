"""Separated text (csv, tsv, bank exports named .xls): exact rows, numbered as Excel shows them.

Clean files go through Arrow, all else line by line through Python, with the same answer. Not here:
the encoding (`encoding`).
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING

import polars as pl

from recon.base.distinct import Words, are_full
from recon.base.models import KnownWords
from recon.intake.formats import fastcsv
from recon.intake.formats.letters import index_of, letter_of
from recon.intake.formats.refusals import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from recon.intake.formats.encoding import Judgement

SEPARATORS = (",", "\t", ";", "|", "，")
#: Below this size the exact path is as fast.
FAST_FROM = 200_000
#: Bytes of a long file that are held as cells at once.
SLICE = 32 * 1024**2
#: Bytes at the end of a long file in which its last row is looked for first.
_END = 65_536
#: Bytes that reading line by line takes for each byte of the text (measured: 13).
_LINE_BY_LINE = 15
_HEAD_LINES = 200
_HEAD_BYTES = 131_072
_LONGEST_QUOTE = 50
_MOST_COLUMNS = 16_384
_MOST_CELLS = 400_000_000


class IrregularTextError(Exception):
    """A later line of a long text is not regular after all: the text must be read line by line."""


@dataclass(frozen=True)
class Record:
    """One record: its row as Excel numbers it, its fields, whether a quote was unclosed."""

    row: int
    fields: list[str]
    is_broken: bool = False


@dataclass(frozen=True)
class Delimited:
    """A separated text as cells.

    Shape: `cells` as in RawSheet; `ragged` (row_no, fields) of every row whose number of fields is
    not the usual one; `broken` lines whose quote was never closed, read without quoting.
    """

    cells: pl.DataFrame
    rows_total: int
    separator: str
    width: int
    ragged: tuple[tuple[int, int], ...]
    broken: tuple[int, ...]
    damaged: int = 0
    slices: TextSlices | None = None
    known: KnownWords | None = None


@dataclass(frozen=True)
class TextSlices:
    """The cells of a long regular file, read from it piece by piece each time they are asked for.

    Shape: `top` and `tail` are the cells above and below the regular lines; all frames have the
    columns `names`. `first` holds the cells of the first piece until they are asked for.
    """

    file: Path
    codec: str
    separator: str
    width: int
    pieces: tuple[fastcsv.Body, ...]
    top: pl.DataFrame
    tail: pl.DataFrame
    names: tuple[str, ...]
    first: list[tuple[pl.DataFrame, dict[str, Words]]] = field(default_factory=list)

    def __call__(self) -> Iterator[pl.DataFrame]:
        """Yield all cells from the top down.

        Raises:
            IrregularTextError: Some line has another width, or does not decode.
        """
        return (known.cells for known in self.known())

    def known(self) -> Iterator[KnownWords]:
        """Yield all cells from the top down, with the different texts of the last rows of each.

        Raises:
            IrregularTextError: Some line has another width, or does not decode.
        """
        for number, piece in enumerate(self.pieces):
            frames = [self.top] if number == 0 else []
            is_held = number == 0 and self.first
            cells, words = self.first.pop() if is_held else self.read(piece)
            frames.append(cells)
            if number == len(self.pieces) - 1 and self.tail.height:
                frames.append(self.tail)
                words = {}
            yield KnownWords(_laid_out(frames, self.names), cells.height, words)

    def read(self, piece: fastcsv.Body) -> tuple[pl.DataFrame, dict[str, Words]]:
        """Return the cells of a piece, and the different texts of some columns.

        Raises:
            IrregularTextError: Its lines are not regular.
        """
        with self.file.open("rb") as file:
            file.seek(piece.start)
            content = file.read(piece.end - piece.start)
        here = fastcsv.Body(0, len(content), piece.first_line, piece.lines)
        found = _read_stretch(content, here, self.codec, self.separator, self.width)
        if found is None:
            raise IrregularTextError
        return found


def read_delimited(
    content: bytes,
    judgement: Judgement,
    memory: int = 3 * 1024**3,
    *,
    must_be_table: bool = False,
    file: Path | None = None,
) -> Delimited:
    """Read a separated text.

    Args:
        content: The whole file.
        judgement: Its encoding.
        memory: Bytes that reading may take.
        must_be_table: Refuse a text in which no separator runs through (a .txt may be prose).
        file: Where the content lies; a long regular one is then read from there slice by slice.

    Returns:
        The cells with row numbers; rows keep their fields by position, never shifted. Of
        a file with `slices` they are the first rows.

    Raises:
        RefusedError: `not_tabular`, `oversized` or `memory`.
    """
    head = _decode(content[:_HEAD_BYTES], judgement.codec)
    separator, width, share = find_separator(head)
    if must_be_table and (width < 2 or share < 0.5):
        raise RefusedError("not_tabular")
    if len(content) >= FAST_FROM and not judgement.damaged:
        found = _read_fast(content, judgement.codec, separator, width, file)
        if found is not None:
            return found
    if len(content) * _LINE_BY_LINE > memory:
        raise RefusedError("memory", f"{memory / 1024**3:.1f} GB")
    text = content.decode(judgement.codec, errors="replace")
    return _collect(list(split_records(text, separator)), separator, text.count("\ufffd"))


def find_separator(head: str) -> tuple[str, int, float]:
    """Find the separator that runs through a text.

    Args:
        head: Beginning of the text (some 100 KB).

    Returns:
        The separator, the usual number of fields, and the share of non-blank rows that have it. The
        best is the one with most rows of its usual width; then the widest.
    """
    best: tuple[int, int, str] = (0, 0, ",")
    rows = 1
    for separator in SEPARATORS:
        if separator not in head:
            continue
        records = islice(split_records(head, separator), _HEAD_LINES)
        widths = [len(record.fields) for record in records if _has_text(record.fields)]
        counted = Counter(width for width in widths if width > 1)
        if not counted:
            continue
        width, count = max(counted.items(), key=lambda item: (item[1] * min(item[0], 4), item[0]))
        if (count * min(width, 4), width) > best[:2]:
            best = (count * min(width, 4), width, separator)
            rows = len(widths)
    score, width, separator = best
    if not width:
        return ",", 1, 1.0
    return separator, width, score / min(width, 4) / rows


def split_records(text: str, separator: str) -> Iterator[Record]:
    """Split a text into records with their row numbers; a blank line is a row.

    A quoted field may hold line breaks. A quote that is not closed within 50 lines is no quote: its
    line is split plainly and the next line starts afresh, so one stray mark never swallows rows.

    Args:
        text: Decoded text; lines end in LF, CRLF or CR.
        separator: One character.
    """
    if '"' not in text:
        for number, line in enumerate(io.StringIO(text, newline=""), start=1):
            yield Record(number, line.rstrip("\r\n").split(separator))
        return
    lines = list(io.StringIO(text, newline=""))
    place = row = 0
    while place < len(lines):
        line = lines[place]
        row += 1
        if '"' not in line:
            yield Record(row, line.rstrip("\r\n").split(separator))
            place += 1
            continue
        fields, used = _read_quoted(lines, place, separator)
        yield Record(row, fields or line.rstrip("\r\n").split(separator), fields is None)
        place += used


def _read_quoted(lines: list[str], place: int, separator: str) -> tuple[list[str] | None, int]:
    """Read one record with quotes: its fields and lines used, or None for an unclosed quote."""
    reader = csv.reader(lines[place : place + _LONGEST_QUOTE], delimiter=separator, strict=True)
    try:
        return next(reader), reader.line_num
    except csv.Error:
        pass
    if lines[place].count('"') % 2:
        return None, 1
    try:
        return next(csv.reader([lines[place]], delimiter=separator)), 1
    except csv.Error:
        return None, 1


def _decode(head: bytes, codec: str) -> str:
    """Decode a beginning that may be cut within a character; the last, cut line is dropped."""
    text = head.decode(codec, errors="replace")
    if len(head) < _HEAD_BYTES:
        return text
    cut = max(text.rfind("\n"), text.rfind("\r"))
    return text[: cut + 1] if cut > 0 else text


def _has_text(fields: list[str]) -> bool:
    return any(field and not field.isspace() for field in fields)


def _collect(records: list[Record], separator: str, damaged: int = 0) -> Delimited:
    """Lay records out by position; blank rows are left out."""
    last = next((r.row for r in reversed(records) if _has_text(r.fields)), 0)
    kept = [record for record in records if _has_text(record.fields)]
    width = max((len(record.fields) for record in kept), default=0)
    if width > _MOST_COLUMNS:
        raise RefusedError("not_tabular")
    if width * len(kept) > _MOST_CELLS:
        raise RefusedError("oversized", "csv")
    columns: list[list[str | None]] = [[] for _ in range(width)]
    for record in kept:
        short = len(record.fields)
        for column, text in zip(columns, record.fields, strict=False):
            column.append(text or None)
        for column in columns[short:]:
            column.append(None)
    cells = pl.DataFrame(
        {"row_no": pl.Series([record.row for record in kept], dtype=pl.Int64)}
        | {letter_of(i): pl.Series(column, dtype=pl.String) for i, column in enumerate(columns)}
    )
    usual = usual_width(kept)
    return Delimited(
        cells=unwrap(cells),
        rows_total=last,
        separator=separator,
        width=usual,
        ragged=tuple((r.row, len(r.fields)) for r in kept if len(r.fields) != usual),
        broken=tuple(r.row for r in kept if r.is_broken),
        damaged=damaged,
    )


def _without_blank(cells: pl.DataFrame) -> pl.DataFrame:
    """Leave out rows without text; only rows whose first cell is blank are looked at in full."""
    names = cells.columns[1:]
    if are_full(cells[names[0]]):
        return cells
    suspects = cells.filter(pl.col(names[0]).fill_null("").str.strip_chars() == "")
    blank = suspects.filter(
        pl.all_horizontal(pl.col(name).fill_null("").str.strip_chars() == "" for name in names)
    )
    return (
        cells.filter(~pl.col("row_no").is_in(blank["row_no"].implode())) if blank.height else cells
    )


def usual_width(records: list[Record]) -> int:
    """Return the commonest number of fields; of equally common ones the greatest."""
    counted = Counter(len(record.fields) for record in records)
    return max(counted.items(), key=lambda item: (item[1], item[0]))[0] if counted else 0


def unwrap(cells: pl.DataFrame) -> pl.DataFrame:
    """Take the value out of `="00123"`, the wrapper that keeps leading zeros in Excel."""
    some = cells.select(pl.exclude("row_no").str.starts_with('="').any())
    wrapped = [one.name for one in some.iter_columns() if one.any()]
    if not wrapped:
        return cells
    return cells.with_columns(pl.col(wrapped).str.replace(r'^="(.*)"$', "${1}"))


def _read_stretch(
    content: bytes, cut: fastcsv.Body, codec: str, separator: str, width: int
) -> tuple[pl.DataFrame, dict[str, Words]] | None:
    """Read regular lines: those that hold text with their numbers, and their different texts."""
    found = fastcsv.read_body(content, cut, codec, separator, width)
    if found is None:
        return None
    body, words = found
    row_nos = pl.int_range(cut.first_line, cut.first_line + body.height, eager=True)
    cells = _without_blank(body.insert_column(0, row_nos.alias("row_no")))
    if b"=" in content and b'="' in content:  # a lone byte is looked for much faster than two
        return unwrap(cells), {}
    return cells, words if cells.height == body.height else {}


def _read_fast(
    content: bytes, codec: str, separator: str, width: int, file: Path | None = None
) -> Delimited | None:
    """Read the regular middle of a big file through Arrow, its ends line by line."""
    cut = fastcsv.find_body(content, codec, separator, width)
    if cut is None:
        return None
    top = list(split_records(content[: cut.start].decode(codec), separator))
    tail = list(split_records(content[cut.end :].decode(fastcsv.inner(codec)), separator))
    cut = replace(cut, first_line=len(top) + 1)
    shift = len(top) + cut.lines
    tail = [Record(r.row + shift, r.fields, r.is_broken) for r in tail]
    above, below = _collect(top, separator), _collect(tail, separator)
    letters = {*above.cells.columns[1:], *below.cells.columns[1:], *map(letter_of, range(width))}
    names = ("row_no", *sorted(letters, key=index_of))
    slices = known = None
    if file is not None and cut.end - cut.start > SLICE:
        parts = tuple(fastcsv.pieces(content, cut, SLICE))
        slices = TextSlices(file, codec, separator, width, parts, above.cells, below.cells, names)
        try:
            slices.first.append(slices.read(parts[0]))
            last = _last_row(content, slices)
        except IrregularTextError:
            return None
        cells = _laid_out([slices.top, slices.first[0][0]], names)
    else:
        found = _read_stretch(content, cut, codec, separator, width)
        if found is None:
            return None
        cells = _laid_out([above.cells, found[0], below.cells], names)
        known = None if below.cells.height else KnownWords(cells, found[0].height, found[1])
        last = found[0]["row_no"][-1]
    texts = (r for r in (*top, *tail) if _has_text(r.fields))
    return Delimited(
        cells=cells,
        rows_total=below.rows_total or last,
        separator=separator,
        width=width,
        ragged=tuple((r.row, len(r.fields)) for r in texts if len(r.fields) != width),
        broken=(*above.broken, *below.broken),
        slices=slices,
        known=known,
    )


def _laid_out(frames: list[pl.DataFrame], names: tuple[str, ...]) -> pl.DataFrame:
    """Join cells of different widths under the same columns."""
    schema = {name: pl.Int64 if name == "row_no" else pl.String for name in names}
    return pl.concat([pl.DataFrame(schema=schema), *frames], how="diagonal")


def _last_row(content: bytes, slices: TextSlices) -> int:
    """Return the number of the last row with text; as a rule it stands among the last lines."""
    piece = slices.pieces[-1]
    start = content.rfind(b"\n", piece.start, max(piece.end - _END, piece.start)) + 1 or piece.start
    line = piece.first_line + content.count(b"\n", piece.start, start)
    end = fastcsv.Body(start, piece.end, line, piece.first_line + piece.lines - line)
    for one in (end, *reversed(slices.pieces)):
        rows = slices.read(one)[0]["row_no"]
        if len(rows):
            return int(rows[-1])
    raise IrregularTextError
