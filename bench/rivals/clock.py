"""Wall and processor seconds of a stretch of code. Imports nothing but the standard library."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def measured(result: dict[str, Any]) -> Iterator[None]:
    """Put wall and processor seconds of what happens inside into a dictionary."""
    wall, busy = perf_counter(), sum(os.times()[:4])
    yield
    result["seconds"] = round(perf_counter() - wall, 3)
    result["cpu_seconds"] = round(sum(os.times()[:4]) - busy, 3)


def contend(work: Callable[[Path, Path], dict[str, Any]]) -> None:
    """Run a rival on the folder and the output file of the command line; print its figures."""
    folder, out = (Path(word).resolve() for word in sys.argv[1:3])
    result: dict[str, Any] = {}
    with measured(result):
        more = work(folder, out)
    print(json.dumps({**result, **more}))
