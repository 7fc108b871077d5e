"""Headers as they are written, and which known headers they are.

Here: the comparison form of a header, the unit it names, blocks of one to three header lines with
merged parents, and the columns that a block gives to each table. Not here: which table wins (see
`mapping`) and what stands above the header (see `preamble`).
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from recon.base.errors import ConfigError
from recon.base.models import Text
from recon.intake.values.units import header_unit
from recon.tables.format_headers import FORMAT_HEADERS
from recon.tables.layout_files import layout_headers, own_headers
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from recon.tables.layout_files import OwnHeaders

HEAD_ROWS = 60
MAX_LINES = 3

_BRACKET = re.compile(r"[(\[{<【〔]([^()\[\]{}<>【】〔〕]*)[)\]}>】〕]")
_UNIT_WORDS = (
    r"(?:人民)?币?(?:单位[::]?)?(?:人民币)?"
    r"(?:[十百千仟]?[千仟万亿]?[元圆]?(?:/[人年月次台升])?|角|分|%|‰|升|l|km|公里|千米|米|平方米|m2|平米|人|个|名|年|月|天|日|次|"
    r"小时|课时|学时|户|家|辆|吨|kwh|度)"
)
_UNIT = re.compile(_UNIT_WORDS, re.IGNORECASE)
_DROP = re.compile(r"[\s*＊:：_'\"“”‘’`,，、;；。.·\-—]+")
_FORM_WORDS = frozenset({"", "必填", "选填", "必录", "可空", "下拉", "文本", "*"})
#: A label with its value, as they stand above a table.
_STATED = re.compile(r"^[^:：]{1,20}[:：](?:\s*\S|\s*$)")
_NUMERIC = re.compile(
    r"^[+-]?[¥$]?[0-9,]*\.?[0-9]+%?$|^[0-9]{4}[-/.年][0-9]{1,2}([-/.月][0-9]{1,2}日?)?(\s.*)?$"
)


@dataclass(frozen=True)
class ColumnMatch:
    """One sheet column and the contract column it is taken for.

    `how` is main, alias, format (a program's own name), name (the contract's), part (a piece of the
    header outside or inside brackets), parent (the upper header line) or saved (recon.toml);
    `confidence` is between 0 and 1.
    """

    letter: str
    header: str
    column: str
    how: str
    confidence: float
    unit: str | None = None


@dataclass(frozen=True)
class HeaderBlock:
    """One to three neighbouring rows that may be the header.

    `labels` maps a letter to the texts to try, best first; `shown` to the text people see.
    """

    rows: tuple[int, ...]
    labels: dict[str, tuple[str, ...]]
    shown: dict[str, str]


#: Words of an upper header that say nothing: 入库情况 over 日期 is 入库日期.
_OF_WHAT = re.compile("(?:情况|信息|明细|资料)$")


@lru_cache(maxsize=65536)
def normalise_header(text: str) -> str:
    """Return the comparison form of a header.

    Width, case, spaces, line breaks, brackets and units in brackets do not count.

    Args:
        text: The header as it stands in the file.

    Example:
        >>> normalise_header("实缴金额 （元）")
        '实缴金额'
        >>> normalise_header("社会信用代码(纳税人识别号)")
        '社会信用代码纳税人识别号'
    """
    folded = unicodedata.normalize("NFKC", text).strip()
    folded = _BRACKET.sub(lambda found: _keep(found.group(1)), folded)
    return _DROP.sub("", re.sub(r"[()\[\]{}<>【】〔〕]", "", folded)).upper()


def _keep(inner: str) -> str:
    bare = re.sub(r"\s+", "", inner)
    return "" if bare in _FORM_WORDS or _UNIT.fullmatch(bare) else bare


@lru_cache(maxsize=65536)
def header_parts(text: str) -> tuple[str, ...]:
    """Return the normalised text outside the brackets and that inside each bracket.

    Args:
        text: The header as it stands in the file.
    """
    folded = unicodedata.normalize("NFKC", text).strip()
    if _BRACKET.search(folded) is None:
        whole = normalise_header(text)
        return (whole,) if len(whole) > 1 else ()
    outside = normalise_header(_BRACKET.sub("", folded))
    inside = [normalise_header(found) for found in _BRACKET.findall(folded) if _keep(found)]
    return tuple(dict.fromkeys(part for part in (outside, *inside) if len(part) > 1))


@lru_cache(maxsize=65536)
def unit_of(text: str) -> str | None:
    """Return the unit that a header names: one of money (see `values.units`), or of rates.

    Args:
        text: A header.
    """
    folded = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    for inner in _BRACKET.findall(folded):
        if inner in {"%", "百分比"}:
            return "percent"
        if inner == "‰":
            return "permille"
    return header_unit(text)


def looks_numeric(text: str) -> bool:
    """Whether a cell holds a number or a date, which a header line does not.

    Args:
        text: A cell.
    """
    return _NUMERIC.match(unicodedata.normalize("NFKC", text).strip()) is not None


def header_index() -> Mapping[str, tuple[tuple[str, str, str], ...]]:
    """Return normalised header to (table, column, "main", "alias", "format" or "name").

    What the workspace's own layouts say stands under "format".
    """
    return index_with(own_headers())


@cache
def index_with(own: OwnHeaders) -> Mapping[str, tuple[tuple[str, str, str], ...]]:
    """Return the index of headers with what a workspace's own layouts say; see `header_index`."""
    found: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for table in specs().values():
        taken: set[str] = set()
        added = [(column, header) for name, column, header in own if name == table.name]
        formats, shipped = FORMAT_HEADERS.get(table.name, {}), layout_headers(table.name)
        for how in ("main", "alias", "format", "name"):
            for column in table.columns:
                texts: Iterable[str] = {
                    "main": (column.zh,),
                    "alias": column.aliases,
                    "format": (
                        *formats.get(column.name, ()),
                        *shipped.get(column.name, ()),
                        *(header for name, header in added if name == column.name),
                    ),
                    "name": (column.name,),
                }[how]
                for key in map(normalise_header, texts):
                    if key not in taken:
                        taken.add(key)
                        found[key].append((table.name, column.name, how))
    return {key: tuple(value) for key, value in found.items()}


