"""A few kills, and proof that the examination after a kill would see what is wrong."""

from __future__ import annotations

import shutil
from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.faults.ground import Ground, prepare
from tests.faults.kills import CASES, Campaign, Examination
from tests.faults.nursery import Nursery
from tests.faults.trials import TRIALS, Trial, attempt, can_try

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FRESH, *_, IMPORT, RECOVER = CASES


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return prepare(tmp_path_factory.mktemp("faults") / "ground")


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery() as server:
        yield server


def test_kills_harm_nothing(ground: Ground, nursery: Nursery, tmp_path: Path) -> None:
    campaign = Campaign(ground, Random(7), nursery, tmp_path)  # noqa: S311
    for case in (FRESH, FRESH, IMPORT, RECOVER):
        campaign.kill(case)
    assert [fault for tally in campaign.tallies.values() for fault in tally.faults] == []
    assert campaign.tallies[FRESH.name].kills == 2


#: The suite tries these checks; bookings cost little and are all tried.
CHECKS = {
    ("full disk", "before the rules"),
    ("files may not grow", "from the start"),
    ("permission lost", "before writing"),
    ("reader killed", "once, while reading"),
    ("reader killed", "while reading"),
    ("reader out of memory", "while reading"),
    ("database out of memory", "with --memory 1MB"),
}
#: A starved reader may fit a small file into what it holds already; then nothing was tried.
_TURNS = {"reader out of memory": 3}
TRIED = [
    trial for trial in TRIALS if trial.command != "check" or (trial.fault, trial.moment) in CHECKS
]


@pytest.mark.parametrize("trial", TRIED, ids=str)
def test_faults_harm_nothing(
    trial: Trial, ground: Ground, nursery: Nursery, tmp_path: Path
) -> None:
    if not can_try(trial):
        pytest.skip(f"this machine has no {trial.needs}")
    for turn in range(_TURNS.get(trial.fault, 1)):
        scratch = tmp_path / str(turn)
        scratch.mkdir()
        faults = attempt(trial, ground, nursery, scratch).faults
        if not faults:
            break
    assert faults == []


def one_run(ground: Ground) -> Path:
    (name,) = ground.runs()
    return ground.out / name


HARM: dict[str, tuple[str, Callable[[Ground], object]]] = {
    "a run that lacks a file": (
        "not complete",
        lambda ground: (one_run(ground) / "run.json").unlink(),
    ),
    "a run with a changed byte": (
        "is not what an undisturbed run gives",
        lambda ground: (one_run(ground) / "quality.parquet").write_bytes(b"PAR1"),
    ),
    "no run": ("is gone", lambda ground: shutil.rmtree(one_run(ground))),
    "a page cut short": (
        "cut short",
        lambda ground: (one_run(ground) / "report.html").write_text("<html>", "utf-8"),
    ),
    "a changed input": (
        "input was changed",
        lambda ground: (ground.data / "recon.toml").write_text("", "utf-8"),
    ),
    "no ledger": ("event is gone", lambda ground: ground.ledger.unlink()),
}


@pytest.mark.parametrize("name", sorted(HARM))
def test_harm_would_be_seen(name: str, ground: Ground, tmp_path: Path) -> None:
    told, harm = HARM[name]
    copy = ground.copy(tmp_path / "copy")
    before = Examination(copy, ground.runs())
    assert before.compare(copy, RECOVER) == []
    harm(copy)
    assert told in " ".join(before.compare(copy, RECOVER))


def test_files_in_the_making_would_be_seen(ground: Ground, tmp_path: Path) -> None:
    copy = ground.copy(tmp_path / "copy")
    assert copy.left() == []
    for place in (copy.out / ".work-12", copy.tmp / "recon-read-0a1b2c3d-12-abc"):
        place.mkdir()
    (copy.data / ".recon.key.0a1b2c3d-12").touch()
    assert len(copy.left()) == 3
