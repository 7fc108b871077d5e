"""The reading process: one request at a time, one workbook each, answers through Arrow files.

It runs behind a memory limit and may be killed at any moment; nothing it does touches the inputs or
outputs. It must not import polars or anything else heavy. Not here: the parent's side (`worker`).
"""

from __future__ import annotations

import contextlib
import os
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pyarrow as pa
from pyarrow import ipc

from recon.intake.formats.decrypt import decrypt
from recon.intake.formats.html_tables import read_html
from recon.intake.formats.records import read_json_records, read_xml_records
from recon.intake.formats.refusals import RefusedError
from recon.intake.formats.workbook import SheetCells, read_workbook
from recon.intake.formats.xml_sheet import read_xml_sheet

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from recon.intake.formats.refusals import Code

#: Address space that threads and libraries take beside the data.
_HEADROOM = 1024**3


@dataclass(frozen=True)
class Job:
    """One request; the content of the file follows it through the pipe."""

    kind: str
    codec: str | None
    memory: int
    password: str | None
    folder: str


@dataclass(frozen=True)
class Answer:
    """Sheets read (their cells stand in `<number>.arrow` of the job's folder), or a refusal.

    `unwritable` says why the cells could not be written: that is no fault of the file.
    """

    sheets: tuple[SheetCells, ...] = ()
    code: Code | None = None
    detail: str = ""
    unwritable: str = ""


def serve(pipe: Connection, memory: int) -> None:
    """Answer requests until the pipe closes.

    Args:
        pipe: Where jobs come from and answers go.
        memory: Bytes that this process may take beyond what it has at the start.
    """
    _hush()
    pa.set_memory_pool(pa.system_memory_pool())
    _limit(memory)
    pipe.send("ready")
    while True:
        try:
            job = pipe.recv()
            content = pipe.recv_bytes()
        except (EOFError, OSError, KeyboardInterrupt):
            return
        answer = answer_job(job, content)
        del content
        with contextlib.suppress(BrokenPipeError):
            pipe.send(answer)
        del answer


def answer_job(job: Job, content: bytes) -> Answer:
    """Read one file; every failure becomes a refusal.

    Args:
        job: What to read and how.
        content: The bytes of the file.
    """
    try:
        sheets = _read(job, content)
        for number, sheet in enumerate(sheets):
            try:
                _write(sheet.table, Path(job.folder) / f"{number}.arrow")
            except OSError as error:
                return Answer(unwritable=error.strerror or str(error))
            sheet.table = None
    except RefusedError as refused:
        return Answer(code=refused.code, detail=refused.detail)
    except MemoryError:
        return Answer(code="memory", detail=_size(job))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 (a panic in Rust derives from BaseException)
        code = _code_of(error)
        return Answer(code=code, detail=_size(job) if code == "memory" else job.kind)
    return Answer(sheets=tuple(sheets))


def _read(job: Job, content: bytes) -> list[SheetCells]:
    kind = job.kind
    if kind == "encrypted":
        content, kind = decrypt(content, job.password)
    markup = _MARKUP.get(kind)
    if markup is not None:
        return markup(content.decode(job.codec or "utf-8", errors="replace"))
    return read_workbook(content, kind, job.memory)


_MARKUP = {
    "html": read_html,
    "xml_sheet": read_xml_sheet,
    "xml": read_xml_records,
    "json": read_json_records,
}


def _size(job: Job) -> str:
    return f"{job.memory / 1024**3:.1f} GB"


def _code_of(error: BaseException) -> Code:
    """Tell want of memory and an archive that ends too early from other damage."""
    text = str(error).lower()
    if "can't start new thread" in text or "cannot allocate memory" in text:
        return "memory"
    if "password" in text:
        return "encrypted"
    cut = ("end of central directory", "eocd", "unexpected end", "truncated", "not a zip file")
    is_short = isinstance(error, EOFError) or any(word in text for word in cut)
    return "truncated" if is_short and isinstance(error, _ARCHIVE_ERRORS) else "corrupt"


_ARCHIVE_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError)


def _write(table: pa.Table, path: Path) -> None:
    with ipc.new_file(str(path), table.schema) as sink:
        sink.write_table(table)


def _hush() -> None:
    """Send what libraries print on their way down to nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def _limit(memory: int) -> None:
    """Limit the address space where the system can; elsewhere the parent watches."""
    try:
        import resource  # noqa: PLC0415 (POSIX only)
    except ImportError:
        return
    wanted = psutil.Process().memory_info().vms + memory + _HEADROOM
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (wanted, wanted))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
