"""Table sheets at the speed of polars: rows as XML, put into a workbook that XlsxWriter laid out.

XlsxWriter writes the workbook with header, filter, drop-downs and, in row 2 of each table sheet,
one empty cell per column that carries its style. Here that row is replaced by the real rows, built
as text by polars slice by slice, so that neither Python objects nor the whole sheet are in memory.
Not here: which sheets and columns there are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

import polars as pl
from xlsxwriter.utility import xl_col_to_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: What Excel takes: rows of a sheet with its header, UTF-16 units of a cell.
MAX_ROWS = 1_048_576
MAX_CELL = 32_767
CUT_NOTICE = "…（内容超过单元格上限，已截断；全文见 exceptions.csv）"

#: Excel takes 65,530 jumps a sheet.
MOST_LINKS = 50_000

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
#: What stands after the jumps of a sheet.
_AFTER_LINKS = re.compile("<printOptions|<pageMargins")
_EPOCH = pl.date(1899, 12, 30)
_SLICE = 4_000
_STYLE_CELL = re.compile(r'<c r="([A-Z]+)2" s="([0-9]+)"')
_STYLE_ROW = re.compile(r'<row r="2".*?</row>', re.DOTALL)
_DIMENSION = re.compile(r'<dimension ref="[^"]*"/>')
#: XML 1.0 cannot hold these, not even escaped.
_ILLEGAL = "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
_ASTRAL = "[\U00010000-\U0010ffff]"
#: Excel reads _x0041_ as A; its first underscore must be escaped.
_ESCAPE_LIKE = "_(x[0-9a-fA-F]{4}_)"


@dataclass(frozen=True)
class Spliced:
    """A table whose rows go into a sheet.

    Shape: `values` are expressions over `frame`, one per sheet column from A on, whose results
    are String, Date, Decimal or whole numbers; null is an empty cell that keeps its style.
    `height` is that of every row (None: left to the program that opens it). Units: points.
    """

    member: str
    frame: pl.DataFrame
    values: tuple[pl.Expr, ...]
    height: float | None = None
    links: Links | None = None


@dataclass(frozen=True)
class Links:
    """Jumps from the cells of a column into files.

    Shape: `targets` has row (of the sheet, from 2 on), url (relative, percent-encoded) and place
    (a cell there such as 'Sheet1'!A12, or null); at most `MOST_LINKS` rows.
    """

    letter: str
    targets: pl.DataFrame

    def relations(self) -> str:
        """Return the part of the package that names the files, each once."""
        urls = self.targets["url"].unique(maintain_order=True).to_list()
        named = "".join(
            f'<Relationship Id="rId{number}" Type="{_RELATION}" Target={quoteattr(url)} '
            'TargetMode="External"/>'
            for number, url in enumerate(urls, start=1)
        )
        return f'{_XML}<Relationships xmlns="{_PACKAGE}">{named}</Relationships>'

    def elements(self) -> str:
        """Return the sheet's element of jumps."""
        urls = self.targets["url"].unique(maintain_order=True).to_list()
        ids = {url: f"rId{number}" for number, url in enumerate(urls, start=1)}
        each = "".join(
            f'<hyperlink ref="{self.letter}{row}" r:id="{ids[url]}"'
            + (f" location={quoteattr(place)}/>" if place else "/>")
            for row, url, place in self.targets.select("row", "url", "place").iter_rows()
        )
        return f"<hyperlinks>{each}</hyperlinks>"