def check_own(own: OwnHeaders) -> None:
    """Refuse layouts of a workspace that give a known header another meaning, all at once.

    Args:
        own: What they say.

    Raises:
        ConfigError: A header means another column of that table already, or two of them.
    """
    faults, said = [], dict[tuple[str, str], str]()
    for table, column, header in own:
        key = normalise_header(header)
        known = {name for of, name, _ in index_with(()).get(key, ()) if of == table}
        known |= {said.setdefault((table, key), column)}
        if other := next((name for name in sorted(known) if name != column), None):
            faults.append(
                Text(
                    f"layouts/: 表“{table}”的“{header}”已经是“{other}”，不能又是“{column}”。"
                    "请改在 recon.toml 的 [[source]] 中为那个文件写明。",
                    f"layouts/: “{header}” of {table} is {other} already and cannot be {column} "
                    "too. Say it for that file in a [[source]] of recon.toml.",
                )
            )
    if faults:
        raise ConfigError(faults)


def header_blocks(
    rows: Sequence[tuple[int, dict[str, str]]],
    merged: tuple[tuple[int, str, int, str], ...] = (),
    letters: Sequence[str] = (),
) -> list[HeaderBlock]:
    """Return every block of one to three rows at the head of a sheet that could be the header.

    Args:
        rows: Row number and its non-blank cells by letter, top down; blank rows left out.
        merged: Merged ranges (first row, first letter, last row, last letter).
        letters: All letters of the sheet in order.

    Returns:
        Blocks top down, the shorter first.
    """
    spans = _spans(merged, letters, rows[0][0] if rows else 1)
    blocks = []
    for place, (row_no, cells) in enumerate(rows):
        line = HeaderBlock((row_no,), {one: (text,) for one, text in cells.items()}, cells)
        texts = _texts_under(row_no, rows[place + 1 : place + MAX_LINES + 1])
        if texts and _is_above(cells, texts[0], spans.get(row_no, [])):
            blocks.append(line)
            continue
        blocks.append(_without_parents(line, texts[0], letters) if texts else line)
        lines = [_filled(row_no, cells, spans, letters)] if texts else []
        for number, lower in enumerate(texts[: MAX_LINES - 1], start=1):
            lines = [*lines, _filled(row_no + number, lower, spans, letters)]
            block = _block(tuple(range(row_no, row_no + number + 1)), lines)
            more = texts[number : number + 1]
            blocks.append(_without_parents(block, more[0], letters) if more else block)
    return blocks


