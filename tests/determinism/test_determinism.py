"""The same bytes in another process, zone, locale and folder, with other threads and a cache.

`python -m tests.determinism.run` tries each alone, over the sample county and other Pythons.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.determinism.conditions import ELSEWHERE, REFERENCE, CheckFailedError, check, hashes
from tests.trust.planted import plant, run

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = "2024-12-31"
SELECT = ("--select", "REM,TRN,FUEL,LED,ORG")


def in_process(folder: Path, out: Path, *words: str) -> dict[str, str]:
    result = run(
        "check", folder, "--as-of", AS_OF, "--out", out, "-q", "--fail-on", "none", *SELECT, *words
    )
    assert result.exit_code in {0, 2}, result.output
    return hashes(out)


def test_equal_work_gives_equal_bytes_wherever_it_is_done(tmp_path: Path) -> None:
    folder = plant(tmp_path / "资料 甲")
    here = in_process(folder, tmp_path / "here", "--no-cache", "--threads", "1")
    assert {"exceptions.parquet", "exceptions.csv", "control.json", "run.json"} <= here.keys()
    elsewhere = replace(ELSEWHERE, words=(*ELSEWHERE.words, *SELECT))
    assert check(folder, AS_OF, elsewhere, tmp_path / "there") == here
    assert in_process(folder, tmp_path / "cached") == here


def test_another_day_gives_other_bytes(tmp_path: Path) -> None:
    folder = plant(tmp_path / "资料")
    one = in_process(folder, tmp_path / "one", "--ignore", "LED")
    other = in_process(folder, tmp_path / "other", "--ignore", "ORG")
    assert one["run.json"] != other["run.json"]


def test_a_check_that_fails_is_told(tmp_path: Path) -> None:
    with pytest.raises(CheckFailedError, match="exit status 2"):
        check(tmp_path, "no day", REFERENCE, tmp_path / "out")
