"""A run over inputs that move says so and writes nothing."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from recon.base.paper import CACHE_FOLDER
from recon.run import check
from tests.trust.planted import plant, run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


TAX = "工会经费代收明细.csv"


def moving(folder: Path, move: Callable[[], object], patch: pytest.MonkeyPatch) -> None:
    """Have an input moved as soon as all have been read."""
    real: Callable[..., object] = check._read

    def read_then_move(*given: object) -> object:
        intake = real(*given)
        move()
        return intake

    patch.setattr(check, "_read", read_then_move)


@pytest.mark.parametrize("how", ["changed", "deleted", "added"])
def test_nothing_is_written(how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = plant(tmp_path / "资料")
    tax = folder / TAX
    moves: dict[str, tuple[str, Callable[[], object]]] = {
        "changed": (TAX, lambda: tax.write_bytes(tax.read_bytes() + b"\n")),
        "deleted": (TAX, tax.unlink),
        "added": ("新来的.csv", lambda: (folder / "新来的.csv").write_bytes(tax.read_bytes())),
    }
    name, move = moves[how]
    moving(folder, move, monkeypatch)
    result = run("check", folder, "--as-of", "2024-12-31", "-q", "--select", "REM-03")
    assert (result.exit_code, f"{name}: 运行期间被改动" in result.output) == (2, True)
    assert [path.name for path in (folder / "recon-out").iterdir()] == [".lock"]
    assert not (folder / CACHE_FOLDER / "results").exists()


def test_members_of_archives_rest_with_their_archive(tmp_path: Path) -> None:
    folder = plant(tmp_path / "资料")
    with zipfile.ZipFile(folder / "报送.zip", "w") as archive:
        archive.write(folder / TAX, TAX)
    (folder / TAX).unlink()
    result = run("check", folder, "--as-of", "2024-12-31", "-q", "--select", "REM-03")
    assert result.exit_code == 0, result.output
