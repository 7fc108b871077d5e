"""Seconds per stage of a run: the one thing that may differ between two equal runs."""

from __future__ import annotations

from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Clock:
    """Collects the seconds of named stages."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def timing(self, stage: str) -> Iterator[None]:
        """Measure what happens inside, in seconds."""
        started = perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] = round(perf_counter() - started, 3)
