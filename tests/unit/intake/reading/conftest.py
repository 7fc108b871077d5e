"""One reading process for all tests of this folder, and a short way to read bytes as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recon.base.models import ReadLimits
from recon.intake.formats.reader import FileRead, read_file
from recon.intake.formats.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LIMITS = ReadLimits(memory=1024**3, seconds=60)


@pytest.fixture(scope="session")
def worker() -> Iterator[Worker]:
    with Worker(LIMITS) as made:
        yield made


@pytest.fixture
def read(tmp_path: Path, worker: Worker) -> Callable[..., FileRead]:
    """Write bytes under a name and read the file."""

    def read_bytes(name: str, content: bytes, encoding: str | None = None) -> FileRead:
        path = tmp_path / name
        path.write_bytes(content)
        return read_file(path, 1, tmp_path, LIMITS, encoding=encoding, worker=worker)

    return read_bytes
