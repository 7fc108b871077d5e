"""The documentation pages as a test sees them: files, fenced blocks and the files blocks name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
README = ROOT / "README.md"
MANUALS = (DOCS / "manual.zh.md", DOCS / "manual.en.md")

_BLOCK = re.compile(
    r"(?:<!-- file: (?P<file>[^\n]+?) -->\n)?^```(?P<kind>\w*)\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Block:
    """A fenced block; `file` is the name that a comment above it gives."""

    kind: str
    body: str
    file: str | None


def text_of(page: Path) -> str:
    """Return a page's text."""
    return page.read_text(encoding="utf-8")


def blocks_of(page: Path) -> list[Block]:
    """Return the fenced blocks of a page in order."""
    return [
        Block(found["kind"], found["body"], found["file"])
        for found in _BLOCK.finditer(text_of(page))
    ]


def put_between(mark: str, text: str, page: Path) -> None:
    """Put text between the comments `mark` and `/mark` of a page."""
    block = re.compile(rf"(<!-- {mark} -->\n).*?(<!-- /{mark} -->)", re.DOTALL)
    made = block.sub(lambda found: f"{found[1]}{text}\n{found[2]}", text_of(page))
    page.write_text(made, encoding="utf-8", newline="\n")


def pages() -> list[Path]:
    """Return every Markdown page that people read."""
    return sorted([README, ROOT / "CHANGELOG.md", ROOT / "sample_data" / "README.md",
                   *DOCS.glob("*.md")])  # fmt: skip
