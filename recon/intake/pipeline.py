"""From a folder of files to typed tables with their rows' places: the whole intake.

Stages: read files → map tables → parse values → validate. Here: their order, the row ids and the
joining of sheets. Not here: the work of any stage.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import polars as pl

from recon.base.errors import ConfigError, SeveralWorkspacesError, UnknownSourcesError
from recon.base.models import Intake, ReadLimits, SourceFile, SourceMapping, Text
from recon.base.nearest import nearest
from recon.base.rows import Part, Rows, Store
from recon.intake.formats.content import refused_file
from recon.intake.formats.delimited import IrregularTextError
from recon.intake.formats.listing import list_files
from recon.intake.formats.own import without_own
from recon.intake.formats.reader import FileRead, read_files
from recon.intake.formats.refusals import RefusedError
from recon.intake.layout.candidates import candidates
from recon.intake.layout.header import check_own
from recon.intake.layout.mapping import place_of, speaks_of
from recon.intake.quality.items import items
from recon.intake.quality.repairs import propose
from recon.intake.quality.validation import validate_table
from recon.intake.sheets.certificate import certify
from recon.intake.sheets.repeats import digest_of, settle_repeats
from recon.intake.sheets.understanding import name_accounts, understand_parts
from recon.tables.layout_files import using
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from recon.base.models import RawSheet
    from recon.intake.formats.listing import Listing
    from recon.intake.formats.worker import Worker
    from recon.intake.sheets.parsed import ParsedSheet
    from recon.tables.layout_files import OwnHeaders


@dataclass(frozen=True)
class IntakeSettings:
    """What recon.toml and the command line say about reading.

    `progress` is called with a file's path when it has been read; `exclude` are folders or files
    never read (the output folder). `store` is a folder of the run in which the rows of large
    sheets lie until the run ends; without one all rows are kept in memory. `worker` is a reading
    process that was started beforehand. `layouts` is what headers mean beside what ships.
    """

    sources: tuple[SourceMapping, ...] = ()
    locked: bool = False
    limits: ReadLimits = field(default_factory=ReadLimits)
    exclude: tuple[Path, ...] = ()
    progress: Callable[[str], None] | None = None
    store: Path | None = None
    worker: Worker | None = None
    layouts: OwnHeaders = ()


def read_intake(data_dir: Path, settings: IntakeSettings | None = None) -> Intake:
    """Read every input file of a folder.

    Args:
        data_dir: The folder, searched recursively.
        settings: Mappings, limits and exclusions.

    Returns:
        Typed tables, rejected rows, quality items and one certificate per sheet.

    Raises:
        ConfigError: A mapping names an unknown table or column.
        UnbalancedSheetError: A row or a fen of a sheet is in no class.
        UnknownSourcesError: `locked` is set and something is not understood.
    """
    settings = settings or IntakeSettings()
    survey = read_sheets(data_dir, settings)
    if settings.locked:
        _refuse_unknown(survey)
    intake = join_sheets(survey.files, survey.sheets)
    return replace(intake, passed_over=survey.passed_over)


@dataclass(frozen=True)
class Survey:
    """The files of a folder and what each of their sheets gave, in the order of row ids.

    `ignored` says why files that look like data were not read; `passed_over` leaves out the
    tool's own.
    """

    files: tuple[SourceFile, ...]
    sheets: tuple[ParsedSheet, ...]
    ignored: tuple[Text, ...]
    passed_over: tuple[Text, ...]


def read_sheets(data_dir: Path, settings: IntakeSettings) -> Survey:
    """Read, map and parse every sheet of a folder, one file at a time.

    Args:
        data_dir: The folder, searched recursively.
        settings: Mappings, limits and exclusions.

    Raises:
        ConfigError: A mapping names an unknown table or column; a layout contradicts a header.
        SeveralWorkspacesError: The folder holds other workspaces.
        InputsMovedError: A file went away or changed while it was read.
    """
    check_sources(settings.sources)
    check_own(settings.layouts)
    with using(settings.layouts):
        return _survey(data_dir, settings)


def _survey(data_dir: Path, settings: IntakeSettings) -> Survey:
    listing = list_files(data_dir, settings.exclude)
    demand_one_workspace(data_dir, listing)
    files: list[SourceFile] = []
    sheets: list[ParsedSheet] = []
    store = Store(settings.store) if settings.store else None
    encodings = _encodings(listing, data_dir, settings.sources)
    reads = read_files(listing.inputs, data_dir, settings.limits, encodings, worker=settings.worker)
    for read in reads:
        source, found = _understood(read, settings.sources, store)
        files.append(source)
        sheets += found
        if settings.progress:
            settings.progress(read.source.path)
    files.sort(key=lambda one: one.path)
    known = {id(one) for one in sheets}
    sheets = [
        one if id(one) in known else _kept(one, store)
        for one in name_accounts(sheets, settings.sources)
    ]
    sheets.sort(key=lambda one: one.sheet.path)
    sheets = settle_repeats(sheets)
    ignored = tuple(one.reason for one in listing.ignored)
    others = tuple(one.reason for one in listing.ignored if not one.is_own)
    return Survey(tuple(files), tuple(sheets), ignored, others)


def demand_one_workspace(data_dir: Path, listing: Listing) -> None:
    """Refuse a folder that holds other workspaces: two counties would be read as one.

    Args:
        data_dir: The data folder.
        listing: Its files.

    Raises:
        SeveralWorkspacesError: Names them.
    """
    if listing.workspaces:
        names = [path.relative_to(data_dir).as_posix() for path in listing.workspaces]
        raise SeveralWorkspacesError(data_dir, names)


def _understood(
    read: FileRead, sources: Sequence[SourceMapping], store: Store | None
) -> tuple[SourceFile, list[ParsedSheet]]:
    """Understand the sheets of a file; a long one may turn out to be damaged only now."""
    read = _with_inputs(read)
    found: list[ParsedSheet] = []
    try:
        for raw in read.sheets:
            parts = understand_parts(raw, sources, lambda one: _kept(one, store, is_slice=True))
            found += [_kept(one, store, read.source.sha256) for one in parts]
    except IrregularTextError:
        if read.line_by_line is None:
            raise
        return _understood(_again(read, read.line_by_line), sources, store)
    except RefusedError as refused:
        return refused_file(read.source, refused), []
    return read.source, found


def _with_inputs(read: FileRead) -> FileRead:
    """Take back the sheets that look like the tool's own and hold a whole input table."""
    sheets = without_own(read.every, _is_input)
    if not sheets:
        return read
    return replace(read, source=replace(read.source, status="read", problem=None), sheets=sheets)


