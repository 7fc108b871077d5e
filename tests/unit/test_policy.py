"""Policy parameters: the base pack, layers, faults, refund policies, and the command."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from recon.base.errors import ConfigError, UnknownParameterError
from recon.base.models import Text
from recon.base.texts import speak
from recon.cli.policy import command
from recon.policy.packs import Reference, cited
from recon.policy.parameter_value import ValueType, read_type, read_value, text_of
from recon.policy.parameters import (
    OPEN_END,
    load_policy,
    locales,
    parameter_column,
    value_words,
)
from recon.policy.refund_policies import years_of
from recon.rules.catalog import load_rules
from recon.run.policy_sheet import typed
from recon.run.rule_run import RuleContext, cannot_run
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAY = date(2024, 3, 1)
NEW_PARAMETER = """
note_days:
  description: {zh: 天数, en: Days}
  type: int
  unit: day
  values:
    2020-01-01: {value: 3, reference: {title: 甲文件}, verified_by: null, verified_on: null}
"""


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    speak("zh")
    yield
    speak("zh")


def pack(workspace: Path, locale: str, name: str, text: str) -> Path:
    folder = workspace / "policy" / locale
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return workspace


def faults_of(locale: str = "base", workspace: Path | None = None, **overrides: object) -> str:
    named = {key.replace("__", "."): value for key, value in overrides.items()}
    with pytest.raises(ConfigError) as caught:
        load_policy(locale, named, workspace)
    speak("en")
    return str(caught.value)


# The contract's list of parameters with their base values.
BASE = {
    "fee.rate": Decimal("0.02"),
    "fee.mode": "全额代收",
    "fee.due_day": 15,
    "fee.basic_share": Decimal("0.60"),
    "fee.upper_split": {},
    "fee.system_fraction": {},
    "fee.passback_days": 15,
    "fee.passback_day_type": "working",
    "surcharge.enabled": False,
    "surcharge.daily_rate": Decimal("0.005"),
    "prep.collect_share": Decimal(1),
    "training.allowed_categories": (
        *("教材", "课酬", "场地", "教材资料", "教学用品", "场地租金"),
        *("授课人员酬金", "职工素质提升补助", "优秀学员奖励"),
    ),
    "fuel.work_hours": (Decimal(6), Decimal(22)),
    "fuel.home_cities": (),
    "tolerance.split_yuan": Decimal("1.00"),
    "match.max_group": 40,
}


@pytest.mark.parametrize(("name", "value"), BASE.items())
def test_base_value(name: str, value: object) -> None:
    found = load_policy().value_at(name, DAY)
    assert found is not None
    assert found.value == value
    assert type(found.value) is type(value)


def test_base_pack_is_complete_dated_and_says_what_is_confirmed() -> None:
    policy = load_policy()
    names = [name for name in policy.parameters() if name != "refund.policies"]
    assert len(names) >= 101  # the contract's; the pack may grow
    for name in names:
        about = policy.parameter(name)
        assert about.description.zh
        assert about.description.en
        assert about.kind in ("policy", "tool")
        for value in about.values:
            assert value.reference.title
            if value.is_verified:
                assert "读自公开文本" in str(value.verified_by)
                assert value.reference.quote or "通读" in value.reference.section, name
                assert value.reference.source, name


def test_a_tool_setting_is_none_that_decides_a_definite_amount() -> None:
    policy = load_policy()
    tools = {name for name in policy.parameters() if policy.parameter(name).kind == "tool"}
    assert tools >= {"tolerance.money_yuan", "match.window_days", "sme.edge_pct", "fee.drop_pct"}
    decided = ("fee.", "training.", "prep.", "refund.", "surcharge.")
    lines = {"fee.residue_to", "fee.underpay_tolerance_pct"}
    lines |= {name for name in tools if name.startswith("fee.drop_")}
    assert not {name for name in tools - lines if name.startswith(decided)}
    assert policy.parameter("fuel.tank_recover_factor").kind == "policy"


@pytest.mark.parametrize(
    ("name", "day", "value", "is_verified"),
    [  # typed from the texts, not from the packs
        ("fee.rate", date(2001, 10, 26), Decimal("0.02"), False),
        ("fee.rate", date(2001, 10, 27), Decimal("0.02"), True),
        ("fee.basic_share", date(2003, 12, 31), Decimal("0.60"), True),
        ("fee.basic_share", date(2004, 1, 1), Decimal("0.60"), False),
        ("sme.vat_sales_yuan", date(2021, 3, 31), Decimal(100000), True),
        ("sme.vat_sales_yuan", date(2022, 12, 31), Decimal(150000), False),
        ("sme.vat_sales_yuan", date(2023, 1, 1), Decimal(100000), True),
        ("prep.held_share", date(2021, 12, 31), Decimal(1), False),
        ("prep.held_share", date(2022, 1, 1), Decimal(1), True),
        ("org.filing_days", date(2024, 1, 1), 10, True),
        ("ledger.cash_yuan", date(2024, 1, 1), Decimal(1000), True),
        ("asset.statutory_max_term_years", date(2020, 12, 31), 20, False),
        ("asset.statutory_max_term_years", date(2021, 1, 1), 20, True),
        ("fee.due_day", date(2024, 1, 1), 15, False),
    ],
)
def test_values_are_dated_and_confirmed_as_the_texts_say(
    name: str, day: date, value: object, *, is_verified: bool
) -> None:
    found = load_policy().value_at(name, day)
    assert found is not None
    assert (found.value, found.is_verified) == (value, is_verified)


def test_what_ends_in_2027_is_not_in_force_after() -> None:
    policy = load_policy()
    for name in ("sme.vat_sales_yuan", "sme.profit_headcount", "sme.profit_income_yuan"):
        assert policy.value_at(name, date(2027, 12, 31)) is not None
        assert policy.value_at(name, date(2028, 1, 1)) is None


def test_packs_of_places_say_what_their_texts_say() -> None:
    beijing = load_policy("beijing").value_at("surcharge.cap", DAY)
    chongqing = load_policy("chongqing").value_at("surcharge.cap", DAY)
    assert beijing is not None
    assert chongqing is not None
    assert (beijing.value, chongqing.value) == ("none", "principal")
    assert beijing.is_verified
    due = load_policy("shanghai").value_at("fee.due_day", DAY)
    assert due is not None
    assert due.is_verified


def test_guangxi_leaves_open_what_nobody_has_read() -> None:
    policy = load_policy("guangxi")
    for name in ("fee.mode", "fee.due_day", "fee.basic_share", "prep.return_share"):
        assert policy.value_at(name, DAY) is None
    assert policy.refund_policies == ()


@pytest.mark.parametrize(
    "name", ["training.max_class_size", "fuel.point_yuan", "prep.expiry_months"]
)
def test_null_in_the_base_pack_is_not_in_force(name: str) -> None:
    assert load_policy().value_at(name, DAY) is None


def test_before_the_first_date_nothing_is_in_force() -> None:
    policy = load_policy()
    assert policy.value_at("fee.rate", date(1999, 12, 31)) is None
    assert policy.value_at("fee.rate", date(2000, 1, 1)) is not None


def test_unknown_name_is_an_error_that_names_the_nearest() -> None:
    with pytest.raises(UnknownParameterError, match=r"fee\.passback_days"):
        load_policy().value_at("fee.pasback_days", DAY)


def test_parameter_column() -> None:
    assert parameter_column("fee.rate") == "fee_rate"


def test_plain_override_holds_for_all_dates_and_is_not_confirmed() -> None:
    policy = load_policy(overrides={"fee.due_day": 10})
    (value,) = policy.values_of("fee.due_day")
    assert (value.value, value.starts_on, value.ends_on) == (10, date(2000, 1, 1), OPEN_END)
    assert not value.is_verified
    assert value.reference.text == "本地自定，未注明依据"


def test_dated_override_leaves_the_time_before_as_it_was() -> None:
    stated = {"value": Decimal("0.7"), "from": date(2020, 1, 1), "source": "县工发〔2020〕3号"}
    policy = load_policy(overrides={"prep.return_share": stated})
    before, after = policy.values_of("prep.return_share")
    assert (before.value, before.ends_on) == (Decimal("0.60"), date(2020, 1, 1))
    assert (after.value, after.starts_on) == (Decimal("0.7"), date(2020, 1, 1))
    assert after.reference.title == "县工发〔2020〕3号"
    assert not after.is_verified


@pytest.mark.parametrize("without", ["source", "verified_by", "verified_on", None])
def test_override_is_confirmed_by_source_name_and_day(without: str | None) -> None:
    stated: dict[str, object] = {
        "value": 20,
        "from": date(2020, 1, 1),
        "source": "县工发〔2020〕3号",
    }
    stated |= {"verified_by": "王某", "verified_on": date(2024, 12, 1)}
    stated.pop(without or "", None)
    value = load_policy(overrides={"fee.passback_days": stated}).value_at("fee.passback_days", DAY)
    assert value is not None
    assert value.is_verified is (without is None)


def test_several_dated_values_in_one_override() -> None:
    entries = [{"value": 10, "from": date(2020, 1, 1)}, {"value": 12, "from": date(2024, 1, 1)}]
    policy = load_policy(overrides={"fee.due_day": entries})
    spans = [(v.value, v.starts_on, v.ends_on) for v in policy.values_of("fee.due_day")]
    assert spans == [
        (15, date(2000, 1, 1), date(2020, 1, 1)),
        (10, date(2020, 1, 1), date(2024, 1, 1)),
        (12, date(2024, 1, 1), OPEN_END),
    ]
    assert policy.value_at("fee.due_day", date(2023, 12, 31)).value == 10  # type: ignore[union-attr]
    assert policy.value_at("fee.due_day", date(2024, 1, 1)).value == 12  # type: ignore[union-attr]


def test_plain_list_is_a_value_not_a_series() -> None:
    value = load_policy(overrides={"fuel.home_cities": ["桂平"]}).value_at("fuel.home_cities", DAY)
    assert value is not None
    assert value.value == ("桂平",)


def test_unquoted_dotted_name_is_understood() -> None:
    value = load_policy(overrides={"fee": {"due_day": 12}}).value_at("fee.due_day", DAY)
    assert value is not None
    assert value.value == 12


def test_all_faults_of_overrides_are_shown_together() -> None:
    text = faults_of(
        fee__due_dy=15,
        fee__rate="2%",
        fee__period="weekly",
        fee__passback_days=Decimal("1.5"),
        surcharge__enabled="yes",
        fee__grace_days=[
            {"value": 1, "from": date(2024, 1, 1)},
            {"value": 2, "from": date(2024, 1, 1)},
        ],
        fee__book_days={"value": 1, "form": date(2024, 1, 1)},
    )
    assert "Did you mean 'fee.due_day'?" in text
    assert "fee.rate: '2%' is wrong" in text
    assert "month | quarter | half_year | year" in text
    assert "fee.passback_days: '1.5' is wrong. Use a whole number" in text
    assert "surcharge.enabled: 'yes' is wrong. Use true or false" in text
    assert "start date 2024-01-01 is not after 2024-01-01" in text
    assert "unknown key 'form'. Did you mean 'from'?" in text
    assert len(text.splitlines()) == 7


def test_day_source_and_name_of_an_override_are_of_their_kind() -> None:
    text = faults_of(fee__due_day={"value": 1, "from": "soon", "source": 3, "verified_by": 4})
    assert "fee.due_day.from: 'soon' is wrong. Use a day without quotes" in text
    assert "fee.due_day.source: '3' is wrong. Use a text" in text
    assert "fee.due_day.verified_by: '4' is wrong. Use a text" in text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("fee.rate", 2),
        ("fee.rate", Decimal("-0.01")),
        ("fee.due_day", 0),
        ("fee.due_day", 32),
        ("fee.due_day", True),
        ("fee.upper_split", {"acftu": 5}),
        ("fee.upper_split", [1]),
        ("fee.rate", Decimal("0.0200001")),
        ("tolerance.money_yuan", Decimal("0.001")),
        ("tolerance.money_yuan", Decimal("NaN")),
        ("fuel.home_cities", "桂平"),
        ("fuel.home_cities", [True]),
    ],
)
def test_value_out_of_its_type_is_refused(name: str, value: object) -> None:
    with pytest.raises(ConfigError, match=name):
        load_policy(overrides={name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("fee.rate", 1),
        ("fee.due_day", 31),
        ("fee.due_day", 1),
        ("fee.rate", Decimal("0.020000")),
        ("tolerance.money_yuan", 0),
        ("fee.upper_split", {"acftu": 1}),
    ],
)
def test_value_on_the_edge_of_its_type_is_taken(name: str, value: object) -> None:
    found = load_policy(overrides={name: value}).value_at(name, DAY)
    assert found is not None
    assert found.value == value


def test_unknown_locale_names_the_nearest_and_all() -> None:
    text = faults_of("fujan")
    assert "Did you mean 'fujian'?" in text
    assert "guangdong" in text


def test_workspace_locale_adds_to_the_shipped_base(tmp_path: Path) -> None:
    text = """
