"""What a rule's YAML may say: its keys, and the faults of their values.

Every name that reaches SQL is checked here. Not here: which files there are, and their order (see
`catalog`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from recon.base import resources
from recon.base.models import Text
from recon.base.shapes import missing_key, unknown_word
from recon.rules.evidence import NAME, OWN, Declared, evidence_faults
from recon.rules.references import Provision, texts
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path


class Sentence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text of a rule in both languages."""

    zh: str
    en: str

    @property
    def text(self) -> Text:
        """The same as a `Text`."""
        return Text(self.zh, self.en)


class NotExamined(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a rule leaves out: a staged table with one row per period, and the sentence for it.

    `{periods}` in the sentence are the table's `period` values.
    """

    table: str
    zh: str
    en: str


class Survivor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mutant of the rule's SQL that no case can kill, and why it changes nothing."""

    mutant: str
    why: str


class RuleFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The keys of a rule's YAML; anything else is an error."""

    code: str
    name: str
    title: Sentence
    severity: str | dict[str, str]
    since: str
    requires: list[str]
    population: str
    grain: list[str]
    message: Sentence
    what_it_does: Sentence
    why_it_matters: Sentence
    what_to_do: Sentence
    example: Sentence
    explanations: list[Sentence]
    references: list[str | Provision]
    status: str = "stable"
    uses: dict[str, Sentence] = {}
    params: dict[str, str | list[str]] = {}
    needs: list[str] = []
    precedes: list[str] = []
    after: list[str] = []
    detail: list[str] = []
    masked: dict[str, str] = {}
    survivors: list[Survivor] = []
    evidence: dict[str, Declared] = {}
    no_rows: Sentence | None = None
    not_examined: NotExamined | None = None


_SEVERITIES = ("high", "medium", "low", "lead")
_STATUSES = ("preview", "stable", "deprecated", "removed")
_MASKS = ("id_no", "person", "payee", "party", "words", "phone", "account", "card")
_CODE = re.compile(r"^[A-Z]{2,8}-[0-9]{2}$")
_PARAMETER = re.compile(r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$")
#: Tables that no file of `sql/` makes: of the policy, of the matcher, of earlier rules.
_OTHER_TABLES = ("ref_", "match_", "exception_", "confirmed_")


def known_tables(workspace: Path | None = None) -> set[str]:
    """Return the tables that a rule may read, but for those made of the policy and by the run."""
    staged = (resources.files(f"sql/{one}", "*.sql", workspace) for one in ("staging", "parties"))
    return {f"{kind}_{name}" for kind in ("src", "stg") for name in specs()}.union(*staged)


def shape_fault(path: Path, error: msgspec.ValidationError) -> Text:
    """Return the fault of a YAML that has not the keys and kinds of a rule."""
    allowed = ", ".join(RuleFile.__struct_fields__)
    return Text(
        f"{path}: {error}。允许的键：{allowed}。", f"{path}: {error}. Allowed keys: {allowed}."
    )


def value_faults(path: Path, about: RuleFile, tables: Collection[str]) -> Iterable[Text]:
    """Yield what of a rule's YAML is not allowed.

    Args:
        path: The file.
        about: What it says.
        tables: Those of `known_tables`.
    """
    yield from _code_faults(path, about.code)
    severities = about.severity
    if isinstance(severities, str):
        severities = {"definite": severities, "verify": severities}
    kinds = ("definite", "verify")
    for key in severities:
        if key not in kinds:
            yield unknown_word(f"{path}: severity", "键", "key", key, kinds)
    yield from (missing_key(f"{path}: severity", key) for key in kinds if key not in severities)
    for value, allowed in [(s, _SEVERITIES) for s in severities.values()] + [
        (about.status, _STATUSES),
        *((kind, _MASKS) for kind in about.masked.values()),
    ]:
        if value not in allowed:
            yield Text(
                f"{path}: 不认识“{value}”。允许：{'、'.join(allowed)}。",
                f"{path}: unknown value '{value}'. Allowed: {', '.join(allowed)}.",
            )
    yield from evidence_faults(path, about.evidence)
    yield from _name_faults(path, about)
    yield from _unknown_faults(path, about, tables)


def _unknown_faults(path: Path, about: RuleFile, tables: Collection[str]) -> Iterator[Text]:
    """Yield each table, column and text that there is not."""
    for cited in about.references:
        if isinstance(cited, str) and cited not in texts():
            yield unknown_word(f"{path}: references", "依据", "text", cited, sorted(texts()))
    for need in (*about.requires, *about.uses):
        table, _, column = need.partition(".")
        if table not in specs():
            yield unknown_word(f"{path}: requires", "表", "table", table, specs())
        elif column and column not in specs()[table].by_name:
            yield unknown_word(f"{path}: {table}", "列", "column", column, specs()[table].by_name)
    read = {"population": about.population} | {f"evidence.{one}": one for one in about.evidence}
    read |= {"not_examined.table": about.not_examined.table} if about.not_examined else {}
    for key, table in read.items():
        if table not in tables and not table.startswith(_OTHER_TABLES) and table != OWN:
            yield unknown_word(f"{path}: {key}", "表", "table", table, tables)


def _code_faults(path: Path, code: str) -> Iterator[Text]:
    begin = code.lower().replace("-", "_") + "_"
    if not _CODE.match(code):
        yield Text(
            f"{path}: 规则编号“{code}”应如 REM-06。",
            f"{path}: rule code '{code}' should look like REM-06.",
        )
    elif not path.stem.startswith(begin):
        yield Text(
            f"{path}: 文件名应以 {begin} 开头。",
            f"{path}: the file's name should begin with {begin}.",
        )


def _name_faults(path: Path, about: RuleFile) -> Iterator[Text]:
    """Yield each word that reaches SQL as a name and is none."""
    days = (
        day
        for value in about.params.values()
        for day in ([value] if isinstance(value, str) else value)
    )
    names = (about.population, *about.grain, *about.detail, *about.masked, *days)
    wrong = [name for name in names if not NAME.match(name)]
    wrong += [name for name in (*about.params, *about.needs) if not _PARAMETER.match(name)]
    for name in dict.fromkeys(wrong):
        yield Text(
            f"{path}: “{name}”不是表、列或参数的名称。名称只有小写字母、数字和下划线。",
            f"{path}: '{name}' is no name of a table, column or parameter. Names have small "
            "letters, digits and '_' only.",
        )
