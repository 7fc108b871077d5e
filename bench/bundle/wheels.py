"""Which wheel of the lock fits a platform and a Python.

Here: `uv.lock` and what `uv export` says of it. Not here: fetching or packing a file.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import click
from packaging.requirements import Requirement
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import parse_wheel_filename

from tests.docs.pages import ROOT
from tests.supply.run import PYTHONS, demand

if TYPE_CHECKING:
    from collections.abc import Iterator

PLATFORMS = ("win_amd64", "linux_x86_64")
#: glibc 2.28 is that of Kylin V10, UOS 20 and RHEL 8.
_MANYLINUX = [f"manylinux_2_{minor}_x86_64" for minor in range(28, 4, -1)]
_LINUX = [*_MANYLINUX, "manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64"]
_EXPORT = ("uv", "export", "--locked", "--no-dev", "--no-emit-project", "--quiet")


@dataclass(frozen=True)
class Target:
    """A platform (`win_amd64`) and a Python (`3.12`)."""

    platform: str
    python: str

    @property
    def short(self) -> str:
        """`py312`, as it stands in the zip's name."""
        return f"py{self.python.replace('.', '')}"

    @property
    def windows(self) -> bool:
        """Whether it is Windows, with its line ends and .bat files."""
        return self.platform.startswith("win")

    @property
    def platforms(self) -> list[str]:
        """The platform tags that it takes, best first."""
        return [self.platform] if self.windows else _LINUX

    def tags(self) -> Iterator[Tag]:
        """Every tag that it takes, best first."""
        version = tuple(map(int, self.python.split(".")))
        return chain(
            cpython_tags(version, platforms=self.platforms),
            compatible_tags(version, f"cp{self.short[2:]}", self.platforms),
        )

    def marks(self) -> dict[str, str]:
        """What markers are asked with; pip itself would ask with the Python it runs in."""
        return {
            "implementation_name": "cpython",
            "implementation_version": f"{self.python}.0",
            "os_name": "nt" if self.windows else "posix",
            "platform_machine": "AMD64" if self.windows else "x86_64",
            "platform_python_implementation": "CPython",
            "platform_system": "Windows" if self.windows else "Linux",
            "python_full_version": f"{self.python}.0",
            "python_version": self.python,
            "sys_platform": "win32" if self.windows else "linux",
        }


@dataclass(frozen=True)
class Wheel:
    """A wheel of the lock: `digest` is `sha256:…`, `size` bytes."""

    name: str
    version: str
    file: str
    digest: str
    size: int

    @property
    def line(self) -> str:
        """Its line in a list of requirements."""
        return f"{self.name}=={self.version} --hash={self.digest}"


def targets() -> list[Target]:
    """Every target that a zip is made for."""
    return [Target(platform, python) for platform in PLATFORMS for python in PYTHONS]


def needed() -> list[Requirement]:
    """What the tool needs at run time, on any platform, as the lock has it."""
    text = demand(*_EXPORT, "--no-hashes", "--no-annotate", "--no-header")
    return [Requirement(line) for line in text.splitlines() if line.strip()]


def resolve(target: Target, requirements: list[Requirement]) -> list[Wheel]:
    """Return the best wheel of the lock for each requirement that the target has.

    Raises:
        click.ClickException: No wheel fits; all packages without one are named.
    """
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    packages = {(one["name"], one["version"]): one.get("wheels", []) for one in lock["package"]}
    ranks = {tag: rank for rank, tag in enumerate(target.tags())}
    found, missing = [], []
    for one in requirements:
        if one.marker and not one.marker.evaluate(target.marks()):
            continue
        version = str(one.specifier).removeprefix("==")
        fits = []
        for wheel in packages[one.name, version]:
            file = wheel["url"].rpartition("/")[2]
            rank = min((ranks[tag] for tag in parse_wheel_filename(file)[3] if tag in ranks),
                       default=None)  # fmt: skip
            if rank is not None:
                fits.append((rank, Wheel(one.name, version, file, wheel["hash"], wheel["size"])))
        if fits:
            found.append(min(fits, key=lambda fit: fit[0])[1])
        else:
            missing.append(f"{one.name} {version}")
    if missing:
        raise click.ClickException(f"{target}: no wheel for {', '.join(missing)}")
    return found
