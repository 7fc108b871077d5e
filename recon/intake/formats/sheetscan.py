"""One pass over the XML of an xlsx sheet for what the fast reader does not say.

The fast reader gives all cells as text but rounds numbers to nine decimals, takes some Chinese date
formats for numbers and says nothing of formulas without a result, hidden rows and merged cells.
This pass streams the XML with byte patterns and never holds more than a few blocks.
Not here: reading the cells (`workbook`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Literal

from recon.intake.formats.letters import index_of, letter_of
from recon.intake.formats.numbers import day_text, is_cut, plain, span_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: `date` and `span` (a time of day or a duration) are always rewritten, `moment` only where long.
StyleKind = Literal["date", "span", "moment"]

#: Small enough to stay in the processor's cache while it is searched again and again.
_BLOCK = 1 << 20
_LONGEST_ROW = 1 << 26
#: Numbers that the fast reader may round, that may have lost digits, or that are tiny.
_LONG_OR_TINY = re.compile(
    # short ones are out at once
    rb"<v>(?![-+.0-9]{1,11}<)([-+.0-9Ee]{12,}|[-+.0-9]+[Ee]-[0-9]+)</v>"
)
_NINE = re.compile(rb"[-+]?[0-9]+(?:\.[0-9]{1,9})?")
#: Of every so many blocks the first are checked for their way of writing; a writer does not change
#: it within a sheet.
_ROUND, _CHECKED = 128, 8
_REF = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')
_TYPE = re.compile(rb' t="(\w+)"')
_STYLE = re.compile(rb' s="([0-9]+)"')
_NUMBER = re.compile(rb"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[Ee][-+]?[0-9]{1,3})?")
_LAST_DAY = 2_958_466
#: Below this the shortest form of a number has at most 15 digits before its nine decimals.
_WHOLE = 1e6
_NO_RESULT = re.compile(rb"(?:</f>|<f(?: [^>]*)?/>)(?:<v></v>|<v ?/>)?</c>")
_HIDDEN_ROW = re.compile(rb'<row r="([0-9]+)"[^>]* hidden="(?:1|true)"')
_COL = re.compile(rb"<col [^>]*>")
_MERGE = re.compile(rb'<mergeCell ref="([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)"')
_FILLED = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^>/]*>')


@dataclass
class Scan:
    """What one pass found.

    `exact` maps a column letter to rows and the texts that replace those of the fast reader;
    `is_regular` is False when the XML is written in a way this pass does not follow.
    """

    is_regular: bool = True
    exact: dict[str, tuple[list[int], list[str]]] = field(default_factory=dict)
    cut: list[tuple[int, str]] = field(default_factory=list)
    blank_formulas: list[tuple[int, str]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[str] = field(default_factory=list)
    merged: list[tuple[int, str, int, str]] = field(default_factory=list)

    def put(self, row_no: int, letter: str, text: str) -> None:
        """Keep the exact text of one cell."""
        rows, texts = self.exact.setdefault(letter, ([], []))
        rows.append(row_no)
        texts.append(text)


def scan_sheet(stream: IO[bytes], styles: Mapping[bytes, StyleKind], *, is_1904: bool) -> Scan:
    """Stream the XML of one sheet.

    Args:
        stream: The sheet's part of the package.
        styles: Style numbers whose cells the fast reader gets wrong, and what they are.
        is_1904: The workbook's date base.
    """
    scan = Scan()
    special = _special_pattern(styles)
    for place, (block, is_last) in enumerate(_blocks(stream)):
        if place == 0:
            _scan_front(block, scan)
        if (place % _ROUND < _CHECKED or is_last) and not _is_regular(block):
            scan.is_regular = False
            return scan
        _scan_numbers(block, scan, styles, is_1904=is_1904)
        if b"f" in block and b"<f" in block:  # one letter is looked for much faster
            _scan_formulas(block, scan)
        if b"h" in block and b' hidden="' in block:
            scan.hidden_rows.extend(int(row) for row in _HIDDEN_ROW.findall(block))
        if special is not None:
            _scan_styles(block, scan, special, styles, is_1904=is_1904)
        if is_last:
            scan.merged.extend(
                (int(top), left.decode(), int(bottom), right.decode())
                for left, top, right, bottom in _MERGE.findall(block)
            )
    return scan


def span_of(stream: IO[bytes]) -> tuple[int, int, int]:
    """Measure a small sheet: rows and columns of its bounding box, and its filled cells.

    Args:
        stream: The sheet's part of the package.
    """
    rows: list[int] = []
    columns: set[bytes] = set()
    count = 0
    for block, _ in _blocks(stream):
        found = _FILLED.findall(block)
        count += len(found)
        if found:
            numbers = [int(row) for _, row in found]
            rows += [min(numbers), max(numbers)]
            columns.update(letters for letters, _ in found)
    if not rows:
        return 0, 0, 0
    places = [index_of(letters.decode()) for letters in columns]
    return max(rows), max(places) - min(places) + 1, count


def _blocks(stream: IO[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Cut the stream at ends of rows; the last block begins after the last row that is closed."""
    rest = b""
    while piece := stream.read(_BLOCK):
        cut = piece.rfind(b"</row>") + 6
        if cut < 6:
            rest += piece
            if len(rest) > _LONGEST_ROW:
                yield b"<!--", True
                return
            continue
        yield b"".join((rest, memoryview(piece)[:cut])), False
        rest = piece[cut:]
    yield rest, True


