"""Which mutants the cases notice: of a rule's own statement, and of the staged tables below it.

A mutant whose rows equal those of the sound statement cannot be noticed by that case, so that only
the others go through the engine and the exception list.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from recon.base.errors import ReconError
from recon.base.yamlio import load_yaml
from recon.engine.case_session import CaseSession
from recon.engine.staging import staged_selects
from recon.rules.case_file import cases_of
from recon.rules.errors import CaseError
from recon.rules.sql_text import tables_in
from recon.run.rule_cases import case_policy, judge, judge_last, load_case, with_before
from recon.run.rule_run import words_of
from tests.mutation.mutants import Mutant, branches_of, mutants_of, restated

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from recon.engine.duckdb import Session
    from recon.policy.parameters import Policy
    from recon.rules.case_file import Case
    from recon.rules.catalog import Rule

Rows = list[str]
#: What stands before the mutant of an evidence statement where a rule's YAML argues it.
EVIDENCE = "evidence "
#: Mutants of staged tables that change nothing, by table, each with the reason.
ARGUED = Path(__file__).with_name("argued_tables.yaml")


class MutationSession(CaseSession):
    """A session of cases that, once a case is judged, builds nothing more by itself."""

    is_built = False

    def build(self, wanted: Iterable[str], workspace: Path | None = None) -> None:
        """Build what the next case needs; a mutant's tables are put there by hand."""
        if not self.is_built:
            super().build(wanted, workspace)


class OutOfTimeError(Exception):
    """The time that was given is over; what was begun counts for nothing."""


@dataclass(frozen=True)
class Verdict:
    """What became of the mutants of one statement."""

    name: str
    count: int
    alive: tuple[Mutant, ...]
    argued: tuple[str, ...] = ()

    @property
    def open(self) -> tuple[Mutant, ...]:
        """The mutants that no case notices and nobody argues."""
        return tuple(mutant for mutant in self.alive if mutant.what not in self.argued)

    @property
    def stale(self) -> tuple[str, ...]:
        """The arguments for mutants that are not there, or that a case notices."""
        alive = {mutant.what for mutant in self.alive}
        return tuple(what for what in self.argued if what not in alive)

    @property
    def score(self) -> float:
        """The part of the mutants that is noticed or argued."""
        return 1 - len(self.open) / self.count if self.count else 1.0


@dataclass(frozen=True)
class _Place:
    """A case that stands loaded and judged in a session."""

    session: Session
    rules: tuple[Rule, ...]
    case: Case
    policy: Policy

    def fails(self, rule: Rule) -> bool:
        """Tell whether the case fails with a changed rule in place of the last one."""
        rules = (*self.rules[:-1], rule)
        faults = judge_last(self.session, rules, self.case, self.policy).faults
        self.forget()
        return bool(faults)

    def forget(self) -> None:
        """Drop what the rule itself found: it may read the exceptions of the rules before it."""
        self.session.keep_rules([rule.code for rule in self.rules[:-1]])

    def rows(self, sql: str) -> Rows:
        """Return the rows of a select, in an order of their own."""
        return sorted(map(repr, self.session.execute(sql, "mutant")))


def rule_verdict(
    rule: Rule, known: Mapping[str, Rule], until: float = float("inf"), *, quick: bool = False
) -> Verdict:
    """Return what the cases of a rule notice of the mutants of its first statement.

    Args:
        rule: The rule.
        known: All rules by code.
        until: `time.monotonic()` after which no further case starts.
        quick: Take the arguments of its YAML for true; their mutants cost every case.

    Raises:
        CaseError: A case fails without any mutant.
        OutOfTimeError: Time is over.
    """
    everyone = list(mutants_of(rule.sql))
    argued = _argued(rule, is_evidence=False)
    spared = [one for one in everyone if quick and one.what in argued]
    alive = [one for one in everyone if one not in spared]
    with MutationSession() as session:
        for case in _telling_first(cases_of(rule)):
            if not alive:
                break
            place = _loaded(session, rule, known, case, until)
            sound = _sound(place, rule.sql)
            alive = [one for one in alive if not _rule_noticed(place, one, sound)]
    return Verdict(rule.code, len(everyone), (*spared, *alive), argued)


def evidence_verdict(rule: Rule, known: Mapping[str, Rule], until: float = float("inf")) -> Verdict:
    """Return what the cases of a rule notice of the mutants of its evidence, declared or not.

    Args:
        rule: The rule.
        known: All rules by code.
        until: As for `rule_verdict`.

    Raises:
        CaseError: A case fails without any mutant.
        OutOfTimeError: Time is over.
    """
    # a source row that is none is no evidence, so that the kind of its join changes nothing
    alive = everyone = [
        *(one for one in mutants_of(rule.evidence_sql) if not one.what.startswith("join: INNER")),
        *branches_of(rule.evidence_sql),
    ]
    with MutationSession() as session:
        for case in _telling_first(case for case in cases_of(rule) if case.expect):
            if not alive:
                break
            place = _loaded(session, rule, known, case, until)
            sound = place.rows(rule.evidence_sql)
            alive = [one for one in alive if not _evidence_noticed(place, one, sound)]
    return Verdict(rule.code, len(everyone), tuple(alive), _argued(rule, is_evidence=True))


