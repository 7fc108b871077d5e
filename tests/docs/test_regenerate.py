"""Generated pages are what the one command writes now."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.docs.pages import DOCS, README, ROOT, text_of
from tests.docs.readme_run import normalised
from tests.docs.regenerate import PAGES

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = "uv run python -m tests.docs.regenerate"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_generated_page_is_what_the_command_writes(page: Path) -> None:
    assert normalised(text_of(page)) == normalised(PAGES[page]())
    assert COMMAND in text_of(page)


def test_every_page_that_says_it_is_generated_is_made_by_the_command() -> None:
    said = re.compile(r"本页由\w+生成|This page is generated|made by: uv run")
    found = {page for page in (README, *DOCS.rglob("*.md")) if said.search(text_of(page))}
    assert found == set(PAGES)


def test_the_house_page_names_the_command_and_every_room() -> None:
    house = text_of(DOCS / "house.md")
    assert COMMAND in house
    rooms = [path.name for path in (ROOT / "recon").iterdir() if (path / "__init__.py").is_file()]
    assert [room for room in rooms if f"`{room}/`" not in house] == []
    for path in re.findall(r"`((?:recon|tests|rules|sql|docs)/[\w/.]+\.\w+)`", house):
        assert (ROOT / path).is_file(), path
