"""Every reason to refuse a file has a case, and its sentence names the file and what to do."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msoffcrypto
import pytest
import xlsxwriter
import xlwt

from recon.base.errors import InputsMovedError
from recon.base.models import ReadLimits
from recon.intake.formats import child, content
from recon.intake.formats import worker as worker_module
from recon.intake.formats.decrypt import decrypt as open_encrypted
from recon.intake.formats.detect import OLE
from recon.intake.formats.reader import read_file, read_files
from recon.intake.formats.refusals import SENTENCES, RefusedError, sentence
from recon.intake.formats.worker import ReaderStartError, Worker

if TYPE_CHECKING:
    from collections.abc import Callable

    from recon.intake.formats.reader import FileRead

    Read = Callable[..., FileRead]


LIMITS = ReadLimits(memory=1024**3, seconds=60)


def simple(made: xlsxwriter.Workbook) -> None:
    made.add_worksheet().write(0, 0, "x")


def book(fill: Callable[[xlsxwriter.Workbook], object] = simple, creator: str = "") -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        made.set_properties({"author": creator})
        fill(made)
    return out.getvalue()


def changed(source: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(source)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            body = old.read(name)
            new.writestr(name, change(body) if name == part else body)
    return out.getvalue()


def stray(made: xlsxwriter.Workbook) -> None:
    sheet = made.add_worksheet("甲")
    sheet.write(0, 0, "a")
    sheet.write(1_048_575, 16_383, "z")


def many_sheets(made: xlsxwriter.Workbook) -> None:
    for number in range(2001):
        made.add_worksheet(f"s{number}")


def garbled() -> bytes:
    made, out = xlwt.Workbook(), io.BytesIO()
    made.add_sheet("甲").write(0, 0, "a\0b\0")
    made.save(out)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
ENTITY = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><worksheet'
XML = b'<?xml version="1.0"?>%s<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
ENCRYPTED = OLE + bytes(512) + "EncryptedPackage".encode("utf-16-le")
BOMB = bytes(70 * 1024**2)

CASES: dict[str, tuple[str, bytes, str]] = {
    "empty": ("a.xlsx", b"", "empty"),
    "cut xlsx": ("a.xlsx", book()[:3000], "truncated"),
    "cut gz": ("a.csv.gz", gzip.compress(b"a,b\n" * 999)[:30], "truncated"),
    "broken gz": ("a.csv.gz", gzip.compress(b"a,b\n" * 999)[:12] + b"\xff" * 40, "corrupt"),
    "cut zip": ("a.zip", b"PK\x03\x04" + bytes(40), "truncated"),
    "broken sheet": ("a.xlsx", changed(book(), SHEET, lambda _: b"<worksheet><sheetD"), "corrupt"),
    "no workbook": ("a.xlsx", changed(book(), "xl/workbook.xml", lambda _: b"rubbish"), "corrupt"),
    "broken xls": ("a.xls", OLE + bytes(2000), "corrupt"),
    "broken xml sheet": ("a.xls", XML % b"<" + b"<", "corrupt"),
    "encrypted": ("a.xlsx", ENCRYPTED, "encrypted"),
    "entities in a sheet": (
        "a.xlsx",
        changed(book(), SHEET, lambda body: body.replace(b"<worksheet", ENTITY)),
        "entities",
    ),
    "entities in xml": ("a.xls", XML % b"<!DOCTYPE x []>", "entities"),
    "stray cell": ("a.xlsx", book(stray), "oversized"),
    "many sheets": ("a.xlsx", book(many_sheets), "sheets"),
    "bomb in xlsx": ("a.xlsx", changed(book(), SHEET, lambda body: body + BOMB), "bomb"),
    "bomb in gz": ("a.csv.gz", gzip.compress(BOMB), "bomb"),
    "biff4": ("a.xls", b"\x09\x04\x06\x00\x00\x00\x10\x00" + bytes(40), "ancient"),
    "latin": ("a.csv", "Année;Réglé\nÉté;payé\n".encode("latin-1") * 20, "undecodable"),
    "picture": ("a.csv", b"\x89PNG\r\n\x1a\n", "foreign"),
    "rubbish": ("a.csv", bytes(range(256)) * 20, "unknown"),
    "page": ("a.xls", b"<html><body>login</body></html>", "webpage"),
    "flat ods": ("a.xml", b'<o:document xmlns:o="urn:oasis:names:tc:opendocument:"/>', "foreign"),
    "json": ("a.json", b'{"a": 1}', "foreign"),
    "prose": ("说明.txt", "这是说明文字。\n没有表。\n".encode(), "not_tabular"),
    "cut parquet": ("a.parquet", b"PAR1" + bytes(40), "parquet"),
    "own": ("a.xlsx", book(creator="recon"), "own_output"),
    "7z": ("a.csv", b"7z\xbc\xaf\x27\x1c", "packed"),
    "garbled": ("a.xls", garbled(), "garbled"),
}


def code_of(found: FileRead) -> str:
    """Which sentence it is, by its fixed words."""
    text = found.source.problem.zh.removeprefix(f"{found.source.path}: ")
    words = {
        code: re.escape(both.zh).replace(r"\{detail\}", ".+") for code, both in SENTENCES.items()
    }
    (code,) = [code for code, pattern in words.items() if re.fullmatch(pattern, text)]
    return code


@pytest.mark.hostile(
    "damaged, encrypted, bomb, entity and foreign files",
    "refused with one sentence that names the file",
)
@pytest.mark.parametrize("name", CASES)
def test_a_file_that_cannot_be_read_gets_one_sentence(read: Read, name: str) -> None:
    file, body, code = CASES[name]
    found = read(file, body)
    assert code_of(found) == code
    passed = code in content._PASSED_OVER and not file.endswith((".xls", ".csv"))
    assert found.source.status == ("ignored" if passed else "refused")
    assert found.sheets == ()
    problem = found.source.problem
    assert problem.zh.startswith(f"{file}: ")
    assert problem.en.startswith(f"{file}: ")
    assert "\n" not in problem.zh + problem.en
    assert "{" not in problem.zh + problem.en


def test_an_override_that_does_not_fit_is_told(read: Read) -> None:
    found = read("a.csv", "单位,金额\n".encode("gbk"), "utf-8")
    assert code_of(found) == "bad_override"
    assert "utf-8" in found.source.problem.en


def test_a_vanished_file_ends_the_run(tmp_path: Path) -> None:
    with pytest.raises(InputsMovedError, match=r"a\.csv"):
        read_file(tmp_path / "a.csv", 1, tmp_path, LIMITS)


def test_a_forbidden_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbid(path: Path) -> bytes:
        raise PermissionError(path)

    (tmp_path / "a.csv").write_bytes(b"a,b")
    monkeypatch.setattr(Path, "read_bytes", forbid)
    found = read_file(tmp_path / "a.csv", 1, tmp_path, LIMITS)
    assert code_of(found) == "denied"


@pytest.mark.hostile("a file that takes too long", "given up; the next is read")
def test_a_slow_file_is_given_up_and_the_next_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "_WATCH_SECONDS", 0.0)
    (tmp_path / "a.xlsx").write_bytes(book())
    with Worker(ReadLimits(memory=1024**3, seconds=0)) as hasty:
        found = read_file(tmp_path / "a.xlsx", 1, tmp_path, LIMITS, worker=hasty)
        assert code_of(found) == "timeout"
        hasty._limits = LIMITS
        assert read_file(tmp_path / "a.xlsx", 1, tmp_path, LIMITS, worker=hasty).sheets


def test_too_much_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "_WATCH_SECONDS", 0.0)

    def tall(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet()
        for row in range(12_000):
            sheet.write_row(row, 0, [f"{row}-{column}" for column in range(10)])

    (tmp_path / "a.xlsx").write_bytes(book(tall))
    with Worker(ReadLimits(memory=1024**2, seconds=60)) as small:
        found = read_file(tmp_path / "a.xlsx", 1, tmp_path, LIMITS, worker=small)
    assert code_of(found) == "memory"


def test_a_process_that_ends_once_is_replaced_and_the_file_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.xlsx").write_bytes(book())
    real = Worker._wait
    ends: list[str] = []

    def wait(mortal: Worker, pipe: Any, process: Any) -> child.Answer:
        if ends:
            ends.pop()
            process.kill()
            process.join()
            raise EOFError
        return real(mortal, pipe, process)

    monkeypatch.setattr(Worker, "_wait", wait)
    for times, codes in ((1, None), (2, "crashed")):
        ends[:] = ["killed"] * times
        with Worker(LIMITS) as mortal:
            found = read_file(tmp_path / "a.xlsx", 1, tmp_path, LIMITS, worker=mortal)
        assert (code_of(found) if found.source.problem else None) == codes


def test_memory_is_blamed_for_what_was_seen_to_take_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.xlsx").write_bytes(book())
    tries: list[int] = []

    def ends(used: int) -> Callable[..., None]:
        def read_once(hungry: Worker, *_: object) -> None:
            tries.append(1)
            hungry._used, hungry._ended = used, -9

        return read_once

    for used, code in ((LIMITS.memory, "memory"), (50 * 1024**2, "crashed")):
        monkeypatch.setattr(Worker, "_read_once", ends(used))
        with Worker(LIMITS) as hungry:
            found = read_file(tmp_path / "a.xlsx", 1, tmp_path, LIMITS, worker=hungry)
        assert code_of(found) == code
    assert len(tries) == 4


def test_a_dead_process_is_told_and_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.xlsx").write_bytes(book())
    with Worker(LIMITS) as mortal:
        pipe, process = mortal._ready()
        monkeypatch.setattr(mortal, "_ready", lambda: (pipe, process))
        process.terminate()
        process.join()
        found = read_file(tmp_path / "a.xlsx", 1, tmp_path, LIMITS, worker=mortal)
        assert code_of(found) == "crashed"
        monkeypatch.undo()
        assert read_file(tmp_path / "a.xlsx", 1, tmp_path, LIMITS, worker=mortal).sheets


def test_a_process_started_beforehand_reads_and_is_ended(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(book())
    early = Worker(LIMITS)
    early.start()
    process = early._process
    [found] = read_files([tmp_path / "a.xlsx"], tmp_path, LIMITS, worker=early)
    assert process is not None
    assert found.sheets
    assert (process.is_alive(), early._process) == (False, None)


def test_a_process_that_never_starts_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "_START_SECONDS", 0.0)
    with Worker(LIMITS) as never, pytest.raises(ReaderStartError):
        never.read(b"", "xlsx", None, "")


def locked(word: str) -> bytes:
    out = io.BytesIO()
    msoffcrypto.OfficeFile(io.BytesIO(book())).encrypt(word, out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("password", "code"),
    [("错的\n密码 123", None), ("wrong", "password"), (None, "encrypted"), ("", "encrypted")],
)
def test_a_password_opens_what_it_fits(password: str | None, code: str | None) -> None:
    body = locked("密码 123")
    if code is None:
        plain, kind = open_encrypted(body, password)
        assert kind == "xlsx"
        assert zipfile.ZipFile(io.BytesIO(plain)).testzip() is None
        return
    with pytest.raises(RefusedError) as refused:
        open_encrypted(body, password)
    assert refused.value.code == code


def test_a_workbook_whose_structure_alone_is_locked_needs_no_password(read: Read) -> None:
    found = read("a.xlsx", locked("VelvetSweatshop"))
    assert found.source.status == "read"
    assert found.sheets[0].cells.rows() == [(1, "x")]


@pytest.mark.hostile("web pages and prose in place of data", "refused or passed over, and told")
@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("导出.xls", "<html><body>会话超时</body></html>".encode(), "refused"),
        ("导出.html", "<html><body>会话超时</body></html>".encode(), "ignored"),
        ("扫描.xlsx", b"%PDF-1.7\n", "refused"),
        ("表.et", "没有表。\n".encode(), "refused"),
        ("说明.txt", "没有表。\n".encode(), "ignored"),
    ],
)
def test_a_data_file_without_data_is_never_passed_over(
    read: Read, name: str, body: bytes, status: str
) -> None:
    assert read(name, body).source.status == status


def test_a_panic_below_is_a_refusal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Panic(BaseException):
        pass

    def panic(*_: object) -> None:
        raise Panic

    monkeypatch.setattr(child, "read_workbook", panic)
    job = child.Job("xlsx", None, 1024**3, None, str(tmp_path))
    assert child.answer_job(job, b"").code == "corrupt"

    def exhaust(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(child, "read_workbook", exhaust)
    assert child.answer_job(job, b"").code == "memory"


def test_one_hostile_file_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(book(stray))
    (tmp_path / "b.csv").write_bytes("单位,金额\n甲,1\n".encode())
    (tmp_path / "c.xlsx").write_bytes(book())
    (tmp_path / "d.xls").write_bytes(OLE + bytes(600))
    paths = sorted(tmp_path.iterdir())
    seen: list[tuple[str, int, int]] = []
    found = list(read_files(paths, tmp_path, LIMITS, progress=lambda *at: seen.append(at)))
    assert [read.source.status for read in found] == ["refused", "read", "read", "refused"]
    assert [read.source.file_id for read in found] == [1, 2, 3, 4]
    assert seen == [("a.xlsx", 1, 4), ("b.csv", 2, 4), ("c.xlsx", 3, 4), ("d.xls", 4, 4)]


def test_every_sentence_is_complete() -> None:
    for code in SENTENCES:
        text = sentence("账.xls", code, "7")
        assert text.zh.startswith("账.xls: ")
        assert text.zh.endswith("。")
        assert text.en.endswith(".")


def test_every_reason_has_a_case() -> None:
    elsewhere = {
        "bad_override",
        "denied",
        "timeout",
        "memory",
        "crashed",
        "password",
        "encrypted_zip",
        "unread",
    }
    assert {code for _, _, code in CASES.values()} | elsewhere == set(SENTENCES)


@pytest.mark.parametrize(
    ("name", "head", "code"),
    [
        ("a.csv", b"", "unknown"),
        ("b.csv", b"%PDF-1.7\n", "foreign"),
        ("c.csv", b"Rar!", "packed"),
        ("d.csv", "单位,金额\n甲,1\n".encode() * 90_000, "memory"),
        ("e.xlsx", b"PK\x03\x04", "memory"),
    ],
)
def test_a_big_file_is_judged_by_its_size_and_its_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, head: bytes, code: str
) -> None:
    """A sparse file of more bytes than may be held; reading it whole would fail the test."""
    path = tmp_path / name
    with path.open("wb") as file:
        file.write(head)
        file.truncate(70 * 1024**2)
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("read whole"))
    limits = ReadLimits(memory=65 * 1024**2, seconds=60)
    found = read_file(path, 1, tmp_path, limits)
    assert code_of(found) == code
    assert found.source.size == 70 * 1024**2
    assert len(found.source.sha256) == 64


def test_an_irregular_text_is_held_line_by_line_only_where_memory_allows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("单位,金额\n" + '甲,"1\n2"\n' * 5000, encoding="utf-8")
    for memory, code in ((path.stat().st_size * 10, "memory"), (1024**3, None)):
        found = read_file(path, 1, tmp_path, ReadLimits(memory=memory, seconds=60))
        assert (code_of(found) if found.source.problem else None) == code


def test_a_stray_cell_of_an_old_workbook_costs_no_columns(read: Read) -> None:
    made, out = xlwt.Workbook(), io.BytesIO()
    sheet = made.add_sheet("甲")
    sheet.write(1, 1, "a")
    sheet.write(20_000, 255, "z")
    made.save(out)
    [found] = read("a.xls", out.getvalue()).sheets
    assert len(found.cells.columns) - 1 <= 2 * (3 + 1 + 3)
    assert found.cells.select("row_no", "B", "IV").rows() == [(2, "a", None), (20_001, None, "z")]
