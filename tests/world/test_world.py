"""Layouts of many programs that nobody taught the reader one by one: what each must give.

Here: each form is laid out from records and judged by their sums and texts. Not here: the forms
(`banks`, `books`, `lists`), single headers of a form exchanged for their like (`words`).
"""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING

import pytest

from recon.base.models import ReadLimits
from recon.intake.formats.listing import list_files
from recon.intake.formats.reader import read_files
from recon.intake.sheets.understanding import understand_parts
from tests.world.banks import interrupted, statements, unknowable
from tests.world.books import balances, details, vouchers
from tests.world.form import judged, raw_sheet, verdict
from tests.world.hands import by_hand, in_doubt, set_aside
from tests.world.lists import lists
from tests.world.words import ASKED, READ, exchanged
from tests.world.written import write_all

if TYPE_CHECKING:
    from pathlib import Path

    from recon.intake.sheets.parsed import ParsedSheet
    from tests.world.form import Form

FORMS = (
    *chain(statements(), unknowable(), interrupted()),
    *chain(vouchers(), details(), balances(), lists(), by_hand(), in_doubt()),
)


@pytest.mark.parametrize("form", FORMS, ids=lambda one: one.name)
def test_a_form_is_read_as_it_stands_or_asked_where_it_must_be(form: Form) -> None:
    assert verdict(form) == "ok"


def test_files_of_other_programs_give_what_the_forms_give(tmp_path: Path) -> None:
    written = write_all(FORMS, tmp_path)
    parts: dict[str, list[ParsedSheet]] = defaultdict(list)
    for read in read_files(list_files(tmp_path, ()).inputs, tmp_path, ReadLimits(), {}):
        for sheet in read.sheets:
            parts[sheet.path] += understand_parts(sheet)
    said = {f"{name} {form.name}": judged(form, parts[name]) for name, form in written.items()}
    assert {name: what for name, what in said.items() if what != "ok"} == {}


@pytest.mark.parametrize(
    ("form", "lost"), list(set_aside()), ids=lambda one: getattr(one, "name", "lost")
)
def test_a_row_whose_day_is_not_certain_is_set_aside(form: Form, lost: int) -> None:
    (part,) = understand_parts(raw_sheet(form))
    assert (part.rejected.height, part.rows_accepted) == (lost, form.rows - lost)


@pytest.mark.parametrize("header", READ, ids=" ".join)
def test_a_header_is_known_by_its_form(header: tuple[str, str]) -> None:
    read = {form.name: verdict(form) for form in exchanged(header, READ[header])}
    assert {word: said for word, said in read.items() if said != "ok"} == {}


@pytest.mark.parametrize("header", ASKED, ids=" ".join)
def test_a_header_of_two_meanings_is_never_taken(header: tuple[str, str]) -> None:
    read = {form.name: verdict(form) for form in exchanged(header, ASKED[header])}
    assert {word: said for word, said in read.items() if not said.startswith("asked")} == {}