due_day:
  values:
    2023-01-01: {value: 20, reference: {title: 县文件}, verified_by: 张, verified_on: 2024-01-02}
    2024-06-01: {value: null, reference: {title: 废止}}
"""
    workspace = pack(tmp_path, "xian", "fee.yaml", text)
    policy = load_policy("xian", None, workspace)
    assert "xian" in locales(workspace)
    assert policy.value_at("fee.due_day", date(2022, 12, 31)).value == 15  # type: ignore[union-attr]
    assert policy.value_at("fee.due_day", DAY).value == 20  # type: ignore[union-attr]
    assert policy.value_at("fee.due_day", DAY).is_verified  # type: ignore[union-attr]
    assert policy.value_at("fee.due_day", date(2024, 5, 31)) is not None
    assert policy.value_at("fee.due_day", date(2024, 6, 1)) is None
    assert policy.files[-1] == workspace / "policy" / "xian" / "fee.yaml"


def test_workspace_may_define_a_new_parameter_in_base(tmp_path: Path) -> None:
    workspace = pack(tmp_path, "base", "own.yaml", NEW_PARAMETER)
    value = load_policy("fujian", None, workspace).value_at("own.note_days", DAY)
    assert value is not None
    assert (value.value, value.unit) == (3, "day")


def test_faults_of_a_pack_are_shown_together(tmp_path: Path) -> None:
    text = """
