"""Refund policies as data: one dated object each, and the years it is judged by.

Not here: who is entitled to what (SQL of the SME rules) and the frames (`refund_reference`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from recon.base.errors import YamlError
from recon.base.models import Text
from recon.base.shapes import (
    Number,
    Sentence,
    Shape,
    below,
    checked,
    unknown_word,
    wrong_kind,
)
from recon.base.yamlio import load_yaml
from recon.policy.packs import REFUND_FILE, Reference

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Basis = Literal[
    "miit300",
    "nbs2017",
    "vat_smallscale_150k",
    "cit_small_profit",
    "small_amount",
    "listed",
    "platform_list",
]
Exclusion = Literal["state_controlled", "budget_funded", "prep_no_union", "underpaid", "franchise"]


class Window(Shape):
    """The days on which the anchor must lie; `to` null is open."""

    starts_on: date = Field(alias="from")
    ends_on: date | None = Field(None, alias="to")


class BasisFrom(Shape):
    """By what a payer qualifies, from a day on."""

    starts_on: date = Field(alias="from")
    basis: Basis
    rival: Basis | None = None


class Threshold(Shape):
    """Upper part per year below which a payer qualifies. Units: yuan."""

    amount: Number
    exclusive: bool = True
    test: Literal["current_year", "avg_prior_2y"] = "current_year"


class Application(Shape):
    """Whether one must apply, and by when for each policy year."""

    required: bool
    deadlines: dict[int, date] = Field(default_factory=dict)


class Batch(Shape):
    """What is paid out together: anchors from..to of a policy year, by a day."""

    year: int
    starts_on: date = Field(alias="from")
    ends_on: date = Field(alias="to")
    pay_by: date = Field(alias="by")


class Requires(Shape):
    """What a payer must have or have done."""

    union: bool = True
    account: bool = True
    paid_in_full: bool = False
    on_time: bool = False


class RefundPolicy(Shape):
    """One refund policy. Units: `cap` in yuan; `upper_share` as a share of the whole fee."""

    id: str
    title: Sentence
    anchor: Literal["paid_date", "fee_period", "treasury_date"]
    window: Window
    basis: list[BasisFrom]
    application: Application
    requires: Requires
    references: list[Reference] = Field(min_length=1)
    year: Literal["calendar", "oct_sep"] = "calendar"
    threshold: Threshold | None = None
    tested_at: Literal["payer", "union"] = "payer"
    base: Literal["upper_part", "full"] = "upper_part"
    upper_share: Number | None = None
    cap: Number | None = None
    pay: list[Batch] = Field(default_factory=list)
    exclude: list[Exclusion] = Field(default_factory=list)
    not_with: list[str] = Field(default_factory=list)
    verified_by: str | None = None
    verified_on: date | None = None

    @property
    def is_verified(self) -> bool:
        """Whether somebody has read the source."""
        return self.verified_on is not None

    @property
    def reference(self) -> str:
        """All references in one line."""
        return "；".join(reference.text for reference in self.references)


class Withdrawn(Shape):
    """Takes the policy of an earlier layer away."""

    id: str
    withdrawn: Literal[True]
    references: list[Reference] = Field(default_factory=list)


@dataclass(frozen=True)
class PolicyYear:
    """One policy year: its days, the days of it inside the window, and the deadlines.

    An `oct_sep` year is named by the year in which it ends.
    """

    year: int
    year_from: date
    year_to: date
    window_from: date
    window_to: date
    apply_by: date | None
    pay_by: date | None


def years_of(policy: RefundPolicy, last: date) -> tuple[PolicyYear, ...]:
    """Return the years of a policy that begin by a day.

    Args:
        policy: The policy.
        last: Years that begin later are left out (an open window has no end of its own).

    Returns:
        The years in order; `pay_by` is the last day of the year's last batch.
    """
    shift = 1 if policy.year == "oct_sep" else 0
    begins, ends = policy.window.starts_on, policy.window.ends_on or last
    first_year = begins.year + (shift if begins.month >= 10 else 0)
    last_year = ends.year + (shift if ends.month >= 10 else 0)
    result = []
    for year in range(first_year, last_year + 1):
        year_from = date(year - 1, 10, 1) if shift else date(year, 1, 1)
        year_to = date(year, 9, 30) if shift else date(year, 12, 31)
        if year_from > last:
            break
        result.append(
            PolicyYear(
                year=year,
                year_from=year_from,
                year_to=year_to,
                window_from=max(year_from, begins),
                window_to=min(year_to, policy.window.ends_on or year_to),
                apply_by=policy.application.deadlines.get(year),
                pay_by=max((b.pay_by for b in policy.pay if b.year == year), default=None),
            )
        )
    return tuple(result)


def load_refund_policies(folders: Iterable[Path], faults: list[Text]) -> tuple[RefundPolicy, ...]:
    """Return the refund policies of layered packs; a later object of the same id replaces.

    An entry {id, withdrawn: true} takes a policy of an earlier layer away.

    Args:
        folders: Packs, the base first; a pack without `refund_policies.yaml` changes nothing.
        faults: Takes every fault.
    """
    by_id: dict[str, RefundPolicy] = {}
    for folder in folders:
        path = folder / REFUND_FILE
        if path.is_file():
            _merge_file(by_id, path, faults)
    for policy in by_id.values():
        for other in policy.not_with:
            if other not in by_id:
                place = f"{policy.id}.not_with"
                faults.append(unknown_word(place, "返还政策", "refund policy", other, by_id))
    return tuple(by_id[key] for key in sorted(by_id))


def _merge_file(by_id: dict[str, RefundPolicy], path: Path, faults: list[Text]) -> None:
    try:
        content = load_yaml(path)
    except YamlError as error:
        faults.append(error.text)
        return
    if not isinstance(content, list) or not all(isinstance(item, dict) for item in content):
        faults.append(wrong_kind(path, content, "政策对象的列表", "a list of policy objects"))
        return
    seen: set[str] = set()
    for number, entry in enumerate(content, start=1):
        place = f"{path}: {entry.get('id', number)}"
        is_withdrawn = entry.get("withdrawn") is True
        of: type[Withdrawn | RefundPolicy] = Withdrawn if is_withdrawn else RefundPolicy
        found = checked(of, entry, below(place, "."), faults)
        if found is None:
            continue
        if found.id in seen:
            faults.append(
                Text(
                    f"{place}: 同一文件中重复。只留一个。", f"{place}: twice in one file. Keep one."
                )
            )
        elif isinstance(found, RefundPolicy):
            faults.extend(_value_faults(place, found))
            by_id[found.id] = found
        elif by_id.pop(found.id, None) is None:
            faults.append(unknown_word(place, "返还政策", "refund policy", found.id, by_id))
        seen.add(found.id)


def _value_faults(place: str, policy: RefundPolicy) -> Iterable[Text]:
    window = policy.window
    if window.ends_on is not None and window.ends_on < window.starts_on:
        yield wrong_kind(
            f"{place}.window", window.ends_on, "不早于 from 的日期", "a day from 'from' on"
        )
    starts = [item.starts_on for item in policy.basis]
    if not starts or starts[0] > window.starts_on or starts != sorted(set(starts)):
        yield wrong_kind(
            f"{place}.basis",
            ", ".join(map(str, starts)),
            "从窗口首日起、日期递增的列表",
            "a list that begins by the first day of the window, with rising dates",
        )
    known = {year.year for year in years_of(policy, date(2100, 1, 1))}
    named = {*policy.application.deadlines, *(batch.year for batch in policy.pay)}
    for year in sorted(named - known):
        yield wrong_kind(f"{place}: {year}", year, "窗口内的年度", "a year of the window")
