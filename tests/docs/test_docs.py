"""The pages say what the program does: commands, options, output, links, rules, errors."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest

from recon.cli import COMMANDS, cli
from recon.policy.parameters import load_policy, locales
from recon.rules.catalog import load_rules
from recon.rules.pages import READ, UNVERIFIED, rule_page
from recon.rules.pages_document import rules_page
from recon.rules.pairings import PASS_NUMBERS, load_pairings
from tests.docs.pages import DOCS, MANUALS, README, ROOT, pages, text_of
from tests.docs.readme_run import families, normalised, printed, shown, shown_families

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from recon.base.models import Lang
    from recon.rules.catalog import Rule

LANGUAGES: tuple[Lang, ...] = ("zh", "en")
TEST_COMMAND = "uv run --locked pytest -n auto --dist worksteal"
SECTIONS = {
    "zh": ("查什么", "为什么要查", "算例", "可能的合理解释（先排除）", "怎么办",
           "需要的表", "政策参数", "依据"),
    "en": ("What it does", "Why it matters", "Example", "Legitimate explanations to rule out",
           "What to do", "Tables needed", "Policy parameters", "References"),
}  # fmt: skip
NO_TEXT = {"zh": "无统一依据", "en": "no general text"}
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
HEAVY = {"polars", "duckdb", "pandera", "openpyxl", "pyarrow", "xlsxwriter", "sqlglot", "rich"}


def commands() -> Iterator[tuple[str, click.Command]]:
    """Yield every command and subcommand with its words."""
    context = click.Context(cli)
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            for word, child in command.commands.items():
                yield f"{name} {word}", child


@pytest.mark.parametrize(("name", "command"), list(commands()))
def test_every_command_has_help_in_both_languages_and_an_example(
    name: str, command: click.Command
) -> None:
    first_line = (command.help or "").split("\n")[0]
    chinese, _, english = first_line.partition(" / ")
    assert re.search(r"[\u4e00-\u9fff]", chinese), name
    assert english.strip(), name
    assert command.epilog is not None, name
    assert f"recon {name}" in command.epilog
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, (name, parameter.name)


@pytest.mark.parametrize("page", [README, *MANUALS], ids=lambda page: page.name)
def test_every_command_is_on_the_page_and_no_other(page: Path) -> None:
    text = text_of(page)
    for name in COMMANDS:
        assert re.search(rf"recon {name}\b", text), name
    code = "\n".join([*FENCED.findall(text), *re.findall(r"`[^`\n]+`", text)])
    asked = set(re.findall(r"(?:^|`|uv run )recon ([a-z]+)", code, re.MULTILINE))
    assert asked == set(COMMANDS)


def test_the_command_table_of_the_readme_is_the_command_list() -> None:
    rows = dict(re.findall(r"^\| `recon (\w+)` \| (.+?) \|$", text_of(README), re.MULTILINE))
    wanted = {name: english for name, (_, _, english) in COMMANDS.items()}
    assert {name: said.replace("`", "") for name, said in rows.items()} == wanted


@pytest.mark.parametrize("page", MANUALS, ids=lambda page: page.name)
def test_every_option_is_in_the_manual_or_on_the_page_of_the_desk(page: Path) -> None:
    text = text_of(page) + text_of(DOCS / page.name.replace("manual", "desk"))
    words = {
        word
        for _, command in commands()
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for word in (*parameter.opts, *parameter.secondary_opts)
    }
    for word in sorted(words | {"--help", "--debug"}):
        assert f"`{word}" in text or f" {word}" in text, word
    for name in locales():
        assert f"`{name}`" in text, name


def test_subcommands_are_in_both_manuals() -> None:
    for page in MANUALS:
        for name, _ in commands():
            assert f"recon {name}" in text_of(page), (page.name, name)


def test_the_readme_shows_what_the_first_command_prints(tmp_path: Path) -> None:
    refresh = "refresh it: uv run python -m tests.docs.regenerate"
    assert normalised(shown()) == normalised(printed(tmp_path / "out")), refresh


def test_the_readme_counts_the_rules_of_each_family() -> None:
    assert shown_families() == families(), "uv run python -m tests.docs.regenerate"


def test_the_second_command_is_what_ci_runs() -> None:
    assert f"python -m pip install uv && {TEST_COMMAND}\n" in text_of(README)
    assert TEST_COMMAND in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page: of its headings as GitHub makes them, and explicit ones."""
    text = text_of(page)
    prose = FENCED.sub("", text)
    headings = re.findall(r"^#+ (.+)$", prose, re.MULTILINE)
    made = {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}
    return made | set(re.findall(r'<a id="([^"]+)">', text))


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
        if target.startswith(("https://", "http://")):
            continue
        name, _, anchor = target.partition("#")
        found = (page.parent / name).resolve() if name else page
        assert found.exists(), target
        assert not anchor or anchor in anchors(found), target


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_rules_page_is_what_the_rules_say(lang: Lang) -> None:
    refresh = "refresh it: uv run python -m tests.docs.regenerate"
    assert text_of(DOCS / f"rules.{lang}.md") == rules_page(lang), refresh


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_rule_explains_itself(lang: Lang) -> None:
    policy = load_policy()
    for rule in load_rules():
        _explains_itself(rule, lang, rule_page(rule, lang, policy))