due_dy:
  values:
    2023-01-01: {value: 20, reference: {title: a}}
rate:
  type: money
  values:
    2023-01-01: {value: 0.03, reference: {titel: a}}
mode:
  value:
    2023-01-01: {value: 部分代收}
grace_days:
  values:
    soon: {value: 1, reference: {title: a}}
book_days:
  values:
    2024-01-01: {value: 1, reference: {title: a}}
    2023-01-01: {value: 2, reference: {title: a}, verified_on: yesterday}
"""
    shown = faults_of("xian", pack(tmp_path, "xian", "fee.yaml", text))
    assert "unknown policy parameter 'fee.due_dy'. Did you mean 'fee.due_day'?" in shown
    assert "fee.rate.type: 'money' is wrong. Use rate" in shown
    assert "reference: 'title' is missing" in shown
    assert "unknown key 'value'. Did you mean 'values'?" in shown
    assert "'soon' is wrong. Use a day as YYYY-MM-DD" in shown
    assert "start date 2023-01-01 is not after 2024-01-01" in shown
    assert "verified_on: 'yesterday' is wrong" in shown


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- 1\n", "Use 'parameter: {...}'"),
        ("Bad-Name: {values: {}}\n", "lower-case parameter name"),
        ("rate: 3\n", "a mapping with 'values'"),
        ("rate: {values: {}}\n", "Use 'day: {...}'"),
        ("rate: {values: {2024-01-01: 3}}\n", "Use {value: ..., reference: ...}"),
        ("rate: {values: {2024-01-01: {value: 1}}}\nrate: {}\n", "duplicate key 'rate'"),
        (NEW_PARAMETER.replace("type: int", "type: integer"), "unknown type 'integer'"),
        (NEW_PARAMETER.replace("unit: day", "unit: 3"), "unit: '3' is wrong"),
        (NEW_PARAMETER.replace("unit: day", "minimum: low"), "minimum: 'low' is wrong"),
        (NEW_PARAMETER.replace(", en: Days", ""), "description"),
        (
            "rate: {values: {2024-01-01: {value: 0.01, reference: {title: 3}}}}\n",
            "reference.title: '3' is wrong. Use a text",
        ),
    ],
)
def test_each_fault_of_a_pack(tmp_path: Path, text: str, said: str) -> None:
    assert said in faults_of("xian", pack(tmp_path, "xian", "fee.yaml", text))


def test_types_read_and_print() -> None:
    assert read_type("enum[a|b]") == ValueType("enum", ("a", "b"))
    assert read_type("enum") is None
    assert read_type("money[2]") is None
    assert read_type("enum[a|b]").text == "enum[a|b]"  # type: ignore[union-attr]
    assert read_value(ValueType("rate"), 1) == Decimal(1)
    assert text_of(ValueType("money"), Decimal(100)) == "100.00"
    assert text_of(ValueType("rate"), Decimal("0.60")) == "0.6"
    assert text_of(ValueType("rate"), Decimal(100)) == "100"
    assert text_of(ValueType("list"), ("教材", Decimal("6.0"))) == "教材、6"
    assert text_of(ValueType("bool"), value=True) == "true"
    assert text_of(ValueType("money"), None) == ""


# --- refund policies


def test_national_refund_policies() -> None:
    small, sme = load_policy().refund_policies
    assert (sme.id, sme.anchor, sme.threshold) == ("sme-2020-2022", "paid_date", None)
    assert [(b.starts_on, b.basis) for b in sme.basis] == [
        (date(2020, 1, 1), "miit300"),
        (date(2022, 1, 1), "vat_smallscale_150k"),
    ]
    assert (small.id, small.anchor) == ("small-2023-2024", "paid_date")
    assert (small.window.starts_on, small.window.ends_on) == (date(2023, 1, 1), date(2024, 12, 31))
    assert small.application.required
    assert small.threshold is not None
    assert (small.threshold.amount, small.threshold.exclusive) == (Decimal(10000), True)
    assert not any(policy.is_verified for policy in (small, sme))


def refund(locale: str, name: str) -> object:
    return next(one for one in load_policy(locale).refund_policies if one.id == name)


@pytest.mark.parametrize(("locale", "cap"), [("fujian", 10000), ("xiamen", 5000)])
def test_two_year_average_with_cap(locale: str, cap: int) -> None:
    policy = refund(locale, "small-2023-2024")
    assert policy.threshold.test == "avg_prior_2y"  # type: ignore[attr-defined]
    assert policy.threshold.amount == policy.cap == cap  # type: ignore[attr-defined]
    assert not policy.application.required  # type: ignore[attr-defined]
    by = [batch.pay_by for batch in policy.pay]  # type: ignore[attr-defined]
    assert by[:2] == [date(2023, 11, 30), date(2024, 3, 31)]


def test_threshold_of_both_fujian_places_is_the_same_wage_bill() -> None:
    rate = Decimal("0.02")
    assert Decimal(10000) / (rate * Decimal("0.4")) == 1_250_000
    half = refund("xiamen", "small-2023-2024").upper_share  # type: ignore[attr-defined]
    assert Decimal(5000) / (rate * half) == 1_250_000


def test_guangdong_years_run_from_october() -> None:
    policy = refund("guangdong", "small-2023-2026")
    spans = years_of(policy, date(2029, 12, 31))  # type: ignore[arg-type]
    assert [(s.year, s.window_from, s.window_to) for s in spans] == [
        (2023, date(2023, 1, 1), date(2023, 9, 30)),
        (2024, date(2023, 10, 1), date(2024, 9, 30)),
        (2025, date(2024, 10, 1), date(2025, 9, 30)),
        (2026, date(2025, 10, 1), date(2026, 5, 31)),
    ]
    assert policy.not_with == ["sme25"]  # type: ignore[attr-defined]
    assert "small-2023-2024" not in {one.id for one in load_policy("guangdong").refund_policies}


def test_luan_has_its_own_window_and_mode() -> None:
    policy = load_policy("luan")
    assert policy.value_at("fee.mode", DAY).value == "部分代收"  # type: ignore[union-attr]
    one = refund("luan", "sme-2020-2023")
    first, *_, last = years_of(one, date(2029, 12, 31))  # type: ignore[arg-type]
    assert (first.window_from, last.window_to) == (date(2020, 7, 1), date(2023, 6, 30))


def test_open_window_ends_with_the_asked_year() -> None:
    spans = years_of(refund("guangdong", "sme25"), date(2021, 6, 30))  # type: ignore[arg-type]
    assert [span.year for span in spans] == [2019, 2020, 2021]
    assert spans[-1].window_to == date(2021, 12, 31)


def test_refund_policies_are_one_listed_parameter() -> None:
    value = load_policy("luan").value_at("refund.policies", DAY)
    assert value is not None
    assert value.value == ("small-2023-2024", "sme-2020-2023")
    assert not value.is_verified


REFUND = """
- id: own
  title: {zh: 甲, en: A}
  anchor: paid_date
  window: {from: 2024-01-01, to: 2024-12-31}
  basis: [{from: 2024-01-01, basis: listed}]
  application: {required: true, deadlines: {2024: 2025-03-31}}
  requires: {union: true}
  references: [{title: 县文件}]
  verified_by: 张
  verified_on: 2025-01-01
