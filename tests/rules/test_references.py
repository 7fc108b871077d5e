"""What papers cite: the wording in force on the day, read by somebody, of the right place."""

from __future__ import annotations

import itertools
from datetime import date

import pytest

from recon.rules.catalog import load_rules
from recon.rules.references import Provision, day_of, in_force, texts

RULES = {rule.code: rule for rule in load_rules()}
YEARS = range(2018, 2027)
#: Typed from the statutes: the article of the law on 1 July of a year, by rule.
NEW_LAW = 2022


def printed(code: str, day: date, locale: str = "base") -> list[str]:
    return [one.cited for one in in_force(RULES[code].provisions, day, locale)]


@pytest.mark.parametrize("year", YEARS)
def test_the_numbers_of_the_law_move_in_2022(year: int) -> None:
    old = year < NEW_LAW
    day = date(year, 7, 1)
    fee = "第四十二条第一款第二项" if old else "第四十三条第一款第二项"
    order = "第四十三条" if old else "第四十四条"
    law = "《中华人民共和国工会法》"
    assert printed("REM-01", day) == [law + fee, law + order]
    assert printed("ORG-03", day) == [law + ("第十五条" if old else "第十六条")]
    books = "财会〔2009〕7号" if old else "财会〔2021〕7号"
    assert all(books in one for one in printed("LED-01", day))


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("code", sorted(RULES))
def test_each_rule_cites_what_holds_and_was_read(code: str, year: int) -> None:
    for day in (date(year, 1, 1), date(year, 12, 31)):
        found = in_force(RULES[code].provisions, day, "base")
        assert all(one.status == "confirmed" and not one.place for one in found)
        assert all((one.starts_on or day) <= day <= (one.ends_on or day) for one in found)
        laws = [one.title for one in found if "工会会计制度" in one.title]
        numbers = {one.number for one in found if one.title in laws}
        assert len(numbers) <= 1, "two charts at once"


def test_the_wordings_of_a_text_do_not_overlap() -> None:
    by_title: dict[tuple[str, str, str], list[Provision]] = {}
    for name, wordings in texts().items():
        for one in wordings:
            by_title.setdefault((name, one.title, one.place), []).append(one)
    for (name, _, _), wordings in by_title.items():
        for earlier, later in itertools.pairwise(wordings):
            assert earlier.ends_on is not None, name
            assert later.starts_on is not None, name
            assert earlier.ends_on < later.starts_on, name


def test_every_text_is_cited_and_a_read_one_says_where() -> None:
    cited = {one for rule in RULES.values() for one in rule.about.references}
    assert cited == set(texts())
    for wordings in texts().values():
        assert all(one.source for one in wordings if one.status == "confirmed")


def test_a_local_text_is_printed_by_its_place_only() -> None:
    local = "广西壮族自治区企业工资集体协商条例"
    assert local in printed("ORG-04", date(2024, 1, 1), "guangxi")
    assert local not in printed("ORG-04", date(2024, 1, 1), "xiamen")


def test_the_refund_notice_is_that_of_the_year() -> None:
    assert "厅字〔2019〕32号" in printed("SME-01", date(2021, 1, 1))[0]
    assert printed("SME-01", date(2022, 1, 1)) == []
    assert "厅字〔2022〕47号" in printed("SME-01", date(2024, 1, 1))[0]


@pytest.mark.parametrize(
    ("period", "day"),
    [
        ("2024-03", date(2024, 3, 1)),
        ("2021-12..2022-02", date(2021, 12, 1)),
        ("2021", date(2021, 1, 1)),
        ("2024-02-29", date(2024, 2, 29)),
        ("", date(2025, 6, 30)),
    ],
)
def test_the_law_is_that_of_the_first_day_of_the_period(period: str, day: date) -> None:
    assert day_of(period, date(2025, 6, 30)) == day


def test_a_text_of_a_workspace_is_printed_once_somebody_has_read_it() -> None:
    mine = Provision(title="县工发〔2020〕3号", article="第四条")
    read = Provision(title="县工发〔2020〕3号", article="第四条", verified_on=date(2024, 12, 1))
    assert in_force((mine,), date(2024, 1, 1), "base") == ()
    assert in_force((read,), date(2024, 1, 1), "base") == (read,)