def _is_input(sheet: RawSheet) -> bool:
    return any(one.is_plain and not one.missing for one in candidates(sheet))


def _again(read: FileRead, line_by_line: Callable[[], FileRead]) -> FileRead:
    """Read a text again whose slices are irregular; its number stays."""
    number = read.source.file_id
    try:
        again = line_by_line()
    except (RefusedError, OSError) as error:
        refused = error if isinstance(error, RefusedError) else RefusedError("denied")
        return FileRead(refused_file(read.source, refused))
    source = replace(again.source, file_id=number)
    return FileRead(source, tuple(replace(one, file_id=number) for one in again.sheets))


def _kept(
    sheet: ParsedSheet, store: Store | None, sha256: str = "", *, is_slice: bool = False
) -> ParsedSheet:
    """Let go of the cells of a sheet that is understood, and put many rows into the store."""
    if sheet.found.table is not None and not is_slice:
        sheet = replace(sheet, digest=digest_of(sheet.sheet, sha256))
    if store is None or sheet.found.table is None or sheet.accepted is None:
        return sheet
    stored = store.put(sheet.accepted, always=is_slice)
    sheet = replace(sheet, sheet=sheet.sheet.emptied())
    return sheet if stored is None else replace(sheet, accepted=None, stored=(stored,))


def _encodings(
    listing: Listing, data_dir: Path, sources: Iterable[SourceMapping]
) -> dict[str, str]:
    """Return the encoding that recon.toml names for each listed file."""
    named = [source for source in sources if source.encoding]
    paths = [path.relative_to(data_dir).as_posix() for path in listing.inputs] if named else []
    return {
        path: source.encoding
        for source in reversed(named)
        for path in paths
        if source.encoding and speaks_of(source, path)
    }


def check_sources(sources: Iterable[SourceMapping]) -> None:
    """Refuse mappings that name unknown tables or columns, all faults at once.

    Args:
        sources: `[[source]]` entries of recon.toml.

    Raises:
        ConfigError: Something is unknown; the nearest known names are given.
    """
    faults = []
    for source in sources:
        if source.table in {None, "", "ignore"}:
            continue
        table = specs().get(str(source.table))
        if table is None:
            faults.append(_unknown("table", str(source.table), tuple(specs())))
            continue
        unknown = [name for name in source.columns.values() if name and name not in table.by_name]
        faults += [_unknown(f"{table.name} column", name, tuple(table.by_name)) for name in unknown]
    if faults:
        raise ConfigError(faults)


def _unknown(what: str, name: str, known: tuple[str, ...]) -> Text:
    near = nearest(name, known) or known
    return Text(
        f"recon.toml [[source]]: 没有 {what} “{name}”。可用：{'、'.join(near)}。",
        f"recon.toml [[source]]: unknown {what} '{name}'. Allowed: {', '.join(near)}.",
    )


