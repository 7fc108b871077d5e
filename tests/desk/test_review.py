"""例外, 整改, 参数, 文书: shown is what the run says, booked is what a command books."""

from __future__ import annotations

import os
import re
import shutil
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from click.testing import CliRunner

from recon.base.paper import LEDGER_FILE
from recon.cli import cli
from recon.desk import listing
from recon.desk.holding import Holder
from recon.desk.listing import listed
from recon.desk.panel import named
from recon.ledger.store import NewEvent, add_events, read_events
from recon.output.split import by_category
from tests.desk.desk_support import COUNT, at, browser, finished, opened
from tests.unit.output import factory

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.testclient import TestClient

PART = {"HX-Request": "true"}
VERDICT = {"verdict": "成立", "by": "张三", "scope": "one", "seen": "0", "responsible": "王五",
           "reviewed_on": "2024-12-30", "due_on": "2025-01-31", "reason": "核对一致",
           "run": factory.RUN_ID}  # fmt: skip


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    finished(folder)
    return folder


@pytest.fixture
def data(template: Path, tmp_path: Path) -> Path:
    shutil.copytree(template, tmp_path / "data")
    return tmp_path / "data"


def rows(count: int = COUNT) -> pl.DataFrame:
    return factory.exceptions(count)


def an_id(direction: str = "pay_in", place: int = 3) -> str:
    found = rows().filter((pl.col("direction") == direction) & (pl.col("amount") > 1))
    return str(found["exception_id"][place])


def decided(client: TestClient, key: str, **changed: str) -> Any:
    return client.post(f"/exceptions/{key}/decide", data={**VERDICT, **changed}, headers=PART)


def events(data: Path) -> list[Any]:
    return read_events(data / LEDGER_FILE)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "path",
    ["/check", "/policy", "/exceptions", "/exceptions?view=units", "/exceptions?view=rules",
     "/ledger", "/ledger?view=all", "/papers", "/compare", "/papers/preview/report",
     "/papers/preview/inquiries"],
)  # fmt: skip
def test_text_from_files_is_never_markup(data: Path, path: str, lang: str) -> None:
    _, client = at(data)
    client.post("/lang", data={"lang": lang})
    answer = client.get(path)
    assert answer.status_code == 200
    assert not re.search(r"<(img|r|t|b>\d|i)[ >]", answer.text.replace("<i></i>", ""))
    assert "<script>" not in answer.text
    if not path.startswith("/papers/preview"):
        assert "style=" not in answer.text
    assert "onerror=alert(1)>" not in answer.text


def test_a_panel_shows_hostile_text_as_text(data: Path) -> None:
    _, client = at(data)
    for place in range(len(factory.NASTY)):
        key = rows()["exception_id"][place]
        page = client.get(f"/exceptions/{key}", headers=PART)
        assert page.status_code == 200
        assert "<img" not in page.text
        assert "</script><" not in page.text


def test_a_detail_is_said_in_the_words_of_the_field() -> None:
    detail = {"due_base": "120.00", "basis": "甲", "opposite": ["3f2a", "91c0"], "own_word": 1}
    assert named(detail) == [
        ("应缴基数", "120.00"), ("依据", "甲"),
        ("同一笔款上反方向的例外", "3f2a、91c0"), ("own_word", 1),
    ]  # fmt: skip


def shown(client: TestClient, **words: str) -> int:
    page = client.get("/exceptions", params=words).text
    found = re.search(r'role="status">(\d+) 条', page)
    assert found is not None
    return int(found[1])


def test_filters_count_what_the_run_holds(data: Path) -> None:
    _, client = at(data)
    found = rows()
    assert shown(client) == COUNT
    for name in ("rule", "severity", "direction"):
        for word, count in found.group_by(name).len().iter_rows():
            assert shown(client, **{name: word or "-"}) == count
    assert shown(client, family="REM") == found.filter(pl.col("rule").str.starts_with("REM")).height
    name = found["party_name"][20]
    assert shown(client, q=name) == found.filter(pl.col("party_name") == name).height
    assert shown(client, q="没有这样的字") == 0
    assert shown(client, counted="1") == found.filter("counted").height
    assert (
        shown(client, q="%", sort="nonsense", page="x")
        == found.filter(
            pl.any_horizontal(
                pl.col("party_name", "message", "period").str.contains("%", literal=True)
            )
        ).height
    )


def test_the_list_begins_with_the_largest_amount_and_pages(data: Path) -> None:
    _, client = at(data)
    seen = []
    for page in ("1", "2"):
        text = client.get("/exceptions", params={"page": page}).text
        seen += re.findall(r'name="id" value="([0-9a-f]{16})"', text)
    wanted = rows().sort("amount", descending=True, nulls_last=True, maintain_order=True)
    assert seen == wanted["exception_id"].to_list()


