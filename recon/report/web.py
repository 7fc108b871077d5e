"""Draws blocks as one page for a browser: no network, no script, prints like paper.

Not here: what a paper says, the interactive page of a run (see `recon.output.html`).
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from recon.base.texts import spoken
from recon.report.blocks import (
    Contents,
    Figures,
    Heading,
    PageBreak,
    Paragraph,
    numbered,
    plain,
    shown,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from recon.report.blocks import Block

_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.7 "Songti SC", SimSun, "Noto Serif CJK SC", serif; max-width: 60rem;
  margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3, .title { font-family: "Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC",
  sans-serif; }
.title { font-size: 1.7rem; text-align: center; font-weight: bold; }
.subtitle, .note { color: #666; font-size: .9rem; } .subtitle { text-align: center; }
.warn { color: #9c0006; background: #ffebee; padding: .5rem .8rem; }
.annex { font-size: 1.3rem; text-align: center; font-weight: bold; break-before: page; }
.part { font-weight: bold; margin: 1rem 0 .3rem; }
.sign { text-align: right; } .item { padding-left: 1rem; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .88rem; }
th, td { border: 1px solid #999; padding: .25rem .45rem; vertical-align: top; }
th { background: #dde7f0; color: #000; } .money, .count { text-align: right; white-space: nowrap; }
nav li { list-style: none; } nav .level2 { padding-left: 1.5rem; }
@media print { body { margin: 0; max-width: none; } nav { break-after: page; }
  tr { break-inside: avoid; } thead { display: table-header-group; } }
@media (prefers-color-scheme: dark) { .warn { background: #4a1418; color: #ffb4ab; }
  .subtitle, .note { color: #aaa; } }
"""


def write_web_page(blocks: Iterable[Block], path: Path) -> None:
    """Write blocks as one HTML file.

    Raises:
        OSError: The file cannot be written.
    """
    found = list(blocks)
    titles = numbered(found)
    headings = [
        (place, block.level, titles[place])
        for place, block in enumerate(found)
        if isinstance(block, Heading)
    ]
    parts = [_drawn(place, block, titles, headings) for place, block in enumerate(found)]
    first = next((block.text for block in found if isinstance(block, Paragraph)), "recon")
    lang = "zh-CN" if spoken() == "zh" else "en"
    page = (
        f'<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">\n"
        f"<title>{escape(plain(first))}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(part for part in parts if part)
        + "\n</main>\n</body>\n</html>\n"
    )
    path.write_text(page, encoding="utf-8", newline="\n")


def _drawn(
    place: int, block: Block, titles: dict[int, str], headings: list[tuple[int, int, str]]
) -> str:
    match block:
        case Heading():
            level = block.level
            return f'<h{level} id="part{place}">{escape(titles[place])}</h{level}>'
        case Paragraph():
            return f'<p class="{block.kind}">{escape(plain(block.text))}</p>'
        case Figures():
            return _table(block)
        case Contents():
            lines = "".join(
                f'<li class="level{level}"><a href="#part{number}">{escape(text)}</a></li>'
                for number, level, text in headings
                if level <= block.depth
            )
            return f"<nav><p><b>{escape(block.title)}</b></p><ul>{lines}</ul></nav>"
        case PageBreak():
            return ""


def _linked(text: str, links: Mapping[str, str]) -> str:
    said = escape(text)
    return f'<a href="{escape(links[text])}">{said}</a>' if text in links else said


def _table(block: Figures) -> str:
    head = "".join(f'<th scope="col">{escape(plain(text))}</th>' for text in block.headers)
    rows = "".join(
        "<tr>"
        + "".join(
            f'<td class="{kind}">{_linked(shown(cell), block.links)}</td>'
            for cell, kind in zip(cells, block.kinds, strict=True)
        )
        + "</tr>"
        for cells in block.rows
    )
    return (
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
        "</div>"
    )
