"""The whole work on the desk in a real browser: no command line, two windows, axe, widths.

Needs the group `browser` and a Chromium of the system, as `test_page` does. `axe.min.js` beside
this file is axe-core 4.14.1 from npm (MPL-2.0), for tests only.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from recon.base import resources
from recon.base.paper import LEDGER_FILE
from recon.ledger.store import read_events
from recon.workspace.recon_toml import load_config
from tests.browser.test_page import browser, system_browser
from tests.desk.desk_support import finished

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytest.importorskip("playwright.sync_api", reason="not installed: uv sync --group browser")
__all__ = ["browser", "system_browser"]
_AXE = Path(__file__).with_name("axe.min.js")
#: A program's own words, which nothing knows.
_COLUMNS = {
    "名号": "payer_name", "税务号": "payer_uscc", "哪种": "item", "自": "period_from",
    "至": "period_to", "交了多少": "paid", "哪天": "treasury_on", "票子": "voucher_no",
}  # fmt: skip
_UNKNOWN = (
    "名号,税务号,哪种,自,至,交了多少,哪天,票子\n"
    "示例甲公司,91990100MA5K00012X,工会经费,2024-03-01,2024-03-31,100.00,2024-04-10,Z00000001\n"
)
_SHOTS = os.environ.get("RECON_SHOTS")


class Open:
    """A desk that runs on a folder, and windows on it."""

    def __init__(self, folder: Path, home: Path, chromium: Any) -> None:
        self.folder, self.home, self._chromium = folder, home, chromium
        self.environment = {**os.environ, "HOME": str(home), "USERPROFILE": str(home)}
        self.process = self._run("--no-browser")
        assert self.process.stdout is not None
        self.link = "http" + self.process.stdout.readline().strip().partition("http")[2]
        self.faults: list[str] = []
        self.asked: set[str] = set()

    def _run(self, *words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "recon", "desk", str(self.folder), *words]
        return subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=self.environment
        )

    def window(self, width: int = 1440) -> Any:
        """Open the desk in a browser of its own, by a link of its own."""
        link, self.link = self.link, ""
        if not link:
            link = self._run("--link").communicate(timeout=60)[0].strip()
        context = self._chromium.new_context(
            viewport={"width": width, "height": 900}, accept_downloads=True
        )
        page = context.new_page()
        page.on("console", lambda said: self.faults.append(said.text))
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", lambda request: self.asked.add(request.url.split("/")[2]))
        page.goto(link)
        page.wait_for_selector("#main")
        page.set_default_timeout(20_000)
        return page

    def close(self) -> None:
        self.process.terminate()
        assert self.process.wait(timeout=30) is not None
        if self.process.stdout:
            self.process.stdout.close()


@pytest.fixture
def desk(tmp_path: Path, browser: Any) -> Iterator[Callable[[Path], Open]]:
    opened: list[Open] = []

    def make(folder: Path) -> Open:
        opened.append(Open(folder, tmp_path, browser))
        return opened[-1]

    yield make
    for one in opened:
        one.close()
        real = [text for text in one.faults if "409" not in text and "422" not in text]
        assert real == []
        assert {host.split(":")[0] for host in one.asked if host} <= {"127.0.0.1"}


def look(page: Any, name: str) -> None:
    """Let no serious finding of axe stand, and keep a picture where that is asked for."""
    page.wait_for_load_state()
    found = page.evaluate(f"{_AXE.read_text(encoding='utf-8')}; axe.run()")
    serious = [
        (one["id"], [node["html"][:160] for node in one["nodes"]][:3])
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]
    assert serious == [], f"{name}: {serious}"
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{name} is {wide} px wider than the window"
    if _SHOTS:
        page.screenshot(path=f"{_SHOTS}/{name}.png")


def settled(page: Any) -> None:
    page.wait_for_selector("body:not(:has(#progress)) #main", timeout=240_000)
    page.wait_for_load_state()  # the page loads itself anew behind a job


def text_of(document: Path) -> str:
    with zipfile.ZipFile(document) as parts:
        return re.sub(r"<[^>]+>", "", parts.read("word/document.xml").decode())


def decide(page: Any, place: int, verdict: str) -> None:
    href = page.locator("a.line").nth(place).get_attribute("href")  # the list moves by itself
    page.click(f"a.line[href='{href}']")
    page.wait_for_selector(f"#panel form[action='{href}/decide']")
    page.select_option("#panel select[name=verdict]", verdict)
    page.fill("#panel input[name=responsible]", "王五")
    page.fill("#panel input[name=by]", "张三")
    page.click("#panel form button.main")
    page.wait_for_selector("#panel .done")


def test_the_whole_life_without_the_command_line(
    tmp_path: Path, desk: Callable[[Path], Open]
) -> None:
    county, data = tmp_path / "放入", tmp_path / "示例县资料"
    shutil.copytree(resources.shipped("sample_data") / "county", county)
    for own in ("recon.toml", "recon.key"):
        (county / own).unlink()
    shutil.rmtree(county / "policy")
    (county / "不认识的表.csv").write_text(_UNKNOWN, encoding="utf-8")
    data.mkdir()
    opened = desk(data)
    page = opened.window()

    # 资料: drop the folder in, map what is not known
    look(page, "files-empty")
    page.set_input_files("#drop input[webkitdirectory]", county)
    page.wait_for_selector("#progress, details.sheet", timeout=60_000)
    settled(page)
    assert len([path for path in data.rglob("*.*") if path.is_file()]) > 30
    unknown = page.locator("details.sheet", has_text="不认识的表.csv")
    unknown.locator("summary").click()
    unknown.locator("select[name=table]").select_option("tax_collection")
    for header, column in _COLUMNS.items():
        box = unknown.locator(f"select[aria-label$='{header}']")
        box.wait_for()
        box.select_option(column)
    look(page, "files-mapping")
    unknown.locator("button.main").click()
    page.wait_for_selector(".done")
    settled(page)
    read = page.locator("details.sheet", has_text="不认识的表.csv").inner_text()
    assert "按 recon.toml" in read
    look(page, "files")

    # 核查
    page.click("nav a[href='/check']")
    page.fill("input[name=own_name]", "示例县总工会")
    page.fill("input[name=as_of]", "2025-06-30")
    page.click("text=开始核查")
    page.wait_for_selector("text=停止")
    settled(page)
    page.wait_for_selector("text=谁欠什么")
    look(page, "check")

    # 参数: three values, the totals move
    page.click("nav a[href='/policy']")
    look(page, "policy")
    for _ in range(3):
        form = page.locator("section details.sheet").first
        form.locator("summary").click()
        form.locator("input[name=document]").fill("示例县工发〔2024〕1号")
        form.locator("input[name=by]").fill("王某")
        form.locator("button").click()
        page.wait_for_selector("#notes .done")
    assert len(load_config(data).policy) == 3

    # 例外: twenty verdicts
    page.click("nav a[href='/exceptions']")
    page.goto(page.url.split("/exceptions")[0] + "/exceptions?direction=pay_in&counted=1")
    look(page, "exceptions")
    many = page.locator("a.line").count()
    for place in range(min(many, 12)):
        decide(page, place, "成立")
    look(page, "exception-panel")
    page.goto(page.url.split("/exceptions")[0] + "/exceptions?verdict=open&direction=verify")
    for place in range(20 - min(many, 12)):
        decide(page, place, "待核实")
    booked = read_events(data / LEDGER_FILE)
    assert len({one.exception_id for one in booked}) == 20
    page.wait_for_selector("#panel .quote")
    assert page.locator("#panel .quote td").count() > 1

    # 整改: a recovery, and its reversal
    page.click("nav a[href='/ledger']")
    look(page, "ledger")
    page.locator("tbody a").first.click()
    page.fill("input[name=amount]", "0.01")
    page.fill("input[name=reference]", "银收12")
    page.click("text=登记收回 >> xpath=.. >> button")
    page.wait_for_selector("#notes .done")
    page.fill("table input[name=reason]", "金额记错")
    page.click("text=红字冲销")
    page.wait_for_selector("text=已冲销")
    look(page, "ledger-one")
    kinds = [one.kind for one in read_events(data / LEDGER_FILE)]
    assert kinds[-2:] == ["recover", "reverse"]

    # 文书: letters and report, fetched and read
    page.click("nav a[href='/papers']")
    look(page, "papers")
    page.click("button:has-text('写出')")
    page.wait_for_selector("a[href^='/papers/file/report/']", timeout=60_000)
    texts = {}
    for name in ("自查报告.docx", "单位核对函.docx"):
        with page.expect_download() as download:
            page.click(f"a:text-is('{name}')")
        download.value.save_as(tmp_path / name)
        texts[name] = text_of(tmp_path / name)
    assert "示例县总工会" in texts["自查报告.docx"]
    run = data / "recon-out" / (data / "recon-out" / "latest").read_text(encoding="utf-8").strip()
    found = pl.read_parquet(run / "exceptions.parquet")
    confirmed = [one for one in booked if one.payload["verdict"] == "成立"]
    keys = [one.exception_id for one in confirmed]
    names = set(found.filter(pl.col("exception_id").is_in(keys))["party_name"])
    assert any(name in texts["单位核对函.docx"] for name in names if name)
    page.click("nav a[href='/compare']")
    look(page, "compare")


def test_two_windows_on_one_desk_decide_the_same_line(
    tmp_path: Path, desk: Callable[[Path], Open]
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    finished(data)
    opened = desk(data)
    one, other = opened.window(), opened.window()
    for page in (one, other):
        page.goto(page.url.split("/check")[0] + "/exceptions?direction=pay_in")
    other.locator("a.line").first.click()
    other.wait_for_selector("#panel form")
    decide(one, 0, "成立")
    other.wait_for_selector("#list .c-verdict .tag:has-text('成立')", timeout=10_000)  # by itself
    other.select_option("#panel select[name=verdict]", "不成立")
    other.fill("#panel input[name=by]", "李四")
    other.fill("#panel input[name=reason]", "另有解释")
    other.click("#panel form button.main")
    other.wait_for_selector("#panel .warn")
    said = other.inner_text("#panel .warn")
    assert "张三" in said
    assert other.input_value("#panel input[name=reason]") == "另有解释"
    assert [each.payload["verdict"] for each in read_events(data / LEDGER_FILE)] == ["成立"]
    look(other, "conflict")


def test_the_keyboard_is_enough_and_nothing_is_too_wide(
    tmp_path: Path, desk: Callable[[Path], Open]
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    finished(data)
    page = desk(data).window(390)
    base = page.url.split("/check")[0]
    for path in ("/files", "/check", "/policy", "/exceptions", "/exceptions?view=units", "/ledger",
                 "/papers", "/compare"):  # fmt: skip
        page.goto(base + path)
        if path == "/files":
            settled(page)
        look(page, f"narrow{re.sub('[^a-z]', '-', path)}")
    page.goto(base + "/exceptions?direction=pay_in")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel form")
    assert page.evaluate("document.getElementById('panel').contains(document.activeElement)")
    look(page, "narrow-panel")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name === 'verdict'"):
            break
    page.keyboard.press("ArrowDown")  # 成立
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name === 'by'"):
            break
    page.keyboard.type("张三")
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel .done")
    page.locator("#panel h2").focus()
    page.keyboard.press("Escape")
    page.wait_for_selector("#panel form", state="detached")
    page.evaluate("document.querySelector('#list').setAttribute('data-old', '')")
    page.evaluate("htmx.trigger(document.body, 'moved')")  # as after any verdict, by anybody
    page.wait_for_selector("#list:not([data-old])")
    page.wait_for_selector("a.line:focus")
    key = read_events(data / LEDGER_FILE)[0].exception_id
    page.goto(f"{base}/ledger/{key}")
    page.fill("input[name=amount]", "0.01")
    page.fill("input[name=reference]", "银收12")
    page.click("form[action$=recover] button")
    page.wait_for_selector("td >> text=红字冲销")
    look(page, "narrow-ledger-one")
    page.goto(base + "/ledger")
    look(page, "narrow-ledger-rows")
    assert page.evaluate("document.querySelector('td.name').offsetWidth") > 120
