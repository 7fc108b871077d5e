"""The short, fixed form of `python -m tests.fuzz.run`, and all that it ever found."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings

from recon.intake.formats.worker import Worker
from tests.fuzz.containers import mutate, seeds
from tests.fuzz.layouts import Drawn, drawn_sheets, faults
from tests.fuzz.run import LIMITS, is_bad, read_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

CORPUS = sorted(path for path in (Path(__file__).parent / "corpus").iterdir() if path.is_file())


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker(LIMITS) as made:
        yield made


@given(drawn_sheets())
@settings(
    max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
def test_no_layout_loses_a_row_or_changes_an_amount(drawn: Drawn) -> None:
    assert faults(drawn) == []


@pytest.mark.parametrize("name", sorted(seeds()))
def test_damaged_files_are_read_or_refused(name: str, tmp_path: Path, worker: Worker) -> None:
    content = seeds()[name]
    path = tmp_path / name
    path.write_bytes(content)
    assert read_whole(path, worker).source.status == "read"
    path.write_bytes(mutate(content, Random(1)))  # noqa: S311 (fixed damage)
    assert not is_bad(read_whole(path, worker))


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_what_was_found_stays_mended(path: Path, worker: Worker) -> None:
    """A name says what must become of a file: read-, refused- or any-."""
    read = read_whole(path, worker)
    wanted = path.name.split("-", 1)[0]
    assert not is_bad(read)
    assert wanted in {"any", read.source.status}