def _explains_itself(rule: Rule, lang: Lang, page: str) -> None:
    parts = dict(re.findall(r"^## ([^\n]+)\n\n(.*?)(?=\n## |\Z)", page, re.MULTILINE | re.DOTALL))
    assert tuple(parts) == SECTIONS[lang], rule.code
    must = set(SECTIONS[lang]) - {SECTIONS[lang][6]}  # a rule may use no parameter
    empty = [name for name in must if parts[name].strip() in ("", "- —")]
    assert empty == [], rule.code
    example = parts[SECTIONS[lang][2]]
    assert re.search(r"\d", example), example
    if lang == "en":
        assert not re.search(r"[，。；：]", "".join(parts[name] for name in SECTIONS["en"][:5]))
    for line in parts[SECTIONS[lang][7]].strip().splitlines():
        marks = (READ.in_(lang), UNVERIFIED.in_(lang), NO_TEXT[lang])
        assert any(mark in line for mark in marks), (rule.code, line)


def test_the_matching_page_knows_every_pairing_and_pass() -> None:
    text = text_of(DOCS / "matching.md")
    for pairing in load_pairings():
        assert f"`{pairing.name}`" in text, pairing.name
    for kind, number in PASS_NUMBERS.items():
        if number:
            assert text.count(f"| {number} | `{kind}` |") == 2, kind


def test_the_chinese_page_of_size_and_speed_has_the_english_figures_and_commands() -> None:
    chinese, english = text_of(DOCS / "performance.zh.md"), text_of(DOCS / "performance.md")
    figures = re.findall(r"(?<![\d,.-])\d[\d,.]+\d(?![\d,.]| ?[万亿百])", FENCED.sub("", chinese))
    assert [one for one in figures if one not in english] == []
    commands = re.findall(r"^(?:ls|sbatch|recon rollup \.) .*$", chinese, re.MULTILINE)
    assert len(commands) == 3
    assert [one for one in commands if one.split("  ")[0] not in english] == []


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys\n"
        "from click.testing import CliRunner\n"
        "from recon.cli import cli\n"
        "result = CliRunner().invoke(cli, ['--help'])\n"
        "assert result.exit_code == 0 and 'check' in result.output\n"
        "tops = sorted({name.partition('.')[0] for name in sys.modules})\n"
        "print(' '.join(tops))\n"
        "print(' '.join(name for name in sys.modules if name.startswith('recon')))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    tops, ours = (set(line.split()) for line in ran.stdout.splitlines())
    assert tops & HEAVY == set()
    base = ("models", "nearest", "sizes", "texts")
    light = {"cli", "cli.options", "cli.usage", "base", *(f"base.{name}" for name in base)}
    assert ours <= {"recon", *(f"recon.{name}" for name in light)}
