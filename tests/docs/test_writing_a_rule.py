"""The page about writing a rule, step by step in an empty folder: what it shows is what happens."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from recon.cli import cli
from tests.docs.pages import DOCS, blocks_of

if TYPE_CHECKING:
    from pathlib import Path

PAGES = ("writing-a-rule.md", "writing-a-rule.zh.md")


def steps(body: str) -> list[tuple[list[str], list[str]]]:
    """Return (words of the command, lines that it should print) of a console block."""
    found: list[tuple[list[str], list[str]]] = []
    for line in body.splitlines():
        if line.startswith("$ "):
            found.append((shlex.split(line[2:]), []))
        elif line:
            found[-1][1].append(line)
    return found


@pytest.mark.parametrize("name", PAGES)
def test_every_step_of_the_page_works(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = 0
    for block in blocks_of(DOCS / name):
        if block.file is not None:
            target = tmp_path / block.file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.body, encoding="utf-8", newline="\n")
        elif block.kind == "console":
            for words, expected in steps(block.body):
                assert words[0] == "recon"
                result = CliRunner().invoke(cli, words[1:])
                assert result.exit_code == 0, (words, result.output)
                printed = [line.strip().replace("\\", "/") for line in result.stdout.splitlines()]
                assert [line for line in expected if line not in printed] == [], words
                ran += 1
    assert ran >= 7


def test_both_languages_show_the_same_files() -> None:
    english, chinese = (
        [(block.file, block.body) for block in blocks_of(DOCS / name) if block.file]
        for name in PAGES
    )
    assert english == chinese
    assert len(english) == 5
