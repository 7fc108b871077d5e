"""资料: names and sizes of what is dropped in, where it is written, and corrections by lists."""

from __future__ import annotations

import time
from io import BytesIO
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request

from recon.base.models import Text
from recon.base.texts import spoken
from recon.desk import app
from recon.desk.errors import DeskBusyError, UploadError
from recon.desk.files import KEY
from recon.desk.incoming import clean_way, put
from recon.desk.jobs import Job, Jobs
from recon.desk.survey import state_of, survey
from recon.workspace.recon_toml import load_config
from tests.desk.desk_support import at, browser, finished, opened

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.testclient import TestClient

    from recon.desk.visit import Desk


@pytest.mark.parametrize(
    ("way", "cleaned"),
    [
        ("代收.xlsx", "代收.xlsx"),
        ("2024/一季度/代收.csv", "2024/一季度/代收.csv"),
        ("2024\\代收.csv", "2024/代收.csv"),
        ("/etc/代收.csv", "etc/代收.csv"),
        ('a<b>:"|?*.csv', "a_b______.csv"),
        ("nul.csv", "_nul.csv"),
        ("代收\u202egpj.csv", "代收_gpj.csv"),
        ("  代收 .csv", "代收 .csv"),
    ],
)
def test_names_are_cleaned(way: str, cleaned: str) -> None:
    assert clean_way(way).as_posix() == cleaned


@pytest.mark.parametrize(
    "way",
    ["../a.csv", "a/../../b.csv", "..\\a.csv", "C:\\a.csv", "", "/", "a/" * 9 + "b.csv",
     "recon.toml", "Recon.TOML", "recon.key", "recon.sqlite", "sql/rules/x.csv", "rules/x.csv",
     "layouts/x.csv", "recon-out/latest.csv", ".hidden.csv", "a/.b/c.csv", "run.exe", "x.bat",
     "x.yaml", "x.sql", "noending"],
)  # fmt: skip
def test_names_that_lead_elsewhere_or_are_the_workspace_s_are_refused(way: str) -> None:
    with pytest.raises(UploadError):
        clean_way(way)


def test_a_long_name_keeps_its_ending() -> None:
    assert clean_way("长" * 300 + ".xlsx").name.endswith("长.xlsx")
    assert len(clean_way("长" * 300 + ".xlsx").name) == 120


def dropped(client: TestClient, way: str, content: bytes) -> str:
    answer = client.post("/files/upload", data={"way": way}, files={"file": ("x", content)},
                         follow_redirects=False)  # fmt: skip
    return str(answer.status_code)


def test_files_are_written_into_the_folder_and_never_over_others(tmp_path: Path) -> None:
    data = tmp_path / "资料"
    data.mkdir()
    desk, client = at(data)
    assert dropped(client, "甲/代收.csv", b"a,b\n1,2\n") == "303"
    assert (data / "甲" / "代收.csv").read_bytes() == b"a,b\n1,2\n"
    dropped(client, "甲/代收.csv", b"other")
    dropped(client, "../外.csv", b"x")
    assert (data / "甲" / "代收.csv").read_bytes() == b"a,b\n1,2\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["资料"]
    assert not list(data.rglob(".upload*"))
    assert desk.place.newest is None


def test_two_uploads_of_one_name_at_a_time_are_both_answered(tmp_path: Path) -> None:
    second: list[Path | None] = []

    class Slow(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if not second:
                second.append(None)
                second[0] = put(tmp_path, "代收.csv", UploadFile(BytesIO(b"1")))
            return super().read(size)

    assert put(tmp_path, "代收.csv", UploadFile(Slow(b"1"))) is None  # there by then
    assert second == [tmp_path / "代收.csv"]
    assert [path.name for path in tmp_path.iterdir()] == ["代收.csv"]


@pytest.mark.parametrize(
    ("fault", "status", "said"),
    [
        (OSError(28, "No space left on device"), 507, "No space left on device"),
        (ClientDisconnect(), 400, "连接中断"),
    ],
)
def test_a_form_that_does_not_come_in_has_its_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception, status: int, said: str
) -> None:
    _, client = at(tmp_path)

    async def form(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(Request, "form", form)
    answer = client.post("/files/upload", data={"way": "a.csv"})
    assert answer.status_code == status
    assert said in answer.text


def test_a_form_of_too_many_fields_has_its_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "_MOST_FIELDS", 2)
    _, client = at(tmp_path)
    answer = client.post("/lang", data={"lang": "en", "back": "/", "more": "x"})
    assert answer.status_code == 400
    assert "2 个栏目" in answer.text