def _is_regular(block: bytes) -> bool:
    """Whether cells start with their reference, without prefixes, comments or CDATA."""
    if b"<![CDATA[" in block or b"<!--" in block or b":c r=" in block:
        return False
    return block.count(b"<c ") == block.count(b'<c r="') and block.count(b"<c>") == 0


def _scan_front(block: bytes, scan: Scan) -> None:
    """Read what stands before the first row: hidden columns."""
    front = block[: max(block.find(b"<sheetData"), 0)]
    for tag in _COL.findall(front):
        if re.search(rb' hidden="(?:1|true)"', tag):
            low, high = (re.search(rb' %s="([0-9]+)"' % name, tag) for name in (b"min", b"max"))
            if low and high:
                last = min(int(high[1]), int(low[1]) + 1023)
                scan.hidden_columns += [letter_of(i - 1) for i in range(int(low[1]), last + 1)]


def _cell_before(block: bytes, place: int) -> tuple[int, str, bytes, bytes] | None:
    """Find row, letter, type and style of the cell whose content stands at a place."""
    start = block.rfind(b'<c r="', 0, place)
    reference = _REF.match(block, start) if start >= 0 else None
    if reference is None:
        return None
    end = block.find(b">", start) + 1
    kind = _TYPE.search(block, reference.end(), end)
    style = _STYLE.search(block, reference.end(), end)
    return (
        int(reference[2]),
        reference[1].decode(),
        kind[1] if kind else b"n",
        style[1] if style else b"",
    )


def _scan_numbers(
    block: bytes, scan: Scan, styles: Mapping[bytes, StyleKind], *, is_1904: bool
) -> None:
    """Keep the exact text of numbers beyond 15 digits or nine decimals, and of tiny ones."""
    for found in _LONG_OR_TINY.finditer(block):
        text = found[1]
        if len(text) < 17 and _NINE.fullmatch(text) and sum(map(str.isdigit, text.decode())) < 16:
            continue
        if _is_told_whole(block, found.start(), text, styles):
            continue
        cell = _cell_before(block, found.start())
        if cell is None or cell[2] != b"n" or not _NUMBER.fullmatch(text):
            continue
        number = float(text)
        if styles.get(cell[3]) == "moment" and 0 <= number < _LAST_DAY:
            scan.put(cell[0], cell[1], day_text(number, is_1904=is_1904))
            continue
        scan.put(cell[0], cell[1], plain(number))
        if is_cut(number):
            scan.cut.append((cell[0], cell[1]))


def _is_told_whole(
    block: bytes, place: int, text: bytes, styles: Mapping[bytes, StyleKind]
) -> bool:
    """Whether the fast reader tells a number that is no date or time in all its digits.

    It writes nine decimals; many programs write 71234.560000000005 for 71234.56.
    """
    start = block.rfind(b"<c ", 0, place)
    style = _STYLE.search(block, start, place)
    if (style is not None and style[1] in styles) or not _NUMBER.fullmatch(text):
        return False
    number = float(text)
    return abs(number) < _WHOLE and len(plain(number).partition(".")[2]) <= 9


def _scan_formulas(block: bytes, scan: Scan) -> None:
    for found in _NO_RESULT.finditer(block):
        cell = _cell_before(block, found.start())
        if cell is not None and cell[2] != b"str":
            scan.blank_formulas.append((cell[0], cell[1]))


def _special_pattern(styles: Mapping[bytes, StyleKind]) -> re.Pattern[bytes] | None:
    wanted = sorted(style for style, kind in styles.items() if kind != "moment")
    if not wanted:
        return None
    numbers = b"|".join(wanted)
    return re.compile(
        rb'<c r="([A-Z]{1,3})([0-9]{1,7})" s="(%s)"(?: t="n")?>'
        rb"(?:<f[^>]*>[^<]*</f>|<f[^>]*/>)?<v>([-+.0-9Ee]+)</v>" % numbers
    )


def _scan_styles(
    block: bytes,
    scan: Scan,
    pattern: re.Pattern[bytes],
    styles: Mapping[bytes, StyleKind],
    *,
    is_1904: bool,
) -> None:
    for letters, row, style, text in pattern.findall(block):
        serial = float(text)
        if not 0 <= serial < _LAST_DAY:
            continue
        shown = day_text(serial, is_1904=is_1904) if styles[style] == "date" else span_text(serial)
        scan.put(int(row), letters.decode(), shown)
