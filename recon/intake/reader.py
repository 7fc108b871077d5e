"""Input files as text cells: every file is read once, and none can stop the others.

Here: from a path to `FileRead` records, workbooks by way of the reading process. Not here: which
files (`listing`), what the cells mean (`header`, `mapping`, `values`).
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Literal

from recon.intake.archive import content_of, is_own_output, members_of, unpack_gz
from recon.intake.cells import sheet_of
from recon.intake.delimited import Delimited, read_delimited
from recon.intake.detect import ancient_name, true_type
from recon.intake.encoding import Judgement, judge_encoding, judge_html
from recon.intake.listing import Listing, list_files, list_inputs
from recon.intake.refusals import RefusedError, sentence
from recon.intake.worker import Worker
from recon.models import RawSheet, ReadLimits, SourceFile, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from recon.intake.refusals import Code

__all__ = ["FileRead", "Listing", "list_files", "list_inputs", "read_file", "read_files"]

#: Reasons to pass a file over rather than to report it as unreadable.
_PASSED_OVER: frozenset[str] = frozenset({"foreign", "not_tabular", "own_output"})
_FOREIGN = {"json": "JSON", "xml": "XML", "document": "Word/PowerPoint", "parquet": "Parquet"}
_AHEAD = 2


@dataclass(frozen=True)
class FileRead:
    """One input file: its record and its sheets (none if refused); `members` of an archive."""

    source: SourceFile
    sheets: tuple[RawSheet, ...] = ()
    members: tuple[FileRead, ...] = ()


@dataclass(frozen=True)
class _Context:
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

    @property
    def suffix(self) -> str:
        """The extension, lower case."""
        return Path(self.path).suffix.lower()


def read_file(
    path: Path,
    file_id: int,
    root: Path,
    limits: ReadLimits,
    encoding: str | None = None,
    worker: Worker | None = None,
) -> FileRead:
    """Read one input file.

    Args:
        path: The file.
        file_id: Number for it; members of an archive take the following numbers.
        root: The data folder; paths are shown relative to it.
        limits: What reading may cost.
        encoding: Encoding that the user named for it.
        worker: Reading process to use; without one a process is started when needed.

    Returns:
        Its record and sheets. A file that cannot be read is a record with status `refused` (or
        `ignored`) and one sentence; this function raises only if no process can be started.
    """
    shown = path.relative_to(root).as_posix()
    encodings = {shown: encoding} if encoding else {}
    if worker is not None:
        read = _read_path(path, shown, _Context(worker, limits, encodings))
    else:
        with Worker(limits) as own:
            read = _read_path(path, shown, _Context(own, limits, encodings))
    return _number([read], file_id)[0]


def read_files(
    paths: Iterable[Path],
    root: Path,
    limits: ReadLimits,
    encodings: Mapping[str, str] | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Iterator[FileRead]:
    """Read files in order, two at a time where cores allow; archives yield their members too.

    Args:
        paths: Files as `list_files` gives them.
        root: The data folder.
        limits: What reading one file may cost.
        encodings: Encodings that the user named, by relative posix path.
        progress: Called with (path, files done, files in all) after each file.

    Yields:
        One `FileRead` per file and archive member, numbered from 1 in this order.
    """
    listed = list(paths)
    count = max(1, min(_AHEAD, os.cpu_count() or 1, len(listed)))
    workers: SimpleQueue[Worker] = SimpleQueue()
    made = [Worker(limits) for _ in range(count)]
    for worker in made:
        workers.put(worker)

    def read(path: Path, shown: str) -> FileRead:
        worker = workers.get()
        try:
            return _read_path(path, shown, _Context(worker, limits, encodings or {}))
        finally:
            workers.put(worker)

    file_id = 1
    pool = ThreadPoolExecutor(max_workers=count, thread_name_prefix="recon-read")
    waiting: deque[tuple[str, Future[FileRead]]] = deque()
    todo = iter(listed)
    try:
        for done in range(1, len(listed) + 1):
            while len(waiting) < count and (path := next(todo, None)) is not None:
                shown = path.relative_to(root).as_posix()
                waiting.append((shown, pool.submit(read, path, shown)))
            shown, future = waiting.popleft()
            reads = _number([future.result()], file_id)
            file_id += len(reads)
            if progress is not None:
                progress(shown, done, len(listed))
            yield from reads
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        for worker in made:
            worker.close()


def _number(reads: list[FileRead], file_id: int) -> list[FileRead]:
    """Number files and their members in order and lay them out flat; the first keeps its members."""
    flat: list[FileRead] = []
    for read in reads:
        numbered = replace(
            read,
            source=replace(read.source, file_id=file_id + len(flat)),
            sheets=tuple(replace(s, file_id=file_id + len(flat)) for s in read.sheets),
        )
        members = _number(list(read.members), file_id + len(flat) + 1)
        flat += [replace(numbered, members=tuple(members)), *members]
    return flat


def _read_path(path: Path, shown: str, context: _Context) -> FileRead:
    """Take the bytes of a file, once."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return _refused(shown, b"", "unknown", "vanished")
    except OSError:
        return _refused(shown, b"", "unknown", "denied")
    except MemoryError:
        return _refused(
            shown, b"", "unknown", "memory", f"{context.limits.memory / 1024**3:.1f} GB"
        )
    return _read_content(_Content(shown, content), context)


