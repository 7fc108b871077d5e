from __future__ import annotations

import gzip
import hashlib
import io
import random
import zipfile
from typing import TYPE_CHECKING

import pytest

from recon.base.models import ReadLimits
from recon.intake.formats.reader import read_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from recon.intake.formats.reader import FileRead

    Read = Callable[..., FileRead]


LIMITS = ReadLimits(memory=1024**3, seconds=60)
CSV = "单位,金额\n甲,1\n"


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return out.getvalue()


def test_members_are_files_of_their_own(tmp_path: Path) -> None:
    members = {"乙/b.csv": CSV.encode("gbk") * 30, "a.tsv": b"x\ty\n1\t2\n", "readme.md": b"-"}
    (tmp_path / "包.zip").write_bytes(zipped(members))
    (tmp_path / "zz.csv").write_bytes(CSV.encode())
    found = list(read_files(sorted(tmp_path.iterdir()), tmp_path, LIMITS))
    by_path = {read.source.path: read for read in found}
    assert sorted(by_path) == [
        "zz.csv", "包.zip", "包.zip/a.tsv", "包.zip/readme.md", "包.zip/乙/b.csv"
    ]  # fmt: skip
    assert [read.source.file_id for read in found] == [1, 2, 3, 4, 5]
    other = by_path["包.zip/readme.md"].source
    assert (other.status, "没有读取" in other.problem.zh) == ("ignored", True)
    member = by_path["包.zip/乙/b.csv"]
    assert member.source.sha256 == hashlib.sha256(members["乙/b.csv"]).hexdigest()
    assert (member.source.size, member.source.encoding) == (len(members["乙/b.csv"]), "gb18030")
    assert member.sheets[0].path == "包.zip/乙/b.csv"
    assert member.sheets[0].file_id == member.source.file_id
    assert by_path["包.zip"].sheets == ()


def test_names_from_a_chinese_windows_are_readable(read: Read) -> None:
    body = zipped({"aaaa.csv": CSV.encode()})
    found = read("a.zip", body.replace(b"aaaa.csv", "账目".encode("gbk") + b".csv"))
    assert [member.source.path for member in found.members] == ["a.zip/账目.csv"]


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
@pytest.mark.parametrize(
    "name", ["银行流水", "序时账/2024年3月明细（补）", "录", "联通", "缴费ABC①"]
)
def test_names_without_the_flag_are_read_from_their_bytes(
    read: Read, codec: str, name: str
) -> None:
    raw = name.encode(codec)
    body = zipped({f"{'a' * len(raw)}.csv": CSV.encode()}).replace(b"a" * len(raw), raw)
    assert [one.source.path for one in read("a.zip", body).members] == [f"a.zip/{name}.csv"]


@pytest.mark.hostile(
    "members of a zip named ../../x and /etc/x",
    "read under names inside the archive; nothing is unpacked",
)
def test_no_name_leaves_the_archive(read: Read, tmp_path: Path) -> None:
    found = read("a.zip", zipped({"../../evil.csv": CSV.encode(), "/etc/x.csv": CSV.encode()}))
    assert [m.source.path for m in found.members] == ["a.zip/etc/x.csv", "a.zip/evil.csv"]
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


@pytest.mark.hostile(
    "a bomb among the members of a zip", "that member is refused, the others are read"
)
def test_a_bomb_among_members_is_refused_alone(read: Read) -> None:
    noise = random.Random(1).randbytes(600_000).hex().encode()  # noqa: S311
    members = {"a.csv": bytes(70 * 1024**2), "b.csv": CSV.encode(), "c.bin": noise}
    found = read("a.zip", zipped(members))
    assert [(m.source.path, m.source.status) for m in found.members] == [
        ("a.zip/a.csv", "refused"),
        ("a.zip/b.csv", "read"),
        ("a.zip/c.bin", "ignored"),
    ]
    assert "bomb" in found.members[0].source.problem.en


@pytest.mark.hostile("a zip that is a bomb", "refused with one sentence")
def test_an_archive_that_is_all_bomb_is_refused_whole(read: Read) -> None:
    found = read("a.zip", zipped({"a.csv": bytes(70 * 1024**2)}))
    assert (found.source.status, found.members) == ("refused", ())
    assert "bomb" in found.source.problem.en


@pytest.mark.hostile("a zip within a zip", "passed over, and told")
def test_archives_within_archives_are_passed_over(read: Read) -> None:
    inner = zipped({"x.csv": CSV.encode()})
    found = read("a.zip", zipped({"inner.zip": inner, "b.csv": CSV.encode()}))
    assert [(m.source.path, m.source.status) for m in found.members] == [
        ("a.zip/b.csv", "read"),
        ("a.zip/inner.zip", "ignored"),
    ]
    told = found.members[1].source.problem
    assert "解压" in told.zh
    assert "Unpack" in told.en
    assert "xlsx" not in told.zh + told.en


def test_a_member_with_a_password_is_told(read: Read) -> None:
    body = bytearray(zipped({"a.csv": CSV.encode()}))
    body[6] |= 1
    body[body.index(b"PK\x01\x02") + 8] |= 1
    (member,) = read("a.zip", bytes(body)).members
    assert member.source.status == "refused"
    assert "archive is encrypted" in member.source.problem.en
    assert "解压" in member.source.problem.zh


def test_a_packed_file_keeps_its_own_name(read: Read) -> None:
    body = gzip.compress(CSV.encode()) + gzip.compress("乙,2\n".encode())
    found = read("流水.csv.gz", body)
    assert (found.source.path, found.source.true_type) == ("流水.csv.gz", "gz/csv")
    assert found.source.sha256 == hashlib.sha256(body).hexdigest()
    assert found.sheets[0].path == "流水.csv.gz"
    assert found.sheets[0].cells.rows() == [(1, "单位", "金额"), (2, "甲", "1"), (3, "乙", "2")]
    empty = read("a.csv.gz", gzip.compress(b""))
    assert empty.source.problem.zh.startswith("a.csv.gz: ")
