"""The rules as data: reads the YAML of every rule, finds its SQL by stem, orders and checks them.

Not here: running a rule (see `engine`) and any list of rules; a rule exists because its files do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any

from recon.base import resources
from recon.base.errors import ConfigError
from recon.base.models import Text
from recon.base.nearest import nearest
from recon.base.shapes import below, checked, sound_part
from recon.base.texts import FAMILIES
from recon.base.yamlio import load_yaml
from recon.rules.errors import UnknownRuleError
from recon.rules.evidence import evidence_select
from recon.rules.references import texts
from recon.rules.rule_file import RuleFile, known_tables, value_faults
from recon.rules.sql_text import of_the_tool, split_sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from recon.rules.references import Provision


@dataclass(frozen=True)
class Rule:
    """One rule, ready to run: its YAML, both SQL statements and its place in the order."""

    about: RuleFile
    sql: str
    evidence_sql: str
    path: Path
    sql_path: Path
    precedence: int
    from_workspace: bool = False

    @property
    def provisions(self) -> tuple[Provision, ...]:
        """Every wording of the texts that the rule cites."""
        return tuple(
            one
            for cited in self.about.references
            for one in (texts()[cited] if isinstance(cited, str) else (cited,))
        )

    @property
    def code(self) -> str:
        """The rule's code, e.g. "REM-06"."""
        return self.about.code

    @property
    def family(self) -> str:
        """The rule's family, e.g. "REM"."""
        return family_of(self.about.code)

    def severity_of(self, *, verify: bool) -> str:
        """Return the severity of an exception with a definite or a `verify` direction."""
        given = self.about.severity
        return given.verify if verify else given.definite


#: In `after`: this rule reads the exceptions of all others and runs last.
EVERY_RULE = "*"
#: Where a rule's YAML stands below `rules/`.
_PLACES = "[a-z]*/[a-z]*_[0-9]*.yaml"
#: Folders below `rules/` that hold no rules.
_OTHER_FOLDERS = ("policy", "reference")


def family_of(code: str) -> str:
    """Return the family of a rule code."""
    return code.split("-", 1)[0]


def load_rules(workspace: Path | None = None) -> tuple[Rule, ...]:
    """Return all rules, in the order in which they run.

    A workspace's `rules/` adds rules and replaces those with a known code.

    Args:
        workspace: Folder with recon.toml, or None.

    Returns:
        Rules ordered so that what a rule reads (`after`) runs before it; `precedence` is the rank
        of the narrower cause (0 first) used when two exceptions speak of the same money.

    Raises:
        ConfigError: Every fault of every file, together.
    """
    faults: list[Text] = []
    drafts: dict[str, Rule] = {}
    faults.extend(_misplaced(workspace))
    tables = known_tables(workspace)
    for own in (None, workspace):
        tree: dict[str, Rule] = {}
        for path in _tree(own):
            rule = _load_rule(path, own, tables, faults)
            if rule is not None and rule.code in tree:
                faults.append(_same_code(rule.code, tree[rule.code].path, path))
            elif rule is not None:
                tree[rule.code] = rule
        drafts |= tree
    drafts = {code: _after_all(rule, drafts) for code, rule in drafts.items()}
    ordered = _in_order(drafts, faults)
    if faults:
        raise ConfigError(faults)
    return ordered


def _tree(own: Path | None) -> list[Path]:
    """Return the files of rules that come with the tool, or those of a workspace, sorted."""
    shipped = resources.shipped("rules")
    folder = own / "rules" if own else shipped
    return [] if own and folder.resolve() == shipped else sorted(folder.glob(_PLACES))


def _same_code(code: str, first: Path, second: Path) -> Text:
    return Text(
        f"{second}: 编号 {code} 已经在 {first} 里用了。两个文件只留一个，或换一个编号。",
        f"{second}: code {code} stands in {first} as well. Keep one of the two files, or choose "
        "another code.",
    )


def _misplaced(workspace: Path | None) -> Iterable[Text]:
    """Yield a fault for each file of a workspace's `rules/` that would not be read as a rule."""
    folder = workspace / "rules" if workspace else None
    if folder is None or folder.resolve() == resources.shipped("rules"):
        return
    read = {*folder.glob(_PLACES), *folder.glob("matching/*.yaml")}
    for path in sorted(each for end in ("yaml", "yml") for each in folder.rglob(f"*.{end}")):
        if path not in read and path.relative_to(folder).parts[0] not in _OTHER_FOLDERS:
            yield Text(
                f"{path}: 规则文件没有放对地方，不会执行。应放在 rules/规则族/编号_名称.yaml，"
                "全部小写，如 rules/loc/loc_01_name.yaml；recon rules new 会放好。"
                "配对放在 rules/matching/名称.yaml。",
                f"{path}: this is no place of a rule, so it would not run. Put it at "
                "rules/FAMILY/CODE_NAME.yaml in lower case, as rules/loc/loc_01_name.yaml; "
                "'recon rules new' does it. A pairing's place is rules/matching/NAME.yaml.",
            )


