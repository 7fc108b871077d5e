"""Who is a person is said once: every text column of every table is shown alike by every room."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl
import pytest

from recon.base.shapes import Sentence
from recon.engine.duckdb import Session
from recon.engine.rendering import items_sql
from recon.rules.catalog import load_rules
from recon.share.columns import treatment
from recon.tables.masking import mask_cells, mask_named, mask_said, mask_value
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recon.tables.base import ColumnSpec

PERSON, UNIT = "欧阳小雪", "凤凰山县糖业有限公司"
HIDDEN = "欧**雪"
ID = "990101199001010015"
#: What a clerk's header says of its cells, read by nothing but its words.
NAMES_PERSON = re.compile(r"^(姓名|工会主席|持卡人|驾驶员|授课教师|责任人|责任人员|销号人)$")
NAMES_UNIT = re.compile(
    r"^(单位名称|缴费人名称|缴费单位|所在单位名称|收款户名|收款单位|收款方|承租方|权属单位|工会名称|"
    r"工会账户户名|户名|对方户名|往来单位|承训机构|委托单位|工作单位|涉及单位)$"
)
#: In the books an account name is the name of an account.
BOOKS = {("gl_entry", "account_name"), ("gl_balance", "account_name")}
RULE = next(rule for rule in load_rules() if rule.code == "REM-01")
#: The columns of what a rule found, with a value as SQL.
FOUND = {
    **dict.fromkeys(("exception_id", "direction", "party_id", "party_name", "period"), "''"),
    **dict.fromkeys(("formula", "money_key", "grain_text"), "''"),
    **dict.fromkeys(("amount", "expected", "actual"), "1.00"),
    "is_named_person": "reads_like_person($value)",
}
SAID = ("message", "message_en", "formula", "detail", "party_name", "period")
TEXTS = [
    (table, column)
    for table, spec in specs().items()
    for column in spec.columns
    if column.kind in ("text", "id_no", "account", "card")
]
IDS = [f"{table}.{column.name}" for table, column in TEXTS]


def by_cells(table: str, column: ColumnSpec, value: str) -> str:
    row = {"table_name": [table], "header": [column.zh], "value": [value]}
    return str(mask_cells(pl.DataFrame(row), ())["value"][0])


def by_map(column: ColumnSpec, value: str) -> str:
    kind = pl.lit(column.shown_as)
    return str(pl.DataFrame({"v": [value]}).select(mask_value(pl.col("v"), kind)).item())


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with Session() as opened:
        opened.set_parameters({"name_salt": "盐"})
        yield opened


def by_rule(session: Session, column: ColumnSpec, value: str) -> str:
    """Return what a rule's message shows of a column that its file says nothing about."""
    name = column.name
    said = Sentence(zh=f"{{{name}}}", en=f"{{{name}}}")
    about = RULE.about.model_copy(
        update={"message": said, "detail": (), "masked": {}, "params": {}}
    )
    others = [one for one in FOUND if one != name]
    values = ", ".join(f"{FOUND[one]} as {one}" for one in others)
    made = f"create or replace temp table found as select {values}, $value as {name}"
    session.execute(made, "found", {"value": value})
    session.keep_rules([])
    columns = {**dict.fromkeys(others, "VARCHAR"), name: "VARCHAR"}
    columns.pop("party_name")
    session.execute(items_sql(replace(RULE, about=about), columns, mask=True), "rule")
    return str(session.frame("select message from exception_item").item())


@pytest.mark.parametrize(("table", "column"), TEXTS, ids=IDS)
def test_a_person_is_shown_alike_by_every_room(
    table: str, column: ColumnSpec, session: Session
) -> None:
    is_person = NAMES_PERSON.match(column.zh) is not None
    is_unit = NAMES_UNIT.match(column.zh) is not None and (table, column.name) not in BOOKS
    by_row = {by_cells(table, column, PERSON), by_map(column, PERSON)}
    by_name = {mask_named(column.name, PERSON), by_rule(session, column, PERSON)}
    if is_person or is_unit:
        assert by_row == {HIDDEN}
        assert treatment(column) == "name"
    elif column.kind == "text" and not column.holds:
        assert by_row == {PERSON}
        assert treatment(column) == "text"
    if is_person or (is_unit and column.name not in {name for _, name in BOOKS}):
        assert by_name == {HIDDEN}
    if not is_person and column.kind == "text" and column.holds != "phone":
        assert {by_cells(table, column, UNIT), by_rule(session, column, UNIT)} == {UNIT}


@pytest.mark.parametrize(("table", "column"), TEXTS, ids=IDS)
def test_numbers_of_persons_are_shown_alike_by_every_room(
    table: str, column: ColumnSpec, session: Session
) -> None:
    forms = {"id_no": "990101********0015", "account": "****0015", "card": "****0015"}
    hidden = forms.get(column.kind, "990101********0015")
    if column.holds in ("person", "phone"):
        hidden = by_cells(table, column, ID)
        assert not re.search(r"\d{6}", hidden)
    assert {by_cells(table, column, ID), by_map(column, ID)} == {hidden}
    assert mask_named(column.name, ID) == hidden
    said = mask_said(
        pl.DataFrame([{**dict.fromkeys(SAID, ""), "message": by_rule(session, column, ID)}])
    )
    assert said["message"].item() == hidden
