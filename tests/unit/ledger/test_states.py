"""The state of an exception against the last run and the ledger, and the decision carried along."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from recon.base.models import RuleOutcome
from recon.base.paper import LEDGER_FILE
from recon.ledger.decisions import read_decisions
from recon.ledger.store import NewEvent, add_events
from recon.run.states import carry_forward, compare_with_last

if TYPE_CHECKING:
    from pathlib import Path

    from recon.ledger.store import Kind

PERIOD = (date(2024, 1, 1), date(2024, 12, 31))
MONEY = pl.Decimal(18, 2)


def found(**amounts: str) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "exception_id": list(amounts),
            "rule": ["REM-06"] * len(amounts),
            "party_name": ["示例甲"] * len(amounts),
            "period": ["2024-03"] * len(amounts),
            "direction": ["give_back"] * len(amounts),
            "amount": [Decimal(amount) for amount in amounts.values()],
        },
        schema_overrides={"amount": MONEY, "exception_id": pl.String, "rule": pl.String},
    )


def last_run(tmp_path: Path, exceptions: pl.DataFrame, status: str = "exceptions") -> Path:
    folder = tmp_path / "r1"
    folder.mkdir(exist_ok=True)
    exceptions.write_parquet(folder / "exceptions.parquet")
    record = {
        "period_from": "2024-01-01",
        "period_to": "2024-12-31",
        "rules": [{"rule": "REM-06", "status": status}],
    }
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    return folder


def say(tmp_path: Path, kind: Kind, run: str, **payload: Any) -> None:
    add_events(
        tmp_path / LEDGER_FILE,
        [NewEvent(kind, "a", run, payload)],
        datetime(2025, 1, 2, tzinfo=UTC),
    )


def decide(tmp_path: Path, amount: str = "640.00", run: str = "r1") -> None:
    say(tmp_path, "review", run, verdict="成立", confirmed_amount=amount, amount=amount,
        reviewer="张三", reviewed_on="2024-12-30", reason="核对一致")  # fmt: skip


def states(
    tmp_path: Path,
    now: pl.DataFrame,
    last: Path | None,
    period: tuple[date, date] = PERIOD,
    status: Any = "exceptions",
    seen_to: str | None = None,
) -> dict[str, dict[str, Any]]:
    compared = compare_with_last(now, last, "r2", [RuleOutcome("REM-06", status)])
    about = dict(zip(("period_from", "period_to"), period, strict=True))
    about |= {"run_id": "r2", "as_of": "2025-06-30", "seen_to": seen_to}
    carried = carry_forward(compared, read_decisions(tmp_path, tmp_path), last, about)
    return {row["exception_id"]: row for row in carried.to_dicts()}


def test_without_a_ledger_the_last_run_decides(tmp_path: Path) -> None:
    last = last_run(tmp_path, found(a="1", b="1", c="1"))
    result = states(tmp_path, found(a="1", b="2", d="1"), last)
    said = {name: row["state"] for name, row in result.items()}
    assert said == {"a": "persisting", "b": "changed", "c": "resolved", "d": "new"}


def test_of_a_rule_that_changed_nothing_is_called_resolved(tmp_path: Path) -> None:
    last = last_run(tmp_path, found(a="1", b="1", c="1"))
    path = last / "run.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    record["rules"][0]["made_of"] = "old"
    path.write_text(json.dumps(record), encoding="utf-8")
    for mark, gone, other in (
        ("new", "rule_changed", "rule_changed"),
        ("old", "resolved", "changed"),
    ):
        compared = compare_with_last(
            found(a="1", b="2", d="1"), last, "r2", made_of={"REM-06": mark}
        )
        said = {row["exception_id"]: (row["state"], row["is_here"]) for row in compared.to_dicts()}
        assert said == {
            "a": ("persisting", True), "b": (other, True), "c": (gone, False), "d": ("new", True)
        }  # fmt: skip


def test_nothing_is_called_resolved_when_its_rule_did_not_run(tmp_path: Path) -> None:
    last = last_run(tmp_path, found(a="1"))
    assert states(tmp_path, found(), last, status="no_data") == {}


def test_a_decision_comes_along(tmp_path: Path) -> None:
    decide(tmp_path)
    row = states(tmp_path, found(a="640"), last_run(tmp_path, found(a="640")))["a"]
    assert (row["state"], row["verdict"], row["reviewer"]) == ("persisting", "成立", "张三")
    assert row["confirmed_amount"] == Decimal("640.00")
    assert row["reviewed_on"] == date(2024, 12, 30)
    assert row["earlier"] is None


def test_of_another_amount_the_decision_is_shown_and_not_applied(tmp_path: Path) -> None:
    decide(tmp_path)
    for before in ("640", "700"):
        row = states(tmp_path, found(a="700"), last_run(tmp_path, found(a=before)))["a"]
        assert (row["state"], row["verdict"]) == ("changed", None)
        assert row["earlier"] == "成立 640.00（原金额 640.00，张三 2024-12-30）：核对一致"


def test_what_is_gone_keeps_its_decision(tmp_path: Path) -> None:
    decide(tmp_path)
    row = states(tmp_path, found(), last_run(tmp_path, found(a="700")))["a"]
    assert (row["state"], row["verdict"]) == ("resolved", "成立")


def test_what_was_gone_and_is_back_has_relapsed(tmp_path: Path) -> None:
    decide(tmp_path)
    row = states(tmp_path, found(a="640"), last_run(tmp_path, found(), "clean"))["a"]
    assert (row["state"], row["verdict"]) == ("relapsed", None)
    assert row["earlier"].startswith("成立 640.00")


def test_a_last_run_that_did_not_look_proves_nothing(tmp_path: Path) -> None:
    decide(tmp_path)
    unlooked = last_run(tmp_path, found(), "no_data")
    assert states(tmp_path, found(a="640"), unlooked)["a"]["state"] == "persisting"
    last = last_run(tmp_path, found(), "clean")
    other = (date(2023, 1, 1), date(2023, 12, 31))
    row = states(tmp_path, found(a="640"), last, other)["a"]
    assert (row["state"], row["verdict"]) == ("persisting", "成立")


def test_what_was_closed_and_is_hit_again_has_relapsed(tmp_path: Path) -> None:
    decide(tmp_path)
    say(tmp_path, "close", "r1", by="李四", proof="收据")
    row = states(tmp_path, found(a="640"), last_run(tmp_path, found(a="640")))["a"]
    assert (row["state"], row["verdict"]) == ("relapsed", None)
    assert row["earlier"].endswith("；已销号（李四 2025-01-02）")
    say(tmp_path, "reopen", "r1", reason="未到账")
    row = states(tmp_path, found(a="640"), last_run(tmp_path, found(a="640")))["a"]
    assert (row["state"], row["verdict"]) == ("persisting", "成立")


def test_data_that_end_before_the_closing_cannot_know_of_it(tmp_path: Path) -> None:
    decide(tmp_path)
    say(tmp_path, "close", "r1", by="李四", proof="收据")
    last = last_run(tmp_path, found(a="640"))
    row = states(tmp_path, found(a="640"), last, seen_to="2025-01-02")["a"]
    assert (row["state"], row["verdict"]) == ("persisting", "成立")
    assert row["earlier"].endswith("；已销号（李四 2025-01-02）；本次资料未反映销号后的变化")
    row = states(tmp_path, found(a="640"), last, seen_to="2025-01-03")["a"]
    assert (row["state"], row["verdict"]) == ("relapsed", None)
    assert row["earlier"].endswith("；已销号（李四 2025-01-02）")
    row = states(tmp_path, found(a="700"), last, seen_to="2025-01-02")["a"]
    assert (row["state"], row["verdict"]) == ("changed", None)


def test_what_was_closed_or_decided_on_this_very_run_stands(tmp_path: Path) -> None:
    decide(tmp_path, run="r2")
    row = states(tmp_path, found(a="640"), last_run(tmp_path, found(), "clean"))["a"]
    assert (row["state"], row["verdict"]) == ("relapsed", "成立")
    say(tmp_path, "close", "r2", by="李四", proof="收据")
    row = states(tmp_path, found(a="640"), last_run(tmp_path, found(a="640")))["a"]
    assert (row["state"], row["verdict"]) == ("persisting", "成立")
    assert "已销号" in row["earlier"]