def _after_all(rule: Rule, drafts: Iterable[str]) -> Rule:
    """Spell out `after: ["*"]`: every rule but itself."""
    if EVERY_RULE not in rule.about.after:
        return rule
    others = tuple(code for code in drafts if code != rule.code)
    return replace(rule, about=rule.about.model_copy(update={"after": others}))


def _load_rule(
    path: Path, workspace: Path | None, tables: set[str], faults: list[Text]
) -> Rule | None:
    """Return the rule of a file; of a workspace's own, `workspace` holds its SQL too."""
    stem = path.stem
    raw = load_yaml(path)
    about = checked(RuleFile, raw, below(path), faults)
    sound = about or sound_part(RuleFile, raw)
    faults.extend(value_faults(path, sound, tables) if sound else ())
    if about is None:
        return None
    folder = path.parent.name
    sql_path = resources.files(f"sql/rules/{folder}", f"{stem}.sql", workspace).get(stem)
    statements = split_sql(sql_path.read_text(encoding="utf-8")) if sql_path else []
    if sql_path and about.evidence:
        made = evidence_select(about.evidence)
        statements.append(made if workspace else of_the_tool(made))
    if sql_path is None or len(statements) != 2:
        faults.append(
            _statement_fault(sql_path or f"sql/rules/{folder}/{stem}.sql", len(statements), about)
        )
        return None
    return Rule(about, statements[0], statements[1], path, sql_path, 0, workspace is not None)


def _statement_fault(place: object, count: int, about: RuleFile) -> Text:
    if about.evidence:
        return Text(
            f"{place}: YAML 写了 evidence，SQL 应只有例外一条语句。现有 {count - 1} 条。",
            f"{place}: the YAML declares its evidence, so the SQL has one statement, the "
            f"exceptions; {count - 1} found.",
        )
    return Text(
        f"{place}: 规则的 SQL 应有两条语句：例外、证据（证据也可写在 YAML 的 evidence 里）。"
        f"现有 {count} 条。",
        f"{place}: a rule's SQL has two statements, exceptions and evidence (which may also stand "
        f"under 'evidence' of the YAML); {count} found.",
    )


def _in_order(drafts: dict[str, Rule], faults: list[Text]) -> tuple[Rule, ...]:
    """Sort by what each rule reads; rank by which cause is narrower."""
    run_order = _sorted_codes({code: rule.about.after for code, rule in drafts.items()}, faults)
    wider: dict[str, list[str]] = {code: [] for code in drafts}
    for code, rule in drafts.items():
        for other in rule.about.precedes:
            wider.setdefault(other, []).append(code)
    ranks = {code: rank for rank, code in enumerate(_sorted_codes(wider, faults))}
    return tuple(
        replace(drafts[code], precedence=ranks[code]) for code in run_order if code in drafts
    )


def _family_rank(code: str) -> tuple[int, str]:
    families = list(FAMILIES)
    family = family_of(code)
    return (families.index(family) if family in families else len(families), code)


def _sorted_codes(before: dict[str, Any], faults: list[Text]) -> list[str]:
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for code in sorted(before, key=_family_rank):
        sorter.add(code, *sorted((c for c in before[code] if c in before), key=_family_rank))
    try:
        sorter.prepare()
    except CycleError as error:
        loop = " → ".join(error.args[1])
        faults.append(Text(f"规则互相先后成环：{loop}。", f"rules wait for each other: {loop}."))
        return sorted(before, key=_family_rank)
    result: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=_family_rank)
        result.extend(ready)
        sorter.done(*ready)
    return result


def choose(
    rules: tuple[Rule, ...], select: tuple[str, ...] = (), ignore: tuple[str, ...] = ()
) -> tuple[Rule, ...]:
    """Return the rules that are asked for.

    Args:
        rules: All rules.
        select: Codes or families; empty means all.
        ignore: Codes or families to leave out.

    Returns:
        The chosen rules in the same order.

    Raises:
        UnknownRuleError: A word names no rule and no family.
    """
    for word, near in unknown_codes(rules, (*select, *ignore)):
        raise UnknownRuleError(word, near)
    wanted = {word.upper() for word in select}
    unwanted = {word.upper() for word in ignore}
    return tuple(
        rule
        for rule in rules
        if (not wanted or {rule.code, rule.family} & wanted)
        and not {rule.code, rule.family} & unwanted
    )


def unknown_codes(
    rules: tuple[Rule, ...], words: tuple[str, ...]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each word that names no rule and no family, with the nearest that there are."""
    known = {rule.code for rule in rules} | {rule.family for rule in rules}
    for word in words:
        if word.upper() not in known:
            yield word, nearest(word.upper(), known)


def with_prerequisites(known: tuple[Rule, ...], chosen: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Return the chosen rules and those whose exceptions they read, in run order.

    Args:
        known: All rules in run order.
        chosen: The rules that are asked for.

    Returns:
        A part of `known`; what was not asked for runs but is not reported.
    """
    by_code = {rule.code: rule for rule in known}
    wanted: set[str] = set()
    waiting = [rule.code for rule in chosen]
    while waiting:
        code = waiting.pop()
        if code in by_code and code not in wanted:
            wanted.add(code)
            waiting.extend(by_code[code].about.after)
    return tuple(rule for rule in known if rule.code in wanted)
