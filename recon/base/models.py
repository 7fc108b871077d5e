"""Frozen records that pass between the stages of a run.

What belongs here: data classes shared by more than one room of the house. No behaviour beyond
small derived properties, no reading, no SQL, no texts.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from decimal import Decimal  # noqa: TC003 - the cache reads annotations at run time
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date
    from pathlib import Path

    import polars as pl

    from recon.base.distinct import Words
    from recon.base.rows import Rows

Direction = Literal[
    "pay_in",
    "remit_up",
    "give_back",
    "recover",
    "clear_out",
    "write_off",
    "lapsed",
    "verify",
    "",
]
Severity = Literal["high", "medium", "low", "lead"]
RuleStatus = Literal["exceptions", "clean", "no_data", "not_in_force", "error"]
Lang = Literal["zh", "en"]

#: Directions whose amounts enter totals; `lapsed` and `verify` are information, '' owes nothing.
DEFINITE_DIRECTIONS: tuple[Direction, ...] = (
    "pay_in",
    "remit_up",
    "give_back",
    "recover",
    "clear_out",
    "write_off",
)


@dataclass(frozen=True)
class Text:
    """One sentence in both languages."""

    zh: str
    en: str

    def in_(self, lang: Lang) -> str:
        """Return the sentence in one language."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True)
class SourceMapping:
    """One `[[source]]` entry of recon.toml: an explicit answer to "what is this sheet"."""

    file: str
    sheet: str | None = None
    table: str | None = None
    header_row: int | None = None
    columns: dict[str, str] = field(default_factory=dict)
    unit: str | None = None
    encoding: str | None = None


@dataclass(frozen=True)
class SelfUnit:
    """Whose books these are (`[self]` of recon.toml)."""

    name: str = ""
    level: str = "county"
    accounts: tuple[str, ...] = ()
    receives: tuple[str, ...] = ("own", "basic", "prep")


@dataclass(frozen=True)
class SourceFile:
    """One input file as it was read.

    `true_type` is what the bytes say (xlsx, xls, csv ...), not the extension; `status` is `read`,
    `refused` (could not be read; `problem` says why) or `ignored` (own outputs, lock files).
    """

    file_id: int
    path: str
    sha256: str
    size: int
    true_type: str
    status: Literal["read", "refused", "ignored"]
    encoding: str | None = None
    encoding_evidence: str | None = None
    problem: Text | None = None


@dataclass(frozen=True)
class SheetCertificate:
    """Control record of one sheet (csv: one file): promise 1 of the contract.

    `rows_read` counts every physical row of the used range; `money` maps a money column to its sum
    in each class: accepted, rejected, skipped (a rejected or skipped sum counts readable figures)
    and, where rows stand in another sheet too, repeated; `twin` names a sheet with all its content.
    `skipped` counts the skipped rows by what they are; `facts` counts what a reader should know:
    total rows and those that do not tie, hidden parts, formulas without a result, error cells,
    numbers that a spreadsheet cut or that were rounded.
    """

    file_id: int
    sheet: str | None
    hidden: bool
    table: str | None
    header_row: int | None
    header_how: str
    columns: dict[str, str]
    unmapped: tuple[str, ...]
    rows_read: int
    rows_accepted: int
    rows_rejected: int
    rows_skipped: int
    money: dict[str, dict[str, Decimal]]
    notes: tuple[Text, ...] = ()
    skipped: dict[str, int] = field(default_factory=dict)
    facts: dict[str, int] = field(default_factory=dict)
    rows_repeated: int = 0
    twin: str | None = None

    @property
    def rows_missing(self) -> int:
        """Rows read that are neither accepted, rejected, skipped nor repeated: must be none."""
        known = self.rows_accepted + self.rows_rejected + self.rows_skipped + self.rows_repeated
        return self.rows_read - known

    @property
    def is_balanced(self) -> bool:
        """Whether every row read is in one class."""
        return not self.rows_missing