"""


def test_workspace_refund_policy(tmp_path: Path) -> None:
    policy = load_policy("base", None, pack(tmp_path, "base", "refund_policies.yaml", REFUND))
    own = policy.refund_policies[0]
    assert own.id == "own"
    assert own.is_verified
    (span,) = years_of(own, DAY)
    assert (span.apply_by, span.pay_by) == (date(2025, 3, 31), None)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("anchor: paid_date", "anchor: paid", "unknown value 'paid'. Did you mean 'paid_date'?"),
        ("anchor:", "ankor:", "unknown key 'ankor'. Did you mean 'anchor'?"),
        ("to: 2024-12-31", "to: 2023-12-31", "a day from 'from' on"),
        ("{2024: 2025-03-31}", "{2026: 2025-03-31}", "a year of the window"),
        ("{from: 2024-01-01, basis", "{from: 2024-02-01, basis", "begins by the first day"),
        ("references: [{title: 县文件}]", "references: []", "Use at least one entry"),
        ("{title: 县文件}", "{titel: 县文件}", "'title' is missing"),
        ("{zh: 甲, en: A}", "{zh: 甲}", "own.title: 'en' is missing"),
        ("- id: own", "- name: own", "'id' is missing"),
        ("  verified_by", "  not_with: [smal-2023-2024]\n  verified_by", "Did you mean 'small-"),
        ("- id: own", "- {id: sme, withdrawn: true}\n- id: own", "unknown refund policy 'sme'"),
        ("- id: own", "- {id: own, withdrawn: true}\n- id: own", "twice in one file"),
        (REFUND, "a: 1", "a list of policy objects"),
        (REFUND, "- {id: 1, id: 2}", "duplicate key"),
    ],
)
def test_each_fault_of_a_refund_policy(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = REFUND.replace(old, new)
    assert said in faults_of("base", pack(tmp_path, "base", "refund_policies.yaml", text))


# --- the command


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner(env={"COLUMNS": "200"}).invoke(command, list(arguments))
    return result.exit_code, result.output


def unwrapped(text: str) -> str:
    """Return a table's words without its frame and line breaks."""
    return " ".join(re.sub(r"[│┃]", " ", text).split())