def test_a_level_without_a_name_is_not_dropped(tmp_path: Path) -> None:
    _, client = at(tmp_path)
    answer = client.post("/check/run", data={"as_of": "2025-01-01", "own_level": "city"})
    assert answer.status_code == 422
    assert "改了级别，没有填名称" in answer.text
    assert not (tmp_path / "recon.toml").exists()


def test_a_link_leads_no_file_out_of_the_folder(tmp_path: Path) -> None:
    data, other = tmp_path / "data", tmp_path / "other"
    data.mkdir()
    other.mkdir()
    (data / "link").symlink_to(other, target_is_directory=True)
    _, client = at(data)
    dropped(client, "link/a.csv", b"1")
    assert not list(other.iterdir())


def surveyed(desk: Desk) -> list[dict[str, Any]]:
    """Let a desk know what its files are, without a process for it."""
    place = desk.place
    found = survey(place.data_dir, place.out_dir, lambda *_: None)
    desk.jobs._jobs[KEY] = SimpleNamespace(state="done", result=found, error=None)  # type: ignore[assignment]
    state = state_of(place.data_dir, place.out_dir, place.workspace / "layouts")
    desk.kept[KEY] = (*state, True, spoken())
    return list(found["sheets"])


COLUMNS = {
    "序": "", "名号": "payer_name", "税务号": "payer_uscc", "哪种": "item", "自": "period_from",
    "至": "period_to", "交了多少": "paid", "哪天": "treasury_on", "票子": "voucher_no",
}  # fmt: skip
UNKNOWN = (
    "序,名号,税务号,哪种,自,至,交了多少,哪天,票子\n"
    "1,示例<b>甲</b>公司,,工会经费,2024-03-01,2024-03-31,100.00,2024-04-10,Z00000001\n"
)


