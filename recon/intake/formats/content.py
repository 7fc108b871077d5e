"""One input file, from its bytes to sheets of text, or to the one sentence why not.

Here: choosing the reader by the true type, archives, records of files. Not here: processes
(`worker`), order and numbers (`reader`), what the cells mean.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from recon.base.errors import InputsMovedError
from recon.base.models import RawSheet, ReadLimits, SourceFile, Text
from recon.base.temporary import temporary_folder
from recon.intake.formats.archive import content_of, is_own_output, members_of, unpack_gz
from recon.intake.formats.cells import sheet_of
from recon.intake.formats.delimited import Delimited, read_delimited
from recon.intake.formats.detect import (
    OLE,
    READ_BY_PROCESS,
    TrueType,
    ancient_name,
    starts_parquet,
    true_type,
)
from recon.intake.formats.encoding import Judgement, judge_encoding, judge_html
from recon.intake.formats.listing import is_regular
from recon.intake.formats.own import without_own
from recon.intake.formats.parquet import read_parquet
from recon.intake.formats.refusals import RefusedError, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from recon.intake.formats.refusals import Code
    from recon.intake.formats.worker import Worker

#: Reasons to pass a file over rather than to report it as unreadable.
_PASSED_OVER: frozenset[str] = frozenset(
    {"foreign", "packed", "not_tabular", "own_output", "unread", "webpage"}
)
#: A file of such a name is meant as data: without a table it is unreadable, not passed over.
_MEANT_AS_DATA = frozenset(
    {".xlsx", ".xlsm", ".xls", ".et", ".xlsb", ".ods", ".csv", ".tsv", ".tab", ".parquet"}
)
_FOREIGN = {
    "document": "Word/PowerPoint",
    "fods": "OpenDocument XML（.fods）",
    "pdf": "PDF",
    "picture": "图片（picture）",
    "database": "SQLite",
}


#: Bytes from which a file is judged by its beginning first, and how much that is.
_BIG = 64 * 1024**2
_HEAD = 1024**2
_PACKED = {"rar": "RAR", "7z": "7z"}


@dataclass(frozen=True)
class FileRead:
    """One input file: its record and its sheets (none if refused); `members` of an archive.

    `line_by_line` reads a long text again should its slices turn out irregular; it raises
    RefusedError. `every` holds all sheets where some are left out that look like the tool's own.
    """

    source: SourceFile
    sheets: tuple[RawSheet, ...] = ()
    members: tuple[FileRead, ...] = ()
    line_by_line: Callable[[], FileRead] | None = None
    every: tuple[RawSheet, ...] = ()


@dataclass(frozen=True)
class Context:
    """What reading needs beside the bytes."""

    worker: Worker
    limits: ReadLimits
    encodings: Mapping[str, str]


@dataclass(frozen=True)
class _Content:
    """Bytes with the name they go by."""

    path: str
    content: bytes
    depth: int = 0
    file: Path | None = None

    @property
    def suffix(self) -> str:
        """The extension, lower case."""
        return Path(self.path).suffix.lower()


def read_path(path: Path, shown: str, context: Context) -> FileRead:  # noqa: PLR0911 (one a reason)
    """Read one file; its bytes are taken once.

    Args:
        path: The file.
        shown: Its path as the user sees it.
        context: Process, limits and named encodings.

    Returns:
        Its record (file_id 0) and sheets, or why it was refused.
    """
    if path.exists() and not is_regular(path):
        return _refused(shown, b"", "unknown", "denied")
    try:
        if starts_parquet(path):
            return _read_long(path, shown)
        if (refused := _too_big(path, context.limits.memory)) is not None:
            return FileRead(refused_file(_unread(path, shown), refused))
        content = path.read_bytes()
    except FileNotFoundError:
        return _refused(shown, b"", "unknown", "vanished")
    except OSError:
        return _refused(shown, b"", "unknown", "denied")
    except MemoryError:
        return _refused(
            shown, b"", "unknown", "memory", f"{context.limits.memory / 1024**3:.1f} GB"
        )
    return _read_content(_Content(shown, content, file=path), context)


def _too_big(path: Path, memory: int) -> RefusedError | None:
    """Judge a big file by its size and its beginning, before any more of it is held."""
    size = path.stat().st_size
    if size < _BIG:
        return None
    with path.open("rb") as file:
        head = file.read(_HEAD)
    kind = true_type(head) if not head.startswith((b"PK", OLE)) else "zip"
    try:
        _demand_readable(kind, head)
    except RefusedError as refused:
        return refused
    return RefusedError("memory", f"{memory / 1024**3:.1f} GB") if size > memory else None


def _unread(path: Path, shown: str) -> SourceFile:
    """Return the record of a file that is never held whole."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return SourceFile(0, shown, digest, path.stat().st_size, "unknown", "read")


