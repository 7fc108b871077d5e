"""Deciding and undoing by command, red entries, proof, backup and restore of ledger and key."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from recon.base.paper import LEDGER_FILE
from recon.ledger.store import read_events
from recon.workspace.folder import KEY_FILE
from tests.cli.reviewed_support import FILLED, amount_of, fill, finished, found, run
from tests.cli.test_check import LATE, check
from tests.cli.test_check import folder as data_folder

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

YES = ("--verdict", "成立", "--by", "张三", "--on", "2024-12-30")
BACK = ("--on", "2025-01-10", "--ref", "银收12")


def ledger(place: Path, *words: object) -> Result:
    return run("ledger", *words, "--data", place)


def review(place: Path, *words: object) -> Result:
    return run("review", *words, "--data", place)


def decided(place: Path) -> str:
    finished(place)
    [wanted] = found()
    result = review(place, "decide", wanted, *YES, "--responsible", "王五")
    assert result.exit_code == 0, result.output
    return wanted


def checked(tmp_path: Path) -> Path:
    """Return a data folder with a finished run and a decision, checked again since."""
    data = data_folder(tmp_path, LATE)
    assert check(data).exit_code == 0
    ids = [line.split(",")[0] for line in _listed(data)]
    assert review(data, "decide", *ids, *YES).exit_code == 0
    assert check(data).exit_code == 0
    return data


def test_an_output_folder_alone_tells_its_data_folder_or_asks_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, elsewhere = checked(tmp_path), tmp_path / "elsewhere"
    (elsewhere / "out").mkdir(parents=True)
    monkeypatch.chdir(elsewhere)
    told = run("ledger", "list", "--out", data / "recon-out")
    assert (told.exit_code, told.output) == (0, ledger(data, "list").output)
    (elsewhere / LEDGER_FILE).touch()
    both = run("ledger", "list", "--out", data / "recon-out")
    assert (both.exit_code, "请用 --data 指定资料目录" in both.output) == (2, True)
    (elsewhere / LEDGER_FILE).unlink()
    monkeypatch.chdir(data)
    assert run("ledger", "list", "--out", "recon-out").output == told.output
    monkeypatch.chdir(elsewhere)
    asked = run("review", "undo", "1", "--out", elsewhere / "out")
    assert asked.exit_code == 2
    assert "请用 --data 指定资料目录" in asked.output
    assert not (elsewhere / LEDGER_FILE).exists()


def _listed(data: Path) -> list[str]:
    [path] = (data / "recon-out").glob("*/exceptions.csv")
    return path.read_text(encoding="utf-8-sig").splitlines()[1:]


def test_a_decision_by_command_is_the_event_of_an_import(tmp_path: Path) -> None:
    (tmp_path / "A").mkdir()
    (tmp_path / "B").mkdir()
    one, two = found(count=2)
    filled = fill(finished(tmp_path / "A"), tmp_path / "x.xlsx", dict.fromkeys((one, two), FILLED))
    assert review(tmp_path / "A", "import", filled).exit_code == 0
    finished(tmp_path / "B")
    words = (*YES, "--reason", "核对一致", "--responsible", "王五")
    result = review(tmp_path / "B", "decide", one[:8], two, *words)
    assert (result.exit_code, "成立" in result.output) == (0, True), result.output
    a, b = (read_events(tmp_path / name / LEDGER_FILE) for name in "AB")
    plain = [
        {(each.kind, each.exception_id, each.run_id, *sorted(
            (key, value) for key, value in each.payload.items() if key != "source"
        )) for each in events}
        for events in (a, b)
    ]  # fmt: skip
    assert plain[0] == plain[1]
    again = review(tmp_path / "B", "decide", one, *words)
    assert again.exit_code == 0
    assert len(read_events(tmp_path / "B" / LEDGER_FILE)) == 2


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("ffff0000", *YES), "没有这条例外"),
        (("{id}", "ffff0000", *YES), "没有这条例外"),
        (("{id}", "--verdict", "部分成立"), "大于 0 的认定金额"),
        (("{id}", "--verdict", "成立", "--amount", "99999999"), "大于例外金额"),
        (("{id}", "--verdict", "不成立", "--amount", "1"), "不能有认定金额"),
        (("{id}", *YES[:4], "--on", "2099-01-01"), "晚于今天"),
        (("{id}", *YES[:4], "--on", "昨天"), "不是日期"),
        (("{id}",), "--verdict"),
        (("{id}", "--verdict", "对的"), "--verdict"),
    ],
)
def test_status_2_where_a_decision_does_not_fit(
    tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    finished(tmp_path)
    [wanted] = found()
    result = review(tmp_path, "decide", *(word.replace("{id}", wanted) for word in words))
    assert (result.exit_code, sentence in result.output) == (2, True), result.output
    assert not (tmp_path / LEDGER_FILE).exists()


def test_undo_brings_the_decision_before_back_and_deletes_nothing(tmp_path: Path) -> None:
    wanted = decided(tmp_path)
    assert review(tmp_path, "decide", wanted, "--verdict", "不成立").exit_code == 0
    result = review(tmp_path, "undo", 2)
    assert (result.exit_code, "现在: 成立" in result.output) == (0, True), result.output
    assert len(read_events(tmp_path / LEDGER_FILE)) == 3
    assert "不成立" not in ledger(tmp_path, "list").output
    shown = ledger(tmp_path, "history", wanted).output
    assert ("冲销" in shown, "不成立" in shown) == (True, True)
    again = review(tmp_path, "undo", 2)
    assert (again.exit_code, "已经撤回过" in again.output) == (2, True)
    first = review(tmp_path, "undo", 1)
    assert (first.exit_code, "没有结论" in first.output) == (0, True), first.output


def test_an_undone_decision_does_not_come_back_by_the_same_workbook(tmp_path: Path) -> None:
    path, [wanted] = finished(tmp_path), found()
    filled = fill(path, tmp_path / "A.xlsx", {wanted: FILLED})
    assert review(tmp_path, "import", filled).exit_code == 0
    assert review(tmp_path, "undo", 1).exit_code == 0
    result = review(tmp_path, "import", filled)
    assert (result.exit_code, "被替换或撤销" in result.output) == (1, True), result.output
    assert len(read_events(tmp_path / LEDGER_FILE)) == 2


def test_a_wrong_recovery_is_taken_back_by_a_red_entry(tmp_path: Path) -> None:
    wanted = decided(tmp_path)
    assert ledger(tmp_path, "recover", wanted, amount_of(wanted), *BACK).exit_code == 0
    stuck = review(tmp_path, "undo", 1)
    assert (stuck.exit_code, "记在它上面" in stuck.output) == (2, True), stuck.output
    result = ledger(tmp_path, "reverse", 2, "--reason", "记错了户")
    assert (result.exit_code, "已冲销" in result.output) == (0, True), result.output
    assert ledger(tmp_path, "recover", wanted, "1.00", *BACK).exit_code == 0
    assert "1.00" in ledger(tmp_path, "list").output
    repeated = ledger(tmp_path, "recover", wanted, "1.00", *BACK)
    assert (repeated.exit_code, "已经记过" in repeated.output) == (2, True)
    assert ledger(tmp_path, "close", wanted, "--by", "李四", "--proof", "回单").exit_code == 0
    closed = ledger(tmp_path, "reverse", 4, "--reason", "x")
    assert (closed.exit_code, "先用 recon ledger reopen" in closed.output) == (2, True)
    assert ledger(tmp_path, "reverse", 5, "--reason", "回单是伪造的").exit_code == 0
    assert wanted in ledger(tmp_path, "list", "--open").output


@pytest.mark.parametrize(
    ("number", "reason", "sentence"),
    [(99, "错", "没有这一号"), (1, " ", "没有原因"), (2, "错", "不能这样撤回")],
)
def test_status_2_for_what_cannot_be_reversed(
    tmp_path: Path, number: int, reason: str, sentence: str
) -> None:
    decided(tmp_path)
    named = ledger(tmp_path, "alias", "某县实业公司", "91450881MA5K000121", "--by", "张三")
    assert named.exit_code == 0, named.output
    result = ledger(tmp_path, "reverse", number, "--reason", reason)
    assert (result.exit_code, sentence in result.output) == (2, True), result.output
    assert len(read_events(tmp_path / LEDGER_FILE)) == 2
    other = review(tmp_path, "undo", 2)
    assert (other.exit_code, "不能这样撤回" in other.output) == (2, True)


def test_verify_says_whole_and_finds_a_printed_head(tmp_path: Path) -> None:
    data = checked(tmp_path)
    head = read_events(data / LEDGER_FILE)[-1].digest
    [record] = (data / "recon-out").glob("*/run.json")
    said = json.loads(record.read_text(encoding="utf-8"))["ledger"]
    assert said == {"events": len(read_events(data / LEDGER_FILE)), "head": head}
    result = ledger(data, "verify")
    assert (result.exit_code, "完好" in result.output, head in result.output) == (0, True, True)
    assert ledger(data, "verify", "--head", head[:12]).exit_code == 0
    result = ledger(data, "verify", "--head", "f" * 12)
    assert (result.exit_code, "没有这个校验值" in result.output) == (1, True)
    assert ledger(data, "verify", "--head", head[:3]).exit_code == 1


@pytest.mark.hostile(
    "a ledger that was altered", "check, ledger and review stop and name the event"
)
def test_status_2_names_the_first_altered_event_everywhere(tmp_path: Path) -> None:
    data = checked(tmp_path)
    with closing(sqlite3.connect(data / LEDGER_FILE)) as connection:
        connection.execute("drop trigger event_never_changes")
        connection.execute("update event set payload = '{}' where event_id = 1")
        connection.commit()
    for words in (("ledger", "verify"), ("ledger", "list"), ("review", "undo", "1")):
        result = run(*words, "--data", data)
        assert (result.exit_code, "第 1 号" in result.output) == (2, True), result.output
    result = check(data)
    assert (result.exit_code, "第 1 号" in result.output) == (2, True), result.output


@pytest.mark.hostile(
    "an old copy of the ledger, or none",
    "check, ledger and review stop and name the run that saw more",
)
def test_an_old_copy_or_no_ledger_at_all_is_noticed(tmp_path: Path) -> None:
    data = data_folder(tmp_path, LATE)
    assert check(data).exit_code == 0
    ids = [line.split(",")[0] for line in _listed(data)]
    assert review(data, "decide", *ids, *YES).exit_code == 0
    shutil.copy(data / LEDGER_FILE, tmp_path / "old")
    assert review(data, "decide", *ids, "--verdict", "不成立").exit_code == 0
    assert check(data).exit_code == 0
    newer = (data / LEDGER_FILE).read_bytes()
    shutil.copy(tmp_path / "old", data / LEDGER_FILE)
    for result in (check(data), ledger(data, "verify"), review(data, "undo", 1)):
        assert (result.exit_code, "换成了旧的" in result.output) == (2, True), result.output
    (data / LEDGER_FILE).unlink()
    for result in (check(data), ledger(data, "list")):
        assert (result.exit_code, "台账被移走" in result.output) == (2, True), result.output
    (data / LEDGER_FILE).write_bytes(newer)
    assert check(data).exit_code == 0


def test_what_was_booked_since_the_last_run_is_missed_too(tmp_path: Path) -> None:
    data = data_folder(tmp_path, LATE)
    assert check(data).exit_code == 0
    ids = [line.split(",")[0] for line in _listed(data)]
    assert review(data, "decide", *ids, *YES).exit_code == 0
    old = (data / LEDGER_FILE).read_bytes()
    assert ledger(data, "backup", tmp_path / "b.zip").exit_code == 0
    assert review(data, "decide", *ids, "--verdict", "不成立").exit_code == 0
    [book] = (data / "recon-out").glob("*/exceptions.xlsx")
    filled = fill(book, tmp_path / "x.xlsx", dict.fromkeys(ids, FILLED))
    for bytes_there in (old, None):
        (data / LEDGER_FILE).unlink()
        if bytes_there is not None:
            (data / LEDGER_FILE).write_bytes(bytes_there)
        for result in (
            check(data),
            ledger(data, "verify"),
            review(data, "decide", *ids, *YES),
            review(data, "import", filled),
        ):
            assert (result.exit_code, "上次记账后" in result.output) == (2, True), result.output
    assert ledger(data, "restore", tmp_path / "b.zip").exit_code == 0
    assert "上次记账后" in check(data).output
    assert ledger(data, "restore", tmp_path / "b.zip", "--replace").exit_code == 0
    assert check(data).exit_code == 0


def test_backup_and_restore_of_ledger_and_key_together(tmp_path: Path) -> None:
    data = checked(tmp_path)
    kept = {name: (data / name).read_bytes() for name in (LEDGER_FILE, KEY_FILE)}
    events = read_events(data / LEDGER_FILE)
    target = tmp_path / "备份.zip"
    result = ledger(data, "backup", target)
    assert (result.exit_code, "已备份" in result.output) == (0, True), result.output
    again = ledger(data, "backup", target)
    assert (again.exit_code, "没有覆盖" in again.output) == (2, True)
    for name in kept:
        (data / name).unlink()
    result = check(data)
    assert (result.exit_code, "recon ledger restore" in result.output) == (2, True), result.output
    result = ledger(data, "restore", target)
    assert (result.exit_code, "已恢复" in result.output) == (0, True), result.output
    assert read_events(data / LEDGER_FILE) == events
    assert (data / KEY_FILE).read_bytes() == kept[KEY_FILE]
    assert check(data).exit_code == 0


def test_restore_loses_nothing_unasked(tmp_path: Path) -> None:
    data = checked(tmp_path)
    target = tmp_path / "备份.zip"
    assert ledger(data, "backup", target).exit_code == 0
    ids = [line.split(",")[0] for line in _listed(data)]
    assert review(data, "decide", *ids, "--verdict", "不成立").exit_code == 0
    newer = (data / LEDGER_FILE).read_bytes()
    result = ledger(data, "restore", target)
    assert (result.exit_code, "备份里没有的记录" in result.output) == (2, True), result.output
    assert (data / LEDGER_FILE).read_bytes() == newer
    result = ledger(data, "restore", target, "--replace")
    assert result.exit_code == 0, result.output
    [aside] = data.glob(f"{LEDGER_FILE}.*.before-restore")
    assert aside.read_bytes() == newer
    (data / KEY_FILE).write_text("f" * 64, encoding="ascii")
    result = ledger(data, "restore", target)
    assert (result.exit_code, "密钥不同" in result.output) == (2, True), result.output


def test_a_broken_ledger_is_replaced_by_a_backup(tmp_path: Path) -> None:
    data = checked(tmp_path)
    target = tmp_path / "备份.zip"
    assert ledger(data, "backup", target).exit_code == 0
    (data / LEDGER_FILE).write_bytes(b"broken" * 1000)
    assert ledger(data, "restore", target).exit_code == 0
    assert ledger(data, "verify").exit_code == 0


def test_status_2_for_what_is_no_backup_and_nothing_to_back_up(tmp_path: Path) -> None:
    data = checked(tmp_path)
    target = tmp_path / "备份.zip"
    assert ledger(data, "backup", target).exit_code == 0
    before = (data / LEDGER_FILE).read_bytes()
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(target) as source, zipfile.ZipFile(other, "w") as forged:
        for name in source.namelist():
            data_of = source.read(name)
            forged.writestr(name, b"f" * 64 if name == KEY_FILE else data_of)
    (tmp_path / "none.zip").write_bytes(b"no zip")
    bent = bytearray(target.read_bytes())
    middle = len(bent) // 2
    bent[middle : middle + 200] = b"\xff" * 200
    (tmp_path / "bent.zip").write_bytes(bent)
    for wrong in (other, *(tmp_path / f"{name}.zip" for name in ("none", "bent", "gone"))):
        result = ledger(data, "restore", wrong, "--replace")
        assert (result.exit_code, "没有改" in result.output) == (2, True), result.output
    assert (data / LEDGER_FILE).read_bytes() == before
    (tmp_path / "空").mkdir()
    result = ledger(tmp_path / "空", "backup", tmp_path / "b.zip")
    assert (result.exit_code, "还没有台账或密钥" in result.output) == (2, True)
    result = ledger(data, "backup", tmp_path / "none" / "b.zip")
    assert (result.exit_code, "写不进去" in result.output) == (2, True), result.output


@pytest.mark.hostile(
    "a key that is lost, short, a folder, a dangling link or another",
    "check stops and says what to do",
)
@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (lambda key: key.unlink(), "密钥不见了"),
        (lambda key: key.write_text("x", encoding="ascii"), "太短"),
        (lambda key: (key.unlink(), key.mkdir()), "不是文件"),
        (lambda key: (key.unlink(), key.symlink_to("nowhere")), "不是文件"),
        (lambda key: key.write_text("f" * 64, encoding="ascii"), "不是运行"),
    ],
    ids=["lost", "one character", "a folder", "a dangling link", "another one"],
)
def test_status_2_for_a_key_that_is_not_the_one_of_the_runs(
    tmp_path: Path, harm: object, sentence: str
) -> None:
    data = checked(tmp_path)
    assert callable(harm)
    harm(data / KEY_FILE)
    result = check(data)
    assert (result.exit_code, sentence in result.output) == (2, True), result.output
    assert not (data / "recon-out" / KEY_FILE).exists()


def test_a_ledger_alone_demands_its_key(tmp_path: Path) -> None:
    data = checked(tmp_path)
    shutil.rmtree(data / "recon-out")
    (data / KEY_FILE).unlink()
    result = check(data)
    assert (result.exit_code, "密钥不见了" in result.output) == (2, True), result.output
