"""Files of rule cases: what a file says for all its cases, and what is said of a faulty one."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from recon.base.errors import ConfigError
from recon.rules.case_file import cases_of, load_cases, typed_tables
from recon.rules.catalog import load_rules
from recon.rules.errors import CaseError

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = """
rule: REM-01
as_of: 2024-12-31
given:
  payer: [{payer_name: 甲公司}]
  bank_txn: [{money_in: 1}]
policy: {fee.rate: 0.02}
self: {name: 某县总工会, level: county}
cases:
  - name: as the file says
  - name: on its own
    as_of: 2024-06-30
    given: {payer: []}
    policy: {fee.rate: 0.01}
    self: {accounts: ['1']}
    pins: [fee.rate]
"""


def test_a_case_completes_and_replaces_what_its_file_says(tmp_path: Path) -> None:
    path = tmp_path / "cases.yaml"
    path.write_text(WHOLE, encoding="utf-8")
    code, (plain, own) = load_cases(path)
    assert (code, plain.name, plain.as_of) == ("REM-01", "as the file says", date(2024, 12, 31))
    assert plain.given["payer"] == [{"payer_name": "甲公司"}]
    assert (plain.policy, plain.locale, plain.pins) == ({"fee.rate": Decimal("0.02")}, "base", ())
    assert (own.as_of, own.pins) == (date(2024, 6, 30), ("fee.rate",))
    assert own.given == {"payer": [], "bank_txn": [{"money_in": 1}]}
    assert own.policy == {"fee.rate": Decimal("0.01")}
    assert (own.self_unit.name, own.self_unit.accounts) == ("某县总工会", ("1",))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("rule: REM-01\n", "", ": 'rule' is missing. Add it."),
        ("pins:", "pinz:", ": cases[2]: unknown key 'pinz'. Did you mean 'pins'?"),
        ("as_of: 2024-12-31\n", "", ": as the file says: 'as_of' is missing. Add it."),
        ("name: on its own", "status: clean", ": cases[2]: 'name' is missing. Add it."),
        ("bank_txn:", "bank_tnx:", ": as the file says.given: unknown table 'bank_tnx'."),
        ("as_of: 2024-06-30", "as_of: soon", ": cases[2].as_of: 'soon' is wrong. Use a day"),
        ("level: county", "levle: county", "self: unknown key 'levle'. Did you mean 'level'?"),
        ("cases:", "casez:", ": 'cases' is missing. Add it."),
    ],
)
def test_a_fault_names_the_file_and_the_place(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    path = tmp_path / "cases.yaml"
    assert old in WHOLE
    path.write_text(WHOLE.replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_cases(path)
    assert said in caught.value.text.en
    assert caught.value.text.en.startswith(f"{path}: ")


def test_rows_take_the_types_of_their_table_and_its_defaults() -> None:
    frames = typed_tables(
        {"payer": [{"payer_uscc": 1}], "bank_txn": [{"money_in": 1}, {"money_in": "2.50"}]}, "x"
    )
    assert frames["payer"]["payer_uscc"].to_list() == ["1"]
    assert frames["bank_txn"]["money_in"].to_list() == [Decimal("1.00"), Decimal("2.50")]
    first, second = frames["bank_txn"]["row_id"]
    assert second == first + 1 != frames["payer"]["row_id"][0]
    moment = typed_tables({"fuel_txn": [{"txn_at": "2024-03-05 08:30:00"}]}, "x")["fuel_txn"]
    assert moment["txn_at"].to_list() == [datetime(2024, 3, 5, 8, 30)]  # noqa: DTZ001 - as read
    with pytest.raises(CaseError, match="x: payer: unknown column 'payer'"):
        typed_tables({"payer": [{"payer": 1}]}, "x")


def test_cases_stand_in_a_file_of_the_name_of_the_rule(tmp_path: Path) -> None:
    rem, sme = (next(r for r in load_rules() if r.code == code) for code in ("REM-01", "SME-01"))
    folder = tmp_path / "tests" / "rules" / "sme"
    folder.mkdir(parents=True)
    shipped = cases_of(sme)
    assert cases_of(sme, tmp_path) == shipped
    (folder / f"{sme.path.stem}.yaml").write_text(WHOLE, encoding="utf-8")
    with pytest.raises(CaseError, match="REM-01: the file should be about SME-01"):
        cases_of(sme, tmp_path)
    assert cases_of(rem, tmp_path)
