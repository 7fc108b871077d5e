"""Policy parameters: dated values with their sources, and the set of them that a place uses.

`load_policy` layers base pack, locale pack, the workspace's own packs and recon.toml. Not here: how
a policy file is read (`packs`), refund policies as such (`refund_policies`), and the frames
that SQL joins (`reference`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from recon.base import resources
from recon.base.errors import ConfigError, UnknownParameterError
from recon.base.models import Text
from recon.base.nearest import nearest
from recon.policy import packs, refund_policies
from recon.policy.overrides import FIRST_DAY, merge_overrides
from recon.policy.parameter_value import ValueType, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from recon.policy.packs import Parameter, Reference
    from recon.policy.parameter_value import Value
    from recon.policy.refund_policies import RefundPolicy

OPEN_END = date(9999, 12, 31)
REFUND_POLICIES = "refund.policies"


@dataclass(frozen=True)
class PolicyValue:
    """One value of a parameter and the days on which it holds.

    Units: `unit` as the policy file declares it; `ends_on` is exclusive, 9999-12-31 when open.
    """

    name: str
    value: Value
    text: str
    unit: str
    starts_on: date
    ends_on: date
    reference: Reference
    is_verified: bool
    place: str
    verified_by: str | None = None
    verified_on: date | None = None


@dataclass(frozen=True, eq=False)
class Policy:
    """All parameters and refund policies of one locale.

    `files` are the policy files that were read, in the order of their layers; together with
    recon.toml they decide every value (the run id hashes them).
    """

    locale: str
    by_name: Mapping[str, Parameter]
    refund_policies: tuple[RefundPolicy, ...]
    files: tuple[Path, ...]

    def parameters(self) -> tuple[str, ...]:
        """Return the names of all parameters, sorted."""
        return tuple(sorted(self.by_name))

    def parameter(self, name: str) -> Parameter:
        """Return a parameter.

        Raises:
            UnknownParameterError: No parameter has that name; the nearest are named.
        """
        if name not in self.by_name:
            raise UnknownParameterError(name, nearest(name, self.by_name))
        return self.by_name[name]

    def values_of(self, name: str) -> tuple[PolicyValue, ...]:
        """Return every value of a parameter in the order of time; spans without one are left out.

        Raises:
            UnknownParameterError: No parameter has that name.
        """
        about = self.parameter(name)
        ends = [*(dated.starts_on for dated in about.values[1:]), OPEN_END]
        return tuple(
            PolicyValue(
                name=name,
                value=dated.value,
                text=text_of(about.type, dated.value),
                unit=about.unit,
                starts_on=dated.starts_on,
                ends_on=end,
                reference=dated.reference,
                is_verified=dated.is_verified,
                place=dated.place,
                verified_by=dated.verified_by,
                verified_on=dated.verified_on,
            )
            for dated, end in zip(about.values, ends, strict=True)
            if dated.value is not None
        )

    def value_at(self, name: str, on: date) -> PolicyValue | None:
        """Return the value of a parameter in force on a day.

        The value is the newest one whose start date is on or before `on`.

        Args:
            name: Dotted name, e.g. "fee.passback_days".
            on: The day asked about.

        Returns:
            The value with its unit, dates and reference; None if none is in force.

        Raises:
            UnknownParameterError: No parameter has that name.

        Units: as declared in the policy file; money is Decimal yuan.
        """
        known = self.values_of(name)
        found = bisect_right(known, on, key=lambda value: value.starts_on) - 1
        if found < 0 or on >= known[found].ends_on:
            return None
        return known[found]


def parameter_column(name: str) -> str:
    """Return the SQL name of a parameter.

    Example:
        >>> parameter_column("fee.rate")
        'fee_rate'
    """
    return name.replace(".", "_")


def load_policy(
    locale: str = "base",
    overrides: Mapping[str, object] | None = None,
    workspace: Path | None = None,
) -> Policy:
    """Return the parameters and refund policies of a locale.

    Layers, later ones win from their first date on: the shipped base pack, the workspace's
    `policy/base/`, the shipped pack of the locale, the workspace's `policy/<locale>/`, `overrides`.

    Args:
        locale: Name of a folder of `rules/policy/` or of the workspace's `policy/`.
        overrides: `[policy]` of recon.toml: name to plain value, to
            {value, from, source, verified_on, verified_by}, or to a list of those.
        workspace: Folder with recon.toml, or None.

    Raises:
        ConfigError: Every fault of every file and override, together.
    """
    faults: list[Text] = []
    folders = pack_folders(locale, workspace, faults)
    by_name: dict[str, Parameter] = {}
    for folder in folders:
        packs.merge_pack(by_name, folder, faults)
    merge_overrides(by_name, overrides or {}, faults)
    refunds = refund_policies.load_refund_policies(folders, faults)
    if faults:
        raise ConfigError(faults)
    by_name[REFUND_POLICIES] = _listed(refunds)
    named = Counter(refund.title.text for refund in refunds)
    titles = {one.id: one.title.text for one in refunds if named[one.title.text] == 1}
    for name, about in by_name.items():
        codes = {code for each in about.values for code in _items(each.value)}
        if codes & titles.keys():
            by_name[name] = replace(about, words=titles)
    files = tuple(path for folder in folders for path in sorted(folder.glob("*.yaml")))
    return Policy(locale, by_name, refunds, files)


def _items(value: Value | None) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()


def _listed(refunds: tuple[RefundPolicy, ...]) -> Parameter:
    """Return the refund policies as one list parameter, so that rules can name it as evidence.

    It is verified when every refund policy is; without any it is not in force.
    """
    dated = packs.DatedValue(
        starts_on=FIRST_DAY,
        value=tuple(refund.id for refund in refunds) or None,
        reference=packs.Reference(title=packs.REFUND_FILE, section="各政策的依据见该文件"),
        is_verified=all(refund.is_verified for refund in refunds),
        place=packs.REFUND_FILE,
    )
    about = Text("适用的返还政策", "The refund policies that apply")
    return packs.Parameter(REFUND_POLICIES, ValueType("list"), "", about, (dated,))


def locales(workspace: Path | None = None) -> tuple[str, ...]:
    """Return the names of all locales, shipped and the workspace's own."""
    roots = [resources.shipped("rules") / "policy"]
    if workspace is not None:
        roots.append(workspace / "policy")
    return tuple(
        sorted({folder.name for root in roots for folder in root.glob("*") if folder.is_dir()})
    )


def pack_folders(locale: str, workspace: Path | None, faults: list[Text]) -> tuple[Path, ...]:
    """Return the folders of a locale's layers that exist, the base first.

    Args:
        locale: Name of the locale.
        workspace: Folder with recon.toml, or None.
        faults: Takes the fault of a locale that is nowhere.
    """
    known = locales(workspace)
    if locale not in known:
        faults.append(packs.unknown_locale(locale, known))
    roots = [resources.shipped("rules") / "policy"]
    if workspace is not None:
        roots.append(workspace / "policy")
    names = ["base"] if locale == "base" or locale not in known else ["base", locale]
    return tuple(root / name for name in names for root in roots if (root / name).is_dir())


def value_words(name: str, value: str | None) -> Text:
    """Return the value of a shipped parameter in the words of papers, by its text.

    Example:
        >>> value_words("fee.handling_fee_bearer", "before_split").zh
        '分成前扣除'
    """
    about = _shipped().by_name.get(name)
    text = value or ""
    return about.in_words(text) if about else Text(text, text)


@cache
def _shipped() -> Policy:
    return load_policy()
