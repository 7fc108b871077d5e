"""No planted name or number is left: in no byte of a masked run, in no byte of a twin."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl
import pytest

from recon.base.errors import EngineError
from recon.engine.duckdb import Session
from recon.share.proof import Proof
from recon.share.scan import find_texts
from tests.trust.planted import (
    ACCOUNT,
    IDENTITIES,
    OTHER_PERSON,
    PERSON,
    PERSONAL,
    PHONE,
    UNIT,
    WRONG_ID,
    check,
    plant,
    run,
)

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

    monkeypatch.setattr("recon.share.twin.prove_twin", differs)
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


_LEDGER = f"""日期,凭证号,行号,摘要,科目编码,科目名称,借方金额,贷方金额,往来单位
2024-03-08,记-1,1,付{PERSON}慰问金,10201,银行存款,,3200.00,{PERSON}
2024-03-08,记-1,2,付{PERSON}慰问金,50101,职工活动支出,3200.00,,{PERSON}
2024-05-08,记-2,1,付{OTHER_PERSON} {PHONE},10201,银行存款,,77.00,{OTHER_PERSON}
2024-05-08,记-2,2,付{OTHER_PERSON} {PHONE},50101,职工活动支出,77.00,,{OTHER_PERSON}
"""
_OWN = "45050000000001,凤凰山县总工会"
_LINES = f"""{_OWN},2024-04-08,20240408000001,200.00,,{PERSON[:2]}\u200b{PERSON[2:]},{ACCOUNT},付
{_OWN},2024-04-09,20240409000001,300.00,,{OTHER_PERSON},,付{OTHER_PERSON} 电话{PHONE}
"""
SELECT_BOOKS = ("--select", "TRN,REM-03,REM-12,FUEL-01,LED,GOV")


def plant_books(folder: Path) -> Path:
    """Add a ledger, and bank lines that name persons, one of them in hidden characters."""
    (folder / "序时账.csv").write_text(_LEDGER, encoding="utf-8")
    bank = folder / "银行流水.csv"
    bank.write_text(bank.read_text("utf-8") + _LINES, encoding="utf-8")
    return folder


@pytest.mark.hostile("identities in the data", "masked in what commands print, logs and reports")
def test_no_command_says_an_identity(tmp_path: Path) -> None:
    folder = plant_books(plant(tmp_path / "资料"))
    done = check(folder, *SELECT_BOOKS)
    listed = pl.read_parquet(done / "exceptions.parquet")
    assert {"LED-01", "LED-05", "TRN-01"} <= set(listed["rule"])
    words = ("check", folder, "--as-of", "2024-12-31", *SELECT_BOOKS)
    shown = [
        run(*words, "-v", "--fail-on", "none"),
        run(*words, "--format", "json", "--lang", "en"),
        run("map", folder),
        run("report", "--data", folder),
        run("diff", done, done),
        run("ledger", "list", "--data", folder),
        *(run("explain", one, "--out", done.parent) for one in listed["exception_id"]),
    ]
    said = "\n".join(result.output for result in shown)
    assert len(said) > 5_000
    assert [each for each in PERSONAL if each in said] == []
    assert find_texts(folder / "recon-out", PERSONAL) == {}


LEAKING = {
    "cast": "select cast(name as int) as a from src_trainee",
    "error": "select error(name) as a from src_trainee",
    "day": "select cast(id_no as date) as a from src_trainee",
    "text": "select strptime(name, '%Y') as a from src_trainee",
    "pattern": "select regexp_matches('a', '(' || name) as a from src_trainee",
}


@pytest.mark.hostile("a rule that fails on a person's name or number", "the reason leaves it out")
@pytest.mark.parametrize("name", LEAKING)
def test_a_rule_that_fails_tells_no_identity(name: str) -> None:
    people = pl.DataFrame({"name": [f"{PERSON}' {WRONG_ID}"], "id_no": [WRONG_ID]})
    with Session() as session:
        session.load({"src_trainee": people})
        session.seal()
        with pytest.raises(EngineError) as failed:
            session.execute(f"create temp table a as {LEAKING[name]}", "rule")
    assert [each for each in (PERSON, WRONG_ID) if each in failed.value.text.zh] == []