def _refuse_unknown(survey: Survey) -> None:
    places = [one.problem for one in survey.files if one.status == "refused" and one.problem]
    for one in survey.sheets:
        place = place_of(one.sheet)
        if one.found.question:
            places.append(one.found.question)
        elif one.found.table is None and one.found.how not in {"saved", "chart", "text"}:
            places.append(Text(f"{place}: 未识别。", f"{place}: not understood."))
        elif one.found.table:
            places += [
                Text(f"{place}: 列“{column.header}”。", f"{place}: column “{column.header}”.")
                for column in one.found.unmapped
            ]
    if places:
        raise UnknownSourcesError(places)


def join_sheets(files: tuple[SourceFile, ...], sheets: Sequence[ParsedSheet]) -> Intake:
    """Join parsed sheets into tables, number the rows and validate.

    Args:
        files: All files, in path order.
        sheets: Parsed sheets, in the order that decides row ids.
    """
    certificates = tuple(certify(sheet) for sheet in sheets)
    parts: dict[str, list[Part]] = {}
    next_id = 1
    doubtful: list[int] = []
    for number, sheet in enumerate(sheets):
        if sheet.found.table is None:
            continue
        for part in _parts(sheet, number, next_id):
            parts.setdefault(sheet.found.table.name, []).append(part)
            if sheet.doubtful:
                places = part.places()
                doubted = places["row_no"].is_in(list(sheet.doubtful))
                doubtful.extend(places.filter(doubted)["row_id"])
            next_id += part.height
    rows = {name: Rows(tuple(found)) for name, found in sorted(parts.items())}
    columns = _columns(sheets)
    quality = [sheet.quality for sheet in sheets]
    quality += [validate_table(specs()[name], found, columns) for name, found in rows.items()]
    return Intake(
        files=files,
        sheets=certificates,
        rows=rows,
        rejected=pl.concat([items(), *(sheet.rejected for sheet in sheets)]),
        quality=propose(_settled(pl.concat([items(), *quality])), rows),
        questions=(
            *(sheet.found.question for sheet in sheets if sheet.found.question),
            *(text for sheet in sheets for text in sheet.asked),
        ),
        notes=tuple(_not_understood(files, sheets)),
        repeats=tuple(text for sheet in sheets for text in sheet.told),
        doubtful=tuple(doubtful),
    )


def _not_understood(files: Iterable[SourceFile], sheets: Iterable[ParsedSheet]) -> Iterator[Text]:
    """Say which files and sheets may hold data that no rule looked at."""
    for one in files:
        if one.status == "ignored" and one.problem:
            yield one.problem
    for sheet in sheets:
        found, place = sheet.found, place_of(sheet.sheet)
        if found.table is None and found.how not in {"saved", "chart", "text"}:
            for note in found.notes:
                yield Text(f"{place}: {note.zh}", f"{place}: {note.en}")


def _parts(sheet: ParsedSheet, number: int, next_id: int) -> Iterator[Part]:
    """Yield the accepted rows of a sheet with their place, numbered from `next_id` on."""
    kept: list[tuple[pl.DataFrame | Path, int]] = [(one.path, one.height) for one in sheet.stored]
    if sheet.accepted is not None:
        kept.append((sheet.accepted, sheet.accepted.height))
    raw = sheet.sheet
    for rows, height in kept:
        yield Part(rows, height, next_id, raw.file_id, number, raw.path, raw.sheet)
        next_id += height


def _columns(sheets: Sequence[ParsedSheet]) -> pl.DataFrame:
    rows = [
        {"sheet_no": number, "column": name, "column_letter": letter, "header": header}
        for number, sheet in enumerate(sheets)
        for name, (letter, header) in sheet.columns.items()
    ]
    schema = {
        "sheet_no": pl.Int32,
        "column": pl.String,
        "column_letter": pl.String,
        "header": pl.String,
    }
    return pl.DataFrame(rows, schema=schema)


def _settled(quality: pl.DataFrame) -> pl.DataFrame:
    """Drop what another check of the place says better, a cut number, a clash; sort by place."""
    cell = ["file", "sheet", "row_no", "column_letter"]
    cut = quality.filter(pl.col("check") == "number_cut").select(cell).unique()
    doubled = pl.col("check").is_in(["valid_id_no", "valid_uscc", "valid_account", "valid_card"])
    kept = pl.concat(
        [
            quality.filter(~doubled),
            quality.filter(doubled).join(cut, on=cell, how="anti", nulls_equal=True),
        ]
    )
    row = ["file", "sheet", "row_no"]
    clash = kept.filter(pl.col("check") == "key_clash").select(row)
    again = pl.col("check") == "repeated_key"
    kept = pl.concat(
        [
            kept.filter(~again),
            kept.filter(again).join(clash, on=row, how="anti", nulls_equal=True),
        ]
    )
    kept = kept.unique([*cell, "check"], keep="first", maintain_order=True)
    return kept.sort([*cell, "check"], nulls_last=False, maintain_order=True)
