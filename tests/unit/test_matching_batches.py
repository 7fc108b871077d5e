"""Names that contradict, batches and the lists behind them, totals of a key: one behaviour each."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from recon.matching import load_pairings, run_matching
from recon.matching.slots import schedule
from tests.matching_support import PARAMETERS, Line, frame, match, pairing

if TYPE_CHECKING:
    from collections.abc import Sequence

CUT, FULL, OTHER = "N:示例县甲乙食品", "N:示例县甲乙食品有限公司", "N:示例县甲乙食品商行"
PARTY_TOTAL = [{"pass": "party_amount_window"}, {"pass": "key_total", "by": ["party_id", "day"]}]


def groups(a: list[Line], b: list[Line], *passes: dict[str, Any]) -> set[tuple[int, int, int]]:
    """Matched groups as pass, lines of a, lines of b."""
    outcome = match(a, b, passes)
    return {
        (
            number,
            sum(side == "a" for side, _ in members),
            sum(side == "b" for side, _ in members),
        )
        for number, members in outcome.group_sets()
    }


class TestNames:
    def test_a_name_cut_off_is_the_only_name_that_it_begins(self) -> None:
        a, b = [Line(1, 0, 100, CUT)], [Line(1, 3, 100, FULL)]
        assert groups(a, b, {"pass": "party_amount_window"}) == {(2, 1, 1)}

    def test_a_name_that_both_sides_have_is_whole(self) -> None:
        a = [Line(1, 0, 100, CUT), Line(2, 0, 200, CUT)]
        b = [Line(1, 3, 100, FULL), Line(2, 0, 200, CUT)]
        outcome = match(a, b)
        assert outcome.group_sets() == {(2, frozenset({("a", 2), ("b", 2)}))}

    @pytest.mark.parametrize("end", ["有限责", "有限责任", "有限责任公"])
    def test_a_name_cut_within_its_legal_form_is_cut_off(self, end: str) -> None:
        a, b = [Line(1, 0, 100, CUT + end)], [Line(1, 3, 100, FULL)]
        assert groups(a, b, {"pass": "party_amount_window"}) == {(2, 1, 1)}

    def test_a_name_of_five_characters_is_not_cut_off(self) -> None:
        a, b = [Line(1, 0, 100, "N:示例县甲乙")], [Line(1, 3, 100, "N:示例县甲乙食品店")]
        for kind in ("party_amount_window", "amount_window_unique"):
            assert groups(a, b, {"pass": kind}) == set()

    def test_a_beginning_of_two_names_needs_an_amount_that_stands_alone(self) -> None:
        a = [Line(1, 0, 100, CUT), Line(2, 0, 200, OTHER)]
        b = [Line(1, 3, 100, FULL), Line(2, 0, 200, OTHER)]
        assert groups(a, b, {"pass": "party_amount_window"}) == {(2, 1, 1)}
        assert groups(a, b, {"pass": "amount_window_unique"}) == {(3, 1, 1)}

    def test_a_beginning_of_two_names_goes_to_the_named_line_before_one_without_a_name(
        self,
    ) -> None:
        a = [Line(1, 0, 100, CUT), Line(2, 0, 200, OTHER)]
        b = [Line(1, 3, 100, FULL), Line(2, 0, 200, OTHER), Line(3, 1, 100)]
        first, second = frozenset({("a", 1), ("b", 1)}), frozenset({("a", 2), ("b", 2)})
        assert match(a, b).group_sets() == {(2, first), (2, second)}
        both = [*b, Line(4, 2, 100, OTHER)]
        assert match(a, both).group_sets() == {(2, second)}

    def test_a_pair_of_other_names_does_not_keep_an_amount_from_standing_alone(self) -> None:
        a = [Line(1, 0, 100, "甲"), Line(2, 0, 100)]
        b = [Line(1, 0, 100, "乙")]
        outcome = match(a, b, [{"pass": "amount_window_unique"}])
        assert (outcome.class_of("a", 2), outcome.pass_of("b", 1)) == ("matched", 3)

    @pytest.mark.parametrize("by", [["day"], ["account", "day"], []])
    def test_a_sum_over_two_names_matches_nothing(self, by: list[str]) -> None:
        a = [Line(1, 0, 500, account="1")]
        b = [Line(1, 0, 200, "乙", account="1"), Line(2, 0, 300, "丙", account="1")]
        kinds = ("shared_key", "key_total", "subset_sum") if by else ("subset_sum",)
        for kind in kinds:
            assert groups(a, b, {"pass": kind, "by": by}) == set()

    def test_a_sum_of_one_name_matches_a_line_without_one(self) -> None:
        a, b = [Line(1, 0, 500)], [Line(1, 0, 200, "乙"), Line(2, 0, 300)]
        assert groups(a, b, {"pass": "subset_sum", "by": []}) == {(5, 1, 2)}


class TestTotals:
    def test_lines_of_a_party_and_day_are_one_line_of_another_day(self) -> None:
        a = [Line(1, 0, 70_001, "甲"), Line(2, 0, 80_100, "甲")]
        assert groups(a, [Line(1, 3, 150_101, "甲")], *PARTY_TOTAL) == {(4, 2, 1)}
        assert groups(a, [Line(1, 3, 150_101, "乙")], *PARTY_TOTAL) == set()

    def test_a_line_that_has_its_own_counterpart_is_no_sum(self) -> None:
        a = [Line(1, 0, 300, "甲")]
        b = [Line(1, 0, 100, "甲"), Line(2, 0, 200, "甲"), Line(3, 1, 300, "甲")]
        assert groups(a, b, *reversed(PARTY_TOTAL)) == {(2, 1, 1)}

    def test_a_line_with_its_own_counterpart_is_no_part_of_a_round_sum_of_a_day(self) -> None:
        a = [Line(1, 0, 30_000, "甲"), Line(2, 1, 20_000, "甲")]
        b = [Line(1, 0, 10_000, "甲", key="记1"), Line(2, 0, 20_000, "甲", key="记1")]
        assert groups(a, b, *reversed(PARTY_TOTAL)) == {(2, 1, 1)}
        odd = [Line(1, 0, 30_001, "甲"), a[1]], [Line(1, 0, 10_001, "甲"), Line(2, 0, 20_000, "甲")]
        assert groups(*odd, *reversed(PARTY_TOTAL)) == {(4, 1, 2)}
        by_voucher = {"pass": "key_total", "by": ["party_id", "day", "shared_key"]}
        assert groups(a, b, by_voucher, PARTY_TOTAL[0]) == {(4, 1, 2)}

    def test_all_lines_of_a_voucher_are_one_line(self) -> None:
        b = [Line(1, 0, 100, key="记1"), Line(2, 0, 201, key="记1"), Line(3, 0, 7, key="记2")]
        step = {"pass": "key_total", "by": ["day", "shared_key"]}
        assert groups([Line(1, 1, 301, "甲")], b, step) == {(4, 1, 2)}

    def test_two_vouchers_for_one_line_are_both_shown(self) -> None:
        b = [
            Line(1, 0, 100, key="记1"),
            Line(2, 0, 201, key="记1"),
            Line(3, 0, 150, key="记2"),
            Line(4, 0, 151, key="记2"),
        ]
        outcome = match([Line(1, 1, 301)], b, [{"pass": "key_total", "by": ["day", "shared_key"]}])
        assert {outcome.class_of("b", n) for n in (1, 2, 3, 4)} == {"ambiguous"}
        options: dict[int, set[int]] = {}
        for row in outcome.candidates:
            options.setdefault(row["option_no"], set()).add(row["line_id"])
        assert options == {0: {1}, 1: {1, 2}, 2: {3, 4}}


class TestLists:
    LISTED = ((1, "甲", "1.00"), (1, "乙", "2.00"), (1, "丙", "2.00"))

    def matched(
        self, a: list[Line], b: list[Line], listed: Sequence[tuple[int, str, str]] = LISTED
    ) -> set[tuple[str, int]]:
        connection = duckdb.connect()
        for side, lines in (("a", a), ("b", b)):
            connection.register("incoming", frame(lines))
            connection.execute(f"create table src_line_{side} as select * from incoming")
        connection.execute(
            "create table src_list (line_id bigint, party_id varchar, amount decimal(18, 2))"
        )
        connection.executemany("insert into src_list values (?, ?, ?)", listed)
        one = pairing([{"pass": "listed"}])
        one.list_sql["a"] = "select * from src_list"
        run_matching(connection, [one], PARAMETERS, date(2024, 12, 31))
        return set(
            connection.execute(
                "select side, line_id from match_line where class = 'matched' and pass_no = 4"
            ).fetchall()
        )

    B = (Line(1, 1, 100, "甲"), Line(2, 1, 200, "乙"), Line(3, 1, 200, "丙"))
    ALL = frozenset({("a", 1), ("b", 1), ("b", 2), ("b", 3)})

    def test_a_line_matches_the_lines_of_its_list(self) -> None:
        assert self.matched([Line(1, 0, 500)], [*self.B, Line(9, 1, 500)]) == self.ALL

    def test_a_list_that_does_not_add_up_or_is_not_met_in_full_matches_nothing(self) -> None:
        assert self.matched([Line(1, 0, 501)], list(self.B)) == set()
        assert self.matched([Line(1, 0, 500)], list(self.B[:2])) == set()
        strange = [*self.B[:2], Line(3, 1, 200, "丁")]
        assert self.matched([Line(1, 0, 500)], strange) == set()

    def test_the_lines_of_one_voucher_win_over_others_of_the_same_party_and_amount(self) -> None:
        b = [Line(n, 1, fen, who, key="记1") for n, fen, who in
             ((1, 100, "甲"), (2, 200, "乙"), (3, 200, "丙"))]  # fmt: skip
        assert self.matched([Line(1, 0, 500)], [*b, Line(9, 2, 100, "甲")]) == self.ALL
        two = [*b[:2], Line(3, 1, 200, "丙", key="记2")]  # of one day
        assert self.matched([Line(1, 0, 500)], [*two, Line(9, 2, 100, "甲")]) == self.ALL
        assert self.matched([Line(1, 0, 500)], [*two, Line(9, 1, 100, "甲")]) == set()
        split = [*self.B[:2], Line(3, 2, 200, "丙"), Line(4, 3, 200, "丙")]
        assert self.matched([Line(1, 0, 500)], split) == set()

    def test_lines_that_two_lists_claim_stay_open(self) -> None:
        twice = [*self.LISTED, *((2, who, fen) for _, who, fen in self.LISTED)]
        assert self.matched([Line(1, 0, 500), Line(2, 0, 500)], list(self.B), twice) == set()


class TestReversals:
    def test_where_wording_is_asked_for_one_line_must_speak_of_it(self) -> None:
        step = {"pass": "reversal", "worded": True}
        for said, count in (("退汇", 1), ("货款", 0), (None, 1)):
            lines = [Line(1, 0, -500, "甲", text="货款"), Line(2, 1, 500, "甲", text=said)]
            assert len(groups(lines, [Line(1, 90, 1)], step)) == count


class TestSlots:
    def test_every_pairing_keeps_its_order_and_all_share_few_slots(self) -> None:
        pairings = load_pairings()
        slots = schedule(pairings)
        for number, one in enumerate(pairings):
            taken = [slot.steps[number] for slot in slots if number in slot.steps]
            assert taken == list(one.about.passes)
        assert len(slots) < sum(len(one.about.passes) for one in pairings) / 2

    def test_pairings_run_together_give_what_each_gives_alone(self) -> None:
        connection = duckdb.connect()
        for name, move in (("one", 0), ("two", 5)):
            for side in "ab":
                lines = [Line(n, n % 9, 100 * (n % 4 + 1), "甲乙丙"[n % 3]) for n in range(30)]
                connection.register("incoming", frame(lines[move if side == "a" else 0 :]))
                connection.execute(f"create table src_{name}_{side} as select * from incoming")
        both = []
        for name in ("one", "two"):
            one = pairing(name=name, requires=[f"{name}_a"])
            one.side_sql.update({side: f"select * from src_{name}_{side}" for side in "ab"})
            both.append(one)

        def lines(which: list[Any]) -> list[tuple[Any, ...]]:
            run_matching(connection, which, PARAMETERS, date(2024, 12, 31))
            return connection.execute("select * from match_line order by all").fetchall()

        assert lines(both) == lines(both[:1]) + lines(both[1:])