@dataclass(frozen=True)
class Intake:
    """What the folder gave: typed tables, rows set aside, quality items, certificates.

    Shape: `rows` has the rows of each table that any sheet fed; `tables` the same as one frame
    each (columns of the TableSpec plus `row_id`) and `source_row` their places (row_id, file_id,
    sheet, row_no), for folders that fit into memory; `rejected` has file, sheet, row_no,
    table_name, column_letter, header, value, reason, reason_en; `quality` the same plus `check`.
    `notes` name files and sheets that are not understood, `passed_over` files that are no input,
    `repeats` what counts once though it stands twice; `doubtful` are ids of rows that may be others
    again, or clash with some: no definite amount rests on them.
    """

    files: tuple[SourceFile, ...]
    sheets: tuple[SheetCertificate, ...]
    rows: dict[str, Rows]
    rejected: pl.DataFrame
    quality: pl.DataFrame
    questions: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()
    passed_over: tuple[Text, ...] = ()
    repeats: tuple[Text, ...] = ()
    doubtful: tuple[int, ...] = ()

    @cached_property
    def tables(self) -> dict[str, pl.DataFrame]:
        """The rows of each table as one frame."""
        return {name: rows.frame() for name, rows in self.rows.items()}

    @cached_property
    def source_row(self) -> pl.DataFrame:
        """The place of every row, in the order of row ids."""
        from recon.base.rows import places_of  # noqa: PLC0415 - models import nothing heavy

        return places_of(self.rows)


@dataclass(frozen=True)
class ConfirmedMatch:
    """A match that a person confirmed: the keys of its lines on both sides.

    `reviewer`, `reviewed_on` and `reason` are for people; only pairing and keys decide anything.
    """

    match_id: str
    pairing: str
    a_keys: tuple[str, ...]
    b_keys: tuple[str, ...]
    reviewer: str | None = None
    reviewed_on: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class MatchTables:
    """What the matcher says line by line.

    Shape: `lines`, a Parquet file in the run's work folder, has one row per line and pairing:
    pairing, side (a|b), class, pass_no, group_id, day, amount, party, reference, text, file, sheet,
    row_no, reason, reason_en (day and texts null for lines that are simply matched); `picks` one
    row per line of what people decide: pairing, group_id, status (open|confirmed|refused),
    option_no, line_key and the same columns.
    """

    lines: Path
    picks: pl.DataFrame


@dataclass(frozen=True)
class CheckRequest:
    """Everything that decides a run: no stage below reads the clock or the environment.

    `confirmed_matches` and `aliases` (name, code) None mean those of workspace and ledger.
    """

    data_dir: Path
    as_of: date
    out_dir: Path | None = None
    review_from: date | None = None
    review_to: date | None = None
    locale: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    mask: bool = True
    strict: bool = False
    lang: Lang = "zh"
    memory: str | None = None
    threads: int | None = None
    use_cache: bool = False
    password_file: Path | None = None
    engine: Literal["duckdb", "spark"] = "duckdb"
    master: str | None = None
    confirmed_matches: tuple[ConfirmedMatch, ...] | None = None
    aliases: tuple[tuple[str, str], ...] | None = None


class SourcePlace(NamedTuple):
    """A row of a file; `sheet` is None where the file has none."""

    file: str
    sheet: str | None
    row_no: int


@dataclass(frozen=True)
class RuleOutcome:
    """What one rule said (contract section 4).

    `lacks` names the tables ("lease") and columns ("lease.ends_on") that it needs and no file gave.
    `set_aside`: amounts that it could not compute, and `rows_aside` the source rows behind them;
    the others were judged.
    """

    rule: str
    status: RuleStatus
    rows_examined: int = 0
    exceptions: int = 0
    amounts: dict[str, Decimal] = field(default_factory=dict)
    reason: Text | None = None
    seconds: float = 0.0
    title: Text | None = None
    lacks: tuple[str, ...] = ()
    set_aside: int = 0
    rows_aside: tuple[SourcePlace, ...] = ()


@dataclass(frozen=True)
class DirectionTotal:
    """Counted exceptions of one direction, split by whether every parameter is confirmed.

    Units: yuan.
    """

    direction: Direction
    exceptions: int
    confirmed: Decimal
    unconfirmed: Decimal


