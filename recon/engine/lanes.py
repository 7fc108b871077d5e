"""Rules at the same time: a session and twins of it, each with temporary tables of its own.

Planning a rule over few rows takes longer than running it, and planning uses one core. Here: how
many run at once. Not here: which rules may (see `recon.rule_run`).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from recon.engine.duckdb import Session

T = TypeVar("T")
R = TypeVar("R")

#: From so many source rows on a rule gets all threads and the memory for itself.
MANY_ROWS = 1_000_000


def run_together(
    session: Session, items: Iterable[T], run: Callable[[Session, T], R]
) -> Iterator[R]:
    """Run a function over items, several at a time, each on a session that no other uses.

    Args:
        session: A session with `source_row`.
        items: What to run it over.
        run: Gets a session and an item; sessions share all tables but the temporary ones.

    Yields:
        The results in the order of the items; the first error ends it.
    """
    with _lanes(session) as lanes, ThreadPoolExecutor(len(lanes)) as pool:
        free: SimpleQueue[Session] = SimpleQueue()
        for lane in lanes:
            free.put(lane)

        def on_a_lane(item: T) -> R:
            lane = free.get()
            try:
                return run(lane, item)
            finally:
                free.put(lane)

        yield from pool.map(on_a_lane, items)


@contextmanager
def _lanes(session: Session) -> Iterator[list[Session]]:
    twins = [session.twin() for _ in range(_spare(session))]
    try:
        yield [session, *twins]
    finally:
        for twin in twins:
            twin.connection.close()


def _spare(session: Session) -> int:
    if session.most_lanes == 1:
        return 0
    rows, threads = session.execute(
        "select count(*), current_setting('threads') from source_row", "source_row"
    )[0]
    return min(threads, session.most_lanes) - 1 if rows < MANY_ROWS else 0