def _read_content(item: _Content, context: _Context) -> FileRead:
    """Read bytes by what they are."""
    kind = true_type(item.content)
    try:
        if kind == "zip":
            return _read_zip(item, context)
        if kind == "gz":
            return _read_gz(item, context)
        if kind == "text":
            return _read_text(item, context)
        if kind in {"xlsx", "xlsb", "xls", "ods", "html", "xml_sheet", "encrypted"}:
            return _read_workbook(item, kind, context)
        if kind in _FOREIGN:
            raise RefusedError("foreign", _FOREIGN[kind])
        if kind == "ancient":
            raise RefusedError("ancient", ancient_name(item.content) or "")
        raise RefusedError("empty" if kind == "empty" else "unknown")
    except RefusedError as refused:
        return _refused(item.path, item.content, kind, refused.code, refused.detail)


def _read_zip(item: _Content, context: _Context) -> FileRead:
    """Read the members of an archive, each a file of its own; archives within it are refused."""
    if item.depth:
        raise RefusedError("foreign", "zip")
    members = []
    for member in members_of(item.content, context.limits.memory):
        shown = f"{item.path}/{member.name}"
        if member.code is not None:
            members.append(_refused(shown, b"", "unknown", member.code, member.detail))
            continue
        content = content_of(member, item.content)
        members.append(_read_content(_Content(shown, content, depth=1), context))
    return FileRead(_source(item, "zip", "read"), (), tuple(members))


def _read_gz(item: _Content, context: _Context) -> FileRead:
    """Read what a gzip file holds under the name of the file itself."""
    if item.depth > 1:
        raise RefusedError("foreign", "gzip")
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
    return FileRead(
        source, tuple(replace(sheet, path=item.path) for sheet in read.sheets), read.members
    )


def _again(text: str, item: _Content) -> str:
    """Name the packed file where a sentence names what it holds."""
    inner = item.path.removesuffix(".gz")
    return item.path + text.removeprefix(inner)


def _read_text(item: _Content, context: _Context) -> FileRead:
    judgement = judge_encoding(item.content, context.encodings.get(item.path))
    must = item.suffix not in {".csv", ".tsv", ".tab"}
    found = read_delimited(item.content, judgement, must_be_table=must)
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
    )
    kind = "tsv" if found.separator == "\t" else "csv"
    return FileRead(_encoded(_source(item, kind, "read"), judgement), (sheet,))


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


def _read_workbook(item: _Content, kind: str, context: _Context) -> FileRead:
    """Have the reading process read a workbook and take over its cells."""
    if kind == "xlsx" and is_own_output(item.content):
        raise RefusedError("own_output")
    judgement = None
    if kind in {"html", "xml_sheet"}:
        judgement = judge_html(item.content, context.encodings.get(item.path))
    codec = judgement.codec if judgement else None
    with tempfile.TemporaryDirectory(prefix="recon-read-") as folder:
        answer = context.worker.read(item.content, kind, codec, folder)
        sheets = tuple(
            sheet_of(found, item.path, Path(folder) / f"{number}.arrow")
            for number, found in enumerate(answer.sheets)
        )
    source = _source(item, kind, "read")
    return FileRead(_encoded(source, judgement) if judgement else source, sheets)


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
    status: Literal["refused", "ignored"] = "ignored" if code in _PASSED_OVER else "refused"
    source = _source(_Content(path, content), kind, status)
    return FileRead(replace(source, problem=sentence(path, code, detail)))
