"""Input files in order, two at a time, numbered: the door of this package for the pipeline.

Here: order, numbers, processes. Not here: which files (`listing`), one file's content (`content`),
what the cells mean (`header`, `mapping`, `values`).
"""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from queue import SimpleQueue
from typing import TYPE_CHECKING

from recon.intake.formats.content import Context, FileRead, read_path
from recon.intake.formats.listing import Listing, list_files, list_inputs
from recon.intake.formats.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from recon.base.models import ReadLimits

#: Small files are read faster than they are understood: a second process costs more than it gives.
_LARGE = 1_000_000

__all__ = ["FileRead", "Listing", "list_files", "list_inputs", "read_file", "read_files"]


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
        read = read_path(path, shown, Context(worker, limits, encodings))
    else:
        with Worker(limits) as own:
            read = read_path(path, shown, Context(own, limits, encodings))
    return _number([read], file_id)[0]


def read_files(
    paths: Iterable[Path],
    root: Path,
    limits: ReadLimits,
    encodings: Mapping[str, str] | None = None,
    progress: Callable[[str, int, int], None] | None = None,
    worker: Worker | None = None,
) -> Iterator[FileRead]:
    """Read files in order, large ones two at a time where cores allow; archives yield members too.

    A small file is read while the one before it is understood.

    Args:
        paths: Files as `list_files` gives them.
        root: The data folder.
        limits: What reading one file may cost.
        encodings: Encodings that the user named, by relative posix path.
        progress: Called with (path, files done, files in all) after each file.
        worker: A reading process to use; it is ended with the others.

    Yields:
        One `FileRead` per file and archive member, numbered from 1 in this order.
    """
    listed = list(paths)
    large = sum(_size(path) >= _LARGE for path in listed)
    count = max(1, min(limits.readers, os.cpu_count() or 1, large))
    workers: SimpleQueue[Worker] = SimpleQueue()
    made = [worker or Worker(limits), *(Worker(limits) for _ in range(count - 1))]
    for one in made:
        workers.put(one)

    def read(path: Path, shown: str) -> FileRead:
        mine = workers.get()
        try:
            return read_path(path, shown, Context(mine, limits, encodings or {}))
        finally:
            workers.put(mine)

    file_id = 1
    pool = ThreadPoolExecutor(max_workers=count, thread_name_prefix="recon-read")
    waiting: deque[tuple[str, Future[FileRead]]] = deque()
    todo = deque(listed)
    try:
        for done in range(1, len(listed) + 1):
            while todo and len(waiting) < count + (_size(todo[0]) < _LARGE):
                path = todo.popleft()
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
        for one in made:
            one.close()


def _size(path: Path) -> int:
    """Return the bytes of a file; one that has gone has none."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _number(reads: list[FileRead], file_id: int) -> list[FileRead]:
    """Number files and their members in order, laid out flat; an archive keeps its members too."""
    flat: list[FileRead] = []
    for read in reads:
        numbered = replace(
            read,
            source=replace(read.source, file_id=file_id + len(flat)),
            sheets=tuple(replace(s, file_id=file_id + len(flat)) for s in read.sheets),
            every=tuple(replace(s, file_id=file_id + len(flat)) for s in read.every),
        )
        members = _number(list(read.members), file_id + len(flat) + 1)
        flat += [replace(numbered, members=tuple(members)), *members]
    return flat
