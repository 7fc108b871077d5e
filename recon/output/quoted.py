"""Source rows quoted as they stand in the files: the cells, masked, under the file's own headers.

Here: from an exception of a finished run to the rows that it rests on, read again from the input
files. Not here: papers and pages that show them (`recon.report`, a desk).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from recon.base.models import Text
from recon.intake.formats.limits import read_limits
from recon.intake.formats.reader import list_inputs, read_file
from recon.intake.formats.worker import Worker
from recon.intake.layout.mapping import map_sheet
from recon.tables.layout_files import using
from recon.tables.masking import (
    INVISIBLE,
    mask_one,
    mask_text,
    mask_value,
    names_person,
    reads_like_person,
)
from recon.tables.names import UNIT
from recon.tables.registry import specs
from recon.workspace.kept_run import proven_record
from recon.workspace.recon_toml import load_config

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from recon.base.models import Lang, RawSheet
    from recon.intake.formats.content import FileRead
    from recon.intake.layout.mapping import SheetMap
    from recon.workspace.recon_toml import Config

_PLACE = re.compile(r"^(?P<file>.+?)(?:#(?P<sheet>.+))?!(?P<row>[0-9]+)$", re.DOTALL)
#: Headers under which people stand though no table knows the column; 人数 and 人均 are no such.
_PERSON = re.compile(
    "(?:姓名|户名|签名|签字|签收|领导|负责|经办|经手|司机|会计|出纳|驾驶员|管理员|人员"
    "|(?:负责|经办|经手|收款|付款|领款|报销|责任|联系|审批|审核|复核|批准|制单|记账|法定代表|委托"
    "|受托|持卡|开户|领取|签收|保管|使用|申请|证明|验收|监督|承办|主管|填表|制表|当事|知情|填报)人)$"
)
#: Not read again: quoting has to be quick, and a line of such a file is found by hand.
MOST_BYTES = 512 * 1024**2
_GONE = Text("文件不在原处，无法引用", "the file is gone, so the row cannot be quoted")
_CHANGED = Text(
    "文件在运行之后改过，不引用", "the file changed after the run, so the row is not quoted"
)
_LARGE = Text("文件太大，不引用，请按位置查看", "the file is too large to quote; look at the place")
_SEVERAL = Text(
    "遮盖后有几个文件或工作表同名，分不清是哪一个，不引用，请按位置查看",
    "several files or sheets have this name once persons are masked, so the row is not quoted; "
    "look at the place",
)
_UNREAD = Text("文件读不出这一行，请按位置查看", "the row cannot be read; look at the place")


@dataclass(frozen=True)
class QuotedRow:
    """A source row: its place as printed, and (header, value) of its filled cells in order.

    `why` says why there are no cells.
    """

    place: str
    file: str
    sheet: str | None
    row_no: int
    cells: tuple[tuple[str, str], ...] = ()
    why: Text | None = None


def quoted_rows(
    run: Path, exception_id: str, data_dir: Path | None = None, most: int = 20
) -> tuple[QuotedRow, ...]:
    """Quote the source rows of one exception, in the order of its evidence.

    Args:
        run: A complete run folder.
        exception_id: Its id.
        data_dir: The folder of the inputs; by default the one above the output folder.
        most: At most so many rows.

    Raises:
        RunAlteredError: A file of the run is not what was written.
    """
    proven_record(run, only=("exceptions.parquet",))
    found = pl.read_parquet(run / "exceptions.parquet", columns=["exception_id", "evidence"])
    places = found.filter(pl.col("exception_id") == exception_id)["evidence"].explode().head(most)
    quoted = quote_places(run, places.drop_nulls(), data_dir)
    return tuple(quoted.values())


def quote_places(
    run: Path, places: Iterable[str], data_dir: Path | None = None
) -> dict[str, QuotedRow]:
    """Quote source rows; each file is read once.

    A file that is gone, or is not what the run read, is not quoted: `why` says so.

    Args:
        run: A complete run folder.
        places: `file#sheet!row` as evidence has it.
        data_dir: The folder of the inputs; by default the one above the output folder.

    Returns:
        A row for each place, in the order given.

    Raises:
        RunAlteredError: A file of the run is not what was written.
        ConfigError: recon.toml has faults.
    """
    record = proven_record(run, "options", only=("control.json",))
    control = run / "control.json"
    listed = json.loads(control.read_text(encoding="utf-8"))["files"] if control.is_file() else ()
    files: dict[str, list[dict[str, Any]]] = {}
    for each in listed:
        files.setdefault(each.get("path"), []).append(each)
    folder = data_dir or run.resolve().parent.parent
    asked = {place: _parted(place) for place in dict.fromkeys(places)}
    by_file: dict[str, list[QuotedRow]] = {}
    for row in asked.values():
        by_file.setdefault(row.file, []).append(row)
    with Worker(read_limits(None, None)) as worker:
        is_masked = bool(record["options"]["mask"])
        reader = _Reader(folder, load_config(folder), worker, is_masked=is_masked)
        for path in by_file.keys() & files.keys():
            known, *others = files[path]
            rows = [_without(row, _SEVERAL) for row in by_file[path]]
            asked |= {row.place: row for row in (rows if others else reader.quote(known, rows))}
    return asked


def _parted(place: str) -> QuotedRow:
    found = _PLACE.match(place)
    if found is None:
        return QuotedRow(place, place, None, 0, why=_UNREAD)
    return QuotedRow(place, found["file"], found["sheet"], int(found["row"]), why=_UNREAD)


def in_words(row: QuotedRow, lang: Lang) -> str:
    """Write the cells of a row on one line, or why there are none."""
    if row.why is not None:
        return row.why.in_(lang)
    colon, joint = ("：", "；") if lang == "zh" else (": ", "; ")
    return joint.join(f"{header}{colon}{value}" for header, value in row.cells)


@dataclass(frozen=True)
class _Reader:
    """Reads files of a data folder again, with what recon.toml says of them."""

    folder: Path
    config: Config
    worker: Worker
    is_masked: bool

    def quote(self, known: Mapping[str, Any], rows: list[QuotedRow]) -> Iterator[QuotedRow]:
        """Yield the rows of one file, filled where it is what the run read."""
        read = self._read(known)
        if isinstance(read, Text):
            yield from (_without(row, read) for row in rows)
            return
        by_sheet: dict[str | None, list[QuotedRow]] = {}
        for row in rows:
            by_sheet.setdefault(row.sheet, []).append(row)
        for name, mine in by_sheet.items():
            sheets = [each for each in read.sheets if _is_printed(each.sheet, name)]
            parts = [each for each in known["sheets"] if each["sheet"] == name]
            if len(sheets) == 1:
                yield from self._rows(sheets[0], parts, mine)
            else:
                yield from (_without(row, _SEVERAL if sheets else _UNREAD) for row in mine)

    def _read(self, known: Mapping[str, Any]) -> FileRead | Text:
        why = _GONE
        limits = read_limits(None, None)
        for path in self._on_disk(known):
            if path.stat().st_size > MOST_BYTES:
                why = _LARGE
                continue
            whole = read_file(path, 1, self.folder, limits, known.get("encoding"), self.worker)
            for each in (whole, *whole.members):
                if each.source.sha256 == known["sha256"]:
                    return each
            why = _CHANGED
        return why

    def _on_disk(self, known: Mapping[str, Any]) -> list[Path]:
        """Return the file, or the archive that it is in; a masked name may be several."""
        parts = known["path"].split("/")
        for size in range(len(parts), 0, -1):
            shown = "/".join(parts[:size])
            if "*" not in shown:
                found = [self.folder / shown]
            else:
                found = [
                    path
                    for path in list_inputs(self.folder)
                    if _is_printed(path.relative_to(self.folder).as_posix(), shown)
                ]
            if any(path.is_file() for path in found):
                return found
        return []

    def _rows(
        self, sheet: RawSheet, parts: list[dict[str, Any]], rows: list[QuotedRow]
    ) -> Iterator[QuotedRow]:
        wanted = [row.row_no for row in rows]
        cells = {each["row_no"]: each for each in _cells_of(sheet, wanted)}
        with using(self.config.layouts):
            found = map_sheet(sheet, self.config.sources)
        for row in rows:
            part = _part_above(parts, row.row_no)
            said = cells.get(row.row_no)
            if said is None:
                yield row
                continue
            heads = _headers(sheet, found, part)
            filled = [
                (heads.get(letter) or letter, str(value))
                for letter, value in said.items()
                if letter != "row_no" and value is not None and str(value).strip()
            ]
            shown = self._shown(filled, part or {})
            yield QuotedRow(row.place, row.file, row.sheet, row.row_no, tuple(shown))

    def _shown(
        self, cells: list[tuple[str, str]], part: Mapping[str, Any]
    ) -> Iterator[tuple[str, str]]:
        """Yield the cells masked by what their columns hold, and the row's persons in its texts."""
        if not self.is_masked or not cells:
            yield from cells
            return
        printed = [_printed(header, part) for header, _ in cells]
        kinds = [_kind(header, part) for header in printed]
        frame = pl.DataFrame(
            {"header": printed, "value": [value for _, value in cells], "kind": kinds},
            schema=dict.fromkeys(("header", "value", "kind"), pl.String),
        )
        rows = frame.with_columns(kind=_of_a_name()).with_columns(
            masked=mask_value(pl.col("value"), pl.col("kind").replace({"unknown": "party"}))
        )
        value, kind = pl.col("value"), pl.col("kind")
        is_party = (kind == "party") & reads_like_person(value)
        is_name = is_party | ((kind == "person") & names_person(value))
        names = rows.filter(is_name)["value"].str.replace_all(INVISIBLE, "").unique()
        for header, text in rows.select("header", "masked").iter_rows():
            shown = text
            for name in sorted(names, key=lambda name: (-len(name), name)):
                shown = re.sub(f"{INVISIBLE}*".join(name), mask_one(name, "person"), shown)
            yield header, shown


