"""Explain pages: one text per rule, used by the command line, the manual and the workbook.

Here: the page of a rule, and the page of one exception with its numbers, sources and parameters.
Not here: printing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import polars as pl

from recon.base.errors import ExceptionUnknownError, RunMissingError
from recon.base.models import Text
from recon.base.texts import DIRECTIONS, SEVERITIES, yuan
from recon.tables.registry import specs
from recon.workspace.folder import latest_run
from recon.workspace.kept_run import proven_record, read_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from recon.base.models import Lang
    from recon.base.shapes import Sentence
    from recon.policy.parameters import Policy
    from recon.rules.catalog import Rule
    from recon.rules.references import Provision

_CHINESE = r"[\u3000-\u303f\u4e00-\u9fff\uff01-\uff60]"
_FOLD = re.compile(f"(?<={_CHINESE}) (?={_CHINESE})")
UNVERIFIED = Text("依据待核", "source not verified")
READ = Text("读自公开文本", "read in a public copy")
_NO_TEXT = Text("无统一依据，按当地规定", "no general text; local rules decide")
_HEADINGS = {
    "what": Text("查什么", "What it does"),
    "why": Text("为什么要查", "Why it matters"),
    "example": Text("算例", "Example"),
    "explanations": Text("可能的合理解释（先排除）", "Legitimate explanations to rule out"),
    "do": Text("怎么办", "What to do"),
    "needs": Text("需要的表", "Tables needed"),
    "params": Text("政策参数", "Policy parameters"),
    "references": Text("依据", "References"),
}


def rule_page(rule: Rule, lang: Lang, policy: Policy | None = None) -> str:
    """Return the explain page of a rule as Markdown.

    Args:
        rule: The rule.
        lang: "zh" or "en".
        policy: Where given, the parameters are shown with their values.

    Returns:
        Headings in fixed order: what, why, example, explanations, what to do, tables, parameters,
        references; a reference that nobody verified says so.
    """
    about = rule.about
    lines = [f"# {about.code} {about.title.text.in_(lang)}", ""]
    lines += [f"{_severity(rule, lang)} · {about.name}", ""]
    for heading, text in (
        ("what", about.what_it_does),
        ("why", about.why_it_matters),
        ("example", about.example),
    ):
        lines += [f"## {_HEADINGS[heading].in_(lang)}", "", _prose(text, lang), ""]
    lines += [f"## {_HEADINGS['explanations'].in_(lang)}", ""]
    lines += [f"- {_prose(item, lang)}" for item in about.explanations] or ["- —"]
    lines += ["", f"## {_HEADINGS['do'].in_(lang)}", "", _prose(about.what_to_do, lang), ""]
    lines += [f"## {_HEADINGS['needs'].in_(lang)}", ""]
    lines += [f"- {_table(need, lang)}" for need in about.requires]
    colon = "：" if lang == "zh" else ": "
    lines += [
        f"- {_table(name, lang)}{colon}{_prose(use, lang)}" for name, use in about.uses.items()
    ]
    lines += ["", f"## {_HEADINGS['params'].in_(lang)}", ""]
    lines += [f"- {_parameter(name, lang, policy)}" for name in (*about.params, *about.needs)] or [
        "- —"
    ]
    lines += ["", f"## {_HEADINGS['references'].in_(lang)}", ""]
    lines += [f"- {reference_line(one, lang)}" for one in rule.provisions] or [
        f"- {_NO_TEXT.in_(lang)}"
    ]
    return "\n".join(lines) + "\n"


def _prose(text: Sentence, lang: Lang) -> str:
    """Return a text without the spaces that YAML puts where a Chinese line was folded."""
    return _FOLD.sub("", text.text.in_(lang)).strip()


def _severity(rule: Rule, lang: Lang) -> str:
    given = rule.about.severity
    values = dict.fromkeys((given.definite, given.verify))
    return " / ".join(SEVERITIES[value].in_(lang) for value in values)


def _table(need: str, lang: Lang) -> str:
    table, _, column = need.partition(".")
    spec = specs()[table]
    name = spec.zh if not column else f"{spec.zh}·{spec.by_name[column].zh}"
    return f"{name}（{need}）" if lang == "zh" else f"{need} ({name})"


def _parameter(name: str, lang: Lang, policy: Policy | None) -> str:
    if policy is None:
        return f"`{name}`"
    joint, form = ("；", "{}（{} 起）") if lang == "zh" else ("; ", "{} (from {})")
    shown = joint.join(
        form.format(one.text or "—", one.starts_on) for one in policy.values_of(name)
    )
    return f"`{name}` = {shown or '—'}"


def reference_line(one: Provision, lang: Lang) -> str:
    """Return a cited text with the days on which it held, its status and the sentence read."""
    days = f"{one.starts_on or ''}—{one.ends_on or ''}".strip("—")
    mark = READ if one.is_confirmed else UNVERIFIED
    marks = [mark.in_(lang), *([days] if one.starts_on or one.ends_on else []), one.place]
    text = _marked(one.cited, "，".join(filter(None, marks)), lang)
    return f"{text}：“{one.quote}”" if one.quote else text


def _marked(text: str, mark: str, lang: Lang) -> str:
    return f"{text}（{mark}）" if lang == "zh" else f"{text} ({mark})"


def find_exception(out_dir: Path, exception_id: str) -> tuple[Path, dict[str, Any]]:
    """Return the run folder and the row of an exception, by its id or a unique beginning of it.

    Args:
        out_dir: The output folder; the newest run is looked at.
        exception_id: 16 hex, or at least four of its first characters.

    Returns:
        The run folder and the exception's columns.

    Raises:
        RunAlteredError: A file of the run is not what was written.
        RunMissingError: There is no complete run.
        ExceptionUnknownError: No exception, or more than one, begins so.
    """
    run = latest_run(out_dir)
    if run is None:
        raise RunMissingError(out_dir)
    proven_record(run)
    listed = pl.read_parquet(run / "exceptions.parquet")
    hits = listed.filter(pl.col("exception_id").str.starts_with(exception_id))
    if hits.height != 1:
        raise ExceptionUnknownError(exception_id, run, hits["exception_id"].head(3).to_list())
    return run, hits.row(0, named=True)


def exception_page(
    run: Path,
    row: dict[str, Any],
    lang: Lang,
    rules: tuple[Rule, ...],
    quoted: Mapping[str, str] | None = None,
) -> str:
    """Return the page of one exception as Markdown: who owes what, why, and from where.

    Args:
        run: Its run folder.
        row: Its columns.
        lang: "zh" or "en".
        rules: All rules.
        quoted: The cells of source rows, in words, by place.

    Returns:
        Message, formula, source rows, parameter values with their sources, links, explanations.
    """
    zh = lang == "zh"
    used = read_record(run, "policy")["policy"]
    sources = {f"{p['name']}={p['value']}@{p['starts_on']}": p for p in used}
    direction = DIRECTIONS[row["direction"]].in_(lang)
    rule = next((rule for rule in rules if rule.code == row["rule"]), None)
    title = f" {rule.about.title.text.in_(lang)}" if rule else ""
    amount = "—" if row["amount"] is None else yuan(row["amount"])
    who = " · ".join(filter(None, (row["party_name"], row["period"])))
    lines = [
        f"# {row['exception_id']} · {row['rule']}{title} · {direction} {amount}",
        "",
        *([who, ""] if who else []),
        row["message"] if zh else row["message_en"],
        "",
        f"## {'计算式' if zh else 'Formula'}",
        "",
        row["formula"] or "—",
        "",
        f"## {'来源行' if zh else 'Source rows'}",
        "",
        *_sources(row["evidence"], quoted or {}),
        "",
        f"## {_HEADINGS['params'].in_(lang)}",
        "",
        *(f"- {_policy_line(value, sources.get(value), lang)}" for value in row["policy"]),
        "",
    ]
    if row["linked_to"]:
        text = "同一笔钱已计入例外" if zh else "the same money is counted in exception"
        lines += [f"{text} {row['linked_to']}", ""]
    return "\n".join(lines) + "\n" + (rule_page(rule, lang) if rule else "")


def _sources(places: Iterable[str], quoted: Mapping[str, str]) -> Iterator[str]:
    for place in places:
        yield f"- {place}"
        if place in quoted:
            yield f"  {quoted[place]}"


def _policy_line(value: str, source: dict[str, Any] | None, lang: Lang) -> str:
    if source is None:
        return value
    title = source.get("title" if lang == "zh" else "title_en")
    text = f"{f'{title}：' if title else ''}{value} — {source['reference'] or '—'}"
    is_settled = source["is_verified"] or source.get("kind") == "tool"
    return text if is_settled else _marked(text, UNVERIFIED.in_(lang), lang)
