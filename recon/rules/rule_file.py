"""What a rule's YAML may say: its keys, and the faults of their values.

Every name that reaches SQL is checked here. Not here: which files there are, and their order (see
`catalog`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Discriminator, Field, Strict, StringConstraints, Tag

from recon.base import resources
from recon.base.models import Text
from recon.base.shapes import FULL, Sentence, Shape, Words, unknown_word
from recon.rules.evidence import OWN, Declared, Name, Names, evidence_faults
from recon.rules.references import Provision, texts
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

Severity = Literal["high", "medium", "low", "lead"]
Mask = Literal["id_no", "person", "payee", "party", "words", "phone", "account", "card"]
Parameter = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$"),
    Text("参数名，如 fee.rate", "the name of a parameter, e.g. fee.rate"),
]


class Severities(Shape):
    """How grave an exception with a definite direction is, and one with `verify`."""

    definite: Severity
    verify: Severity


class NotExamined(Shape):
    """What a rule leaves out: a staged table with one row per period, and the sentence for it.

    `{periods}` in the sentence are the table's `period` values.
    """

    table: Name
    zh: str
    en: str


class Survivor(Shape):
    """A mutant of the rule's SQL that no case can kill, and why it changes nothing."""

    mutant: str
    why: str


def _both(said: Any) -> Any:  # noqa: ANN401 - what YAML gave
    return {"definite": said, "verify": said} if said in get_args(Severity) else said


def _days(said: Any) -> Any:  # noqa: ANN401 - what YAML gave
    return [said] if isinstance(said, str) else said


def _cited(said: Any) -> str:  # noqa: ANN401 - what YAML gave
    return "id" if isinstance(said, str) else FULL


class RuleFile(Shape):
    """The keys of a rule's YAML; anything else is an error.

    `severity`: one word, or one for `definite` and one for `verify`. `params`: parameter to the
    columns of its days, or `as_of`. `references`: ids of shipped texts, or texts spelt out.
    """

    code: Annotated[
        str,
        StringConstraints(pattern=r"^[A-Z]{2,8}-[0-9]{2}$"),
        Text("规则编号，如 REM-06", "the code of a rule, e.g. REM-06"),
    ]
    name: str
    title: Sentence
    severity: Annotated[
        Severities,
        BeforeValidator(_both),
        Text(
            "high、medium、low 或 lead（definite 和 verify 可分别写）",
            "high, medium, low or lead, or one each for 'definite' and 'verify'",
        ),
    ]
    since: str
    requires: Words
    population: Name
    grain: Names
    message: Sentence
    what_it_does: Sentence
    why_it_matters: Sentence
    what_to_do: Sentence
    example: Sentence
    explanations: Annotated[tuple[Sentence, ...], Strict(strict=False)]
    references: Annotated[
        tuple[
            Annotated[
                Annotated[Provision, Tag(FULL)] | Annotated[str, Tag("id")],
                Discriminator(_cited),
            ],
            ...,
        ],
        Strict(strict=False),
    ]
    status: Literal["preview", "stable", "deprecated", "removed"] = "stable"
    uses: dict[str, Sentence] = Field(default_factory=dict)
    params: dict[
        Parameter,
        Annotated[tuple[Name, ...], Strict(strict=False), BeforeValidator(_days)],
    ] = Field(default_factory=dict)
    needs: Annotated[tuple[Parameter, ...], Strict(strict=False)] = ()
    precedes: Words = ()
    after: Words = ()
    detail: Names = ()
    masked: dict[Name, Mask] = Field(default_factory=dict)
    survivors: Annotated[tuple[Survivor, ...], Strict(strict=False)] = ()
    evidence: Declared = Field(default_factory=dict)
    no_rows: Sentence | None = None
    not_examined: NotExamined | None = None


#: Tables that no file of `sql/` makes: of the policy, of the matcher, of earlier rules.
_OTHER_TABLES = ("ref_", "match_", "exception_", "confirmed_")


def known_tables(workspace: Path | None = None) -> set[str]:
    """Return the tables that a rule may read, but for those made of the policy and by the run."""
    staged = (resources.files(f"sql/{one}", "*.sql", workspace) for one in ("staging", "parties"))
    return {f"{kind}_{name}" for kind in ("src", "stg") for name in specs()}.union(*staged)


def value_faults(path: Path, about: RuleFile, tables: Collection[str]) -> Iterable[Text]:
    """Yield what of a rule's YAML is not allowed.

    Args:
        path: The file.
        about: What it says.
        tables: Those of `known_tables`.
    """
    begin = about.code.lower().replace("-", "_") + "_"
    if not path.stem.startswith(begin):
        yield Text(
            f"{path}: 文件名应以 {begin} 开头。",
            f"{path}: the file's name should begin with {begin}.",
        )
    yield from evidence_faults(path, about.evidence)
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
