"""The pages that the program writes: `uv run python -m tests.docs.regenerate` writes all of them.

A new generated page is one line of `PAGES`. Not here: the tables of `docs/reliability.md`, which
hold what long trials found and are written by those trials.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from recon.engine.pictures import page as pictures_page
from recon.rules.law_page import law_page
from recon.rules.pages_document import rules_page
from recon.tables.manual import tables_page
from tests.docs.pages import DOCS, README, ROOT, text_of
from tests.docs.readme_run import BLOCK, FAMILY_BLOCK, families, printed

if TYPE_CHECKING:
    from collections.abc import Callable


def readme() -> str:
    """Return the README with what its first command prints now, and the families."""
    with TemporaryDirectory() as folder:
        output = printed(Path(folder) / "out")
    text = BLOCK.sub(lambda _: output, text_of(README), count=1)
    return FAMILY_BLOCK.sub(lambda _: families(), text, count=1)


#: Each page with what makes its text.
PAGES: dict[Path, Callable[[], str]] = {
    DOCS / "tables.md": tables_page,
    DOCS / "rules.zh.md": partial(rules_page, "zh"),
    DOCS / "rules.en.md": partial(rules_page, "en"),
    DOCS / "law.md": law_page,
    DOCS / "rule-tables.md": pictures_page,
    README: readme,
}


def regenerate() -> None:
    """Write every page anew; name those that changed."""
    for page, make in PAGES.items():
        text = make()
        if text != text_of(page):
            page.write_text(text, encoding="utf-8", newline="\n")
            sys.stdout.write(f"{page.relative_to(ROOT)}\n")


if __name__ == "__main__":
    regenerate()
