"""The README's first command, run into a temporary folder, as the README shows it."""

from __future__ import annotations

import os
import re
import shlex
from collections import Counter
from contextlib import contextmanager
from textwrap import fill
from typing import TYPE_CHECKING

from click.testing import CliRunner

from recon.base.texts import FAMILIES
from recon.cli import cli
from recon.rules.catalog import load_rules
from tests.docs.pages import README, ROOT, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FIRST = re.compile(r"uv run (recon check [^\n]*--fail-on none)\n")
BLOCK = re.compile(r"(?<=^```text\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
FAMILY_BLOCK = re.compile(r"(?<=<!-- families -->\n).*?(?=<!-- /families -->)", re.DOTALL)
_HEX = re.compile(r"\b[0-9a-f]{16}\b")
_OUT = "sample_data/county/recon-out"


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = os.getcwd()  # noqa: PTH109 - what chdir takes back
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def first_command() -> list[str]:
    """Return the words of the README's first `recon` command, without `recon`."""
    found = _FIRST.search(text_of(README))
    assert found is not None, "README.md: the first command is missing"
    return shlex.split(found[1])[1:]


def printed(out: Path) -> str:
    """Return what the first command prints, its output folder named as the README names it."""
    with _inside(ROOT):
        result = CliRunner().invoke(cli, [*first_command(), "--out", str(out)])
    assert result.exit_code == 0, result.output
    return result.stdout.replace(str(out), _OUT).replace("\\", "/")


def normalised(text: str) -> str:
    """Return a text with run ids and exception ids alike."""
    return _HEX.sub("0" * 16, text)


def families() -> str:
    """Return the sentence about families that the README should hold."""
    counts = Counter(rule.family for rule in load_rules())
    named = [f"{FAMILIES[code].en} ({counts[code]})" for code in FAMILIES if counts[code]]
    return fill(", ".join(named) + ".", 100) + "\n"


def shown_families() -> str:
    """Return the sentence about families that the README holds."""
    found = FAMILY_BLOCK.search(text_of(README))
    assert found is not None, "README.md: the families are missing"
    return found[0]


def shown() -> str:
    """Return the block of output that the README shows."""
    found = BLOCK.search(text_of(README))
    assert found is not None, "README.md: the block of output is missing"
    return found[0]