def _argued(rule: Rule, *, is_evidence: bool) -> tuple[str, ...]:
    """Return the mutants that a rule's YAML argues: of its own statement or of its evidence."""
    said = [(one.mutant.removeprefix(EVIDENCE), one.mutant) for one in rule.about.survivors]
    return tuple(what for what, mutant in said if (what != mutant) is is_evidence)


def _evidence_noticed(place: _Place, mutant: Mutant, sound: Rows) -> bool:
    try:
        if place.rows(mutant.sql) == sound:
            return False
        return place.fails(replace(place.rules[-1], evidence_sql=mutant.sql))
    except ReconError:
        return True


def _rule_noticed(place: _Place, mutant: Mutant, sound: Rows) -> bool:
    try:
        if place.rows(mutant.sql) == sound:
            return False
        return place.fails(replace(place.rules[-1], sql=mutant.sql))
    except ReconError:
        return True


def table_verdicts(
    readers: Mapping[str, list[Rule]],
    known: Mapping[str, Rule],
    until: float = float("inf"),
    *,
    each: int | None = None,
    cases: int | None = None,
) -> list[Verdict]:
    """Return what the cases of all rules that read some staged tables notice of their mutants.

    Each case is loaded once for all the tables that its rule reads.

    Args:
        readers: By table, the rules that read it, directly or through other tables.
        known: All rules by code.
        until: As for `rule_verdict`; what is killed by then is told, so that scores are "at least".
        each: At most so many mutants of a table, drawn by the hash of what they change; None: all.
        cases: At most so many cases of a rule, those that expect most; None: all.

    Raises:
        CaseError: A case fails without any mutant.
    """
    selects = staged_selects(list(readers))
    everyone = {one: sorted(mutants_of(selects[one]), key=_drawn)[:each] for one in readers}
    alive = dict(everyone)
    argued = load_yaml(ARGUED)
    rules = {rule.code: rule for table in readers.values() for rule in table}
    with MutationSession() as session:
        for rule in sorted(rules.values(), key=lambda rule: len(staged_selects(words_of(rule)))):
            read = [table for table in readers if rule in readers[table]]
            can_want_rows = rule.about.no_rows is not None
            for case in _telling_first(cases_of(rule), can_want_rows=can_want_rows)[:cases]:
                open_ = [table for table in read if alive[table]]
                if not open_ or monotonic() > until:
                    break
                place = _loaded(session, rule, known, case, until=float("inf"))
                for table in open_:
                    sound = _sound(place, selects[table])
                    alive[table] = [
                        one for one in alive[table] if not _table_noticed(place, table, one, sound)
                    ]
    return [
        Verdict(
            table,
            len(everyone[table]),
            tuple(alive[table]),
            tuple(one["mutant"] for one in argued.get(table, ())),
        )
        for table in readers
    ]


def _drawn(mutant: Mutant) -> bytes:
    return sha256(mutant.what.encode()).digest()


def _table_noticed(place: _Place, table: str, mutant: Mutant, sound: Rows) -> bool:
    session, rule = place.session, place.rules[-1]
    try:
        if place.rows(mutant.sql) == sound:
            return False
    except ReconError:
        return True
    left = rule.about.not_examined
    seen = (rule.about.population, *((left.table,) if left else ()))
    read = (rule.sql, rule.evidence_sql, *(f"select * from {one}" for one in seen))
    told = [place.rows(sql) for sql in read]
    try:
        _rebuild(session, rule, table, mutant.sql)
        noticed = [place.rows(sql) for sql in read] != told and place.fails(rule)
    except ReconError:
        noticed = True
    _rebuild(session, rule, table, staged_selects([table])[table])
    return noticed


def _sound(place: _Place, sql: str) -> Rows:
    """Return the rows of a sound statement, written as its mutants are."""
    rows = place.rows(sql)
    if place.rows(restated(sql)) != rows:
        raise CaseError(place.rules[-1].path, place.case.name, "restated SQL has other rows")
    return rows


def _rebuild(session: Session, rule: Rule, table: str, sql: str) -> None:
    """Build a staged table anew from some select, and then what a rule reads through it."""
    plan = staged_selects(words_of(rule))
    touched = {table}
    for name, own in plan.items():
        if name == table or touched & tables_in(own):
            touched.add(name)
            text = sql if name == table else own
            session.execute(f'create or replace table "{name}" as {text}', name)


def _telling_first(cases: Iterable[Case], *, can_want_rows: bool = False) -> list[Case]:
    """Return the cases that can notice something, those that expect most before the others.

    Args:
        cases: The cases of a rule.
        can_want_rows: Whether what is mutated decides if the rule has rows to examine.
    """
    able = [case for case in cases if case.status != "no_data" or can_want_rows]
    return sorted(able, key=lambda case: (-len(case.expect), -sum(map(len, case.given.values()))))


def _loaded(
    session: MutationSession, rule: Rule, known: Mapping[str, Rule], case: Case, until: float
) -> _Place:
    if monotonic() > until:
        raise OutOfTimeError
    rules, policy = with_before(rule, dict(known)), case_policy(case)
    session.keep_rules([])
    session.is_built = False
    load_case(session, rules, case, policy)
    faults = judge(session, rules, case, policy).faults
    if faults:  # a fault would be blamed on every mutant
        raise CaseError(rule.path, case.name, f"fails without a mutant: {faults[0]}")
    place = _Place(session, rules, case, policy)
    place.forget()
    session.is_built = True
    return place