@dataclass(frozen=True)
class CheckResult:
    """A finished run: where it is and what it found. Outputs are rendered from this.

    Shape: `exceptions` has one row per exception with the columns of contract section 3 (plus
    `message_en`, `explanations_en`), sorted by rule and grain; `states` one row per exception_id
    with `state` and, where a decision is carried along, the reviewer's columns (names as in
    `recon.output.sheets.REVIEW_COLUMNS`). `timing` holds all that may differ between equal runs.
    """

    run_id: str
    run_dir: Path
    request: CheckRequest
    review_from: date
    review_to: date
    intake: Intake
    outcomes: tuple[RuleOutcome, ...]
    exceptions: pl.DataFrame
    states: pl.DataFrame
    totals: tuple[DirectionTotal, ...]
    policy_used: pl.DataFrame
    unresolved: pl.DataFrame
    control: dict[str, object]
    run_info: dict[str, object]
    warnings: tuple[Text, ...] = ()
    timing: dict[str, object] = field(default_factory=dict)
    matches: MatchTables | None = None
    confirmed_matches: tuple[ConfirmedMatch, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class KnownWords:
    """The different texts of some columns in the last `height` rows of `cells`.

    They hold for that very frame: changed cells are another frame, of which nothing is known.
    """

    cells: pl.DataFrame
    height: int
    columns: Mapping[str, Words]


@dataclass(frozen=True)
class RawSheet:
    """One sheet (csv: one file) as text, before anything is understood.

    Shape: `cells` has `row_no` Int64 (physical, 1-based, ascending; blank rows may be left out) and
    one String column per sheet column named by its letter (A, B, ..., AA); null is a blank cell.
    Numbers stored as numbers are written in their shortest exact form ("1234.5", "45717"), date
    cells as "2024-03-05" or "2024-03-05 08:30:00", booleans "true"/"false".
    `rows_total` is the number of physical rows of the used range, from `first_row` on; `errors`
    lists (row_no, letter, text);
    `cut_numbers` lists (row_no, letter) of cells stored as numbers with 16 or more digits;
    `blank_formulas` lists (row_no, letter) of formulas without a cached value.
    A sheet that holds several tables is cut into parts, numbered by `part`; `unit` and `year` are
    what a table above has said for those below it.
    Of a long sheet `cells` may hold the first rows only; `slices` then gives all of them, piece by
    piece; `known` spares searching some columns. Rows before `first_row` are no rows of the sheet
    (the names of Parquet's columns).
    """

    file_id: int
    path: str
    sheet: str | None
    hidden: bool
    cells: pl.DataFrame
    rows_total: int
    merged: tuple[tuple[int, str, int, str], ...] = ()
    is_1904: bool = False
    errors: tuple[tuple[int, str, str], ...] = ()
    cut_numbers: tuple[tuple[int, str], ...] = ()
    blank_formulas: tuple[tuple[int, str], ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[str, ...] = ()
    ragged: tuple[tuple[int, int], ...] = ()
    notes: tuple[Text, ...] = ()
    part: int = 1
    first_row: int = 1
    unit: str | None = None
    year: int | None = None
    slices: Callable[[], Iterator[pl.DataFrame]] | None = None
    known: KnownWords | None = None

    def emptied(self) -> RawSheet:
        """Return the same without its cells."""
        return replace(self, cells=self.cells.clear(), known=None)

    def words_of(self, body: pl.DataFrame) -> Mapping[str, Words]:
        """Return the columns of rows, as `under` gives them, whose different texts are known."""
        known = self.known
        is_known = known is not None and known.cells is self.cells and known.height == body.height
        return known.columns if known is not None and is_known else {}

    def under(self, row_no: int, last: int = 1 << 40) -> pl.DataFrame:
        """Return the cells under a row, down to the last row that is given; they are not copied."""
        numbers = self.cells["row_no"]
        start = bisect_right(numbers, row_no)
        return self.cells.slice(start, max(0, bisect_right(numbers, last) - start))


@dataclass(frozen=True)
class ReadLimits:
    """What reading may cost: the limits of one file, and how many files are read at once.

    Units: bytes of memory of one reading child, seconds of its time.
    """

    memory: int = 3 * 1024**3
    seconds: int = 300
    password: str | None = None
    readers: int = 2
