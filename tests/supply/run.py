"""Developers' command: `python -m tests.supply.run` proves what is shipped and what it rests on.

It builds the wheel twice from two copies of the committed tree and compares the bytes, writes an
SBOM (CycloneDX) beside it, installs the wheel with the locked dependencies into an empty
environment of each Python, and tries it there, outside the checkout. With `--report` the figures go
into docs/reliability.md and the licences into docs/licences.md. Needs git and a package index.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import click

from tests.docs.pages import DOCS, ROOT, put_between

PYTHONS = ("3.11", "3.12", "3.13")
RUN_ID = re.compile(r"[0-9a-f]{16}")
_LONGEST = 40


@dataclass(frozen=True)
class Trial:
    """The wheel in one Python: its version, exit statuses, exceptions, a hash of the data files."""

    python: str
    init: int
    check: int
    exceptions: int
    data: str


def ask(*words: object, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program outside any environment of the checkout; what it prints is kept."""
    kept = {name: value for name, value in os.environ.items()
            if name not in {"VIRTUAL_ENV", "PYTHONPATH", "UV_PROJECT_ENVIRONMENT"}}  # fmt: skip
    return subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env={**kept, "PYTHONUTF8": "1", **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def demand(*words: object, cwd: Path = ROOT, **environment: str) -> str:
    """Run a program that must succeed; return what it printed."""
    done = ask(*words, cwd=cwd, **environment)
    if done.returncode:
        raise click.ClickException(f"{' '.join(map(str, words))}\n{done.stderr[-2000:]}")
    return done.stdout


def build(scratch: Path, name: str) -> Path:
    """Build the wheel from a copy of the committed tree; return the file."""
    tree = scratch / name
    packed = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, capture_output=True, check=True)
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(tree, filter="data")
    epoch = demand("git", "log", "-1", "--format=%ct").strip()
    demand("uv", "build", "--wheel", "--out-dir", tree / "dist", cwd=tree, SOURCE_DATE_EPOCH=epoch)
    (wheel,) = (tree / "dist").glob("*.whl")
    return wheel


def write_sbom(path: Path) -> list[str]:
    """Write the runtime dependencies, equal for equal locks; return their names."""
    text = demand(
        "uv", "export", "--locked", "--no-dev", "--quiet", "--format", "cyclonedx1.5",
        "--preview-features", "sbom-export",
    )  # fmt: skip
    bom = json.loads(text)
    del bom["serialNumber"], bom["metadata"]["timestamp"]
    path.write_text(json.dumps(bom, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return sorted(part["name"] for part in bom["components"])


def licence(found: Distribution) -> str:
    """Return what a package says of its licence."""
    about = found.metadata
    said = about.get("License-Expression") or ""
    if not said:
        marks = [mark.rpartition(" :: ")[2] for mark in about.get_all("Classifier") or []
                 if mark.startswith("License ::")]  # fmt: skip
        said = "; ".join(marks) or (about.get("License") or "").strip().partition("\n")[0]
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"


def licence_table(names: list[str]) -> str:
    """Return the packages with version and licence as a Markdown table."""
    lines = ["| package | version | licence |", "|---|---|---|"]
    for name in names:
        try:
            found = distribution(name)
        except PackageNotFoundError:
            lines.append(f"| {name} | | not needed on {sys.platform} |")
            continue
        lines.append(f"| {name} | {found.version} | {licence(found) or 'not said'} |")
    return "\n".join(lines)


def try_wheel(wheel: Path, python: str, scratch: Path) -> Trial:
    """Install the wheel into an empty environment and run `init`, and `check` on the sample."""
    place = scratch / f"python-{python}"
    place.mkdir()
    demand("uv", "venv", "--no-project", "--no-config", "--python", python, place / "venv")
    bin_folder = place / "venv" / ("Scripts" if os.name == "nt" else "bin")
    locked = place / "requirements.txt"
    demand("uv", "export", "--locked", "--no-dev", "--no-emit-project", "--quiet",
           "--output-file", locked)  # fmt: skip
    install = ("uv", "pip", "install", "--quiet", "--python", bin_folder / "python")
    demand(*install, "--require-hashes", "-r", locked, cwd=place)
    demand(*install, "--no-deps", wheel, cwd=place)
    where = "import recon, sys; print(recon.__file__); print(sys.version.split()[0])"
    module, version = demand(bin_folder / "python", "-c", where, cwd=place).split()
    if not Path(module).is_relative_to(place):
        raise click.ClickException(f"{module} is not the installed one")
    init = ask(bin_folder / "recon", "init", place / "新工作区", cwd=place)
    sample = place / "示例县"
    shutil.copytree(Path(module).parent / "_shipped" / "sample_data" / "county", sample)
    (sample / "recon.key").write_text("0" * 64 + "\n", encoding="ascii")
    check = ask(bin_folder / "recon", "check", sample, "--as-of", "2025-06-30", "-q",
                "--fail-on", "none", cwd=place)  # fmt: skip
    if check.returncode:
        click.echo(check.stdout[-2000:] + check.stderr[-2000:], err=True)
    runs = [each for each in (sample / "recon-out").glob("*") if RUN_ID.fullmatch(each.name)]
    listed = runs[0] / "exceptions.csv" if runs else None
    count = len(listed.read_text(encoding="utf-8-sig").splitlines()) - 1 if listed else 0
    return Trial(version, init.returncode, check.returncode, count, _digest(runs))


def _digest(runs: list[Path]) -> str:
    """Hash the data files of runs: names and bytes."""
    digest = hashlib.sha256()
    for run in runs:
        for path in sorted(run.iterdir()):
            if path.suffix in {".parquet", ".csv"}:
                digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def main() -> int:
    """Build, list, install and try; the exit status is 1 when something is not as it must be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pythons", nargs="*", default=PYTHONS, help="versions or interpreters")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="where the artefacts go")
    parser.add_argument("--report", action="store_true")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="supply-") as scratch:
        wheels = [build(Path(scratch), name) for name in ("first", "second copy")]
        hashes = [hashlib.sha256(wheel.read_bytes()).hexdigest() for wheel in wheels]
        wheel = Path(shutil.copy2(wheels[0], options.out))
        names = write_sbom(options.out / f"{wheel.name.rsplit('-', 3)[0]}.cdx.json")
        trials = [try_wheel(wheel, python, Path(scratch)) for python in options.pythons]
    same_wheel, same_data = len(set(hashes)) == 1, len({each.data for each in trials}) <= 1
    lines = [
        f"- {wheel.name}: {wheel.stat().st_size:,} bytes, built twice in different folders: "
        + (f"both SHA-256 `{hashes[0]}`." if same_wheel else "the two DIFFER."),
        f"- SBOM: {len(names)} runtime dependencies, each with the hashes of `uv.lock`.",
        "",
        "| Python | `recon init` | `recon check` of the sample | exceptions | data files |",
        "|---|--:|--:|--:|---|",
        *(f"| {each.python} | {each.init} | {each.check} | {each.exceptions} | {each.data} |"
          for each in trials),
    ]  # fmt: skip
    click.echo("\n".join(lines))
    if options.report:
        put_between("supply", "\n".join(lines), DOCS / "reliability.md")
        put_between("licences", licence_table(names), DOCS / "licences.md")
    is_fine = all(each.init == each.check == 0 and each.exceptions for each in trials)
    return int(not (same_wheel and same_data and is_fine))


if __name__ == "__main__":
    sys.exit(main())
