"""Counties in turn or several at a time, each in a child process within its share of the machine.

Here: which are stale, the children, their answers. Not here: what a child does (`county`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from recon.base.errors import ReconError
from recon.base.models import Text
from recon.base.sizes import bytes_of
from recon.base.temporary import write_whole
from recon.rollup.counties import County, files_of, mark_of
from recon.rollup.county import Task
from recon.workspace.folder import KEY_FILE
from recon.workspace.kept_run import proven_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

#: A county gets no less; fewer go at a time instead. Units: bytes.
_LEAST_MEMORY = 1 << 30


@dataclass(frozen=True)
class Share:
    """How many counties go at a time, and what each may take of the machine."""

    jobs: int
    threads: int
    memory: str | None
    engine: Literal["duckdb", "spark"] = "duckdb"
    master: str | None = None


@dataclass(frozen=True)
class Answer:
    """What became of a county: its run and register, or why there is none."""

    county: County
    run: Path | None = None
    register: Path | None = None
    problem: Text | None = None
    is_fresh: bool = False


def share_of(jobs: int | None, memory: str | None, counties: int) -> Share:
    """Divide cores and memory among counties.

    Args:
        jobs: How many at a time; None asks the machine: one for two cores.
        memory: Of all together, as 8GB; None leaves each its own default.
        counties: How many there are.
    """
    cores = os.cpu_count() or 1
    most = jobs or max(1, cores // 2)
    total = bytes_of(memory) if memory else None
    if total:
        most = min(most, max(1, total // _LEAST_MEMORY)) if jobs is None else most
    most = max(1, min(most, counties))
    each = f"{max(1, total // most // (1 << 20))}MB" if total else None
    return Share(most, max(1, cores // most), each)


def run_counties(
    counties: Iterable[County],
    as_of: date,
    key: bytes,
    out: Path,
    share: Share,
    tell: Callable[[str, str], None],
) -> tuple[Answer, ...]:
    """Run what is stale and return every county's answer, in the order given.

    Args:
        counties: All counties.
        as_of: The day to which deadlines are counted.
        key: The city's key.
        out: The city's folder; registers and answers stand in `counties/` there.
        share: How many at a time.
        tell: Called with a county and what happens: "kept", "run", "done", "failed".
    """
    kept = out / "counties"
    kept.mkdir(parents=True, exist_ok=True)

    def one(county: County) -> Answer:
        try:
            files = files_of(county)
        except OSError as error:
            return Answer(county, problem=Text(f"读不了：{error}", f"cannot be read: {error}"))
        if (answer := _kept(county, kept, mark_of(files, as_of, key))) is not None:
            tell(county.name, "kept")
            return answer
        tell(county.name, "run")
        answer = _run(county, as_of, key, kept, share)
        with suppress(OSError):  # what cannot be kept is run again
            if answer.problem is None and (after := _unchanged(county, files)) is not None:
                _keep(county, kept, answer, mark_of(after, as_of, key))
        tell(county.name, "done" if answer.problem is None else "failed")
        return replace(answer, is_fresh=True)

    with ThreadPoolExecutor(share.jobs) as pool:
        return tuple(pool.map(one, counties))


def _unchanged(county: County, files: dict[str, str]) -> dict[str, str] | None:
    """Return a county's files after its run, with the key that it made; None where others moved.

    Raises:
        OSError: A file cannot be read.
    """
    after = files_of(county)
    return after if {**after, **files} == after and after.keys() - files <= {KEY_FILE} else None


def _kept(county: County, kept: Path, mark: str) -> Answer | None:
    """Return the answer of the last time, where nothing has changed and its run is proven."""
    try:
        said = json.loads((kept / f"{county.slug}.kept.json").read_text(encoding="utf-8"))
        run, register = county.folder / said["run"], kept / f"{county.slug}.parquet"
        if said["mark"] != mark or not register.is_file():
            return None
        proven_record(run)
    except (OSError, ValueError, KeyError, TypeError, ReconError):
        return None
    return Answer(county, run, register)


def _keep(county: County, kept: Path, answer: Answer, mark: str) -> None:
    said = {"mark": mark, "run": os.path.relpath(str(answer.run), county.folder)}
    write_whole(kept / f"{county.slug}.kept.json", json.dumps(said).encode())


def _run(county: County, as_of: date, key: bytes, kept: Path, share: Share) -> Answer:
    register = kept / f"{county.slug}.parquet"
    said, told = kept / f"{county.slug}.answer.json", kept / f"{county.slug}.task.json"
    said.unlink(missing_ok=True)
    task = Task(
        county.name, str(county.folder), str(as_of), key.hex(), str(register), str(said),
        share.memory, share.threads, share.engine, share.master,
    )  # fmt: skip
    write_whole(told, task.to_json())
    try:
        child = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", "recon.rollup.county", str(told)],
            check=False, capture_output=True, text=True, encoding="utf-8", errors="replace",
        )  # fmt: skip
    finally:
        told.unlink(missing_ok=True)  # it holds the key
    if not said.is_file():
        return Answer(county, problem=_ended(child.returncode))
    answer: dict[str, Any] = json.loads(said.read_text(encoding="utf-8"))
    said.unlink()
    if "error" in answer:
        return Answer(county, problem=Text(answer["error"]["zh"], answer["error"]["en"]))
    return Answer(county, Path(answer["run"]), register)


def _ended(status: int) -> Text:
    return Text(
        f"进程中途结束（{status}），可能是内存不足：减少 --jobs 或加大 --memory。",
        f"its process ended ({status}), perhaps for want of memory: fewer --jobs, more --memory.",
    )
