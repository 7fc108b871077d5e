"""What is settled before the first file is read: settings, policy, rules, the ledger's word.

Here: every fault of the command line and of recon.toml, shown together. Not here: the run itself
(see `check`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from recon.base.errors import ConfigError, NoInputError, ReviewPeriodError
from recon.base.models import Text
from recon.ledger.aliases import known_aliases
from recon.ledger.decisions import read_decisions
from recon.ledger.matches import confirmed_matches
from recon.ledger.store import ledger_path, read_events
from recon.ledger.witness import proven_head
from recon.policy.parameters import load_policy
from recon.rules.catalog import choose, load_rules, unknown_codes, with_prerequisites
from recon.rules.errors import UnknownRuleError
from recon.run.engine_choice import check_engine
from recon.workspace.recon_toml import read_config

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    import polars as pl

    from recon.base.models import CheckRequest, ConfirmedMatch
    from recon.ledger.aliases import Aliases
    from recon.ledger.witness import LedgerHead
    from recon.policy.parameters import Policy
    from recon.rules.catalog import Rule
    from recon.workspace.recon_toml import Config


_MOST_THREADS = 1024
_FIRST_YEAR, _LAST_YEAR = 2000, 2099


@dataclass(frozen=True)
class RunPlan:
    """What was settled before the first file was read."""

    request: CheckRequest
    config: Config
    policy: Policy
    known: tuple[Rule, ...]
    rules: tuple[Rule, ...]
    out_dir: Path
    decisions: pl.DataFrame
    confirmed: tuple[ConfirmedMatch, ...]
    aliases: Aliases
    ledger_head: LedgerHead
    tell: Callable[[str, str], None]

    @property
    def left_out(self) -> tuple[Path, ...]:
        """Files and folders in the data folder that are no input."""
        return (self.out_dir, *self.config.left_out(self.request.data_dir))


def make_plan(request: CheckRequest, tell: Callable[[str, str], None]) -> RunPlan:
    """Read settings, policy and rules; every fault of them shows before any file is opened.

    Args:
        request: The folder, the day and all options.
        tell: Called with a stage and a detail.

    Returns:
        The plan; what the command line left open is filled from recon.toml.

    Raises:
        ConfigError: Faults of the command line, recon.toml, policy and rules, all together.
        NoInputError: There is no such folder.
    """
    if not request.data_dir.is_dir():
        raise NoInputError(request.data_dir, exists=request.data_dir.exists(), is_folder=False)
    config, faults = read_config(request.data_dir)
    asked, request = request, _completed(request, config)
    known: tuple[Rule, ...] = ()
    try:
        known = load_rules(config.workspace)
    except ConfigError as error:
        faults += error.faults
    else:
        faults += _unknown_rules(known, asked, config)
    policy: Policy | None = None
    try:
        policy = load_policy(request.locale or "base", config.policy, config.workspace)
    except ConfigError as error:
        faults += error.faults if asked.locale else ()  # recon.toml's own were found with it
    begins, ends = request.review_from, request.review_to
    if begins and ends and ends < begins and (asked.review_from or asked.review_to):
        faults.append(ReviewPeriodError(begins, ends).text)
    faults += _out_of_bounds(request)
    if faults or policy is None:
        raise ConfigError(dict.fromkeys(faults))
    chosen = choose(known, request.select, request.ignore)
    check_engine(request, with_prerequisites(known, chosen), config.workspace)
    out_dir = request.out_dir or request.data_dir / "recon-out"
    head = proven_head(config.workspace, out_dir)
    return RunPlan(
        request,
        config,
        policy,
        known,
        chosen,
        out_dir,
        read_decisions(config.workspace, out_dir),
        _confirmed(request, config.workspace, out_dir),
        known_aliases(config.workspace, out_dir) if request.aliases is None else request.aliases,
        head,
        tell,
    )


def _out_of_bounds(request: CheckRequest) -> Iterator[Text]:
    """Yield a fault for each option that no run can follow."""
    if request.threads and request.threads > _MOST_THREADS:
        yield Text(
            f"--threads {request.threads}: 线程太多。写 1 到 {_MOST_THREADS} 的整数，或不写。",
            f"--threads {request.threads}: too many. Write 1 to {_MOST_THREADS}, or leave it out.",
        )
    for option, day in (
        ("--as-of", request.as_of), ("--from", request.review_from), ("--to", request.review_to)
    ):  # fmt: skip
        if day and not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            yield Text(
                f"{option} {day}: 日期太远，期限和节假日都算不到。"
                f"写 {_FIRST_YEAR} 到 {_LAST_YEAR} 年的日期。",
                f"{option} {day}: too far away to count deadlines to. Write a day from "
                f"{_FIRST_YEAR} to {_LAST_YEAR}.",
            )
    if request.out_dir and request.out_dir.resolve() == request.data_dir.resolve():
        yield Text(
            f"--out {request.out_dir}: 这是资料目录本身，结果会混进资料里。另选一个目录，或不写。",
            f"--out {request.out_dir}: this is the data folder itself, and results would lie among "
            "the inputs. Choose another folder, or leave it out.",
        )


def _unknown_rules(known: tuple[Rule, ...], asked: CheckRequest, config: Config) -> Iterator[Text]:
    """Yield a fault for each word that names no rule, with where it was written."""
    places: Iterable[tuple[str, tuple[str, ...]]] = (
        ("--select ", asked.select),
        ("--ignore ", asked.ignore),
        (f"{config.path} [rules] select: ", config.select),
        (f"{config.path} [rules] ignore: ", config.ignore),
    )
    for place, words in places:
        for word, near in unknown_codes(known, words):
            fault = UnknownRuleError(word, near).text
            yield Text(f"{place}{fault.zh}", f"{place}{fault.en}")


def _confirmed(request: CheckRequest, workspace: Path, out_dir: Path) -> tuple[ConfirmedMatch, ...]:
    """Return the matches that people confirmed: those asked for, else the ledger's."""
    if request.confirmed_matches is not None:
        return request.confirmed_matches
    return confirmed_matches(read_events(ledger_path(workspace, out_dir)))


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