def _of_a_name() -> pl.Expr:
    """Express the kind of a cell: signs and figures are nobody's name, and no unit signs."""
    kind, bare = pl.col("kind"), pl.col("value").str.replace_all(INVISIBLE, "")
    is_word = bare.str.contains(r"\p{L}")
    is_unit = bare.str.contains(UNIT) & ~names_person(bare)
    signs = is_word & ~bare.str.contains(r"[0-9]") & ~is_unit
    return (
        pl.when(kind == "signed")
        .then(pl.when(signs).then(pl.lit("person")))
        .when((kind == "person") & ~is_word)
        .then(None)
        .otherwise(kind)
    )


def _without(row: QuotedRow, why: Text) -> QuotedRow:
    return QuotedRow(row.place, row.file, row.sheet, row.row_no, why=why)


def _is_printed(name: str | None, printed: str | None) -> bool:
    """Tell whether a name is printed so: signs of a person in it may be stars."""
    if name is None or printed is None:
        return name == printed
    form = "".join(".+" if part else re.escape(text) for text, part in _starred(printed))
    return re.fullmatch(form, name, re.DOTALL) is not None


def _starred(printed: str) -> Iterator[tuple[str, bool]]:
    for piece in re.split(r"(\*+)", printed):
        if piece:
            yield piece, piece.startswith("*")


