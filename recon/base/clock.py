"""Seconds per stage of a run: the one thing that may differ between two equal runs."""

from __future__ import annotations

import os
from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Clock:
    """Collects the seconds of named stages, by the clock and by the processors."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.cpu_seconds: dict[str, float] = {}
        self.tables: dict[str, float] = {}
        #: Whether the sources were `read`, read and `stored`, or `reused`.
        self.sources = "read"
        #: Whether the results of the rules were `computed`, computed and `stored`, or `reused`.
        self.results = "computed"

    @contextmanager
    def timing(self, stage: str) -> Iterator[None]:
        """Measure what happens inside, in seconds."""
        started, busy = perf_counter(), _processor_seconds()
        try:
            yield
        finally:
            self.seconds[stage] = round(perf_counter() - started, 3)
            self.cpu_seconds[stage] = round(_processor_seconds() - busy, 3)


def _processor_seconds() -> float:
    """Return what this process and its ended children have used, all threads together."""
    return sum(os.times()[:4])
