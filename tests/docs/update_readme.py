"""Refresh the README's block of output: `uv run python -m tests.docs.update_readme`."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.docs.pages import README, text_of
from tests.docs.readme_run import BLOCK, printed


def update() -> None:
    """Write what the first command prints now into the README."""
    with TemporaryDirectory() as folder:
        output = printed(Path(folder) / "out")
    text = BLOCK.sub(lambda _: output, text_of(README), count=1)
    README.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    update()
