"""Texts of tables: for how many rows and how much memory they are packed; rows are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recon.engine.duckdb import Session
from recon.engine.packing import FEWEST, MOST, leave_unpacked

if TYPE_CHECKING:
    from pathlib import Path

_TEXTS = "select 'payer ' || (range % 9) as name, range as row_id from range(300000)"


@pytest.mark.parametrize(
    ("rows", "memory", "left"),
    [
        (FEWEST - 1, "4GB", None),
        (FEWEST, "4GB", 2.4),
        (2_700_000, "2GB", 1.1),
        (2_700_000, "1GB", None),
        (MOST, "4GB", 2.4),
        (MOST + 1, "4GB", None),
    ],
)
def test_texts_stay_unpacked_where_memory_holds_them(
    tmp_path: Path, rows: int, memory: str, left: float | None
) -> None:
    with Session(tmp_path / "run.duckdb", memory, 1) as session:
        before = session.execute("select current_setting('memory_limit')", "x")
        assert leave_unpacked(session, rows) == (left is not None)
        session.seal()
        ((kept, limit),) = session.execute(
            "select current_setting('disabled_compression_methods'), "
            "current_setting('memory_limit')",
            "x",
        )
        session.run_script(f"create table t as {_TEXTS}")
        packed = session.execute(
            "select bool_or(compression = 'DICT_FSST') from pragma_storage_info('t')", "x"
        )
        assert session.execute(f"from (from t except {_TEXTS})", "x") == []
    assert packed == [(left is None,)]
    if left is None:
        assert (kept, [(limit,)]) == ("", before)
    else:
        assert limit == f"{left} GiB"
