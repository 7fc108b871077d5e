"""What `--why-not` says: that a rule did not run, what it found, or where the party's rows end.

Not here: finding that out (see `probe`), printing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from rapidfuzz import fuzz, process

from recon.base.errors import PartyUnknownError
from recon.base.models import Text
from recon.base.texts import STATUSES, say
from recon.engine.rendering import quote
from recon.tables.masking import mask_named
from recon.tables.names import name_key
from recon.why_not.probe import Probe
from recon.why_not.spoken import column_words, condition_words, step_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recon.engine.duckdb import Session
    from recon.rules.catalog import Rule
    from recon.run.check import Examined
    from recon.why_not.probe import Ending

_PARTIES = "select party_id, party_name, party_code from party order by party_id"
_MOST = 5
_NEAR = 3
_SCORE = 40


def find_party(
    session: Session, word: str, named: Iterable[tuple[str, str | None]] = ()
) -> tuple[str, str]:
    """Return the id and name of a party.

    Args:
        session: A session whose party tables were built.
        word: Its id, code, name, or a part of its name that only one party has.
        named: Ids and names of parties that the run's exceptions name; no register knows some.

    Raises:
        PartyUnknownError: No party, or more than one; the nearest are named.
    """
    known = session.frame(_PARTIES).rows()
    ids = {row[0] for row in known}
    known += [(each, name, None) for each, name in dict(named).items() if each not in ids]
    key = name_key(word)
    exact = [
        row for row in known if word in (row[0], row[2]) or (row[1] and name_key(row[1]) == key)
    ]
    partly = [row for row in known if row[1] and key and key in name_key(row[1])]
    hits = exact or partly
    shown = {row[0]: _shown(row[0], row[1]) for row in known}
    if len(hits) == 1:
        return str(hits[0][0]), shown[hits[0][0]]
    names = [shown[row[0]] for row in (hits or known) if row[1]]
    near = process.extract(word, names, scorer=fuzz.ratio, limit=_NEAR, score_cutoff=_SCORE)
    raise PartyUnknownError(word, [name for name, *_ in near])


def _shown(party_id: str, name: str | None) -> str:
    """Return how a party is named: a person whom no register knows, masked."""
    return (
        mask_named("party_id", name or party_id)
        if party_id.startswith("N:")
        else str(name or party_id)
    )


def why_not_page(
    examined: Examined, rule: Rule, word: str, named: Iterable[tuple[str, str | None]] = ()
) -> str:
    """Return why a rule found nothing about a party, as Markdown in the spoken language.

    Args:
        examined: A run whose session is open; the rule was run last.
        rule: The rule.
        word: The party, see `find_party`.
        named: Parties that the run's exceptions name.

    Returns:
        The nearest condition that did not hold, with its numbers; or that the rule did not run,
        or the exceptions that are there after all.

    Raises:
        PartyUnknownError: The word names no party, or several.
    """
    party_id, name = find_party(examined.session, word, named)
    title = rule.about.title.text
    lines = [f"# {rule.code} {say(title)} × {name}", ""]
    outcome = next(each for each in examined.outcomes if each.rule == rule.code)
    if outcome.status not in ("exceptions", "clean"):
        lines.append(_not_run(outcome.status, outcome.reason))
    else:
        lines += _ran(examined, rule, party_id, has_found=bool(outcome.exceptions))
    return "\n".join(lines) + "\n"


def _not_run(status: str, reason: Text | None) -> str:
    why = reason or Text("", "")
    state = STATUSES[status]
    return say(
        Text(
            f"规则没有执行（{state.zh}）：{why.zh}没有执行不等于没有问题。",
            f"The rule did not run ({state.en}): {why.en} That is not a pass.",
        )
    )


def _ran(examined: Examined, rule: Rule, party_id: str, *, has_found: bool) -> Iterator[str]:
    session = examined.session
    asked = f"select exception_id, period from found where party_id = {quote(party_id)}"
    found = session.frame(asked) if has_found else pl.DataFrame()  # of none there is no table
    if found.height:
        ids = [f"- `{each}` {period or ''}".rstrip() for each, period in found.rows()]
        yield say(
            Text(
                f"这条规则查出这个单位 {found.height} 条例外，看 recon explain 编号：",
                f"The rule found {found.height} exceptions of this party; see 'recon explain ID':",
            )
        )
        yield from ("", *ids[:_MOST])
        return
    outside = session.frame(
        f"select report_from, report_to from found_all where party_id = {quote(party_id)}"
    )
    if outside.height:
        begins, ends = outside.row(0)
        context = examined.context
        yield say(
            Text(
                f"条件都成立，但在审查期间之外：{begins} 至 {ends}，"
                f"审查期间 {context.period_from} 至 {context.period_to}。",
                f"Every condition holds, but outside the period under review: {begins} to {ends}, "
                f"period {context.period_from} to {context.period_to}.",
            )
        )
        return
    probe = Probe(session, party_id, examined.context.workspace)
    yield from _ended(probe.ending(rule.sql, rule.code))


def _ended(ending: Ending) -> Iterator[str]:
    yield say(
        Text("没有例外。这个单位的行，从结果往回数：", "No exception. Rows of the party, back:")
    )
    yield ""
    for name, rows in dict(ending.trail).items():
        if rows or name == ending.place:
            yield f"- {step_name(name)}: {rows}"
    yield ""
    yield say(_sentence(ending))
    if ending.row:
        row = "，".join(
            f"{column_words(name)}={mask_named(name, value or '')}" for name, value in ending.row
        )
        yield ""
        yield say(Text(f"最接近的一行：{row}", f"The nearest row: {row}"))
    if ending.places:
        yield ""
        listed = "、".join(ending.places)
        yield say(Text(f"相关来源行：{listed}", f"Source rows: {listed}"))
    yield ""
    for failing in ending.failing:
        if failing.condition:
            words = condition_words(failing.condition)
            yield say(Text(f"- 要求：{words}", f"- wanted: {words}"))
            yield from (f"  - {name} = {value}" for name, value in _values(failing.values))
            if failing.because:
                yield say(Text("  - 它由这些数据得出：", "  - worked out from:"))
            yield from (f"    - {name} = {value}" for name, value in _values(failing.because))


def _sentence(ending: Ending) -> Text:
    place, rows = step_name(ending.place), ending.rows
    match ending.kind:
        case "no_rows":
            return Text(
                f"到 {place} 就没有这个单位的行：资料里没有，或名称、代码没有认成这个单位。",
                f"{place} has no row of this party: the data has none, or its name or code was not "
                "taken for this party.",
            )
        case "join":
            other = step_name(ending.other)
            return Text(
                f"{place} 这一步：{rows} 行，在 {other} 里没有对得上的行：",
                f"Step {place}: {rows} rows have no counterpart in {other}:",
            )
        case "where":
            return Text(
                f"{place} 这一步：{rows} 行都不满足条件；最接近的一行没有满足的条件：",
                f"Step {place}: none of {rows} rows meets the conditions. What the nearest fails:",
            )
        case _:
            return Text(
                f"{place} 这一步：有 {rows} 行满足条件，分组或排名之后没有留下：",
                f"Step {place}: rows meet the conditions, and none is left after grouping or rank:",
            )


def _values(read: Iterable[tuple[str, str | None]]) -> Iterator[tuple[str, str]]:
    """Yield what was read, by header; what may name a person is masked."""
    words = {"true": Text("是", "yes"), "false": Text("否", "no")}
    for name, value in read:
        plain = name.rpartition(".")[-1].strip('"')
        if value is None:
            yield column_words(name), say(Text("空", "empty"))
        elif value in words:
            yield column_words(name), say(words[value])
        else:
            yield column_words(name), mask_named(plain, value)