def test_list_is_the_default(tmp_path: Path) -> None:
    code, text = run("--as-of", "2024-03-01", "--data", str(tmp_path))
    assert code == 0
    assert "fee.passback_days" in text
    assert "参数未确认" in text
    assert "未生效" in text
    assert run("list", "--as-of", "2024-03-01", "--data", str(tmp_path)) == (code, text)


def test_show_prints_values_state_and_source(tmp_path: Path) -> None:
    code, text = run("show", "fee.passback_days", "--lang", "en", "--data", str(tmp_path))
    assert code == 0
    assert "Days the federation has to pass the basic share back" in text
    assert "source not verified" in unwrapped(text)


def test_show_uses_the_workspace(tmp_path: Path) -> None:
    (tmp_path / "recon.toml").write_text('[policy]\n"fee.due_day" = 9\n', encoding="utf-8")
    _, text = run("show", "fee.due_day", "--as-of", "2024-03-01", "--data", str(tmp_path))
    assert "2024-03-01 的值：9" in text
    assert "本地自定，未注明依据" in text


def test_show_refund_policies(tmp_path: Path) -> None:
    _, text = run("show", "refund.policies", "--locale", "guangdong", "--data", str(tmp_path))
    assert "small-2023-2026" in text
    assert "2023-01-01" in text
    assert "2026-05-31" in text