def _is_above(
    cells: dict[str, str], lower: dict[str, str], merged: Sequence[tuple[str, list[str], int]]
) -> bool:
    """Whether a row is a title or a line of values above a table, and no upper line of a header.

    That is a lone text, unless it is merged over some columns of the next line and not over others,
    and a line of which half the cells are labels with their values (期间：2024年3期).
    """
    if len(cells) == 1:
        wide = [covered for left, covered, _ in merged if left in cells]
        over = set(wide[0]) & set(lower) if wide else set[str]()
        return not over or len(lower) - len(over) < 2
    stated = sum(_STATED.search(text.strip()) is not None for text in cells.values())
    return stated * 2 >= max(len(cells), 2) or any(map(looks_numeric, cells.values()))


def _texts_under(row_no: int, rows: Sequence[tuple[int, dict[str, str]]]) -> list[dict[str, str]]:
    """Return the lines that follow a row at once and hold no number: they may go on a header."""
    texts: list[dict[str, str]] = []
    for lower_no, lower in rows:
        if lower_no != row_no + len(texts) + 1 or any(map(looks_numeric, lower.values())):
            break
        texts.append(lower)
    return texts


def _without_parents(
    block: HeaderBlock, lower: dict[str, str], letters: Sequence[str]
) -> HeaderBlock:
    """Take from a header the cells that stand over two or more texts of the next line."""
    children: dict[str, int] = defaultdict(int)
    parent = ""
    for letter in letters:
        parent = letter if letter in block.labels else parent
        children[parent] += letter in lower
    kept = {letter for letter in block.labels if children[letter] < 2}
    return HeaderBlock(
        block.rows,
        {letter: labels for letter, labels in block.labels.items() if letter in kept},
        {letter: shown for letter, shown in block.shown.items() if letter in kept},
    )


def _spans(
    merged: tuple[tuple[int, str, int, str], ...], letters: Sequence[str], first: int
) -> dict[int, list[tuple[str, list[str], int]]]:
    order = {letter: place for place, letter in enumerate(letters)}
    spans: dict[int, list[tuple[str, list[str], int]]] = defaultdict(list)
    for top, left, bottom, right in merged:
        if left in order and first <= top <= first + HEAD_ROWS * 4:
            last = order.get(right, len(letters) - 1)
            spans[top].append((left, list(letters[order[left] : last + 1]), bottom))
    return spans


def _filled(
    row_no: int,
    cells: dict[str, str],
    spans: dict[int, list[tuple[str, list[str], int]]],
    letters: Sequence[str],
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the row's own cells and the same with merged or open parents filled to the right."""
    wide = dict(cells)
    merged_here = spans.get(row_no, [])
    for left, covered, _ in merged_here:
        if left in cells:
            wide.update({letter: cells[left] for letter in covered if letter not in cells})
    if not merged_here:
        last = None
        for letter in letters:
            last = cells.get(letter, last)
            if last is not None:
                wide.setdefault(letter, last)
    return dict(cells), wide


def _block(
    rows: tuple[int, ...], lines: Sequence[tuple[dict[str, str], dict[str, str]]]
) -> HeaderBlock:
    own_last = lines[-1][0]
    labels: dict[str, tuple[str, ...]] = {}
    shown: dict[str, str] = {}
    for letter in dict.fromkeys(letter for own, _ in lines for letter in own):
        above = [wide[letter] for _, wide in lines[:-1] if letter in wide]
        stack = list(dict.fromkeys([*above, *([own_last[letter]] if letter in own_last else [])]))
        child, parents = stack[-1], stack[:-1]
        joined = [
            both
            for parent in parents
            for both in (
                f"{parent}{child}",
                f"{child}{parent.removeprefix('本期')}",
                f"{_OF_WHAT.sub('', parent)}{child}",
            )
        ]
        labels[letter] = tuple(dict.fromkeys([*joined, child, *reversed(parents)]))
        shown[letter] = "/".join(stack)
    return HeaderBlock(rows, labels, shown)
