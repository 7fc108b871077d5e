"""The zip for installing without the internet: complete for Windows by the lock, tried on Linux."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import click
import pytest
from packaging.requirements import Requirement

from bench.bundle.pack import MOST_BYTES, TOP, make, texts
from bench.bundle.trial import attempt
from bench.bundle.wheels import Target, needed, resolve, targets
from tests.docs.pages import ROOT
from tests.supply.run import demand

if TYPE_CHECKING:
    from pathlib import Path

_WINDOWS = [one for one in targets() if one.windows]


@pytest.fixture(scope="module")
def requirements() -> list[Requirement]:
    return needed()


@pytest.mark.parametrize("target", targets(), ids=str)
def test_every_locked_package_has_a_wheel(target: Target, requirements: list[Requirement]) -> None:
    wheels = resolve(target, requirements)
    names = {one.name for one in wheels}
    assert {"duckdb", "polars-runtime-32", "pyarrow", "lxml"} <= names
    assert not names & {"pytest", "ruff", "pyspark-client", "union-recon"}
    major = target.python.replace(".", "")
    for one in wheels:
        *_, python, abi, platform = one.file.removesuffix(".whl").split("-")
        assert re.fullmatch(r"sha256:[0-9a-f]{64}", one.digest)
        assert "musllinux" not in platform
        assert platform == "any" or target.platform.partition("_")[0] in platform
        assert "any" in platform or "arm" not in platform
        if abi not in {"none", "abi3"}:
            assert (python, abi) == (f"cp{major}", f"cp{major}")
    assert sum(one.size for one in wheels) < MOST_BYTES


def test_a_marker_is_asked_for_the_target_not_for_this_python() -> None:
    asked = [Requirement("colorama==0.4.6; sys_platform == 'win32' and python_version < '3.12'")]
    having = [one for one in targets() if resolve(one, asked)]
    assert having == [Target("win_amd64", "3.11")]


def test_a_package_without_a_wheel_is_named() -> None:
    old = Target("win_amd64", "3.7")
    with pytest.raises(click.ClickException, match=r"no wheel for duckdb 2\.0\.1$"):
        resolve(old, [Requirement("duckdb==2.0.1"), Requirement("click==8.5.1")])


@pytest.mark.parametrize("target", _WINDOWS, ids=str)
def test_scripts_of_windows_are_read_the_same_in_every_code_page(target: Target) -> None:
    made = texts(target, "1.0")
    scripts = {path: text for path, text in made.items() if path.endswith(".bat")}
    assert set(scripts) == {"安装.bat", "开始核查.bat", "卸载.bat"}
    for path, text in scripts.items():
        text.decode("ascii")
        said = text.decode()
        named = set(re.findall(r"^:(\w+)", said, re.MULTILINE))
        assert set(re.findall(r"goto (\w+)", said)) == named, path
        for file in re.findall(r'type "%~dp0([^"]+)"', said):
            assert file.replace("\\", "/") in made, file
    for path, text in made.items():
        assert text.count(b"\n") == text.count(b"\r\n"), path
        assert not re.search(rb"@[A-Z]+@", text), path
        assert len(f"{TOP}/{path}") <= 200
    said = made["tool/no-python.txt"].decode()
    assert f"只配 Python {target.python}" in said
    for other in _WINDOWS:
        assert (f"recon-1.0-win_amd64-{other.short}.zip" in said) is (other != target)


def _unpacked(target: Target, place: Path) -> Path:
    for path, text in texts(target, "1.0").items():
        file = place / path
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(text)
    return place


def _sh(*words: Path | str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", *words], capture_output=True, encoding="utf-8", check=False, timeout=60
    )


@pytest.mark.skipif(sys.platform != "linux", reason="the scripts of Linux")
def test_another_python_beside_it_is_refused_and_the_zip_that_fits_named(tmp_path: Path) -> None:
    place = _unpacked(Target("linux_x86_64", "3.11"), tmp_path / "带 空格")
    beside = place / "python" / "bin"
    beside.mkdir(parents=True)
    (beside / "python3").write_text("#!/bin/sh\nexit 1\n")
    (beside / "python3").chmod(0o755)
    done = _sh(place / "install.sh")
    assert done.returncode == 2
    assert "recon-1.0-linux_x86_64-py312.zip" in done.stdout
    assert _sh(place / "start.sh", str(tmp_path)).stdout.startswith("还没有安装")


@pytest.mark.skipif(sys.platform != "linux", reason="the scripts of Linux")
def test_only_an_environment_of_its_own_is_removed(tmp_path: Path) -> None:
    place = _unpacked(Target("linux_x86_64", "3.11"), tmp_path / "recon")
    (place / "env").mkdir(parents=True)
    done = _sh(place / "uninstall.sh")
    assert (done.returncode, done.stdout[:5]) == (2, "没有删干净")
    (place / "env" / "pyvenv.cfg").touch()
    done = _sh(place / "uninstall.sh")
    assert (done.returncode, done.stdout[:4]) == (0, "已卸载。")
    assert not (place / "env").exists()
    assert (place / "install.sh").exists()


@pytest.fixture(scope="module")
def here() -> Target:
    """The target of the Python that runs this, where wheels can be fetched at all."""
    python = "{}.{}".format(*sys.version_info[:2])
    target = Target("linux_x86_64", python)
    if sys.platform != "linux" or target not in targets():
        pytest.skip("no zip is made for this platform and Python")
    if not (ROOT / ".git").exists():
        pytest.skip("a zip is made from what is committed; this is no checkout")
    listed = ROOT / "bench" / "bundle" / "pip.txt"
    words = ("--isolated", "--no-project", "--no-cache", "--with-requirements", listed)
    try:
        demand("timeout", "60", "uv", "run", *words, "python", "-m", "pip", "--version")
    except click.ClickException as fault:
        pytest.skip(f"no package index can be reached: {fault.message[-200:]}")
    return target


def test_a_zip_installs_and_runs_with_the_network_off(here: Target, tmp_path: Path) -> None:
    scratch, place = tmp_path / "scratch", tmp_path / "装 在这里"
    scratch.mkdir()
    place.mkdir()
    bundle = make(here, tmp_path, scratch, print)
    assert bundle.stat().st_size < MOST_BYTES
    with zipfile.ZipFile(bundle) as archive:
        entries = archive.infolist()
    assert max(len(one.filename) for one in entries) <= 200
    trial = attempt(bundle, place)
    assert (trial.installed, trial.checked) == (0, 0), trial.said
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    run = re.search(r"运行编号 [0-9a-f]{16}", readme)
    assert run
    assert run.group() in trial.said  # what it finds is what the README says
    library = place / TOP / "env" / "lib" / f"python{here.python}" / "site-packages"
    assert list(library.glob("recon/__pycache__/__init__.cpython-*.pyc"))
    assert not list(library.glob("pytest"))
