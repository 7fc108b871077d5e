"""Rules at the same time: a session and twins of it, each with temporary tables of its own.

Planning a rule over few rows takes longer than running it, and planning uses one core. Here: how
many run at once. Not here: which rules may (see `recon.run.rule_run`).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future

    from recon.engine.duckdb import Session

T = TypeVar("T")
R = TypeVar("R")

#: From so many source rows on a rule gets all threads and the memory for itself.
MANY_ROWS = 1_000_000


@dataclass(frozen=True)
class Lanes:
    """Sessions that work at the same time; each does one thing at once."""

    twins: int
    _free: SimpleQueue[Session]
    _pool: ThreadPoolExecutor

    def run(self, items: Iterable[T], run: Callable[[Session, T], R]) -> list[Future[R]]:
        """Begin to run a function over items, each on a session that no other uses.

        Args:
            items: What to run it over; they begin in this order.
            run: Gets a session and an item; sessions share all tables but the temporary ones.
        """
        return [self._pool.submit(self._on_a_lane, run, item) for item in items]

    def join(self, session: Session) -> None:
        """Let a session that was busy elsewhere work too."""
        self._free.put(session)

    def _on_a_lane(self, run: Callable[[Session, T], R], item: T) -> R:
        lane = self._free.get()
        try:
            return run(lane, item)
        finally:
            self._free.put(lane)


@contextmanager
def open_lanes(session: Session) -> Iterator[Lanes]:
    """Open twins of a session, which itself works only after it joined them.

    Args:
        session: A session with `source_row`.

    Yields:
        The lanes; at the end what has not begun never does.
    """
    twins = [session.twin() for _ in range(_spare(session))]
    free: SimpleQueue[Session] = SimpleQueue()
    for twin in twins:
        free.put(twin)
    pool = ThreadPoolExecutor(len(twins) + 1)
    try:
        yield Lanes(len(twins), free, pool)
    finally:
        pool.shutdown(cancel_futures=True)
        for twin in twins:
            twin.connection.close()


def _spare(session: Session) -> int:
    if session.most_lanes == 1:
        return 0
    rows, threads = session.execute(
        "select count(*), current_setting('threads') from source_row", "source_row"
    )[0]
    return min(threads, session.most_lanes) - 1 if rows < MANY_ROWS else 0
