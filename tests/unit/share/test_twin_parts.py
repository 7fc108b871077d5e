"""What of a workspace goes into a twin, and what the proof says of one that differs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from recon.base.models import SelfUnit
from recon.share.codes import Codes
from recon.share.columns import Pseudonyms
from recon.share.folder import _copy_aliases, _copy_policy, _plain
from recon.share.keyed import Keyed
from recon.share.proof import COMPARED, _row_differs, _rules_differ
from recon.workspace.recon_toml import Config

if TYPE_CHECKING:
    from pathlib import Path

PAYERS = pl.DataFrame(
    {
        "row_id": [1, 2],
        "payer_name": ["甲乙丙食品有限公司", "丁戊己工会委员会"],
        "former_names": ["庚辛壬商行、子丑寅商行", None],
        "payer_uscc": ["91350100M000100Y43", "办理中"],
        "region": ["卯辰县", None],
    }
)
UNIONS = pl.DataFrame({"row_id": [3], "union_name": ["巳午未工会"], "phone": ["13812340000"]})


@pytest.fixture
def names(tmp_path: Path) -> Pseudonyms:
    unit = SelfUnit(name="申酉县总工会", accounts=("9900000000000001",))
    config = Config(workspace=tmp_path, self_unit=unit)
    return Pseudonyms(b"key", {"payer": PAYERS, "union_org": UNIONS}, config)


def test_former_names_places_and_phones_have_pseudonyms_of_their_kind(names: Pseudonyms) -> None:
    former = names.of("names", "庚辛壬商行；甲乙丙食品有限公司")
    first, second = former.split("、")
    assert (first, second) == (names.of("name", "庚辛壬商行"), names.of("name", PAYERS[0, 1]))
    assert first != "庚辛壬商行"
    place = names.of("place", "卯辰县")
    assert place.endswith("县")
    assert place != "卯辰县"
    assert names.of("text", "在卯辰县付").find(place) >= 0
    phone = names.of("phone", "13812340000")
    assert (len(phone), phone.isdigit(), phone == "13812340000") == (11, True, False)
    made = names.frame("union_org", UNIONS)
    assert made["phone"].to_list() == [phone]
    assert made["row_id"].to_list() == [3]


def test_a_word_in_place_of_a_code_is_replaced_too(names: Pseudonyms) -> None:
    made = names.of("uscc", "办理中")
    assert (len(made), made.isascii(), made.isupper()) == (5, True, True)
    assert names.of("plate", "临时牌") != made


def test_words_of_settings_are_replaced_and_names_of_parameters_are_not(
    names: Pseudonyms, tmp_path: Path
) -> None:
    value = {
        "fee.rate": Decimal("0.02"),
        "whole": Decimal(3),
        "list": (True, 5, date(2024, 1, 1), None),
        "卯辰县": "卯辰县",
    }
    made = _plain(value, names)
    place = names.of("text", "卯辰县")
    assert str(made["fee.rate"]) == "0.02"
    assert made["whole"] == 3
    assert made["list"] == [True, 5, date(2024, 1, 1), "None"]
    assert made[place] == place
    source = tmp_path / "policy" / "卯辰"
    source.mkdir(parents=True)
    text = "# 卯辰县的办法\nrate:\n  values: {2024-01-01: {value: 卯辰县}}\n"
    (source / "fee.yaml").write_text(text, encoding="utf-8")
    _copy_policy(tmp_path / "policy", tmp_path / "twin", names)
    _copy_policy(tmp_path / "none", tmp_path / "twin", names)
    (copy,) = (tmp_path / "twin").rglob("*.yaml")
    made_text = copy.read_text(encoding="utf-8")
    assert made_text == f"rate:\n  values: {{2024-01-01: {{value: {names.chinese('卯辰县')}}}}}\n"


def test_aliases_are_copied_under_pseudonyms(names: Pseudonyms, tmp_path: Path) -> None:
    target = tmp_path / "aliases.csv"
    _copy_aliases([], target, names)
    assert not target.exists()
    _copy_aliases([("甲乙丙食品有限公司", "91350100M000100Y43")], target, names)
    name, code = names.of("name", PAYERS[0, 1]), names.of("uscc", "91350100M000100Y43")
    assert f"{name},{code}" in target.read_text("utf-8-sig")


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("uscc", "9135"),
        ("uscc", "91350100M00010IY43"),
        ("id_no", "K12345678"),
        ("account", "ZX-123456"),
        ("plate", "A12345"),
    ],
)
def test_a_number_of_no_known_form_keeps_its_form(kind: str, number: str) -> None:
    made = getattr(Codes(Keyed(b"key")), kind)(number)
    assert len(made) == len(number)
    pairs = list(zip(made, number, strict=True))
    assert all(new.isdigit() == old.isdigit() for new, old in pairs)
    assert made != number


def test_a_short_account_is_no_identity() -> None:
    assert Codes(Keyed(b"key")).account("123") == "123"


ROW: dict[str, Any] = {
    **dict.fromkeys(COMPARED, "x"),
    **{f"{name}_twin": "x" for name in COMPARED},
    "exception_id": "a", "exception_id_twin": "b", "linked_to": None, "linked_to_twin": None,
    "rule": "REM-01", "rows": "1", "rule_twin": "REM-01", "rows_twin": "2",
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"exception_id": None}, ["REM-01: only in the twin, rows 2"]),
        ({"exception_id_twin": None}, ["REM-01 a: not in the twin, rows 1"]),
        ({"linked_to": "c"}, ["REM-01 a: linked to another exception"]),
        ({"linked_to": "c", "linked_to_twin": "d"}, []),
        ({}, []),
    ],
)
def test_the_proof_says_in_what_an_exception_differs(
    change: dict[str, Any], said: list[str]
) -> None:
    assert (
        _row_differs({**ROW, **change}, {"c": "d" if "linked_to_twin" in change else "e"}) == said
    )


def test_the_proof_compares_rules_and_totals() -> None:
    rule = {"rule": "REM-01", "status": "clean", "rows_examined": 1, "exceptions": 0, "amounts": {}}
    record = {"rules": [rule], "totals": []}
    assert _rules_differ(record, record) == []
    other = {"rules": [{**rule, "rows_examined": 2}], "totals": [1]}
    assert _rules_differ(record, other) == [
        "REM-01: ['clean', 1, 0, {}], twin ['clean', 2, 0, {}]",
        "totals: [], twin [1]",
    ]
    assert _rules_differ(record, {"rules": [], "totals": []}) == [
        "REM-01: ['clean', 1, 0, {}], twin [None, None, None, None]"
    ]
