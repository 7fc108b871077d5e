"""What readers say of bytes and cells that are seldom seen, asked of each reader itself."""

from __future__ import annotations

import io
import sys
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from recon.intake.formats import archive, child, encoding
from recon.intake.formats.archive import content_of, members_of
from recon.intake.formats.child import Job, answer_job
from recon.intake.formats.encoding import judge_encoding
from recon.intake.formats.fastcsv import find_body, pieces
from recon.intake.formats.refusals import RefusedError
from recon.intake.formats.workbook import _text

if TYPE_CHECKING:
    from pathlib import Path

GIGABYTE = 1024**3
LINE = "某某市教育局,91350100MA0001,2024-03,工会经费,1234.56,已缴款\r\n"
TEXT = "单位名称,统一社会信用代码,所属期,摘要,金额,状态\r\n" + LINE * 60


def zipped(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name, body in members.items():
            target.writestr(f"{name}.csv", body)
    return made.getvalue()


def test_an_archive_of_too_many_members_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = zipped(a=b"1", b=b"2")
    assert len(members_of(content, GIGABYTE)) == 2
    monkeypatch.setattr(archive, "_MOST_MEMBERS", 1)
    with pytest.raises(RefusedError) as refused:
        members_of(content, GIGABYTE)
    assert (refused.value.code, refused.value.detail) == ("bomb", "2 members")


def test_a_member_beyond_memory_is_refused_and_the_others_are_listed() -> None:
    small, large = members_of(zipped(a=b"1", b=b"2" * 100), 50)
    assert (small.code, large.code) == (None, "memory")


def test_a_damaged_member_is_corrupt() -> None:
    content = zipped(a=bytes(range(256)) * 8)
    (member,) = members_of(content, GIGABYTE)
    place = content.index(b"a.csv") + 12
    damaged = content[:place] + b"\xff\xff\xff" + content[place + 3 :]
    with pytest.raises(RefusedError) as refused:
        content_of(member, damaged)
    assert refused.value.code == "corrupt"


def test_a_member_whose_name_is_in_no_chinese_encoding_keeps_it() -> None:
    content = zipped(aa=b"1").replace(b"aa.csv", b"\x81\xff.csv")
    (member,) = members_of(content, GIGABYTE)
    assert member.name == b"\x81\xff".decode("cp437") + ".csv"


@pytest.mark.parametrize(
    ("content", "codec"),
    [
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode(), "utf-8"),
    ],
)
def test_an_encoding_that_was_named_leaves_the_mark_off(content: bytes, codec: str) -> None:
    assert judge_encoding(content, "UTF8").codec == codec


def test_a_long_file_is_judged_by_its_beginning_middle_and_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(encoding, "_SAMPLE", 900)
    found = judge_encoding(("a,1\r\n" * 200 + TEXT).encode("gb18030"))
    assert found.codec == "gb18030"


TRADITIONAL = (
    "單位名稱,統一編號,日期,摘要,金額,備註\r\n" + "臺北市政府教育局,123,2024,經費,1,無\r\n" * 20
)


@pytest.mark.parametrize(
    "content",
    [
        TRADITIONAL.encode("big5") + b"\xff\xff\xff",
        b"\x80 \x80\n" * 40,
        b"a\x00" * 50 + b"\x00b" * 50,
        TEXT.encode()[:400] + b"\xff\n" * 30,
    ],
    ids=["Big5 with damage", "lone bytes", "zeros on both sides", "UTF-8 with much damage"],
)
def test_what_is_in_no_encoding_is_refused(content: bytes) -> None:
    with pytest.raises(RefusedError) as refused:
        judge_encoding(content)
    assert refused.value.code == "undecodable"


PLAIN = "\n".join(["甲,1"] * 900).encode()


@pytest.mark.parametrize(
    ("content", "codec", "separator", "width"),
    [
        (PLAIN, "utf-16", ",", 2),
        (PLAIN, "utf-8", ",", 1),
        (PLAIN, "gb18030", "|", 2),
        (PLAIN[:300], "utf-8", ",", 2),
        (b"\n".join([b"x"] * 195) + b"\n" + PLAIN, "utf-8", ",", 2),
        (PLAIN.replace(b"1\n", b'"1\r2"\n', 3), "utf-8", ",", 2),
    ],
    ids=["encoding", "one column", "part of a character", "short", "irregular", "lone return"],
)
def test_the_quick_way_is_for_long_regular_files(
    content: bytes, codec: str, separator: str, width: int
) -> None:
    assert find_body(PLAIN, "utf-8", ",", 2) is not None
    assert find_body(content, codec, separator, width) is None


def test_pieces_of_a_body_hold_all_its_lines() -> None:
    body = find_body(PLAIN, "utf-8", ",", 2)
    assert body is not None
    parts = pieces(PLAIN, body, 1000)
    assert sum(part.lines for part in parts) == body.lines
    assert [part.end for part in parts[:-1]] == [part.start for part in parts[1:]]
    assert (parts[0].start, parts[-1].end) == (body.start, body.end)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (False, "false"),
        (1.50, "1.5"),
        (date(2024, 3, 5), "2024-03-05"),
        (datetime(2024, 3, 5, 8, 30), "2024-03-05 08:30:00"),  # noqa: DTZ001 - no zone in a sheet
        (time(8, 30, 15, 999), "08:30:15"),
        (timedelta(hours=36), "36:00:00"),
        ("", None),
        (None, None),
    ],
)
def test_a_cell_of_every_type_is_written(value: object, text: str | None) -> None:
    assert _text(value) == text


def job(folder: Path) -> Job:
    return Job("xlsx", None, GIGABYTE, None, str(folder))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (MemoryError(), "memory"),
        (RuntimeError("can't start new thread"), "memory"),
        (OSError("Cannot allocate memory (os error 12)"), "memory"),
        (RuntimeError("Workbook is password protected"), "encrypted"),
        (zipfile.BadZipFile("File is not a zip file"), "truncated"),
        (zlib.error("incomplete or truncated stream"), "truncated"),
        (EOFError(), "truncated"),
        (RuntimeError("unexpected end"), "corrupt"),
        (ValueError("bad"), "corrupt"),
    ],
)
def test_a_reader_that_fails_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: str
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(child, "read_workbook", fail)
    answer = answer_job(job(tmp_path), b"")
    assert (answer.code, answer.detail == "1.0 GB") == (code, code == "memory")


def test_a_reader_that_is_stopped_does_not_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise SystemExit(3)

    monkeypatch.setattr(child, "read_workbook", stop)
    with pytest.raises(SystemExit):
        answer_job(job(tmp_path), b"")


def test_a_reader_without_room_for_its_answer_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Sheet:
        table = pa.table({"A": ["1"]})

    monkeypatch.setattr(child, "read_workbook", lambda *_: [Sheet()])
    answer = answer_job(job(tmp_path / "none"), b"")
    assert answer.unwritable
    assert "No such file" in answer.unwritable or "os error" in answer.unwritable


def test_a_system_without_limits_on_memory_reads_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)  # as on Windows
    child._limit(GIGABYTE)
    with pytest.raises(ImportError):
        import resource  # noqa: F401, PLC0415
