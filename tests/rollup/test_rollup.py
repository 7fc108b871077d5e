"""`recon rollup` over a made region: sums to the fen, what is planted, what fails, what is kept."""

from __future__ import annotations

import csv
import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote, unquote

import openpyxl
import polars as pl
import pytest
from click.testing import CliRunner, Result

from bench.region import make_region
from recon.base.kept import file_hash
from recon.base.texts import DIRECTIONS
from recon.cli import cli
from recon.ledger.by_hand import decide
from recon.ledger.steps import Ledger
from recon.ledger.store import ledger_path
from recon.report.register import write_listing, write_register
from recon.report.standing import read_standing
from recon.rollup import turns
from recon.rollup.counties import County, city_key, find_counties
from recon.rollup.errors import CityKeyError, CityUnbalancedError, NoCountiesError
from recon.rollup.figures import CountyRun, proof_of
from recon.rollup.papers import City
from recon.rollup.register import register_of
from recon.rollup.turns import Answer, share_of
from recon.rollup.years import courses, fate_of
from recon.workspace.folder import latest_run
from recon.workspace.kept_run import sealed

AS_OF = "2025-06-30"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three counties rolled up, one with a file that is none; a fourth has nothing to read."""
    folder = make_region(tmp_path_factory.mktemp("region") / "某市", 3, 0)
    broken = folder / "县99"
    broken.mkdir()
    (broken / "recon.toml").write_text("[check\n", encoding="utf-8")
    (folder / "县02" / "坏.xlsx").write_bytes(b"no workbook")
    config = folder / "县03" / "recon.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("from = 2024-01-01", "from = 2023-01-01"), encoding="utf-8")
    result = CliRunner().invoke(cli, ["rollup", str(folder), "--as-of", AS_OF, "--years"])
    assert result.exit_code == 2, result.output
    assert "1 个文件没有读，见“注意”。各县审查期间不同" in result.output
    assert "（参数未确认 " in result.output
    assert "县99" in result.output
    assert "4 个县（区），3 个有结果，1 个没有" in result.output
    return folder


def _cells(path: Path, sheet: str) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(path)
    return [tuple(cell.value for cell in row) for row in book[sheet].iter_rows()]


def test_every_figure_adds_up_to_the_counties_own_to_the_fen(city: Path) -> None:
    control = json.loads((city / "recon-rollup" / "control.json").read_text(encoding="utf-8"))
    assert [one["county"] for one in control["failed"]] == ["县99"]
    own: dict[str, Decimal] = {}
    rows = 0
    for one in control["counties"]:
        run = city / one["county"] / "recon-out" / one["run_id"]
        frame = pl.read_parquet(run / "exceptions.parquet")
        rows += frame.height
        for direction, amount in frame.filter("counted").select("direction", "amount").iter_rows():
            own[direction] = own.get(direction, Decimal(0)) + amount
    assert {one["direction"]: Decimal(one["amount"]) for one in control["city"]} == own
    assert control["exceptions"] == rows
    assert all(
        each["stated"] == each["summed"]
        for one in control["counties"]
        for each in one["directions"]
    )


def test_what_is_confirmed_and_what_was_not_read_stands_beside_the_sums(city: Path) -> None:
    control = json.loads((city / "recon-rollup" / "control.json").read_text(encoding="utf-8"))
    own: dict[str, list[float]] = {}
    for one in control["counties"]:
        path = city / one["county"] / "recon-out" / one["run_id"] / "run.json"
        for each in json.loads(path.read_text(encoding="utf-8"))["totals"]:
            sums = own.setdefault(DIRECTIONS[each["direction"]].zh, [0.0, 0.0])
            sums[0] += float(each["confirmed"])
            sums[1] += float(each["unconfirmed"])
    book = city / "recon-rollup" / "rollup.xlsx"
    whole = [row for row in _cells(book, "县×方向") if row[0] == "合计"]
    assert whole
    for _, direction, _, confirmed, unconfirmed, total in whole:
        assert [confirmed, unconfirmed] == pytest.approx(own[str(direction)])
        assert total == pytest.approx(sum(own[str(direction)]))
    assert [(row[0], row[4]) for row in _cells(book, "汇总")[2:]] == [
        ("县01", 0), ("县02", 1), ("县03", 0), ("县99", None), ("合计", 1)
    ]  # fmt: skip
    (said,) = [str(row[1]) for row in _cells(book, "注意") if "坏.xlsx" in str(row[1])]
    assert said.startswith("没有读：坏.xlsx")
    assert "车辆台账" in {row[1] for row in _cells(book, "覆盖")}


def test_each_line_leads_to_the_countys_workbook(city: Path) -> None:
    book = openpyxl.load_workbook(city / "recon-rollup" / "rollup.xlsx")
    links = {
        cell.hyperlink.target
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.hyperlink is not None
    }
    assert len(links) == 3
    page = (city / "recon-rollup" / "rollup.html").read_text(encoding="utf-8")
    links |= (found := set(re.findall(r'<a href="(\.\.[^"]+)">县\d', page)))
    assert len(found) == 3
    for target in links:
        assert (city / "recon-rollup" / unquote(target).replace("\\", "/")).is_file()


def test_all_that_is_planted_is_found_and_nothing_beyond(city: Path) -> None:
    rows = _cells(city / "recon-rollup" / "rollup.xlsx", "跨县线索")[2:]
    found = sorted((str(row[1]), str(row[3]), str(row[4])) for row in rows)
    with (city / "truth.csv").open(encoding="utf-8") as file:
        planted = sorted(tuple(row) for row in list(csv.reader(file))[1:])
    assert found == planted


def test_no_identity_stands_in_the_citys_folder(city: Path) -> None:
    for path in (city / "recon-rollup").rglob("*.parquet"):
        text = str(pl.read_parquet(path).to_dicts())
        assert "99000019850" not in text
        assert "甲子" not in text
    assert not list((city / "recon-rollup").rglob("*.task.json"))


def test_a_county_run_as_a_job_of_its_own_is_kept_by_the_roll_up(city: Path) -> None:
    out = city / "recon-rollup"
    papers = {path: path.read_bytes() for path in out.glob("*.*")}
    one, *_ = find_counties(city, out)
    (out / "counties" / f"{one.slug}.kept.json").unlink()

    def only(*names: str) -> Result:
        words = [word for name in names for word in ("--only", name)]
        return CliRunner().invoke(cli, ["rollup", str(city), "--as-of", AS_OF, *words])

    first, again, failed = only("县01/"), only("县01", "县02"), only("县99")
    assert (first.exit_code, again.exit_code, failed.exit_code) == (0, 0, 2)
    assert "县01: 完成" in first.output
    assert again.output.count("没有变化，沿用上次结果") == 2
    assert "[check" in failed.output or "recon.toml" in failed.output
    assert {path: path.read_bytes() for path in out.glob("*.*")} == papers
    unknown = only("县7")
    assert unknown.exit_code == 2
    assert "--only 县7: 没有这个县（区）" in unknown.output
    assert "县01, 县02" in unknown.output


def test_what_has_not_changed_is_kept_and_gives_equal_papers(city: Path) -> None:
    before = (city / "recon-rollup" / "rollup.xlsx").read_bytes()
    (city / "recon-rollup" / "rollup.html").write_text("edited", encoding="utf-8")
    (city / "县99" / "recon.toml").unlink()
    result = CliRunner().invoke(cli, ["rollup", str(city), "--as-of", AS_OF])
    assert result.exit_code in (0, 1), result.output
    assert result.output.count("没有变化，沿用上次结果") == 3
    assert before != (city / "recon-rollup" / "rollup.xlsx").read_bytes()  # 县99 is gone
    assert (city / "recon-rollup" / "rollup.html").read_text(encoding="utf-8") == "edited"
    for name in ("rollup-2.html", "brief.docx", "register.xlsx"):
        assert str(city / "recon-rollup" / name) in result.output
        assert (city / "recon-rollup" / name).stat().st_size > 1000


def test_jobs_that_begin_at_once_share_one_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = city_key(tmp_path)
    is_file = Path.is_file
    with monkeypatch.context() as patch:  # another job's file is made after one has looked
        patch.setattr(Path, "is_file", lambda self: self.suffix != ".key" and is_file(self))
        assert city_key(tmp_path) == first
    assert [path.name for path in tmp_path.iterdir()] == ["rollup.key"]


def test_a_folder_without_counties_says_what_a_county_is(tmp_path: Path) -> None:
    with pytest.raises(NoCountiesError, match="recon init") as told:
        find_counties(tmp_path, tmp_path / "out")
    assert "recon init" in told.value.text.en


def test_a_workspace_inside_a_county_and_the_citys_own_settings_are_no_counties(
    tmp_path: Path,
) -> None:
    for place in (".", "甲", "甲/乡", "甲/recon-out/x", "out/y"):
        (tmp_path / place).mkdir(parents=True, exist_ok=True)
        (tmp_path / place / "recon.toml").touch()
    assert [one.name for one in find_counties(tmp_path, tmp_path / "out")] == ["甲"]


def test_a_county_whose_record_and_exceptions_differ_is_not_added_up() -> None:
    rows = pl.DataFrame(
        {"category": ["counted"], "direction": ["pay_in"], "amount": [Decimal("1.00")]},
        schema_overrides={"amount": pl.Decimal(18, 2)},
    )
    totals = [{"direction": "pay_in", "confirmed": "0.40", "unconfirmed": "0.59"}]
    county = CountyRun("甲", Path(), {"totals": totals}, {}, rows, rows)
    (one,) = proof_of(county)
    assert (one["stated"], one["summed"]) == ("0.99", "1.00")
    error = CityUnbalancedError("甲", one["direction"], one["stated"], one["summed"])
    assert "0.99" in error.text.zh
    assert "1.00" in error.text.en


def test_a_broken_city_key_is_named(tmp_path: Path) -> None:
    key = city_key(tmp_path)
    assert city_key(tmp_path) == key
    (tmp_path / "rollup.key").write_text("短", encoding="utf-8")
    with pytest.raises(CityKeyError, match=r"rollup\.key"):
        city_key(tmp_path)


def test_counties_share_memory_and_go_fewer_at_a_time_where_it_is_short() -> None:
    share = share_of(None, "1GB", 40)
    assert (share.jobs, share.memory) == (1, "1024MB")
    assert share_of(4, "8GB", 40).memory == "2048MB"
    assert share_of(4, None, 2).jobs == 2


@pytest.mark.parametrize("change", ["代收.csv", "recon.toml"])
def test_an_answer_whose_files_moved_meanwhile_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    county = County("甲", tmp_path / "甲")
    county.folder.mkdir()
    (county.folder / "recon.toml").touch()
    out = tmp_path / "out"
    changes = iter([change, "recon.key"])

    def run(*_: object) -> Answer:
        (county.folder / next(changes)).write_text("new", encoding="utf-8")
        return Answer(county, county.runs / "r", out / "counties" / f"{county.slug}.parquet")

    monkeypatch.setattr(turns, "_run", run)
    kept = out / "counties" / f"{county.slug}.kept.json"
    for is_kept in (False, True):  # a key is made by the first run itself
        turns.run_counties([county], date(2025, 1, 1), b"k", out, share_of(1, None, 1), print)
        assert kept.is_file() == is_kept


def test_a_county_that_goes_away_while_it_runs_ends_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(county: County, *_: object) -> Answer:
        return Answer(county, county.runs / "r", county.runs / "r.parquet")

    def gone(_: County) -> dict[str, str]:
        if seen:
            raise OSError
        seen.append(1)
        return {}

    seen: list[int] = []
    monkeypatch.setattr(turns, "_run", run)
    monkeypatch.setattr(turns, "files_of", gone)
    county = County("甲", tmp_path)
    (answer,) = turns.run_counties(
        [county], date(2025, 1, 1), b"k", tmp_path / "out", share_of(1, None, 1), print
    )
    assert answer.is_fresh
    assert not list((tmp_path / "out").rglob("*.kept.json"))


def _year(county: County, year: int, rows: list[tuple[str | None, str]], **ran: str) -> None:
    """Write a run of a year: party and name of REM-01's exceptions, and what the rules say."""
    run = county.runs / f"{year}{len(ran)}"
    run.mkdir(parents=True)
    pl.DataFrame(
        [(party, name, "REM-01", Decimal(5), f"{year}-03", None) for party, name in rows],
        schema={"party_id": pl.String, "party_name": pl.String, "rule": pl.String,
                "amount": pl.Decimal(18, 2), "period": pl.String, "linked_to": pl.String},
        orient="row",
    ).write_parquet(run / "exceptions.parquet")  # fmt: skip
    rules = [{"rule": name.replace("_", "-"), "status": status} for name, status in ran.items()]
    record = {
        "as_of": f"{year + 1}-06-{len(ran):02d}", "period_from": f"{year}-01-01",
        "period_to": f"{year}-12-31", "rules": rules,
    }  # fmt: skip
    hashes = {"exceptions.parquet": file_hash(run / "exceptions.parquet")}
    (run / "run.json").write_text(json.dumps(sealed(record, hashes)), encoding="utf-8")


