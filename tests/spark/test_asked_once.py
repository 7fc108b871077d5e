"""What is asked again is answered from memory only while the rows are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from tests.spark.asked_once import AskedOnce

if TYPE_CHECKING:
    from pathlib import Path

KINDS = {"n": "BIGINT"}


def test_the_same_is_asked_once_and_of_other_rows_anew(
    master: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    cluster = AskedOnce(master, tmp_path / "shared")
    view = cluster._view_all
    monkeypatch.setattr(cluster, "_view_all", lambda sql: (sent.append(sql), view(sql)))

    def total(*numbers: int) -> int:
        cluster.put("t", pl.DataFrame({"n": numbers}, {"n": pl.Int64}), KINDS)
        cluster.make("twice", "select n + n as n from `t`", KINDS)
        rows = cluster.fetch("select coalesce(sum(n), 0) as n from `twice`", KINDS, "test")
        return int(rows.column("n")[0].as_py())

    assert [total(1, 2), total(3), total(2, 1), total(), total(1, 2)] == [6, 6, 6, 0, 6]
    # of 1 and 2, and of 3, and of nothing; 6 and 2 + 4 are different rows
    assert len(sent) == 6
    cluster.forget(["twice"])
    cluster.make("twice", "select n as n from `t`", KINDS)
    assert cluster.count("twice") == 2
    with pytest.raises(NotImplementedError):
        cluster.show("seen", "select * from `t`")
    cluster.close()