def cell_text(value: pl.Expr) -> pl.Expr:
    """Make a text fit for a cell: no illegal characters, at most what a cell holds.

    Returns:
        The text; one that was too long ends with `CUT_NOTICE`.
    """
    clean = value.str.replace_all(_ILLEGAL, "").str.replace_all("\r\n?", "\n")
    units = clean.str.len_chars() + clean.str.count_matches(_ASTRAL)
    room = MAX_CELL - len(CUT_NOTICE)
    whole_pairs = pl.when(units > clean.str.len_chars()).then(room // 2).otherwise(room)
    cut = pl.concat_str(clean.str.slice(0, whole_pairs), pl.lit(CUT_NOTICE))
    fits = (clean.str.len_bytes() <= MAX_CELL) | (units <= MAX_CELL)
    return pl.when(fits).then(clean).otherwise(cut)


def _escaped(text: pl.Expr) -> pl.Expr:
    return (
        text.str.replace_all("&", "&amp;", literal=True)
        .str.replace_all("<", "&lt;", literal=True)
        .str.replace_all(">", "&gt;", literal=True)
        .str.replace_all(_ESCAPE_LIKE, "_x005F_${1}")
    )


def _asked(rows: pl.DataFrame) -> dict[str, bool]:
    """Return what some cell of each text column asks for: `clean_` or `escape_` and its name."""
    text = pl.col(pl.String)
    is_odd = text.str.contains(f"{_ILLEGAL}|\r") | (text.str.len_bytes() > MAX_CELL)
    is_code = text.str.contains(f"[&<>]|{_ESCAPE_LIKE}")
    asked = rows.select(is_odd.any().name.prefix("clean_"), is_code.any().name.prefix("escape_"))
    return asked.row(0, named=True)


def _prepared(name: str, asked: dict[str, bool]) -> pl.Expr:
    """Clean and escape a column of text, but do only what some cell of this slice asks for."""
    text = pl.col(name)
    if asked[f"clean_{name}"]:
        text = cell_text(text)
    return _escaped(text) if asked[f"escape_{name}"] else text


def _cell(letter: str, style: str, column: pl.Series, asked: dict[str, bool]) -> pl.Expr:
    """Express one cell without its leading `<c r="A1"`, which `rows_as_xml` writes."""
    value = pl.col(letter)
    empty = pl.lit(f'" s="{style}"/>')
    if column.null_count() == column.len():
        tail = empty
    elif isinstance(column.dtype, pl.String):
        opening = f'" s="{style}" t="inlineStr"><is><t xml:space="preserve">'
        filled = pl.concat_str(pl.lit(opening), _prepared(letter, asked), pl.lit("</t></is></c>"))
        tail = pl.when(value.is_null() | (value == "")).then(empty).otherwise(filled)
    else:
        is_date = isinstance(column.dtype, pl.Date)
        number = (value - _EPOCH).dt.total_days() if is_date else value
        filled = pl.concat_str(
            pl.lit(f'" s="{style}"><v>'), number.cast(pl.String), pl.lit("</v></c>")
        )
        tail = pl.when(value.is_null()).then(empty).otherwise(filled)
    return pl.concat_str(pl.lit(f'<c r="{letter}'), pl.col("row"), tail)


def rows_as_xml(table: Spliced, styles: dict[str, str]) -> Iterator[bytes]:
    """Build the rows of a sheet, from row 2 on.

    Args:
        table: The table.
        styles: Column letter to the number of its cell style.

    Yields:
        XML of some rows at a time.
    """
    letters = [xl_col_to_name(number) for number in range(len(table.values))]
    high = "" if table.height is None else f' ht="{table.height:g}" customHeight="1"'
    for start in range(0, table.frame.height, _SLICE):
        shown = table.frame.slice(start, _SLICE).select(
            value.alias(letter) for letter, value in zip(letters, table.values, strict=True)
        )
        numbered = shown.with_columns(
            row=pl.int_range(start + 2, start + 2 + shown.height).cast(pl.String)
        )
        asked = _asked(numbered)
        cells = (_cell(letter, styles[letter], shown[letter], asked) for letter in letters)
        lines = numbered.select(
            pl.concat_str(
                pl.lit('<row r="'), pl.col("row"), pl.lit(f'"{high}>'), *cells, pl.lit("</row>")
            ).str.join("")
        )
        yield lines.item().encode()


def _splice(into: IO[bytes], xml: str, table: Spliced) -> None:
    """Write a sheet's XML with its style row replaced by the table's rows."""
    styles = dict(_STYLE_CELL.findall(xml))
    last = xl_col_to_name(len(table.values) - 1)
    ref = f'<dimension ref="A1:{last}{table.frame.height + 1}"/>'
    before, after = _STYLE_ROW.split(_DIMENSION.sub(ref, xml, count=1), maxsplit=1)
    into.write(before.encode())
    for rows in rows_as_xml(table, styles):
        into.write(rows)
    if table.links is not None and table.links.targets.height:
        place = _AFTER_LINKS.search(after)
        at = place.start() if place else after.index("</worksheet>")
        after = after[:at] + table.links.elements() + after[at:]
    into.write(after.encode())


def splice_workbook(skeleton: IO[bytes], tables: tuple[Spliced, ...], path: Path) -> None:
    """Write a workbook: the skeleton with the rows of its table sheets.

    Args:
        skeleton: A workbook by XlsxWriter, as bytes.
        tables: Tables by the zip member of their sheet ("xl/worksheets/sheet3.xml").
        path: The file to write. Its bytes depend on the arguments only.

    Raises:
        OSError: The file cannot be written.
    """
    by_member = {table.member: table for table in tables}
    with ZipFile(skeleton) as source, ZipFile(path, "w", ZIP_DEFLATED, compresslevel=1) as target:
        for name in source.namelist():
            # By name, so that the entry has the fixed date 1980-01-01 and the level set above.
            with target.open(name, "w", force_zip64=True) as into:
                content = source.read(name)
                if name in by_member:
                    _splice(into, content.decode(), by_member[name])
                else:
                    into.write(content)
        for table in tables:
            if table.links is not None and table.links.targets.height:
                folder, _, name = table.member.rpartition("/")
                with target.open(f"{folder}/_rels/{name}.rels", "w") as into:
                    into.write(table.links.relations().encode())
