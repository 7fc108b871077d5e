"""The zip itself: wheels with hashes, scripts, sample county and pages.

Here: fetching by pip, the texts for a platform, one reproducible zip. Not here: which wheel fits
(see `wheels`).
"""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bench.bundle.wheels import Target, Wheel, needed, resolve
from tests.supply.run import PYTHONS, build, demand

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_BYTES = 250 * 10**6
MOST_OF_A_PATH = 200
TOP = "recon"
_HERE = Path(__file__).parent
_FILES = _HERE / "files"
#: pip itself comes along: a Python of Debian or a bare one has none.
_PIP = _HERE / "pip.txt"
_SCRIPTS = {
    True: {"install": "安装.bat", "start": "开始核查.bat", "uninstall": "卸载.bat"},
    False: {"install": "install.sh", "start": "start.sh", "uninstall": "uninstall.sh"},
}
_CARRIED = (
    "sample_data/county",
    "docs",
    "sample_data/README.md",
    "README.md",
    "CHANGELOG.md",
    "LICENSE",
)
_MOMENT = (2020, 1, 1, 0, 0, 0)  # of every entry: equal content, equal zip
_CACHED = len("/Lib/site-packages/") + len("__pycache__/.cpython-312") + 1


def zip_name(target: Target, version: str) -> str:
    """The name of a zip, which says what it fits."""
    return f"recon-{version}-{target.platform}-{target.short}.zip"


def texts(target: Target, version: str) -> dict[str, bytes]:
    """Return scripts and sentences as this platform has them, by path in the zip."""
    scripts = _SCRIPTS[target.windows]
    others = [Target(target.platform, one) for one in PYTHONS if one != target.python]
    words = {
        "PYTHON": target.python,
        "PLATFORM": target.platform,
        "VERSION": version,
        "INSTALL": scripts["install"],
        "START": scripts["start"],
        "REMOVE": scripts["uninstall"],
        "PLACE": "C:\\recon" if target.windows else "~/recon",
        "OTHERS": "\n".join(
            f"     Python {one.python}: {zip_name(one, version)}" for one in others
        ),
    }
    ending = "\r\n" if target.windows else "\n"

    def filled(name: str) -> bytes:
        text = (_FILES / name).read_text(encoding="utf-8")
        for word, value in words.items():
            text = text.replace(f"@{word}@", value)
        return text.replace("\n", ending).encode()

    made = {
        path: filled(f"{stem}.{'bat' if target.windows else 'sh'}")
        for stem, path in scripts.items()
    }
    made["先看这里.txt" if target.windows else "README.txt"] = filled("readme.txt")
    for path in _FILES.glob("*.txt"):
        if path.stem != "readme":
            made[f"tool/{path.name}"] = filled(path.name)
    made["tool/setup.py"] = filled("setup.py")
    return made


def fetch(target: Target, wheels: list[Wheel], folder: Path, scratch: Path) -> None:
    """Download exactly these wheels by pip, whose index and certificates are those of the house."""
    listed = scratch / "fetch.txt"
    listed.write_text("".join(f"{one.line}\n" for one in wheels), encoding="utf-8")
    tags = [word for tag in target.platforms for word in ("--platform", tag)]
    run = ("uv", "run", "--isolated", "--no-project", "--with-requirements", _PIP)
    pip = (*run, "python", "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes")
    fits = ("--only-binary=:all:", "--python-version", target.python, *tags)
    demand(*pip, *fits, "--dest", folder, "-r", listed, cwd=scratch)
    demand(*pip, "--dest", folder, "-r", _PIP, cwd=scratch)


def _longest(folder: Path) -> int:
    """The longest path that installing writes below `env`, its cached byte code included."""
    names: list[str] = []
    for path in folder.glob("*.whl"):
        with zipfile.ZipFile(path) as wheel:
            names += wheel.namelist()
    return _CACHED + max(map(len, names))


def _add(archive: zipfile.ZipFile, path: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(f"{TOP}/{path}", _MOMENT)
    if len(entry.filename) > MOST_OF_A_PATH:
        raise click.ClickException(f"{entry.filename}: longer than {MOST_OF_A_PATH} characters")
    entry.create_system = 3  # its permissions are those of Unix
    entry.external_attr = (0o755 if path.endswith(".sh") else 0o644) << 16
    stored = path.endswith(".whl")
    entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)


def make(target: Target, to: Path, scratch: Path, say: Callable[[str], None]) -> Path:
    """Make the zip of a target from the committed tree; return it.

    Raises:
        click.ClickException: A wheel is missing, the index cannot be reached, it is too large.
    """
    wheels = resolve(target, needed())
    own = build(scratch, "tree")
    folder = scratch / "wheels"
    folder.mkdir()
    fetch(target, wheels, folder, scratch)
    shutil.copy(own, folder)
    version = own.name.split("-")[1]
    digest = hashlib.sha256(own.read_bytes()).hexdigest()
    lines = [one.line for one in wheels] + [f"union-recon=={version} --hash=sha256:{digest}"]
    (pip,) = folder.glob("pip-*.whl")
    about = {
        "platform": target.platform,
        "python": target.python,
        "longest": _longest(folder),
        "pip": pip.name,
        "pip_sha256": hashlib.sha256(pip.read_bytes()).hexdigest(),
        "start": _SCRIPTS[target.windows]["start"],
    }
    entries = {
        **texts(target, version),
        "requirements.txt": "".join(f"{line}\n" for line in lines).encode(),
        "tool/bundle.json": json.dumps(about, indent=2).encode(),
    }
    tree = scratch / "tree"
    for part in _CARRIED:
        whole = tree / part
        for path in [whole] if whole.is_file() else whole.rglob("*"):
            if path.is_file():
                entries[path.relative_to(tree).as_posix()] = path.read_bytes()
    made = to / zip_name(target, version)
    with zipfile.ZipFile(made, "w") as archive:
        for name in sorted(entries):
            _add(archive, name, entries[name])
        for path in sorted(folder.iterdir()):
            _add(archive, f"wheels/{path.name}", path.read_bytes())
    size = made.stat().st_size
    say(f"{made.name}: {size / 10**6:.0f} MB, {len(lines)} packages, longest {about['longest']}")
    if size > MOST_BYTES:
        raise click.ClickException(f"{made.name}: over {MOST_BYTES // 10**6} MB")
    return made
