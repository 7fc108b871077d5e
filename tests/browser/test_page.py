"""The page of a run in a real browser: search, filter, drill-down, no errors, no requests.

Needs the group `browser` (uv sync --group browser) and a Chromium, Chrome or Edge of the system, or
its path in RECON_BROWSER; without them these tests are skipped and say why.
"""

from __future__ import annotations

import os
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from recon.output.html import write_page
from tests.unit.output import factory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

playwright = pytest.importorskip(
    "playwright.sync_api", reason="not installed: uv sync --group browser"
)
COUNT = 400
_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
)
WIDTHS = [1280, 390]


def system_browser() -> str | None:
    """Return the path of a Chromium of the system, or None."""
    asked = os.environ.get("RECON_BROWSER")
    return asked or next(filter(None, map(shutil.which, _NAMES)), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    path = system_browser()
    if path is None:
        pytest.skip("no Chromium, Chrome or Edge found; name one in RECON_BROWSER")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=path, args=["--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_page(factory.result(COUNT), tmp_path_factory.mktemp("page"))


class Seen:
    """A page, with what it complained of and asked for."""

    def __init__(self, page: Any, file: Path) -> None:
        self.page = page
        self.faults: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda said: self.faults.append(said.text))
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))
        page.goto(file.as_uri())
        page.wait_for_selector("#body [role=row]")

    def found(self) -> int:
        """Return how many exceptions the list says it shows."""
        text = self.page.inner_text("#found")
        return int(re.search(r"[\d,]+", text)[0].replace(",", ""))  # type: ignore[index]

    def wait_for(self, other: int) -> int:
        """Wait until the list shows another number than before, and return it."""
        words = "(n) => Number(document.querySelector('#found').textContent"
        words += ".match(/[\\d,]+/)[0].replace(/,/g, '')) !== n"
        self.page.wait_for_function(words, arg=other, timeout=5000)
        return self.found()


@pytest.fixture(params=WIDTHS, ids=lambda width: f"{width}px")
def seen(request: pytest.FixtureRequest, browser: Any, file: Path) -> Iterator[Seen]:
    context = browser.new_context(viewport={"width": request.param, "height": 800})
    seen = Seen(context.new_page(), file)
    yield seen
    assert seen.faults == []
    assert [url for url in seen.asked if url != file.as_uri()] == []
    context.close()


def test_search_narrows_the_list_and_its_emptying_widens_it(seen: Seen) -> None:
    everything = seen.found()
    assert everything == COUNT
    seen.page.fill("#q", "第37实业")
    some = seen.wait_for(everything)
    assert 0 < some < everything
    rows = seen.page.locator("#body [role=row]").all_inner_texts()
    assert rows
    assert all("第37实业" in row for row in rows)
    seen.page.fill("#q", "")
    assert seen.wait_for(some) == everything


def test_filters_combine_and_reset(seen: Seen) -> None:
    seen.page.select_option("#f-family", "REM")
    family = seen.wait_for(COUNT)
    rules = {
        row.split("-")[0][-3:] for row in seen.page.locator("#body [role=row]").all_inner_texts()
    }
    assert rules == {"REM"} or all("REM" in rule for rule in rules)
    seen.page.check("#f-counted")
    both = seen.wait_for(family)
    assert 0 < both < family < COUNT
    seen.page.click("#filters button[type=reset]")
    assert seen.wait_for(both) == COUNT


def test_a_row_opens_its_source_rows_and_escape_closes(seen: Seen) -> None:
    seen.page.locator("#body [role=row]").first.click()
    seen.page.wait_for_selector("#detail[open]")
    said = seen.page.inner_text("#detail")
    assert "银行流水.csv!" in said
    assert "fee.rate=0.02@2024-03-31" in said
    seen.page.keyboard.press("Escape")
    seen.page.wait_for_selector("#detail[open]", state="detached")


def test_the_keyboard_is_enough(seen: Seen) -> None:
    seen.page.focus("#grid")
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        seen.page.keyboard.press(key)
    seen.page.wait_for_selector("#detail[open]")
    assert seen.page.evaluate("document.querySelector('#detail').contains(document.activeElement)")


def test_names_with_markup_stay_names(seen: Seen) -> None:
    seen.page.fill("#q", "onerror")
    seen.wait_for(COUNT)
    assert "<img src=x onerror=alert(1)>" in seen.page.inner_text("#body")
    assert seen.page.locator("#body img").count() == 0


def test_the_page_fits_its_width_and_speaks_english(seen: Seen) -> None:
    width = seen.page.viewport_size["width"]
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    before = seen.page.inner_text("h1")
    seen.page.click("#lang")
    assert seen.page.inner_text("h1") != before
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
