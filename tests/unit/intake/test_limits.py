"""What reading may cost, and sizes as users write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recon.base.errors import PasswordFileError
from recon.base.models import ReadLimits
from recon.base.sizes import bytes_of
from recon.intake.formats.limits import read_limits

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2GB", 2 * 1024**3),
        ("1.5 g", 3 * 1024**3 // 2),
        ("512MiB", 512 * 1024**2),
        ("2097152", 2 * 1024**2),
        ("1KB", None),
        ("-2GB", None),
        ("很多", None),
    ],
)
def test_sizes(text: str, expected: int | None) -> None:
    assert bytes_of(text) == expected


def test_memory_of_the_user_is_shared_or_given_to_one_reader() -> None:
    assert read_limits(None, None) == ReadLimits()
    assert read_limits("8GB", None) == ReadLimits(memory=4 * 1024**3, readers=2)
    assert read_limits("2GB", None) == ReadLimits(memory=2 * 1024**3, readers=1)


def test_passwords_stand_one_a_line(tmp_path: Path) -> None:
    path = tmp_path / "口令.txt"
    path.write_text("甲 1\n\n乙\n", encoding="utf-8-sig")
    assert (read_limits(None, path).password or "").splitlines() == ["甲 1", "乙"]


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xff\xfe\x00"])
def test_a_file_without_password_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "p.txt"
    path.write_bytes(content)
    with pytest.raises(PasswordFileError):
        read_limits(None, path)
