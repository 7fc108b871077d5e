"""The passes, classes, candidates and proof of the matcher, one behaviour at a time."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import duckdb
import pytest

from recon.base.errors import ConfigError, EngineError, UnknownParameterError
from recon.engine.matcher_tables import LocalTables
from recon.matching import load_pairings, prove_balance, run_matching, subset_sum
from recon.matching.errors import MatchProofError, MatchSideError
from recon.matching.passes import connected
from recon.matching.proof import ClassTotal, PairingProof, SideProof, _check
from tests.docs.pages import ROOT
from tests.matching_support import ALL_PASSES, PARAMETERS, RESULTS, Line, frame, match, pairing

if TYPE_CHECKING:
    from pathlib import Path

    from recon.rules.pairings import Pairing

FAR = Line(900, -400, 999_999_00, "远方单位"), Line(901, 400, 888_888_00, "远方单位")


def matched_by(a: list[Line], b: list[Line], number: int, **settings: object) -> bool:
    """Whether all lines are matched by one pass, in one group."""
    outcome = match([*a, *FAR], [*b, *FAR], **settings)  # type: ignore[arg-type]
    far = {line.line_id for line in FAR}
    groups = [one for one in outcome.group_sets() if not {place[1] for place in one[1]} & far]
    wanted = {("a", line.line_id) for line in a} | {("b", line.line_id) for line in b}
    return groups == [(number, frozenset(wanted))]


class TestPasses:
    def test_the_same_reference_and_amount_match_whatever_the_days(self) -> None:
        for party in ("甲", None):
            assert matched_by([Line(1, 0, 100, "甲", "R1")], [Line(1, 200, 100, party, "R1")], 1)

    @pytest.mark.parametrize(("one", "other"), [("甲", "乙"), ("N:甲", "N:乙"), ("N:甲", "乙")])
    def test_a_reference_joins_no_two_stated_names(self, one: str, other: str) -> None:
        outcome = match([Line(1, 0, 100, one, "R1")], [Line(1, 200, 100, other, "R1")])
        assert outcome.class_of("a", 1) == outcome.class_of("b", 1) == "party_differs"
        assert "单位名称不同" in outcome.lines["a", 1]["reason_zh"]

    def test_party_and_amount_match_on_the_last_day_of_the_window(self) -> None:
        assert matched_by([Line(1, 0, 100, "甲")], [Line(1, 5, 100, "甲")], 2)

    def test_party_and_amount_do_not_match_one_day_after_the_window(self) -> None:
        outcome = match([Line(1, 0, 100, "甲"), *FAR], [Line(1, 6, 100, "甲"), *FAR])
        assert outcome.class_of("a", 1) == "cross_period"
        assert outcome.lines["a", 1]["group_id"] == outcome.lines["b", 1]["group_id"]

    def test_the_window_is_a_policy_parameter(self) -> None:
        a, b = [Line(1, 0, 100, "甲")], [Line(1, 6, 100, "甲")]
        assert matched_by(a, b, 2, parameters={"match.window_days": 6})

    def test_a_window_may_be_a_number_of_the_pairing(self) -> None:
        for window, class_ in ((6, "matched"), (5, "cross_period")):
            steps = [{"pass": "party_amount_window", "window": window}]
            outcome = match([Line(1, 0, 100, "甲")], [Line(1, 6, 100, "甲")], steps)
            assert outcome.class_of("a", 1) == class_

    def test_a_tolerance_by_reference_joins_no_two_known_parties(self) -> None:
        steps = [{"pass": "tolerance", "by": ["reference"]}]
        for party, class_ in (("甲", "matched"), ("乙", "amount_differs"), (None, "matched")):
            outcome = match(
                [Line(1, 0, 10_001, "甲", "R")], [Line(1, 0, 10_000, party, "R")], steps
            )
            assert outcome.class_of("a", 1) == class_

    def test_amount_alone_matches_when_it_is_the_only_one(self) -> None:
        assert matched_by([Line(1, 0, 100)], [Line(1, 5, 100, "甲")], 3)

    def test_amount_alone_does_not_join_two_known_parties(self) -> None:
        outcome = match([Line(1, 0, 100, "甲"), *FAR], [Line(1, 0, 100, "乙"), *FAR])
        assert (outcome.class_of("a", 1), outcome.class_of("b", 1)) == ("only_a", "only_b")

    def test_a_contradicting_party_does_not_compete_for_an_amount(self) -> None:
        a = [Line(1, 0, 100, "甲"), Line(2, 0, 100)]
        outcome = match([*a, *FAR], [Line(1, 0, 100, "乙"), *FAR])
        assert outcome.group_sets() >= {(3, frozenset({("a", 2), ("b", 1)}))}
        assert outcome.class_of("a", 1) == "only_a"

    def test_many_lines_match_one_by_a_shared_key(self) -> None:
        a = [Line(1, 0, 100, key="K"), Line(2, 90, 250, key="K")]
        assert matched_by(a, [Line(1, 300, 350, key="K")], 4)

    def test_many_lines_match_many_by_a_shared_key(self) -> None:
        a = [Line(1, 0, 100, key="K"), Line(2, 0, 250, key="K")]
        b = [Line(1, 0, 51, key="K"), Line(2, 0, 299, key="K")]
        assert matched_by(a, b, 4)

    def test_one_line_matches_several_that_only_together_make_it(self) -> None:
        a = [Line(1, 0, 70_000, "甲"), Line(2, 3, 80_100, "甲")]
        assert matched_by(a, [Line(1, 2, 150_100, "甲")], 5)

    def test_several_lines_match_one_in_the_other_direction(self) -> None:
        b = [Line(1, 0, -70_000, "甲"), Line(2, 3, -80_100, "甲")]
        assert matched_by([Line(1, 2, -150_100, "甲")], b, 5)

    def test_a_difference_of_the_tolerance_matches_and_is_recorded(self) -> None:
        outcome = match([Line(1, 0, 10_001, "甲"), *FAR], [Line(1, 0, 10_000, "甲"), *FAR])
        group = outcome.groups[outcome.lines["a", 1]["group_id"]]
        assert (outcome.pass_of("a", 1), str(group["difference"])) == (6, "0.01")
        assert str(outcome.proofs[0].difference) == "0.01"

    def test_a_difference_above_the_tolerance_is_an_amount_that_differs(self) -> None:
        outcome = match([Line(1, 0, 10_002, "甲"), *FAR], [Line(1, 0, 10_000, "甲"), *FAR])
        assert outcome.class_of("a", 1) == outcome.class_of("b", 1) == "amount_differs"

    def test_a_payment_and_its_reversal_cancel_each_other(self) -> None:
        a = [Line(1, 0, 5_000, "甲"), Line(2, 4, -5_000, "甲")]
        assert matched_by(a, [], 7)

    def test_a_bounced_payment_that_is_paid_again_leaves_the_last_one_to_match(self) -> None:
        a = [Line(1, 0, 5_000, "甲"), Line(2, 1, -5_000, "甲"), Line(3, 3, 5_000, "甲")]
        outcome = match([*a, *FAR], [Line(1, 3, 5_000, "甲"), *FAR])
        assert outcome.group_sets() >= {
            (7, frozenset({("a", 1), ("a", 2)})),
            (2, frozenset({("a", 3), ("b", 1)})),
        }

    def test_zero_amounts_match_nothing(self) -> None:
        outcome = match([Line(1, 0, 0, "甲", "R"), *FAR], [Line(1, 0, 0, "甲", "R"), *FAR])
        assert outcome.class_of("a", 1) == "only_a"

    def test_an_earlier_pass_wins(self) -> None:
        a = [Line(1, 0, 100, "甲", "R1")]
        b = [Line(1, 3, 100, None, "R1"), Line(2, 0, 100, "甲")]
        outcome = match([*a, *FAR], [*b, *FAR])
        assert outcome.group_sets() >= {(1, frozenset({("a", 1), ("b", 1)}))}
        assert outcome.class_of("b", 2) == "only_b"


class TestAmbiguity:
    def test_two_lines_for_one_are_ambiguous_with_both_listed(self) -> None:
        a = [Line(1, 0, 100, "甲"), Line(2, 3, 100, "甲")]
        outcome = match([*a, *FAR], [Line(1, 1, 100, "甲"), *FAR])
        assert [outcome.class_of(*place) for place in (("a", 1), ("a", 2), ("b", 1))] == [
            "ambiguous"
        ] * 3
        listed = {(row["option_no"], row["side"], row["line_id"]) for row in outcome.candidates}
        assert listed == {(0, "b", 1), (1, "a", 1), (2, "a", 2)}

    def test_as_many_equal_lines_on_both_sides_are_one_group(self) -> None:
        a = [Line(1, 0, 100, "甲"), Line(2, 3, 100, "甲")]
        b = [Line(1, 1, 100, "甲"), Line(2, 4, 100, "甲")]
        assert matched_by(a, b, 2)

    def test_equal_numbers_that_cannot_all_be_paired_in_the_window_are_ambiguous(self) -> None:
        a = [Line(1, 0, 100, "甲"), Line(2, 0, 100, "甲"), Line(3, 10, 100, "甲")]
        b = [Line(1, 5, 100, "甲"), Line(2, 15, 100, "甲"), Line(3, 15, 100, "甲")]
        outcome = match([*a, *FAR], [*b, *FAR])
        assert {outcome.class_of("a", number) for number in (1, 2, 3)} == {"ambiguous"}

    def test_a_line_out_of_reach_does_not_make_another_ambiguous(self) -> None:
        a = [Line(1, 0, 100, "甲"), Line(2, 3, 100, "甲")]
        outcome = match([*a, *FAR], [Line(1, 7, 100, "甲"), *FAR])
        assert outcome.group_sets() >= {(2, frozenset({("a", 2), ("b", 1)}))}

    def test_equal_amounts_without_party_are_ambiguous_not_grouped(self) -> None:
        a = [Line(1, 0, 100), Line(2, 0, 100)]
        outcome = match([*a, *FAR], [Line(1, 0, 100), Line(2, 0, 100), *FAR])
        assert outcome.class_of("b", 1) == "ambiguous"

    def test_two_sets_with_one_sum_are_both_shown(self) -> None:
        a = [Line(n, 0, fen, "甲") for n, fen in enumerate((100, 400, 200, 300), start=1)]
        outcome = match([*a, *FAR], [Line(1, 0, 500, "甲"), *FAR])
        options: dict[int, set[int]] = {}
        for row in outcome.candidates:
            if row["side"] == "a":
                options.setdefault(row["option_no"], set()).add(row["line_id"])
        assert outcome.class_of("b", 1) == "ambiguous"
        assert sorted(options) == [1, 2]
        assert set(map(frozenset, options.values())) == {frozenset({1, 2}), frozenset({3, 4})}

    def test_two_sums_that_need_the_same_line_are_both_open(self) -> None:
        a = [Line(1, 0, 100, "甲"), Line(2, 0, 250, "甲"), Line(3, 0, 460, "甲")]
        b = [Line(1, 0, 350, "甲"), Line(2, 0, 710, "甲")]
        outcome = match([*a, *FAR], [*b, *FAR])
        assert {outcome.class_of("b", 1), outcome.class_of("b", 2)} == {"ambiguous"}

    def test_a_line_that_is_in_doubt_is_no_part_of_a_sum(self) -> None:
        a = [Line(1, 0, 100, "甲"), Line(2, 3, 100, "甲"), Line(3, 0, 350, "甲")]
        b = [Line(1, 1, 100, "甲"), Line(2, 1, 250, "甲")]
        outcome = match([*a, *FAR], [*b, *FAR])
        assert outcome.class_of("b", 1) == "ambiguous"
        assert outcome.class_of("a", 3) != "matched"
        assert match([a[2], *FAR], [*b, *FAR]).pass_of("a", 3) == 5

    def test_a_bound_that_cuts_is_reported(self) -> None:
        a = [Line(n, 0, 1_000 + n, "甲") for n in range(1, 6)]
        b = [Line(1, 0, 2_003, "甲")]
        outcome = match([*a, *FAR], [*b, *FAR], parameters={"match.max_group": 4})
        assert [(row["side"], row["line_id"], row["lines"]) for row in outcome.bounds] == [
            ("b", 1, 5)
        ]
        assert outcome.report.pairings[0].bounds == 1

    def test_lines_that_several_answers_fit_within_the_tolerance_are_one_doubt(self) -> None:
        a = [Line(1, 0, 10_000, "甲"), Line(2, 0, 10_002, "甲")]
        outcome = match([*a, *FAR], [Line(1, 0, 10_001, "甲"), *FAR])
        places = [("a", 1), ("a", 2), ("b", 1)]
        assert {outcome.class_of(*place) for place in places} == {"ambiguous"}
        assert len({outcome.lines[place]["group_id"] for place in places}) == 1

    def test_lines_that_edges_join_have_one_smallest_line(self) -> None:
        edges = [(6, 3), (4, 3), (4, 9), (18, 19)]  # places of side a are even
        assert connected(edges) == {6: 4, 3: 4, 4: 4, 9: 4, 18: 18, 19: 18}
        assert connected([]) == {}

    def test_a_sum_with_countless_answers_stays_open_and_is_no_cut_search(self) -> None:
        a = [Line(n, 0, 100, "甲") for n in range(1, 7)]
        outcome = match([*a, *FAR], [Line(1, 0, 300, "甲"), *FAR])
        assert outcome.class_of("b", 1) == "ambiguous"
        assert max(row["option_no"] for row in outcome.candidates) == 5
        assert outcome.bounds == []

    def test_a_search_to_the_end_is_no_cut_one(self) -> None:
        a = [Line(1, 0, 70_000, "甲"), Line(2, 3, 80_100, "甲"), Line(3, 3, 5, "甲")]
        outcome = match(a, [Line(1, 2, 150_100, "甲")])
        assert outcome.pass_of("b", 1) == 5
        assert outcome.bounds == []

    def test_a_search_that_was_cut_says_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        small = {"EXACT_LINES": 3, "FEW_LINES": 2, "WINDOW_LINES": 2, "WINDOWS": 1, "MAX_SUMS": 3}
        for name, value in small.items():
            monkeypatch.setattr(subset_sum, name, value)
        a = [Line(n, 0, fen, "甲") for n, fen in enumerate((300, 500, 600, 700), start=1)]
        outcome = match([*a, *FAR], [Line(1, 0, 1_000, "甲"), *FAR])
        (bound,) = outcome.bounds
        assert (bound["side"], bound["line_id"], bound["lines"]) == ("b", 1, 4)
        assert bound["reason_en"] == "too many combinations; search cut"


class TestClasses:
    def test_a_reference_with_two_amounts_is_linked_as_amount_differs(self) -> None:
        outcome = match([Line(1, 0, 100, None, "R"), *FAR], [Line(1, 90, 70, None, "R"), *FAR])
        group = outcome.groups[outcome.lines["a", 1]["group_id"]]
        assert (group["kind"], str(group["difference"])) == ("amount_differs", "0.30")

    @pytest.mark.parametrize(
        ("step", "said"),
        [
            ({"pass": "reference"}, "amount_differs"),
            ({"pass": "tolerance", "by": ["reference"]}, "amount_differs"),
            ({"pass": "shared_key", "by": ["shared_key"]}, "only_a"),
        ],
    )
    def test_a_reference_links_where_a_pass_goes_by_it(
        self, step: dict[str, object], said: str
    ) -> None:
        a, b = [Line(1, 0, 100, None, "R"), *FAR], [Line(1, 90, 70, None, "R"), *FAR]
        assert match(a, b, [step]).class_of("a", 1) == said

    def test_a_key_that_does_not_add_up_is_linked_as_amount_differs(self) -> None:
        a = [Line(1, 0, 100, key="K"), Line(2, 0, 200, key="K")]
        outcome = match([*a, *FAR], [Line(1, 0, 250, key="K"), *FAR])
        assert {outcome.class_of("a", 1), outcome.class_of("b", 1)} == {"amount_differs"}

    def test_a_line_past_the_last_day_of_the_other_side_is_cross_period(self) -> None:
        outcome = match([Line(1, 9, 100, "甲")], [Line(1, 0, 77, "乙"), Line(2, 10, 78, "丙")])
        assert outcome.class_of("a", 1) == "cross_period"

    @pytest.mark.parametrize(
        ("step", "said"),
        [
            ({"pass": "party_amount_window", "window": 2}, "only_a"),
            ({"pass": "amount_window_unique", "window": 2}, "only_a"),
            ({"pass": "tolerance", "window": 2}, "cross_period"),
            ({"pass": "reference"}, "cross_period"),
        ],
    )
    def test_how_near_the_last_day_counts_is_the_window_of_the_first_pass_that_has_one(
        self, step: dict[str, object], said: str
    ) -> None:
        b = [Line(1, 0, 77, "乙"), Line(2, 10, 78, "丙")]
        assert match([Line(1, 6, 100, "甲")], b, [step]).class_of("a", 1) == said

    def test_a_whole_account_missing_is_no_list_of_leaks(self) -> None:
        a = [Line(n, n, 100 + n, account="1111") for n in range(1, 4)]
        a += [Line(9, 0, 5_000, account="2222")]
        b = [Line(9, 0, 5_000, account="2222"), Line(10, 90, 7_000, account="2222")]
        outcome = match(a, b, accounts=True)
        assert {outcome.class_of("a", n) for n in (1, 2, 3)} == {"account_missing"}
        assert match(a, b).class_of("a", 3) != "account_missing"

    def test_an_account_is_not_missing_where_the_other_side_names_none(self) -> None:
        outcome = match(
            [Line(1, 30, 100, account="1111")], [Line(9, 0, 5_000), Line(8, 90, 1)], accounts=True
        )
        assert outcome.class_of("a", 1) == "only_a"

    def test_an_unmatched_internal_transfer_is_internal(self) -> None:
        outcome = match([Line(1, 0, 100, "甲", is_internal=True)], [Line(1, 0, 77, "乙")])
        assert outcome.class_of("a", 1) == "internal"

    def test_internal_transfers_set_aside_match_nothing(self) -> None:
        lines = [Line(1, 0, 100, "甲", is_internal=True)], [Line(1, 0, 100, "甲")]
        assert match(*lines).class_of("a", 1) == "matched"
        assert match(*lines, internal="set_aside").class_of("a", 1) == "internal"

    def test_an_unknown_party_is_said_where_the_pairing_asks(self) -> None:
        a, b = [Line(1, 0, 100, "N:某店"), *FAR], [*FAR]
        assert match(a, b, unresolved=("a",)).class_of("a", 1) == "unresolved_party"
        assert match(a, b).class_of("a", 1) == "only_a"

    def test_reasons_name_the_other_side_in_both_languages(self) -> None:
        line = match([Line(1, 0, 100, "甲"), *FAR], [*FAR]).lines["a", 1]
        assert line["reason_zh"] == "乙方中没有对应的一笔"
        assert line["reason_en"] == "Side B has no counterpart"


class TestConfirmed:
    LINES = ([Line(1, 0, 100, "甲"), Line(2, 3, 100, "甲")], [Line(1, 1, 100, "甲")])

    def keys(self) -> dict[tuple[str, int], str]:
        rows = match(*self.LINES).candidates
        return {(row["side"], row["line_id"]): row["line_key"] for row in rows}

    def test_a_confirmed_match_wins(self) -> None:
        keys = self.keys()
        outcome = match(*self.LINES, confirmed=[(keys["a", 2], keys["b", 1])])
        assert outcome.class_of("a", 2) == outcome.class_of("b", 1) == "confirmed"
        assert outcome.class_of("a", 1) != "ambiguous"
        assert [(row["side"], row["line_id"], row["line_key"]) for row in outcome.confirmed] == [
            ("a", 2, keys["a", 2]),
            ("b", 1, keys["b", 1]),
        ]

    def test_a_confirmed_match_that_no_longer_adds_up_is_refused_with_a_reason(self) -> None:
        keys = self.keys()
        both = [(keys["a", 1], keys["b", 1]), (keys["a", 2], keys["b", 1])]
        outcome = match(*self.LINES, confirmed=both)
        assert outcome.refused[0]["reason_zh"] == "双方合计不再相等，相差1.00元"
        assert outcome.class_of("a", 1) == "ambiguous"

    def test_a_confirmed_match_whose_line_is_gone_is_refused(self) -> None:
        keys = self.keys()
        outcome = match(self.LINES[0][:1], self.LINES[1], confirmed=[(keys["a", 2], keys["b", 1])])
        assert outcome.refused[0]["reason_en"] == "some of its lines are no longer in the data"
        assert outcome.report.pairings[0].refused == 1


class TestRun:
    def test_a_pairing_without_rows_does_not_run_and_says_why(self) -> None:
        connection = duckdb.connect()
        connection.execute("create table src_line_a as select 1 as line_id")
        report = run_matching(connection, [pairing()], PARAMETERS, date(2024, 12, 31))
        assert report.of("test_pair").missing == ("line_b",)
        assert not report.of("test_pair").ran
        assert prove_balance(connection) == []

    def test_an_unknown_parameter_is_named(self) -> None:
        steps = [{"pass": "party_amount_window", "window": "match.windw_days"}]
        with pytest.raises(UnknownParameterError, match=r"match\.windw_days"):
            match([Line(1, 0, 1, "甲")], [Line(1, 0, 1, "甲")], steps)

    def test_a_side_that_repeats_a_line_is_refused(self) -> None:
        with pytest.raises(MatchSideError, match="test_pair"):
            match([Line(1, 0, 1), Line(1, 0, 2)], [Line(1, 0, 1)])

    @pytest.mark.parametrize(
        ("numbers", "distinct"),
        [("1), (2), (2), (null", 2), ("3), (9000000000000000000", 2), ("null", 0), ("-7), (-7", 1)],
    )
    def test_different_numbers_are_counted_dense_or_not(self, numbers: str, distinct: int) -> None:
        tables = LocalTables(duckdb.connect(), "here")
        tables.make(
            "held", f"select place::bigint as place from (values ({numbers})) as one(place)", {}
        )
        assert tables.distinct("held", "place") == distinct

    def test_a_side_with_a_line_without_an_amount_is_refused(self) -> None:
        connection = duckdb.connect()
        for side in "ab":
            connection.register("lines", frame([Line(1, 0, 1), Line(2, 0, 2)]))
            connection.execute(f"create table src_line_{side} as select * from lines")
        connection.execute("update src_line_b set amount = null where line_id = 2")
        with pytest.raises(MatchSideError, match="1 lines have no amount"):
            run_matching(connection, [pairing()], PARAMETERS, date(2024, 12, 31))

    def test_a_side_that_names_no_parameter_or_cannot_be_computed_is_named(self) -> None:
        connection = duckdb.connect()
        for side in "ab":
            connection.execute(f"create table src_line_{side} as select 1 as line_id")
        for sql, said in (("select $nothing", "nothing"), ("select * from nowhere", "test_pair")):
            wrong = replace(pairing(), side_sql={"a": sql, "b": sql})
            with pytest.raises(EngineError, match=said):
                run_matching(connection, [wrong], PARAMETERS, date(2024, 12, 31))

    def test_a_side_without_a_column_is_refused(self) -> None:
        connection = duckdb.connect()
        connection.execute("create table src_line_a as select 1 as line_id")
        connection.execute("create table src_line_b as select 1 as line_id")
        with pytest.raises(MatchSideError, match="day"):
            run_matching(connection, [pairing()], PARAMETERS, date(2024, 12, 31))

    def test_the_proof_fails_when_a_line_is_lost(self) -> None:
        connection = duckdb.connect()
        for side in "ab":
            connection.execute(
                f"create table src_line_{side} as select 1::bigint as line_id, "
                "date '2024-01-01' as day, 5.00::decimal(18, 2) as amount, '甲' as party_id, "
                "null::varchar as reference, null::varchar as text_, null::varchar as shared_key, "
                "null::varchar as account, false as is_internal"
            )
        run_matching(connection, [pairing()], PARAMETERS, date(2024, 12, 31))
        assert prove_balance(connection)[0].a.matched == 5
        connection.execute("update match_couple_kept set amount = 4.00")
        with pytest.raises(MatchProofError, match=r"test_pair.*1\.00"):
            prove_balance(connection)

    @pytest.mark.parametrize(
        ("lines", "amount", "difference", "said"),
        [
            (2, "10.00", "1.00", None),
            (3, "10.00", "1.00", "lines of side A, difference 1."),
            (2, "11.50", "1.00", "total of side A, difference 1.50."),
            (2, "10.00", "0.75", "matched sides against differences, difference 0.25."),
        ],
    )
    def test_both_identities_are_proven(
        self, lines: int, amount: str, difference: str, said: str | None
    ) -> None:
        classes = {
            "matched": ClassTotal(1, Decimal("6.00")),
            "only_a": ClassTotal(1, Decimal("4.00")),
        }
        other = {"matched": ClassTotal(1, Decimal("5.00"))}
        proof = PairingProof(
            "p",
            SideProof(lines, Decimal(amount), classes),
            SideProof(1, Decimal("5.00"), other),
            Decimal(difference),
        )
        with nullcontext() if said is None else pytest.raises(MatchProofError) as caught:
            _check(proof)
        assert said is None or said in caught.value.text.en

    def test_a_pairing_without_matches_has_no_difference(self) -> None:
        outcome = match([Line(1, 0, 100, "甲")], [Line(1, 90, 77, "乙")])
        assert outcome.proofs[0].difference == 0
        assert outcome.proofs[0].a.unmatched == 1

    def test_only_result_tables_stay(self) -> None:
        connection = duckdb.connect()
        run_matching(connection, [], PARAMETERS, date(2024, 12, 31))
        left = {row[0] for row in connection.execute("show tables").fetchall()}
        assert left == {
            *RESULTS,
            "match_couple_kept",
            "match_group_kept",
            "match_line_kept",
            "match_reason_text",
        }


class TestDeclarations:
    def write(self, folder: Path, text: str) -> None:
        target = folder / "rules" / "matching"
        target.mkdir(parents=True)
        (target / "bank_ledger.yaml").write_text(text, encoding="utf-8")

    def test_all_shipped_pairings_load(self) -> None:
        assert [pairing_.name for pairing_ in load_pairings()] == [
            "bank_ledger",
            "refund_bank",
            "rent_bank",
            "settlement_bank",
            "tax_settlement",
            "topup_bank",
            "topup_ledger",
            "transfer_bank",
        ]

    def test_the_selects_of_sides_and_lists_are_those_of_their_files(self) -> None:
        for one in load_pairings():
            files = {side: file.sql for side, file in one.about.sides.items()}
            for chosen, selects in ((files, one.side_sql), (one.about.lists, one.list_sql)):
                assert selects.keys() == chosen.keys()
                for side, stem in chosen.items():
                    (path,) = (ROOT / "sql" / "matching").rglob(f"{stem}.sql")
                    written = path.read_text(encoding="utf-8").rstrip()
                    assert written in (selects[side], f"{selects[side]};")

    def test_passes_have_the_numbers_that_results_show(self) -> None:
        assert [step.number for step in pairing().about.passes] == [1, 2, 3, 4, 5, 6, 7]

    def test_a_pairing_reads_the_tables_of_both_sides(self) -> None:
        assert pairing().tables == {"src_line_a", "src_line_b"}

    def shipped(self) -> tuple[Pairing, str]:
        found = next(one for one in load_pairings() if one.name == "bank_ledger")
        return found, found.path.read_text(encoding="utf-8")

    def test_a_workspace_replaces_a_pairing(self, tmp_path: Path) -> None:
        found, text = self.shipped()
        self.write(tmp_path, text.replace("accounts: true\n", ""))
        mine = next(one for one in load_pairings(tmp_path) if one.name == "bank_ledger")
        assert (found.about.accounts, mine.about.accounts) == (True, False)

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("accounts:", "acounts:", "accounts"),
            ("pass: reversal", "pass: revers", "reversal"),
            ("by: [account, day]", "by: [acount, day]", "account"),
            ("by: [account, day]", "by: []", "passes[11].by: '[]' is wrong. Use at least one"),
            ("by: [account, day]", "by: [account], windw: 3", "windw"),
            ("name: bank_ledger", "name: bank", "bank_ledger"),
            ("sql: bank_ledger_a", "sql: bank_ledger_c", "bank_ledger_a"),
            ("accounts: true", "accounts: 3", "accounts: '3' is wrong. Use true or false"),
            ("accounts: true", "internal: leave", "set_aside"),
            ("sides:", "sides:\n  c: {sql: bank_ledger_a, label: {zh: 丙, en: C}}", "a and b"),
            (
                "by: [account, day]",
                "by: [account], sums_on: [c]",
                "passes[11].sums_on[1]: unknown value 'c'",
            ),
        ],
    )
    def test_faults_name_what_is_allowed(
        self, tmp_path: Path, old: str, new: str, said: str
    ) -> None:
        _, text = self.shipped()
        assert old in text
        self.write(tmp_path, text.replace(old, new, 1))
        with pytest.raises(ConfigError) as caught:
            load_pairings(tmp_path)
        assert said in caught.value.text.en

    @pytest.mark.parametrize(
        ("text", "said"),
        [("- 1\n", "keys and values"), ("passes: []\n", ""), ("passes: [1]\n", "")],
    )
    def test_a_file_of_another_shape_is_refused(self, tmp_path: Path, text: str, said: str) -> None:
        self.write(tmp_path, text)
        with pytest.raises(ConfigError) as caught:
            load_pairings(tmp_path)
        assert "bank_ledger.yaml" in caught.value.text.en
        assert said in caught.value.text.en

    def test_a_name_that_two_files_bear_is_an_error(self, tmp_path: Path) -> None:
        _, text = self.shipped()
        self.write(tmp_path, text)
        first = tmp_path / "rules" / "matching" / "bank_ledger.yaml"
        second = first.with_name("bank_other.yaml")
        second.write_text(text, encoding="utf-8")
        with pytest.raises(ConfigError) as caught:
            load_pairings(tmp_path)
        for sentence in (caught.value.text.zh, caught.value.text.en):
            assert str(first) in sentence
            assert str(second) in sentence

    def test_a_pairing_has_at_least_one_pass(self, tmp_path: Path) -> None:
        _, text = self.shipped()
        before, _, after = text.partition("passes:\n")
        rest = [line for line in after.splitlines(keepends=True) if not line.startswith(("-", " "))]
        self.write(tmp_path, f"{before}passes: []\n{''.join(rest)}")
        with pytest.raises(ConfigError, match="至少一项"):
            load_pairings(tmp_path)

    def test_pass_order_is_the_order_of_the_file(self) -> None:
        a, b = [Line(1, 0, 100, "甲", "R")], [Line(1, 0, 100, "甲", "R")]
        assert match(a, b, tuple(reversed(ALL_PASSES))).pass_of("a", 1) == 6