def _read_content(item: _Content, context: Context) -> FileRead:
    """Read bytes by what they are."""
    kind = true_type(item.content)
    try:
        return _dispatch(item, kind, context)
    except RefusedError as refused:
        return _refused(item.path, item.content, kind, refused.code, refused.detail)


def _dispatch(item: _Content, kind: TrueType, context: Context) -> FileRead:
    """Choose the reader for a type."""
    if kind in READ_BY_PROCESS:
        return _read_workbook(item, kind, context)
    reader = {
        "zip": _read_zip,
        "gz": _read_gz,
        "text": _read_text,
        "parquet": _read_packed,
    }.get(kind)
    if reader is not None:
        return reader(item, context)
    _demand_readable(kind, item.content)
    raise RefusedError("unknown")


def _demand_readable(kind: TrueType, head: bytes) -> None:
    """Refuse the types that nothing here reads."""
    if kind in _PACKED:
        raise RefusedError("packed", _PACKED[kind])
    if kind in _FOREIGN:
        raise RefusedError("foreign", _FOREIGN[kind])
    if kind == "ancient":
        raise RefusedError("ancient", ancient_name(head) or "")
    if kind in {"empty", "unknown"}:
        raise RefusedError("empty" if kind == "empty" else "unknown")


def _read_zip(item: _Content, context: Context) -> FileRead:
    """Read the members of an archive, each a file of its own; archives within it are refused."""
    if item.depth:
        raise RefusedError("packed", "zip")
    members = []
    for member in members_of(item.content, context.limits.memory):
        shown = f"{item.path}/{member.name}"
        if member.code is not None:
            members.append(_refused(shown, b"", "unknown", member.code, member.detail))
            continue
        content = content_of(member, item.content)
        members.append(_read_content(_Content(shown, content, depth=1), context))
    return FileRead(_source(item, "zip", "read"), (), tuple(members))


def _read_gz(item: _Content, context: Context) -> FileRead:
    """Read what a gzip file holds under the name of the file itself."""
    if item.depth > 1:
        raise RefusedError("packed", "gzip")
    content = unpack_gz(item.content, context.limits.memory)
    inner = _Content(item.path.removesuffix(".gz"), content, item.depth + 1)
    read = _read_content(inner, context)
    problem = read.source.problem
    source = replace(
        _source(item, f"gz/{read.source.true_type}", read.source.status),
        encoding=read.source.encoding,
        encoding_evidence=read.source.encoding_evidence,
        problem=problem and Text(_again(problem.zh, item), _again(problem.en, item)),
    )
    sheets, every = (
        tuple(replace(sheet, path=item.path) for sheet in some)
        for some in (read.sheets, read.every)
    )
    return FileRead(source, sheets, read.members, every=every)


def _again(text: str, item: _Content) -> str:
    """Name the packed file where a sentence names what it holds."""
    inner = item.path.removesuffix(".gz")
    return item.path + text.removeprefix(inner)


def _read_long(path: Path, shown: str) -> FileRead:
    """Read the beginning of a Parquet file, which is never held whole."""
    source = replace(_unread(path, shown), true_type="parquet")
    try:
        return FileRead(source, (read_parquet(path, shown),))
    except RefusedError as refused:
        return FileRead(refused_file(source, refused))


def _read_packed(item: _Content, _context: Context) -> FileRead:
    """Read a Parquet file out of an archive."""
    return FileRead(_source(item, "parquet", "read"), (read_parquet(item.content, item.path),))


