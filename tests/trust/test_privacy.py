"""No planted name or number is left: in no byte of a masked run, in no byte of a twin."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl
import pytest

from recon.share.proof import Proof
from recon.share.scan import find_texts
from tests.trust.planted import IDENTITIES, PERSON, PERSONAL, UNIT, WRONG_ID, check, plant, run

if TYPE_CHECKING:
    from pathlib import Path

SELECT = ("--select", "TRN,REM-03,FUEL-01")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the run folder of a planted folder; its twin lies beside it."""
    done = check(plant(tmp_path_factory.mktemp("trust") / "资料"), *SELECT)
    result = run("share", done)
    assert result.exit_code == 0, result.output
    return done


def twin_of(done: Path) -> Path:
    return done.parent / f"share-{done.name}"


def test_the_run_found_something_about_the_planted(shared: Path) -> None:
    rules = set(pl.read_parquet(shared / "exceptions.parquet")["rule"])
    assert {"TRN-01", "REM-03"} <= rules
    assert pl.read_parquet(shared / "rejected.parquet").height == 1


def test_no_personal_data_is_in_any_byte_of_a_masked_run(shared: Path) -> None:
    assert find_texts(shared, PERSONAL) == {}


def test_unmasked_runs_say_so_and_the_search_would_find_them(tmp_path: Path, shared: Path) -> None:
    bare = check(plant(tmp_path / "资料"), *SELECT, "--no-mask")
    found = find_texts(bare, PERSONAL)
    assert WRONG_ID in set().union(*found.values())
    assert json.loads((bare / "run.json").read_text("utf-8"))["options"]["mask"] is False


def test_no_planted_name_or_number_is_in_any_byte_of_the_twin(shared: Path) -> None:
    assert find_texts(twin_of(shared), IDENTITIES) == {}


def test_the_secret_key_is_not_in_the_twin(shared: Path) -> None:
    key = (shared.parent.parent / "recon.key").read_text("ascii").strip()
    assert find_texts(twin_of(shared), [key]) == {}


def test_the_twin_says_what_was_changed_and_proven(shared: Path) -> None:
    about = json.loads((twin_of(shared) / "recon-out" / "twin.json").read_text("utf-8"))
    listed = pl.read_parquet(shared / "exceptions.parquet")
    assert about["proof"]["equal"] is True
    assert about["proof"]["exceptions"] == listed.height
    treated = {(one["table"], one["column"]): one["treatment"] for one in about["changes"]}
    assert treated["trainee", "id_no"] == "id_no"
    assert treated["bank_txn", "summary"] == "text"
    assert treated["tax_collection", "paid"] == "kept"


def test_the_ids_of_the_twin_are_mapped_outside_it(shared: Path) -> None:
    ids = pl.read_csv(shared.parent / f"{twin_of(shared).name}-ids.csv", infer_schema=False)
    listed = pl.read_parquet(shared / "exceptions.parquet")
    (twin_run,) = (twin_of(shared) / "recon-out").glob("*/exceptions.parquet")
    assert set(ids["exception_id"]) == set(listed["exception_id"])
    assert set(ids["twin_exception_id"]) == set(pl.read_parquet(twin_run)["exception_id"])


def test_the_receiver_gets_the_same_run_from_the_twin(shared: Path) -> None:
    (twin_run,) = (twin_of(shared) / "recon-out").glob("*/run.json")
    result = run("verify", twin_run.parent)
    assert (result.exit_code, "一致" in result.output) == (0, True)


def test_a_twin_is_never_replaced(shared: Path) -> None:
    result = run("share", shared)
    assert (result.exit_code, "没有覆盖" in result.output) == (2, True)


@pytest.fixture
def checked(tmp_path: Path) -> Path:
    return check(plant(tmp_path / "资料"), "--select", "REM-03")


def test_a_twin_that_differs_gets_no_name(checked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def differs(*_: object) -> Proof:
        return Proof(2, 1, ("REM-03: amount 1, twin 2",), {})

    monkeypatch.setattr("recon.share.twin.prove", differs)
    result = run("share", checked)
    assert (result.exit_code, "REM-03: amount 1, twin 2" in result.output) == (1, True)
    assert not twin_of(checked).exists()


def test_a_twin_with_a_name_left_gets_no_name(
    checked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recon.share.columns.Pseudonyms.frame", lambda _, __, frame: frame)
    result = run("share", checked)
    assert (result.exit_code, "仍有" in result.output) == (1, True)
    assert UNIT not in result.output
    assert PERSON not in result.output
    assert not twin_of(checked).exists()


def test_an_input_that_was_changed_cannot_be_shared(checked: Path) -> None:
    path = checked.parent.parent / "工会经费代收明细.csv"
    path.write_bytes(path.read_bytes() + b"\n")
    result = run("share", checked)
    assert (result.exit_code, "在运行之后被改过" in result.output) == (2, True)
