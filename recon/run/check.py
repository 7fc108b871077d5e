"""`run_check`: from a folder of exports to a finished run folder.

This module reads like the table of contents of a run. Each stage is one call; nothing here prints,
exits, or reads the clock or the environment.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from recon import __version__
from recon.base.clock import Clock
from recon.base.errors import NoInputError
from recon.base.models import CheckResult, Intake, Text
from recon.base.rows import height_of, source_rows
from recon.engine.doubts import DOUBTFUL
from recon.engine.exception_list import direction_totals, list_exceptions
from recon.engine.guard import memory_said
from recon.engine.named_beside import mask_named
from recon.engine.parties import alias_table, candidates
from recon.engine.staging import source_frames
from recon.intake.cache import cached_intake
from recon.intake.formats.limits import read_limits
from recon.intake.formats.moving import demand_unmoved
from recon.intake.pipeline import IntakeSettings, read_intake
from recon.ledger.matches import confirmed_table, fingerprint
from recon.ledger.repeats import mark_repeats
from recon.matching import load_pairings, prove_balance
from recon.matching.match_lines import list_matches
from recon.output import VOLATILE_FILES, write_run
from recon.output.picks import PICKS
from recon.policy.calendars import calendar_of, unknown_years
from recon.policy.reference import reference_tables
from recon.rules.catalog import with_prerequisites
from recon.run.coverage import coverage_record
from recon.run.engine_choice import open_session
from recon.run.kept_results import ResultsCache, RuleResults
from recon.run.made_of import marks, told
from recon.run.plan import make_plan
from recon.run.printed_names import PrintedNames
from recon.run.record import control_record, policy_used, run_record
from recon.run.review_period import review_period, run_span, set_aside, warnings_of, with_set_aside
from recon.run.rule_run import RuleContext, rules_beside, run_pairings, run_rules
from recon.run.states import carry_forward, compare_with_last
from recon.tables.masking import mask_said
from recon.tables.names import name_key, person_token
from recon.workspace.folder import (
    claim,
    key_mark,
    place_run,
    previous_run,
    run_id,
    run_id_of,
    workspace_key,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from recon.base.models import CheckRequest, RuleOutcome
    from recon.engine.duckdb import Session
    from recon.intake.formats.worker import Worker
    from recon.matching import MatchReport
    from recon.run.plan import RunPlan


@dataclass(frozen=True)
class Examined:
    """A run whose session is still open, for questions about it."""

    session: Session
    context: RuleContext
    outcomes: tuple[RuleOutcome, ...]


def run_check(
    request: CheckRequest,
    progress: Callable[[str, str], None] | None = None,
    worker: Worker | None = None,
) -> CheckResult:
    """Read, validate, reconcile and write one run.

    Args:
        request: The folder, the day and all options.
        progress: Called with a stage ("read", "stage", "rules", "write") and a detail.
        worker: A reading process that was started beforehand, within the limits of the request.

    Returns:
        The finished run; its folder has its final name.

    Raises:
        ReconError: No true answer is possible; nothing with a final name was written.
    """
    plan = make_plan(request, progress or _silent)
    with claim(plan.out_dir) as work:
        clock = Clock()
        with clock.timing("read"):
            intake = _read(plan, clock, work, worker)
        key = workspace_key(plan.config.workspace, plan.out_dir)
        context = _context(plan, intake, key)
        run = _identify(plan, intake, key)
        cache = ResultsCache.of(plan.config.workspace, run, request.engine)
        kept = cache.take(work) if clock.sources == "reused" else None
        results = kept or _find(plan, intake, context, key, clock, work)
        demand_unmoved(request.data_dir, intake.files, plan.left_out)
        if kept:
            clock.results = "reused"
        elif clock.sources != "read" and cache.keep(results):
            clock.results = "stored"
        run = run_id_of(run, results.outcomes)
        result = _assemble(plan, intake, results, context, run)
        result.run_info["key"] = key_mark(key)
        plan.tell("write", "")
        with clock.timing("write"):
            timing = _timing(plan, clock, result.run_id)
            return _write(replace(result, timing=timing), work, plan.out_dir)


@contextmanager
def examined_run(request: CheckRequest, *, with_rules: bool = True) -> Iterator[Examined]:
    """Do a run's work up to its rules and keep the session open, for questions about it.

    Args:
        request: The folder, the day and all options; nothing stays in its output folder.
        with_rules: Whether to match and run rules; the tables can be asked without.

    Yields:
        The session with all tables, those of the rule that ran last among them, and what the rules
        said.

    Raises:
        ReconError: No true answer is possible.
    """
    plan = make_plan(request, _silent)
    with claim(plan.out_dir) as work:
        intake = _read(plan, Clock(), work)
        key = workspace_key(plan.config.workspace, plan.out_dir)
        context = _context(plan, intake, key)
        with memory_said(), open_session(request, work, height_of(intake.rows)) as session:
            session.most_lanes = 1  # so that what the last rule found is in tables of this session
            _stage(session, plan, intake, key)
            running = with_prerequisites(plan.known, plan.rules) if with_rules else ()
            if running:
                run_pairings(session, context, load_pairings(plan.config.workspace))
            yield Examined(session, context, run_rules(session, running, context))


def _silent(stage: str, detail: str) -> None:
    """Say nothing."""


def _read(plan: RunPlan, clock: Clock, work: Path, worker: Worker | None = None) -> Intake:
    settings = IntakeSettings(
        sources=plan.config.sources,
        locked=plan.config.locked,
        limits=read_limits(plan.request.memory, plan.request.password_file),
        exclude=plan.left_out,
        progress=lambda name: plan.tell("read", name),
        store=work / "rows",
        worker=worker,
        layouts=plan.config.layouts,
    )
    if plan.request.use_cache:
        cached = cached_intake(plan.request.data_dir, settings, plan.config.workspace)
        intake, clock.sources = cached.intake, cached.how
    else:
        intake = read_intake(plan.request.data_dir, settings)
    if not any(rows.height for rows in intake.rows.values()):
        raise NoInputError(
            plan.request.data_dir,
            files=sum(file.status == "read" for file in intake.files),
            tables=sum(sheet.table is not None for sheet in intake.sheets),
            hints=(*(file.problem for file in intake.files if file.problem), *intake.questions),
        )
    return intake


def _find(
    plan: RunPlan, intake: Intake, context: RuleContext, key: bytes, clock: Clock, work: Path
) -> RuleResults:
    with memory_said(), open_session(plan.request, work, height_of(intake.rows)) as session:
        with clock.timing("stage"):
            _stage(session, plan, intake, key)
        return _examine(session, plan, context, clock, work)


def _stage(session: Session, plan: RunPlan, intake: Intake, key: bytes) -> None:
    """Load source and reference tables, then shut the session to files."""
    plan.tell("stage", "")
    config = plan.config
    for name, frame in source_frames(intake.rows, key, plan.request.as_of):
        session.append(name, frame)
    for frame in source_rows(intake.rows):
        session.append("source_row", frame)
    if intake.doubtful:
        session.append(DOUBTFUL, pl.DataFrame({"row_id": intake.doubtful}))
    session.load(
        reference_tables(plan.policy, config.self_unit, plan.request.as_of, config.workspace)
    )
    files = pl.DataFrame(
        {
            "file_id": [file.file_id for file in intake.files],
            "path": [file.path for file in intake.files],
        },
        schema={"file_id": pl.Int32, "path": pl.String},
    )
    session.load(
        {
            "source_file": files,
            "src_alias": alias_table(plan.aliases),
            "confirmed_match": confirmed_table(plan.confirmed),
        }
    )
    session.seal()
    session.build({"party"}, config.workspace)


def _examine(
    session: Session, plan: RunPlan, context: RuleContext, clock: Clock, work: Path
) -> RuleResults:
    """Match, prove, run the rules and list what they found."""
    running = with_prerequisites(plan.known, plan.rules)
    tell = partial(plan.tell, "rules")
    with rules_beside(session, running, context, tell) as finish_rules:
        with clock.timing("match"):
            matched = run_pairings(session, context)
            proofs = prove_balance(session.connection)
            matches = list_matches(session.connection, work, mask=context.mask)
        with clock.timing("rules"):
            outcomes = finish_rules()
    clock.tables = {name: round(took, 3) for name, took in session.build_seconds.items()}
    with clock.timing("list"):
        listed = list_exceptions(session, plan.rules)
        if context.mask:
            listed = mask_said(mask_named(session, listed, context.filled))
        return RuleResults(
            outcomes,
            listed,
            candidates(session),
            policy_used(session, plan.policy),
            proofs,
            matched,
            matches,
        )


def _context(plan: RunPlan, intake: Intake, key: bytes) -> RuleContext:
    request = plan.request
    return RuleContext(
        request.as_of,
        *review_period(request, intake),
        plan.policy,
        _filled(intake),
        mask=request.mask,
        workspace=plan.config.workspace,
        salt=person_token("name", key),
    )


def _filled(intake: Intake) -> dict[str, set[str]]:
    """Return which tables have rows, each with the columns that a sheet with rows gave."""
    filled: dict[str, set[str]] = {
        table: set() for table, rows in intake.rows.items() if rows.height
    }
    for sheet in intake.sheets:
        if sheet.table in filled and sheet.rows_accepted:
            filled[sheet.table] |= set(sheet.columns.values())
    return filled


def _identify(plan: RunPlan, intake: Intake, key: bytes) -> str:
    request, config = plan.request, plan.config
    inputs = [
        f"{file.path}={file.sha256}"
        + (f"!{file.problem.en}" if file.status == "refused" and file.problem else "")
        for file in intake.files
    ]
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
    calendar = calendar_of(config.workspace, plan.policy.locale).fingerprint
    parts = [__version__, *inputs, *options, config.fingerprint, calendar, key.decode()]
    parts += [fingerprint(plan.confirmed)] if plan.confirmed else []
    parts += [f"{name_key(name)}={code}" for name, code in plan.aliases]
    return run_id(parts, config.workspace)


def _assemble(
    plan: RunPlan, intake: Intake, results: RuleResults, context: RuleContext, run: str
) -> CheckResult:
    """Gather what the stages returned, with its states and records."""
    request, found = plan.request, results.exceptions
    span = run_span(context, intake, run)
    calendar = calendar_of(plan.config.workspace, plan.policy.locale)
    reported = {rule.code for rule in plan.rules}
    outcomes = [outcome for outcome in results.outcomes if outcome.rule in reported]
    last = previous_run(plan.out_dir, run)
    made_of = marks(plan.rules, plan.policy, plan.config.workspace)
    states = compare_with_last(found, last, run, outcomes, made_of)
    result = CheckResult(
        run_id=run,
        run_dir=plan.out_dir / run,
        request=request,
        review_from=context.period_from,
        review_to=context.period_to,
        intake=with_set_aside(intake, results.outcomes),
        outcomes=tuple(sorted(outcomes, key=lambda outcome: outcome.rule)),
        exceptions=found,
        states=mark_repeats(
            carry_forward(states, plan.decisions, last, span), plan.decisions, found
        ),
        totals=direction_totals(found),
        policy_used=results.policy_used,
        unresolved=results.unresolved,
        control={},
        run_info=span,
        warnings=(
            *warnings_of(request, intake, plan.rules),
            *plan.config.told(request.data_dir),
            *unknown_years(calendar, context.period_from, request.as_of),
            *_refused(results.matched),
            *set_aside(results.outcomes),
        ),
        matches=results.matches,
        confirmed_matches=plan.confirmed,
        aliases=plan.aliases,
    )
    if request.mask:
        result = PrintedNames.of(intake).put(result)
    return _recorded(result, plan, results, made_of)


def _recorded(
    result: CheckResult, plan: RunPlan, results: RuleResults, made_of: dict[str, str]
) -> CheckResult:
    """Add what the run says about itself."""
    coverage = coverage_record(
        result.intake,
        plan.known,
        results.outcomes,
        (load_pairings(plan.config.workspace), results.matched),
    )
    return replace(
        result,
        control=control_record(result, results.proofs, results.matched, coverage),
        run_info=run_record(result, plan, made_of),
        warnings=(*result.warnings, *told(result.states, plan.decisions)),
    )


def _refused(matched: MatchReport) -> Iterator[Text]:
    """Yield a warning per pairing whose confirmed matches no longer hold."""
    for run in matched.pairings:
        if run.refused:
            yield Text(
                f"{run.title.zh}：以前确认的匹配有 {run.refused} 组不再成立，没有采用；"
                f"原因见工作簿的“{PICKS}”。",
                f"{run.title.en}: {run.refused} confirmed matches no longer hold and were not "
                f"used; the sheet {PICKS} says why.",
            )


def _timing(plan: RunPlan, clock: Clock, run: str) -> dict[str, object]:
    """Return all that may differ between two equal runs."""
    last = previous_run(plan.out_dir, run)
    return {
        "seconds": clock.seconds,
        "cpu_seconds": clock.cpu_seconds,
        "tables": clock.tables,
        "sources": clock.sources,
        "results": clock.results,
        "engine": plan.request.engine,
        "threads": plan.request.threads,
        "memory": plan.request.memory,
        "previous_run": last.name if last else None,
    }


def _write(result: CheckResult, work: Path, out_dir: Path) -> CheckResult:
    folder = work / "run"
    folder.mkdir()
    notes = write_run(result, folder)
    notes += place_run(folder, out_dir, result.run_id, VOLATILE_FILES)
    return replace(result, warnings=(*result.warnings, *notes))
