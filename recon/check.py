"""`run_check`: from a folder of exports to a finished run folder.

This module reads like the table of contents of a run. Each stage is one call; nothing here prints,
exits, or reads the clock or the environment.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from time import perf_counter
from typing import TYPE_CHECKING, Any

import polars as pl

from recon import __version__
from recon.calendars import calendar_of, unknown_years
from recon.catalog import choose, load_rules, with_prerequisites
from recon.config import load_config
from recon.engine.duckdb import Session
from recon.errors import NoInputError
from recon.exception_list import direction_totals, list_exceptions
from recon.intake.pipeline import IntakeSettings, read_intake
from recon.models import CheckResult, Intake, ReadLimits, Text
from recon.output import VOLATILE_FILES, write_run
from recon.parties import candidates, read_aliases
from recon.policy import load_policy
from recon.reference import reference_tables
from recon.rule_run import RuleContext, run_rules
from recon.run_record import control_record, policy_used, run_record
from recon.staging import source_tables
from recon.states import compare_with_last
from recon.tables.registry import specs
from recon.workspace import claim, latest_run, place_run, run_id, workspace_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from recon.catalog import Rule
    from recon.config import Config
    from recon.models import CheckRequest, RuleOutcome
    from recon.policy import Policy


def run_check(
    request: CheckRequest, progress: Callable[[str, str], None] | None = None
) -> CheckResult:
    """Read, validate, reconcile and write one run.

    Args:
        request: The folder, the day and all options.
        progress: Called with a stage ("read", "parse", "stage", "rules", "write") and a detail.

    Returns:
        The finished run; its folder has its final name.

    Raises:
        ReconError: No true answer is possible; nothing with a final name was written.
    """
    if not request.data_dir.is_dir():
        raise NoInputError(request.data_dir, exists=False, files=0)
    tell = progress or _silent
    timing: dict[str, float] = {}
    config = load_config(request.data_dir)
    request = _completed(request, config)
    out_dir = request.out_dir or request.data_dir / "recon-out"
    policy = load_policy(request.locale or "base", config.policy, config.workspace)
    known = load_rules(config.workspace)
    rules = choose(known, request.select, request.ignore)
    with claim(out_dir) as work:
        key = workspace_key(config.workspace, out_dir)
        with _timed(timing, "read"):
            intake = _read(request, config, out_dir, tell)
        period = _review_period(request, intake)
        with Session(work / "run.duckdb", request.memory, request.threads) as session:
            with _timed(timing, "stage"):
                tell("stage", "")
                _stage(session, intake, policy, request, config, key)
            with _timed(timing, "rules"):
                context = RuleContext(
                    request.as_of,
                    *period,
                    policy,
                    _filled(intake),
                    request.mask,
                    config.workspace,
                )
                outcomes = run_rules(
                    session,
                    with_prerequisites(known, rules),
                    context,
                    lambda code: tell("rules", code),
                )
                outcomes = tuple(o for o in outcomes if o.rule in {rule.code for rule in rules})
            with _timed(timing, "list"):
                exceptions = list_exceptions(session, rules)
                unresolved = candidates(session)
                used = policy_used(session, policy)
        run = _identify(request, config, intake, key)
        result = _result(run, request, intake, outcomes, exceptions, period)
        result = replace(
            result,
            unresolved=unresolved,
            policy_used=used,
            states=compare_with_last(exceptions, latest_run(out_dir), run),
            warnings=(
                *_warnings(request, intake, rules),
                *unknown_years(calendar_of(config.workspace), period[0], request.as_of),
            ),
            timing={"seconds": timing, "engine": request.engine, "threads": request.threads},
        )
        result = replace(
            result, control=control_record(result), run_info=run_record(result, policy, config)
        )
        tell("write", "")
        return _write(result, work, out_dir)


def _silent(stage: str, detail: str) -> None:
    """Say nothing."""


class _timed:  # noqa: N801 - reads as a word in a with statement
    """Measure a stage into a dictionary (seconds)."""

    def __init__(self, timing: dict[str, float], stage: str) -> None:
        self._timing, self._stage = timing, stage

    def __enter__(self) -> None:
        self._started = perf_counter()

    def __exit__(self, *_: object) -> None:
        self._timing[self._stage] = round(perf_counter() - self._started, 3)


def _completed(request: CheckRequest, config: Config) -> CheckRequest:
    """Fill what the command line left open from recon.toml."""
    return replace(
        request,
        review_from=request.review_from or config.review_from,
        review_to=request.review_to or config.review_to,
        locale=request.locale or config.locale,
        select=request.select or config.select,
        ignore=request.ignore or config.ignore,
    )


def _read(
    request: CheckRequest, config: Config, out_dir: Path, tell: Callable[[str, str], None]
) -> Intake:
    folder = request.data_dir
    settings = IntakeSettings(
        sources=config.sources,
        locked=config.locked,
        limits=ReadLimits(password=_password(request)),
        exclude=(out_dir,),
        progress=lambda name: tell("read", name),
    )
    intake = read_intake(folder, settings)
    if not any(frame.height for frame in intake.tables.values()):
        read = sum(file.status == "read" for file in intake.files)
        raise NoInputError(folder, exists=True, files=read)
    return intake


def _password(request: CheckRequest) -> str | None:
    if request.password_file is None:
        return None
    return request.password_file.read_text(encoding="utf-8").strip()


def _stage(
    session: Session,
    intake: Intake,
    policy: Policy,
    request: CheckRequest,
    config: Config,
    key: bytes,
) -> None:
    """Load source and reference tables, then shut the session to files."""
    session.load(source_tables(intake.tables, key))
    session.load(reference_tables(policy, config.self_unit, request.as_of, config.workspace))
    files = pl.DataFrame(
        {
            "file_id": [file.file_id for file in intake.files],
            "path": [file.path for file in intake.files],
        },
        schema={"file_id": pl.Int32, "path": pl.String},
    )
    session.load(
        {
            "source_row": intake.source_row,
            "source_file": files,
            "src_alias": read_aliases(config.workspace),
        }
    )
    session.seal()
    session.build({"party"}, config.workspace)


def _filled(intake: Intake) -> dict[str, set[str]]:
    """Return which tables have rows, each with the columns that some sheet gave."""
    filled: dict[str, set[str]] = {
        table: set() for table, frame in intake.tables.items() if frame.height
    }
    for sheet in intake.sheets:
        if sheet.table in filled:
            filled[sheet.table] |= set(sheet.columns.values())
    return filled


def _review_period(request: CheckRequest, intake: Intake) -> tuple[date, date]:
    """Return the period under review: as asked, else whole months of what the tables cover."""
    first, last = _covered(intake)
    start = request.review_from or first.replace(day=1)
    end = request.review_to or (last.replace(day=1) + timedelta(days=31)).replace(
        day=1
    ) - timedelta(days=1)
    return start, end


def _covered(intake: Intake) -> tuple[date, date]:
    """Return the first and last day of the collection list, else of all tables."""
    days: list[date] = []
    collection = intake.tables.get("tax_collection")
    if collection is not None and collection.height:
        days += [collection["period_from"].min(), collection["period_to"].max()]  # type: ignore[list-item]
    else:
        days += [day for bounds in _table_days(intake).values() for day in bounds]
    return (min(days), max(days)) if days else (date(2000, 1, 1), date(2099, 12, 31))


def _table_days(intake: Intake) -> dict[str, tuple[date, date]]:
    """Return the first and last day of each table, over its required day columns."""
    covered: dict[str, tuple[date, date]] = {}
    for name, frame in intake.tables.items():
        columns = [c.name for c in specs()[name].columns if c.required and c.kind in _DAY_KINDS]
        bounds = [
            (frame[column].cast(pl.Date).min(), frame[column].cast(pl.Date).max())
            for column in columns
        ]
        days: list[Any] = [day for pair in bounds for day in pair if day is not None]
        if days:
            covered[name] = (min(days), max(days))
    return covered


_DAY_KINDS = ("date", "month", "datetime")
_STALE_DAYS = 31


def _warnings(request: CheckRequest, intake: Intake, rules: tuple[Rule, ...]) -> tuple[Text, ...]:
    """Return what the reader of the summary should know before trusting it."""
    warnings = [*intake.questions]
    collection = _table_days(intake).get("tax_collection")
    if collection and (request.as_of - collection[1]).days > _STALE_DAYS:
        warnings.append(
            Text(
                f"截至日 {request.as_of} 比代收明细最后一天 {collection[1]} 晚 31 天以上："
                "之后的缴款不在资料里。用 --as-of 指定资料导出日。",
                f"as-of {request.as_of} is more than 31 days after the last day of the collection "
                f"list, {collection[1]}. Use --as-of with the day of the export.",
            )
        )
    own = [rule.code for rule in rules if rule.from_workspace]
    if own:
        warnings.append(
            Text(
                f"使用了工作区自己的规则：{'、'.join(own)}。",
                f"rules of the workspace were used: {', '.join(own)}.",
            )
        )
    return tuple(warnings)


def _identify(request: CheckRequest, config: Config, intake: Intake, key: bytes) -> str:
    inputs = [f"{file.path}={file.sha256}" for file in intake.files]
    options = [
        repr(value)
        for value in (
            request.as_of,
            request.review_from,
            request.review_to,
            request.locale,
            sorted(request.select),
            sorted(request.ignore),
            request.mask,
        )
    ]
    calendar = calendar_of(config.workspace).fingerprint
    parts = [__version__, *inputs, *options, config.fingerprint, calendar, key.decode()]
    return run_id(parts, config.workspace)


def _result(
    run: str,
    request: CheckRequest,
    intake: Intake,
    outcomes: tuple[RuleOutcome, ...],
    exceptions: pl.DataFrame,
    period: tuple[date, date],
) -> CheckResult:
    out_dir = request.out_dir or request.data_dir / "recon-out"
    return CheckResult(
        run_id=run,
        run_dir=out_dir / run,
        request=request,
        review_from=period[0],
        review_to=period[1],
        intake=intake,
        outcomes=tuple(sorted(outcomes, key=lambda outcome: outcome.rule)),
        exceptions=exceptions,
        states=pl.DataFrame(),
        totals=direction_totals(exceptions),
        policy_used=pl.DataFrame(),
        unresolved=pl.DataFrame(),
        control={},
        run_info={},
        warnings=(),
    )


def _write(result: CheckResult, work: Path, out_dir: Path) -> CheckResult:
    folder = work / "run"
    folder.mkdir()
    notes = write_run(result, folder)
    notes += place_run(folder, out_dir, result.run_id, VOLATILE_FILES)
    return replace(result, warnings=(*result.warnings, *notes))