def test_the_summary_adds_up_as_the_workbook_s_does(data: Path) -> None:
    _, client = at(data)
    page = client.get("/check").text
    counted = rows().filter("counted").group_by("direction").agg(pl.col("amount").sum())
    for _, amount in counted.iter_rows():
        assert f"{amount:,.2f}" in page
    assert str(by_category(rows())["counted"]) in page


def test_a_verdict_is_the_event_that_the_command_books(data: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(data, other)
    key = an_id()
    _, client = at(data)
    assert decided(client, key).status_code == 200
    words = ["review", "decide", key, "--verdict", "成立", "--reason", "核对一致", "--by", "张三"]
    words += ["--on", "2024-12-30", "--responsible", "王五", "--due", "2025-01-31"]
    words += ["--data", str(other)]
    result = CliRunner().invoke(cli, words)
    assert result.exit_code == 0, result.output
    (mine,), (theirs,) = events(data), events(other)
    assert (mine.kind, mine.exception_id, mine.run_id) == (
        theirs.kind, theirs.exception_id, theirs.run_id,
    )  # fmt: skip
    assert mine.payload == theirs.payload
    page = client.get(f"/exceptions/{key}").text
    assert "张三" in page
    undone = client.post(f"/exceptions/{key}/undo", data={"event": "1"}, headers=PART)
    assert undone.status_code == 200
    CliRunner().invoke(cli, ["review", "undo", "1", "--data", str(other)])
    assert events(data)[1].payload == events(other)[1].payload


def test_taking_back_a_unit_s_decision_says_how_many_lines_go_with_it(data: Path) -> None:
    _, client = at(data)
    alone, *unit = rows().filter("counted")["exception_id"].head(4)
    assert decided(client, alone).status_code == 200
    (one,) = events(data)
    lines = [{**one.payload, "exception_id": each} for each in unit]
    booked = NewEvent("review", None, one.run_id, {"lines": lines})
    add_events(data / LEDGER_FILE, [booked], datetime(2024, 12, 31, tzinfo=UTC))
    assert "连同本单位共 3 条" in client.get(f"/exceptions/{unit[1]}").text
    page = client.get(f"/exceptions/{alone}").text
    assert "撤回这条" in page
    assert "连同本单位" not in page


def test_two_windows_never_write_over_each_other(data: Path) -> None:
    desk, keys, _ = opened(data)
    one, other = browser(desk, keys), browser(desk, keys)
    key = an_id()
    mark = desk.place.ledger_mark
    assert decided(one, key).status_code == 200
    moved = other.get("/pulse", params={"mark": mark})
    assert moved.headers["HX-Trigger"] == "moved"
    assert "HX-Trigger" not in other.get("/pulse", params={"mark": desk.place.ledger_mark}).headers
    late = decided(other, key, verdict="不成立", by="李四", reason="另有解释")
    assert late.status_code == 409
    assert "张三" in late.text
    assert "另有解释" in late.text  # what was typed is not lost
    assert [each.payload["verdict"] for each in events(data)] == ["成立"]
    seen = re.search(r'name="seen" value="(\d+)"', late.text)
    assert seen is not None
    again = decided(other, key, verdict="不成立", by="李四", seen=seen[1])
    assert again.status_code == 200
    assert [each.payload["reviewer"] for each in events(data)] == ["张三", "李四"]


@pytest.mark.parametrize("scope", ["unit", "rule"])
def test_one_verdict_for_many_leaves_those_that_have_one(data: Path, scope: str) -> None:
    key = an_id()
    row = rows().row(by_predicate=pl.col("exception_id") == key, named=True)
    same = (pl.col("rule") == row["rule"]) & (pl.col("direction") == row["direction"])
    if scope == "unit":
        same &= pl.col("party_id") == row["party_id"]
    alike = rows().filter(same)["exception_id"].to_list()
    _, client = at(data)
    assert decided(client, key, verdict="不成立", by="李四").status_code == 200
    answer = decided(client, key, scope=scope, verdict="待核实")
    booked = {each.exception_id: each.payload["verdict"] for each in events(data)}
    if len(alike) == 1:
        assert answer.status_code == 409
    assert booked == {**dict.fromkeys(alike, "待核实"), key: "不成立"}
    assert decided(client, key, scope="rule", verdict="部分成立").status_code == 409


def test_ticked_lines_get_one_verdict(data: Path) -> None:
    _, client = at(data)
    keys = [an_id(place=place) for place in range(3)]
    said = {"id": keys, "verdict": "成立", "by": "张三", "back": "/exceptions?view=lines"}
    late = client.post("/exceptions/chosen", data={**said, "run": "earlier"})
    assert (late.status_code, events(data)) == (422, [])
    client.post("/exceptions/chosen", data={**said, "run": factory.RUN_ID})
    assert {each.exception_id for each in events(data)} == set(keys)
    assert all(each.payload["confirmed_amount"] for each in events(data))
    assert client.post("/exceptions/chosen", data={"by": "张三"}).status_code == 422


@pytest.mark.parametrize("scope", ["one", "unit", "rule"])
def test_what_is_said_of_an_earlier_run_is_not_booked_on_a_newer(data: Path, scope: str) -> None:
    _, client = at(data)
    key = an_id()
    page = client.get(f"/exceptions/{key}", headers=PART).text
    assert f'name="run" value="{factory.RUN_ID}"' in page
    late = decided(client, key, scope=scope, run="0" * 12)
    assert late.status_code == 409
    assert "打开这一页以后又核查过" in late.text
    assert events(data) == []


def test_another_verdict_keeps_what_the_panel_does_not_ask(data: Path) -> None:
    _, client = at(data)
    key = an_id()
    decided(client, key)
    ledger = {"responsible": "赵六", "office": "财务部", "measure": "补缴", "by": "张三"}
    late = client.post(f"/ledger/{key}/due", data={**ledger, "seen": "0"})
    assert late.status_code == 422
    assert "张三 2024-12-30" in late.text  # what was decided meanwhile
    page = client.get(f"/ledger/{key}").text
    assert 'name="seen" value="1"' in page
    client.post(f"/ledger/{key}/due", data={**ledger, "seen": "1"})
    assert decided(client, key, reason="复核后改", seen="2").status_code == 200
    last = events(data)[-1].payload
    assert (last["reason"], last["office"], last["measure"]) == ("复核后改", "财务部", "补缴")


def test_what_the_ledger_refuses_is_said_and_not_booked(data: Path) -> None:
    _, client = at(data)
    key = an_id()
    for wrong in ({"verdict": "部分成立"}, {"confirmed_amount": "abc"}, {"verdict": "也许"},
                  {"reviewed_on": "2999-01-01"}):  # fmt: skip
        assert decided(client, key, **wrong).status_code == 409
    assert decided(client, key, by="").status_code == 422
    assert client.get("/exceptions/ffffffffffffffff").status_code == 422
    assert events(data) == []


def test_what_was_typed_stays_where_the_ledger_refuses_it(data: Path) -> None:
    _, client = at(data)
    key = an_id()
    decided(client, key)
    refused = client.post(f"/ledger/{key}/close", data={"by": "王五", "proof": "回单12"})
    assert refused.status_code == 422
    for value in ("王五", "回单12"):
        assert f'required value="{value}"' in refused.text
    wrong = {"amount": "一百", "on": "2025-01-10", "reference": "银收7"}
    refused = client.post(f"/ledger/{key}/recover", data=wrong)
    assert refused.status_code == 422
    for value in wrong.values():
        assert f'value="{value}"' in refused.text
    assert client.post(f"/ledger/{key}/recover", data={**wrong, "amount": "0.10"}).status_code
    page = client.get(f"/ledger/{key}").text
    assert "收回 0.10；凭证号 银收7" in page
    assert 'name="by" required value=""' in page  # who is responsible closes nothing


def test_money_comes_back_and_a_wrong_booking_is_reversed(data: Path) -> None:
    _, client = at(data)
    key = an_id()
    amount = Decimal(str(rows().filter(pl.col("exception_id") == key)["amount"][0]))
    decided(client, key)

    def step(name: str, **said: str) -> int:
        answer = client.post(f"/ledger/{key}/{name}", data=said, follow_redirects=False)
        return answer.status_code

    booked = {"amount": "1.00", "on": "2025-01-10", "reference": "银收12"}
    assert step("recover", **booked) == 303
    assert step("recover", **booked) == 422
    assert step("recover", **{**booked, "amount": str(amount)}) == 422
    assert step("recover", **{**booked, "amount": "1.001"}) == 422
    assert step("reverse", event="2", reason="") == 422
    assert step("reverse", event="2", reason="金额记错") == 303
    assert step("close", by="王五", proof="回单") == 422
    assert step("close", by="李四", proof="回单") == 303
    assert step("reopen", reason="回单不全") == 303
    assert step("due", responsible="赵六", due_on="2020-01-01", by="张三", seen="1") == 303
    assert [each.kind for each in events(data)] == [
        "review", "recover", "reverse", "close", "reopen", "review",
    ]  # fmt: skip
    overdue = client.get("/ledger", params={"view": "overdue"}).text
    assert f"/ledger/{key}" in overdue
    assert "赵六" in overdue


def test_a_confirmed_value_moves_the_totals(data: Path) -> None:
    _, client = at(data)
    page = client.get("/policy").text
    form = re.search(r'name="name" value="([^"]+)".*?name="value" required value="([^"]*)".*?'
                     r'name="starts_on" required value="([^"]+)"', page, re.DOTALL)  # fmt: skip
    assert form is not None
    said = {"name": form[1], "value": form[2], "starts_on": form[3], "on": "2024-12-01",
            "document": "县工发〔2020〕3号", "article": "第二条", "by": "王某"}  # fmt: skip
    assert client.post("/policy/confirm", data={**said, "document": ""}).status_code == 422
    assert client.post("/policy/confirm", data={**said, "by": ""}).status_code == 422
    answer = client.post("/policy/confirm", data=said)
    assert answer.status_code == 200
    kept = (data / "recon.toml").read_text(encoding="utf-8")
    assert "县工发〔2020〕3号，第二条" in kept
    assert 'verified_by = "王某"' in kept
    assert "已确认" in answer.text


def test_papers_are_written_previewed_and_fetched(data: Path) -> None:
    _, client = at(data)
    decided(client, an_id(place=5))
    assert client.post("/papers/write", data={"kind": "standard"}).status_code == 200
    page = client.get("/papers").text
    names = re.findall(r'href="/papers/file/report/([^"]+)"', page)
    assert len(names) >= 3
    for name in names:
        got = client.get(f"/papers/file/report/{name}")
        assert got.headers["content-disposition"].startswith("attachment")
        assert got.content[:2] in (b"PK", b"<!")
    book = client.get("/papers/file/run/exceptions.xlsx")
    assert book.content == (data / "recon-out" / factory.RUN_ID / "exceptions.xlsx").read_bytes()
    for way in ("run/run.json", "run/..%2F..%2Frecon.key", "report/..%2Frun.json", "x/latest"):
        assert client.get(f"/papers/file/{way}").status_code == 404
    preview = client.get("/papers/preview/report")
    assert "sandbox" in preview.headers["content-security-policy"]
    back = client.post("/papers/import", files={"file": ("w.xlsx", book.content)})
    assert "新记结论" in back.text


def test_a_desk_that_only_shows_books_nothing(data: Path) -> None:
    desk, client = at(data)
    desk.held_by = Holder("0", "财务室-02", "李四", 1, 1.0, 1, "2025-01-10T09:30:00+08:00")
    key = an_id()
    posts = {
        f"/exceptions/{key}/decide": VERDICT,
        "/exceptions/chosen": {"id": key, **VERDICT},
        "/policy/confirm": {"name": "fee.rate"},
        "/papers/write": {"kind": "standard"},
        "/check/run": {"as_of": "2025-01-01"},
        "/files/upload": {"way": "a.csv"},
        f"/ledger/{key}/recover": {"amount": "1"},
    }
    for path, said in posts.items():
        answer = client.post(path, data=said)
        assert answer.status_code == 422
        assert "财务室-02" in answer.text
    assert events(data) == []
    assert not (data / "recon.toml").exists()
    assert client.get("/exceptions").status_code == 200


def test_two_runs_are_compared_and_only_runs_of_the_folder(data: Path) -> None:
    _, client = at(data)
    words = {"before": factory.RUN_ID, "after": factory.RUN_ID}
    assert f"延续 {COUNT}" in client.get("/compare", params=words).text
    run = data / "recon-out" / factory.RUN_ID
    shutil.copytree(run, run.with_name("0" * 16))
    os.utime(run.with_name("0" * 16) / "run.json", (1, 1))
    choices = client.get("/compare").text.split("<select")
    assert f'value="{"0" * 16}" selected' in choices[1]  # the one before
    assert " selected" not in choices[2]  # the newest stands first
    assert choices[2].index(factory.RUN_ID) < choices[2].index("0" * 16)
    words["before"] = "../../etc"
    assert client.get("/compare", params=words).status_code == 422


def test_the_list_after_each_event_is_what_a_desk_that_opens_then_shows(data: Path) -> None:
    desk, client = at(data)
    keys = [an_id(place=place) for place in (0, 1, 2)]

    def step(path: str, **said: str) -> None:
        assert client.post(path, data=said).status_code == 200
        listing._listed.cache_clear()
        now = listed(desk.place).rows
        listing._listed.cache_clear()
        listing._LAST.clear()
        assert listed(desk.place).rows.equals(now)

    for place, key in enumerate(keys):
        step(f"/exceptions/{key}/decide", **VERDICT)
        step(f"/exceptions/{key}/decide", **{**VERDICT, "seen": str(2 * place + 1), "reason": "改"})
    step(f"/exceptions/{keys[0]}/undo", event="2", reason_to_reverse="看错")
    step(f"/ledger/{keys[1]}/recover", amount="0.50", on="2025-01-05", reference="银收1")
    step(f"/ledger/{keys[1]}/close", by="李四", proof="回单")
    last = listed(desk.place).rows.filter(pl.col("exception_id").is_in(keys)).sort("event_id")
    assert last["event_id"].to_list() == [1, 4, 6]
    assert last["is_closed"].to_list() == [False, True, False]