def _read_text(item: _Content, context: Context) -> FileRead:
    named = context.encodings.get(item.path)
    judgement = judge_encoding(item.content, named)
    must = item.suffix not in {".csv", ".tsv", ".tab"}
    found = read_delimited(
        item.content, judgement, context.limits.memory, must_be_table=must, file=item.file
    )
    if found.damaged and not judgement.damaged:
        judgement = replace(judgement, damaged=found.damaged, is_certain=False)
    sheet = RawSheet(
        file_id=0,
        path=item.path,
        sheet=None,
        hidden=False,
        cells=found.cells,
        rows_total=found.rows_total,
        ragged=found.ragged,
        notes=tuple(_text_notes(found, judgement)),
        slices=found.slices,
        known=found.known,
    )
    kind = "tsv" if found.separator == "\t" else "csv"
    source = _encoded(_source(item, kind, "read"), judgement)
    if found.slices is None or item.file is None:
        return _foreign(source, (sheet,))
    again = partial(_read_again, replace(item, content=b""), item.file, source.sha256, context)
    return FileRead(source, (sheet,), line_by_line=again)


def _read_again(item: _Content, file: Path, digest: str, context: Context) -> FileRead:
    """Read a text whole that was first taken for one of regular lines."""
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        raise RefusedError("vanished") from None
    if hashlib.sha256(content).hexdigest() != digest:
        raise RefusedError("vanished")
    return _read_text(replace(item, content=content, file=None), context)


def _text_notes(found: Delimited, judgement: Judgement) -> Iterator[Text]:
    if found.broken:
        lines = ", ".join(str(line) for line in found.broken[:5])
        yield Text(
            f"第 {lines} 行的引号没有配对，已按普通字符读取（共 {len(found.broken)} 行）。",
            f"quotes are not closed on line {lines}; read as plain characters "
            f"({len(found.broken)} lines).",
        )
    if judgement.damaged:
        yield Text(
            f"有 {judgement.damaged} 处文字无法解码，显示为 \ufffd。",
            f"{judgement.damaged} places do not decode and are shown as \ufffd.",
        )


def _read_workbook(item: _Content, kind: str, context: Context) -> FileRead:
    """Have the reading process read a workbook and take over its cells."""
    if kind == "xlsx" and is_own_output(item.content):
        raise RefusedError("own_output")
    judgement = None
    if kind in {"html", "xml_sheet", "xml", "json"}:
        judgement = judge_html(item.content, context.encodings.get(item.path))
    codec = judgement.codec if judgement else None
    with temporary_folder("read") as folder:
        answer = context.worker.read(item.content, kind, codec, str(folder))
        sheets = tuple(
            sheet_of(found, item.path, folder / f"{number}.arrow")
            for number, found in enumerate(answer.sheets)
        )
    source = _source(item, kind, "read")
    return _foreign(_encoded(source, judgement) if judgement else source, sheets)


def _foreign(source: SourceFile, sheets: tuple[RawSheet, ...]) -> FileRead:
    """Return the sheets that do not look like the tool's own; a file that has no other is none."""
    kept = without_own(sheets)
    if sheets and not kept:
        return FileRead(refused_file(source, RefusedError("own_output")), every=sheets)
    return FileRead(source, kept, every=() if kept == sheets else sheets)


def _source(item: _Content, kind: str, status: Literal["read", "refused", "ignored"]) -> SourceFile:
    return SourceFile(
        file_id=0,
        path=item.path,
        sha256=hashlib.sha256(item.content).hexdigest(),
        size=len(item.content),
        true_type=kind,
        status=status,
    )


def _encoded(source: SourceFile, judgement: Judgement) -> SourceFile:
    return replace(source, encoding=judgement.codec, encoding_evidence=judgement.label)


def _refused(path: str, content: bytes, kind: str, code: Code, detail: str = "") -> FileRead:
    source = _source(_Content(path, content), kind, "read")
    return FileRead(refused_file(source, RefusedError(code, detail)))


def refused_file(source: SourceFile, refused: RefusedError) -> SourceFile:
    """Return the record of a file that cannot be read, with the sentence that says why.

    Args:
        source: Its record as if it had been read.
        refused: Why it cannot be.

    Raises:
        InputsMovedError: It went away or changed under the reader: no result could be true.
    """
    if refused.code == "vanished":
        raise InputsMovedError([source.path])
    is_data = Path(source.path).suffix.lower() in _MEANT_AS_DATA and refused.code != "own_output"
    is_passed = refused.code in _PASSED_OVER and not is_data
    return replace(
        source,
        status="ignored" if is_passed else "refused",
        problem=sentence(source.path, refused.code, refused.detail),
    )
