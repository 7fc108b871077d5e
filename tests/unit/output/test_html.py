"""The page: self-contained, locked down, exact, and deaf to markup in names."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from decimal import Decimal
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from recon.output import html
from recon.output.html import page_data, render_page, script_json, write_page
from tests.unit.output import factory

if TYPE_CHECKING:
    from pathlib import Path


class _Page(HTMLParser):
    """Collects elements with their attributes, and the text of scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] in {"script", "style"} and data.strip():
            self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def text() -> str:
    return render_page(factory.result(60))


@pytest.fixture(scope="module")
def data(text: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    parsed: dict[str, Any] = json.loads(found[1])
    return parsed


def test_nothing_is_fetched(text: str) -> None:
    page = _Page(text)
    fetching = {"src", "href", "action", "data", "srcset", "poster"}
    asked = [
        (tag, value)
        for tag, attributes in page.tags
        for name, value in attributes.items()
        if name in fetching and not str(value).startswith("#")
    ]
    assert asked == []
    assert not page.all("link")
    assert "@import" not in text
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", text) == []


def test_policy_allows_exactly_our_style_and_script(text: str) -> None:
    page = _Page(text)
    policy = next(m["content"] for m in page.all("meta") if m.get("http-equiv")) or ""
    assert policy.startswith("default-src 'none'; ")
    style, _, script = page.texts[0], page.texts[1], page.texts[2]
    for source in (style, script):
        digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert "unsafe" not in policy


def test_no_inline_handlers_or_style_attributes(text: str) -> None:
    for tag, attributes in _Page(text).tags:
        assert not [name for name in attributes if name.startswith("on") or name == "style"], tag


def test_markup_in_names_stays_text(text: str, data: dict[str, Any]) -> None:
    assert "<img" not in text
    assert len(_Page(text).all("script")) == 2
    assert "</script><img src=x onerror=alert(1)>" in data["dictionaries"]["party"]


def test_script_writes_texts_never_markup() -> None:
    script = render_page(factory.result(0)).rsplit("<script>", 1)[1]
    for hazard in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert hazard not in script


@pytest.mark.hostile("markup in the data of the page", "cannot leave its element")
@pytest.mark.parametrize("hazard", ["</script>", "<!--", "\u2028", "\u2029", "&lt;"])
def test_json_cannot_leave_its_element(hazard: str) -> None:
    written = script_json([hazard])
    assert json.loads(written) == [hazard]
    assert not set(written) & set("<>&\u2028\u2029")


def test_rows_hold_every_exception_in_whole_fen(data: dict[str, Any]) -> None:
    found = factory.result(60).exceptions
    rows, words = data["rows"], data["dictionaries"]
    assert rows["id"] == found["exception_id"].to_list()
    fen = [None if each is None else int(each * 100) for each in found["amount"]]
    assert rows["amount"] == fen
    assert [words["party"][place] for place in rows["party"]] == found["party_name"].to_list()
    assert [words["period"][place] for place in rows["period"]] == found["period"].to_list()
    assert rows["evidence"][0] == "代收2024/代收1月.xlsx#明细!2\n银行流水.csv!2"


def test_totals_are_split_by_confirmation(data: dict[str, Any]) -> None:
    total = factory.result(60).totals[0]
    assert data["totals"][0] == {
        "direction": "pay_in",
        "exceptions": total.exceptions,
        "confirmed": int(total.confirmed * 100),
        "unconfirmed": int(total.unconfirmed * 100),
    }
    rem = next(each for each in data["families"] if each["family"] == "REM")
    counted = factory.result(60).exceptions.filter(
        pl.col("counted")
        & pl.col("rule").str.starts_with("REM")
        & (pl.col("direction") == "pay_in")
    )
    assert Decimal(rem["amounts"]["pay_in"]) == sum(counted["amount"]) * 100


def test_long_evidence_is_cut_and_counted() -> None:
    result = factory.result(1)
    many = [f"a.xlsx#S!{n}" for n in range(500)]
    object.__setattr__(result, "exceptions", result.exceptions.with_columns(evidence=pl.lit(many)))
    rows = page_data(result)["rows"]
    assert rows["evidence_count"] == [500]
    assert len(rows["evidence"][0].split("\n")) == 30


def test_a_page_too_long_keeps_what_matters_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "MOST_ROWS", 20)
    data = page_data(factory.result(60))
    words = data["dictionaries"]["severity"]
    kept = [words[place] for place in data["rows"]["severity"]]
    assert len(kept) == 20
    assert kept.count("high") == 15
    assert data["meta"]["all"] == 60


def test_page_without_its_data_is_small_and_stable() -> None:
    assert len(render_page(factory.result(0)).encode()) < 100_000
    assert render_page(factory.result(9)) == render_page(factory.result(9))


def test_page_is_accessible_by_its_markup(text: str) -> None:
    page = _Page(text)
    assert page.all("html")[0]["lang"] == "zh-CN"
    grid = next(each for each in page.all("div") if each.get("id") == "grid")
    assert grid["role"] == "grid"
    assert grid["tabindex"] == "0"
    ids = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    labels = {each["aria-labelledby"] for _, each in page.tags if "aria-labelledby" in each}
    assert labels <= ids
    assert any(each.get("aria-live") == "polite" for each in page.all("p"))


def test_every_word_of_the_page_is_in_both_languages(text: str) -> None:
    script = text.rsplit("<script>", 1)[1]
    words = set(re.findall(r'(\w+): \["[^"]+", "[^"]+"\]', script))
    asked = set(re.findall(r'data-t="(\w+)"', text)) | set(re.findall(r'\bt\("(\w+)"', script))
    assert asked <= words


def test_page_is_written_at_once(tmp_path: Path) -> None:
    path = write_page(factory.result(3), tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]
    assert path.read_text(encoding="utf-8") == render_page(factory.result(3))
