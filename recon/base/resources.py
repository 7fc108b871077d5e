"""Where rules, SQL and sample data are: the workspace first, then the checkout, then the wheel.

Not here: what the files mean.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from recon.base.errors import ResourceMissingError

_PACKAGE = Path(__file__).resolve().parents[1]


@cache
def shipped(name: str) -> Path:
    """Return a folder that ships with the tool.

    Args:
        name: "rules", "sql" or "sample_data".

    Returns:
        The folder in the checkout, else the one inside the installed package.

    Raises:
        ResourceMissingError: It is in neither place.
    """
    for candidate in (_PACKAGE.parent / name, _PACKAGE / "_shipped" / name):
        if candidate.is_dir() and any(candidate.iterdir()):
            return candidate
    raise ResourceMissingError(name)


def files(folder: str, pattern: str, workspace: Path | None = None) -> dict[str, Path]:
    """Return files of a shipped folder by stem; the workspace's own replace or add.

    Args:
        folder: "rules", "sql" or a folder below them, e.g. "sql/staging".
        pattern: A glob, e.g. "*/*.yaml".
        workspace: Folder that may carry its own `rules/`, `sql/` and `policy/`.

    Returns:
        Stem to path, sorted by stem.

    Raises:
        ResourceMissingError: The shipped folder is not there.
    """
    top, _, rest = folder.partition("/")
    found = {path.stem: path for path in sorted((shipped(top) / rest).glob(pattern))}
    if workspace is not None:
        found |= {path.stem: path for path in sorted((workspace / folder).glob(pattern))}
    return dict(sorted(found.items()))