def test_a_rule_that_did_not_run_cures_nobody_and_a_new_name_is_no_new_unit(tmp_path: Path) -> None:
    county = County("甲", tmp_path)
    _year(county, 2023, [("p", "旧名"), (None, "无码")], REM_01="exceptions")
    _year(county, 2024, [("p", "新名")], REM_01="exceptions")
    _year(county, 2024, [], REM_01="ignored", REM_02="clean")  # a later run that left it out
    _year(county, 2025, [], REM_01="not_run", REM_02="clean", REM_03="clean")
    years, found = courses([county])
    assert years == (2023, 2024, 2025)
    five, zero = Decimal(5), Decimal(0)
    assert [(one.party, one.fate, one.sums) for one in found] == [
        ("新名", "going_on", (five, five, None)),
        ("无码", "cured", (five, zero, None)),
    ]


@pytest.mark.parametrize(
    ("present", "sums", "fate"),
    [
        ((True, False, True), (5, 0, 5), "back"),
        ((True, None, True), (5, None, 6), "growing"),
        ((True, True), (6, 5), "going_on"),
        ((True, True, False), (5, 5, 0), "cured"),
        ((False, True), (0, 5), "new"),
        ((True,), (5,), "single"),
        ((None, True, None), (None, 5, None), "single"),
    ],
)
def test_what_became_of_a_unit_over_the_years(
    present: tuple[bool | None, ...], sums: tuple[int | None, ...], fate: str
) -> None:
    money = tuple(None if one is None else Decimal(one) for one in sums)
    assert fate_of(present, money) == fate