def _cells_of(sheet: RawSheet, wanted: list[int]) -> Iterator[dict[str, Any]]:
    """Yield rows of a sheet by number; a long one is read piece by piece."""
    frames = sheet.slices() if sheet.slices else (sheet.cells,)
    for frame in frames:
        yield from frame.filter(pl.col("row_no").is_in(wanted)).iter_rows(named=True)


def _part_above(parts: list[dict[str, Any]], row_no: int) -> dict[str, Any] | None:
    """Return the table of a sheet that a row is in: that whose header is the last above it."""
    above = [each for each in parts if (each["header_row"] or 0) < row_no]
    return max(above, key=lambda each: each["header_row"] or 0, default=None)


def _headers(sheet: RawSheet, found: SheetMap, part: Mapping[str, Any] | None) -> dict[str, str]:
    """Return the header of each letter in the table of a sheet that a row is in."""
    first = (part or {}).get("header_row") or 0
    is_found = bool(found.header_rows) and found.header_rows[0] == first
    lines = found.header_rows if is_found else (first,)
    heads = {
        letter: str(text).strip()
        for line in sheet.cells.filter(pl.col("row_no").is_in(lines)).iter_rows(named=True)
        for letter, text in line.items()
        if letter != "row_no" and text is not None
    }
    if is_found:
        heads |= {each.letter: each.header for each in found.unmapped}
        heads |= {each.letter: each.header for each in found.matches}
    return heads


def _printed(header: str, part: Mapping[str, Any]) -> str:
    """Return a header as the run prints it, which masks a person in it."""
    known = [*part.get("columns", ()), *part.get("unmapped", ())]
    if header in known:
        return header
    masked = [each for each in known if "*" in each and _is_printed(header, each)]
    return min(masked, key=lambda each: abs(len(each) - len(header)), default=mask_text(header))


def _kind(header: str, part: Mapping[str, Any]) -> str:
    """Return what a column holds, as `mask_value` has it; of one that no table knows, by name.

    `signed` is a header under which people stand. What no header tells is `unknown`: a cell that
    reads like a person is masked, and is no name that is looked for in other cells.
    """
    table = specs().get(part.get("table") or "")
    name = part.get("columns", {}).get(header)
    if table is not None and name in table.by_name:
        return table.by_name[name].shown_as
    known = {
        column.shown_as
        for spec in specs().values()
        for column in spec.columns
        if header in column.headers
    }
    personal = [kind for kind in ("person", "id_no", "phone", "account", "card") if kind in known]
    if personal:
        return personal[0]
    if "party" in known:
        return "party"
    return "signed" if _PERSON.search(re.sub(INVISIBLE, "", header)) else "unknown"