def test_show_unknown_name_ends_with_2(tmp_path: Path) -> None:
    code, text = run("show", "fee.rat", "--data", str(tmp_path))
    assert code == 2
    assert "fee.rate" in text


def test_a_rule_does_not_run_on_a_value_that_a_pack_leaves_open() -> None:
    day, filled = date(2025, 6, 30), {name: {*spec.by_name} for name, spec in specs().items()}
    context = RuleContext(day, DAY, day, load_policy("guangxi"), filled)
    told = {rule.code: cannot_run(rule, context) for rule in load_rules()}
    open_ones = {code for code, outcome in told.items() if outcome is not None}
    assert {"TRN-15", "REM-06", "PRE-01", "TRN-02", "REM-03"} <= open_ones
    assert {outcome.status for outcome in told.values() if outcome} == {"not_in_force"}
    assert "REM-12" not in open_ones
    said = told["REM-06"]
    assert said is not None
    assert said.reason is not None
    assert "待填" in said.reason.zh
    base = RuleContext(day, DAY, day, load_policy(), filled)
    assert {rule.code for rule in load_rules() if cannot_run(rule, base)} <= {
        "TRN-11",
        "FUEL-18",
        "FUEL-15",
    }


def test_papers_say_codes_in_words_and_cite_no_address() -> None:
    policy = load_policy()
    for name in policy.parameters():
        about = policy.parameter(name)
        codes = [code for code in about.type.choices if code.isascii()]
        said = [about.in_words(code) for code in codes]
        assert not {each.zh for each in said} & set(codes), name
        assert [about.code_of(each.zh) for each in said] == codes, name
        assert [typed(policy, name, each.en) for each in said] == codes, name
    assert typed(policy, "prep.whole_policies", "小微企业工会经费全额返还") == ("sme-2020-2022",)
    assert value_words("surcharge.enabled", "true") == Text("是", "yes")
    reference = Reference(title="某办法", section="第三条", source="https://example.org/a")
    assert reference.text.endswith("（来源 https://example.org/a）")
    assert cited(reference.text) == reference.cited == "某办法，第三条"