def test_the_register_is_the_counties_own_registers_in_one(city: Path, tmp_path: Path) -> None:
    out = city / "recon-rollup"
    answers = []
    for county in find_counties(city, out):
        if (run := latest_run(county.runs)) is None:
            continue
        answers.append(Answer(county, run))
        exceptions = pl.read_parquet(run / "exceptions.parquet")
        first = exceptions.sort("exception_id")["exception_id"][0]
        said = {"verdict": "成立", "reviewer": "张三", "reviewed_on": "2025-07-01"}
        ledger = Ledger(ledger_path(county.folder, county.runs), county.runs)
        decide(ledger, [first], said, datetime(2025, 7, 2, tzinfo=UTC))
    links = {one.county.name: f"../{quote(one.county.name)}/x.xlsx" for one in answers}
    listing = register_of(City("某市", date(2025, 6, 30), tuple(answers), (), ()), links)
    write_listing(listing, tmp_path / "city.xlsx")
    for sheet, findings in (("整改台账", True), ("待核实线索", False)):
        own = []
        for one in answers:
            standing = read_standing(one.run, one.county.folder, one.county.runs)  # type: ignore[arg-type]
            write_register(standing, tmp_path / "own.xlsx")
            head, *rows = _cells(tmp_path / "own.xlsx", sheet)
            own += [
                {**dict(zip(head, row, strict=True)), "县（区）": one.county.name} for row in rows
            ]
        head, *rows = _cells(tmp_path / "city.xlsx", sheet)
        whole = [dict(zip(head, row, strict=True)) for row in rows]
        assert [row.pop("序号") for row in whole] == list(range(1, len(own) + 1))
        assert [{k: v for k, v in row.items() if k != "序号"} for row in own] == whole
        assert len(own) > 3 - findings
        book = openpyxl.load_workbook(tmp_path / "city.xlsx")
        for row in book[sheet].iter_rows(min_row=2, max_col=2):
            assert row[1].hyperlink.target == links[str(row[1].value)]
