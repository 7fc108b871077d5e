"""`run_selftest`: plant one defect per runnable rule into a copy of the data, check it, compare.

What it proves: with your files, settings and days, each rule still finds a known defect of its own
kind among your rows. What it does not prove: that every defect of that kind is found. Not here: how
a defect is made (see `planting`).
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import polars as pl
import tomlkit

from recon.base.errors import NoInputError
from recon.base.models import ReadLimits, Text
from recon.intake.formats.listing import list_inputs
from recon.intake.pipeline import IntakeSettings, read_intake
from recon.ledger.aliases import known_aliases
from recon.output.datafiles import write_csv
from recon.policy.parameters import load_policy
from recon.rules.catalog import choose, load_rules
from recon.run.check import run_check
from recon.run.review_period import review_period
from recon.run.rule_run import missing_data
from recon.selftest.planting import Plant, Planter, Setting, told
from recon.share.folder import as_text
from recon.tables.registry import specs
from recon.workspace.folder import KEY_FILE, claim
from recon.workspace.recon_toml import FILE_NAME, load_config

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from recon.base.models import CheckRequest, CheckResult, Intake
    from recon.workspace.recon_toml import Config

Result = Literal["found", "elsewhere", "missed", "not_plantable", "not_run"]
FOLDER = "自检"
#: A defect may be hidden by one of another rule: those not found are tried again with other cases.
_ROUNDS = 3
_TOLD_DIFFERENTLY = Text(
    "找到了，但方向、金额或期间与单独计算时不同：你的其他资料也参加了计算。",
    "found, but with another direction, amount or period: other rows of yours count too.",
)
_COUNTED_TOGETHER = Text(
    "找到了：与你自己的行合在一起，成为新的或金额不同的例外。",
    "found: together with rows of yours, as an exception that is new or has another amount.",
)
_NOTHING = Text(
    "植入的行没有成为例外：请看这条规则的来源行是否齐全。",
    "the planted rows gave no exception: look whether the rule has all the rows it needs.",
)
_WORKSPACE = ("rules", "sql", "policy", "holidays", "layouts", "aliases.csv", KEY_FILE)


@dataclass(frozen=True)
class Verdict:
    """What became of one rule.

    `elsewhere`: only other rules (`others`) reported the planted rows; `reason` says why a
    defect was not found, not plantable or not run.
    """

    rule: str
    title: Text
    result: Result
    case: str | None = None
    others: tuple[str, ...] = ()
    reason: Text | None = None


def run_selftest(
    request: CheckRequest, progress: Callable[[str, str], None] | None = None
) -> tuple[Verdict, ...]:
    """Plant one defect per runnable rule and tell which were found.

    Args:
        request: The folder, days and options of a check; the folder itself is only read.
        progress: Called with a stage and a detail.

    Returns:
        One verdict per chosen rule, sorted by code.

    Raises:
        ReconError: The data cannot be read, or the check of the copy gives no true answer.
    """
    tell = progress or (lambda _stage, _detail: None)
    folder = request.data_dir
    if not folder.is_dir():
        raise NoInputError(folder, exists=False, files=0)
    config = load_config(folder)
    out_dir = request.out_dir or folder / "recon-out"
    request = replace(request, aliases=known_aliases(config.workspace, out_dir))
    with claim(out_dir) as work:
        intake = _read(request, config, out_dir)
        setting = _setting(request, config, intake)
        chosen = choose(
            tuple(setting.rules.values()),
            request.select or config.select,
            request.ignore or config.ignore,
        )
        planters: dict[str, Planter] = {}
        verdicts: dict[str, Verdict] = {}
        for rule in chosen:
            missing = missing_data(rule, _filled(intake))
            result: Result = "not_run" if missing else "not_plantable"
            verdicts[rule.code] = Verdict(rule.code, rule.about.title.text, result, reason=missing)
            if not missing:
                planters[rule.code] = Planter(rule, setting)
        trial = _Trial(request, config, setting, work)
        _copy_inputs(trial.copy, request, config, out_dir)
        for _ in range(_ROUNDS):
            plants = _next_plants(planters, verdicts, tell)
            if plants:
                trial.judge(plants, verdicts, tell)
        trial.judge_shared(verdicts, tell)
    for code, verdict in verdicts.items():
        if verdict.result == "missed" and verdict.others:
            reason = _by_others(verdict.others)
            verdicts[code] = replace(verdict, result="elsewhere", reason=reason)
    return tuple(verdicts[code] for code in sorted(verdicts))


def _next_plants(
    planters: dict[str, Planter], verdicts: dict[str, Verdict], tell: Callable[[str, str], None]
) -> dict[str, Plant]:
    """Return the next defect of every rule whose defect was not found yet."""
    plants: dict[str, Plant] = {}
    for code, planter in planters.items():
        if verdicts[code].result == "found":
            continue
        tell("rules", code)
        plant = planter.next()
        if plant is not None:
            plants[code] = plant
        elif verdicts[code].result == "not_plantable":
            verdicts[code] = replace(verdicts[code], reason=planter.why_none)
    return plants


def _read(request: CheckRequest, config: Config, out_dir: Path) -> Intake:
    password = request.password_file
    limits = ReadLimits(password=password.read_text("utf-8").strip() if password else None)
    settings = IntakeSettings(
        config.sources, config.locked, limits, (out_dir,), layouts=config.layouts
    )
    intake = read_intake(request.data_dir, settings)
    if not any(frame.height for frame in intake.tables.values()):
        raise NoInputError(request.data_dir, exists=True, files=len(intake.files))
    return intake


def _setting(request: CheckRequest, config: Config, intake: Intake) -> Setting:
    asked = replace(
        request,
        review_from=request.review_from or config.review_from,
        review_to=request.review_to or config.review_to,
    )
    begins, ends = review_period(asked, intake)
    locale = request.locale or config.locale
    return Setting(
        rules={rule.code: rule for rule in load_rules(config.workspace)},
        policy=load_policy(locale, config.policy, config.workspace),
        unit=config.self_unit,
        as_of=request.as_of,
        period_from=begins,
        period_to=ends,
        workspace=config.workspace,
    )


def _filled(intake: Intake) -> dict[str, set[str]]:
    filled = {name: set[str]() for name, frame in intake.tables.items() if frame.height}
    for sheet in intake.sheets:
        if sheet.table in filled:
            filled[sheet.table] |= set(sheet.columns.values())
    return filled


def _copy_inputs(copy: Path, request: CheckRequest, config: Config, out_dir: Path) -> None:
    """Copy the input files and what the workspace decides results with."""
    for path in list_inputs(request.data_dir, (out_dir, *config.left_out(request.data_dir))):
        target = copy / path.relative_to(request.data_dir)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    for name in _WORKSPACE:
        source = config.workspace / name
        if source.is_dir():
            shutil.copytree(source, copy / name, dirs_exist_ok=True)
        elif source.is_file():
            shutil.copyfile(source, copy / name)


class _Trial:
    """Checks the copy with planted files in it, and compares."""

    def __init__(self, request: CheckRequest, config: Config, setting: Setting, work: Path) -> None:
        self.copy = work / "copy"
        self._request = request
        self._config = config
        self._setting = setting
        self._out = work / "out"
        self._mixed: dict[str, pl.DataFrame] = {}

    def judge(
        self,
        plants: dict[str, Plant],
        verdicts: dict[str, Verdict],
        tell: Callable[[str, str], None],
    ) -> None:
        """Plant, check and write a verdict for each planted rule."""
        self._plant(plants.values())
        checked = self._check(plants, tell)
        for code, plant in plants.items():
            verdicts[code] = _judge(verdicts[code], plant, checked)
            mixed = _on_plants(checked, code, alone=False)
            if verdicts[code].result == "missed" and mixed.height:
                self._mixed[code] = mixed

    def judge_shared(self, verdicts: dict[str, Verdict], tell: Callable[[str, str], None]) -> None:
        """Judge the rules that count planted rows together with the user's own.

        Their defect is found when the exception that holds planted rows is not there, or has
        another amount, without them.
        """
        codes = [code for code in self._mixed if verdicts[code].result == "missed"]
        if not codes:
            return
        self._plant(())
        columns = ("exception_id", "direction", "amount")
        before = set(self._check(codes, tell).exceptions.select(columns).rows())
        for code in codes:
            if set(self._mixed[code].select(columns).rows()) - before:
                verdicts[code] = replace(verdicts[code], result="found", reason=_COUNTED_TOGETHER)

    def _plant(self, plants: Iterable[Plant]) -> None:
        """Lay planted files beside the inputs, in place of those of an earlier round."""
        shutil.rmtree(self.copy / FOLDER, ignore_errors=True)
        entries = [entry for plant in plants for entry in _write(self.copy, plant)]
        path = self._config.path
        document = tomlkit.parse(path.read_text("utf-8-sig") if path else "")
        sources = tomlkit.aot()
        for entry in [*entries, *document.unwrap().get("source", [])]:
            table = tomlkit.table()
            table.update(entry)
            sources.append(table)
        document.pop("source", None)
        document["source"] = sources
        (self.copy / FILE_NAME).write_text(tomlkit.dumps(document), encoding="utf-8")

    def _check(self, codes: Iterable[str], tell: Callable[[str, str], None]) -> CheckResult:
        request = replace(
            self._request,
            data_dir=self.copy,
            out_dir=self._out,
            review_from=self._setting.period_from,
            review_to=self._setting.period_to,
            select=tuple(codes),
            ignore=(),
            confirmed_matches=(),
        )
        return run_check(request, tell)


def _write(copy: Path, plant: Plant) -> list[dict[str, Any]]:
    """Write the tables of a plant as csv; return their entries for recon.toml."""
    entries = []
    for table, frame in plant.tables.items():
        spec = specs()[table]
        kept = [column for column in spec.columns if column.name in frame.columns]
        name = f"{FOLDER}/{plant.code}_{spec.zh}.csv"
        path = copy / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = frame.select(as_text(column, frame) for column in kept)
        write_csv(text.rename({column.name: column.zh for column in kept}), path)
        columns = {column.zh: column.name for column in kept}
        entries.append({"file": name, "table": table, "header_row": 1, "columns": columns})
    return entries


def _on_plants(checked: CheckResult, code: str, *, alone: bool) -> pl.DataFrame:
    """Return the exceptions of a rule on planted rows: on them alone, or among others."""
    planted = pl.col("evidence").list.eval(pl.element().str.starts_with(f"{FOLDER}/{code}_"))
    touches = planted.list.all() if alone else planted.list.any()
    return checked.exceptions.filter((pl.col("rule") == code) & touches)


def _judge(verdict: Verdict, plant: Plant, checked: CheckResult) -> Verdict:
    """Compare what the rule says about the planted rows with what it said about them alone."""
    outcome = next(one for one in checked.outcomes if one.rule == plant.code)
    said = told(_on_plants(checked, plant.code, alone=True))
    verdict = replace(verdict, case=plant.case)
    if all(each in said for each in plant.expected):
        return replace(verdict, result="found", reason=None)
    if said:
        return replace(verdict, result="found", reason=_TOLD_DIFFERENTLY)
    others = tuple(sorted({*verdict.others, *_others(checked, plant.code)}))
    reason = outcome.reason or _NOTHING
    return replace(verdict, result="missed", reason=reason, others=others)


def _others(checked: CheckResult, code: str) -> list[str]:
    """Return the other rules that reported the planted rows of a rule with money."""
    mark = f"{FOLDER}/{code}_"
    planted = pl.col("evidence").list.eval(pl.element().str.starts_with(mark)).list.all()
    said = checked.exceptions.filter(planted & (pl.col("amount") > 0))
    return said["rule"].unique().sort().to_list()


def _by_others(codes: tuple[str, ...]) -> Text:
    listed = ", ".join(codes)
    return Text(
        f"植入的行只有 {listed} 报告；本规则在你的资料里没有报告它。",
        f"only {listed} reported the planted rows; with your data this rule did not.",
    )
