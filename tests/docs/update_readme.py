"""Refresh the README's generated parts: `uv run python -m tests.docs.update_readme`."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.docs.pages import README, text_of
from tests.docs.readme_run import BLOCK, FAMILY_BLOCK, families, printed


def update() -> None:
    """Write what the first command prints now, and the families, into the README."""
    with TemporaryDirectory() as folder:
        output = printed(Path(folder) / "out")
    text = BLOCK.sub(lambda _: output, text_of(README), count=1)
    text = FAMILY_BLOCK.sub(lambda _: families(), text, count=1)
    README.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    update()