def test_an_unknown_file_is_mapped_by_lists(tmp_path: Path) -> None:
    (tmp_path / "甲<script>.csv").write_text(UNKNOWN, encoding="utf-8")
    desk, client = at(tmp_path)
    (sheet,) = surveyed(desk)
    assert sheet["table"] is None
    page = client.get("/files").text
    assert "甲<script>" not in page
    assert "甲&lt;script&gt;" in page
    part = client.get("/files/sheet", params={"file": sheet["file"]}).text
    assert "示例&lt;b&gt;" in part
    assert "交了多少" in part
    looked = client.post(
        "/files/look", data={"file": sheet["file"], "table": "tax_collection", "header_row": "1"}
    )
    assert "缴费人名称" in looked.text
    answer = client.post(
        "/files/answer",
        data={"file": sheet["file"], "table": "tax_collection", "header_row": "1", "as_layout": "1",
              "header": list(COLUMNS), "column": list(COLUMNS.values())},
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    (kept,) = load_config(tmp_path).sources
    assert (kept.table, kept.columns["交了多少"], kept.columns["序"]) == (
        "tax_collection",
        "paid",
        "",
    )
    assert "交了多少" in next((tmp_path / "layouts").iterdir()).read_text(encoding="utf-8")
    (again,) = surveyed(desk)
    assert (again["how"], again["table"], again["rows"]["accepted"]) == (
        "saved", "tax_collection", 1,
    )  # fmt: skip


def test_persons_in_samples_are_masked_until_that_is_asked_for_and_recorded(tmp_path: Path) -> None:
    text = "姓名,身份证号\n欧阳建国,990101199001011234\n"
    (tmp_path / "人员.csv").write_text(text, encoding="utf-8")
    desk, keys, _ = opened(tmp_path)
    client = browser(desk, keys)
    assert "990101199001011234" not in str(surveyed(desk)[0]["shown"])
    clear = survey(tmp_path, tmp_path / "recon-out", lambda *_: None, mask=False)
    assert "990101199001011234" in str(clear["sheets"][0]["shown"])
    assert client.post("/files/unmask", data={"by": "张三"}).status_code == 422
    other = browser(desk, keys)  # another window, whose rows stay masked
    clear_job = SimpleNamespace(state="done", result=clear, error=None)
    desk.jobs._jobs["survey_unmasked"] = clear_job  # type: ignore[assignment]
    state = state_of(tmp_path, tmp_path / "recon-out", tmp_path / "layouts")
    desk.kept["survey_unmasked"] = (*state, False, spoken())
    client.post("/files/unmask", data={"by": "=张三", "reason": "核对本人"})
    for window, is_clear in ((client, True), (other, False), (client, True)):
        assert window.get("/files").status_code == 200
        rows = window.get("/files/sheet", params={"file": "人员.csv"}).text
        assert ("990101199001011234" in rows) == is_clear
    said = (tmp_path / "recon-out" / "unmasked.csv").read_text(encoding="utf-8-sig")
    assert "'=张三,核对本人" in said


def late(seconds: float, tell: Any) -> str:
    tell("read", "甲.xlsx")
    time.sleep(seconds)
    if seconds > 1:
        return "late"
    raise UploadError("a", Text("错", "wrong"))


def test_a_stopped_check_leaves_no_rows_and_its_days_stay_in_the_form(tmp_path: Path) -> None:
    desk, client = at(tmp_path)
    (tmp_path / "recon.toml").touch()

    class Running:
        pid, begun, state, counts, error = 4321, 100.0, "running", {"read": 1}, None
        name, stage, detail, seconds = Text("核查", "check"), "read", "a.csv", 1

        def stop(self) -> None:
            self.state = "stopped"

    def start(_: str, make: object) -> None:
        assert callable(make)
        desk.jobs._jobs["check"] = Running()  # type: ignore[assignment]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Jobs, "start", lambda _, key, make: start(key, make))
        days = {"as_of": "2024-12-31", "from": "2024-02-01", "to": "2024-11-30", "select": "REM"}
        client.post("/check/run", data=days)
    work = tmp_path / "recon-out" / ".work-4321"
    work.mkdir(parents=True)
    (work / "rows.parquet").write_bytes(b"x")
    stopped = client.post("/check/stop").text
    assert "已停止，没有写出结果。" in stopped
    assert not work.exists()
    for value in days.values():
        assert f'value="{value}"' in stopped
    finished(tmp_path)  # as if it had ended just before
    Running.state = "running"
    assert "停止之前已经写出结果。" in client.post("/check/stop").text


def test_work_in_a_child_is_followed_refused_twice_and_stopped() -> None:
    jobs = Jobs()
    name = Text("核查", "the check")
    job = jobs.start("a", lambda: Job(name, "en", late, 600.0))
    with pytest.raises(DeskBusyError):
        jobs.start("a", lambda: Job(name, "en", late, 600.0))
    for _ in range(200):
        if job.stage:
            break
        time.sleep(0.1)
    assert (job.state, job.stage, job.detail) == ("running", "read", "甲.xlsx")
    jobs.stop_all()
    assert job.state == "stopped"
    assert not job._child.is_alive()
    failed = jobs.start("a", lambda: Job(name, "en", late, 0.0))
    failed.wait(60)
    assert failed.state == "failed"
    assert failed.error == Text("a: 没有收下（错）。", "a: not taken in (wrong).")
