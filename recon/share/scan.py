"""Looks for given texts in every byte of a folder: also inside workbooks, parquet and SQLite.

Here: turning any file that the tool writes into text, and the search. Not here: which texts
must not be there.
"""

from __future__ import annotations

import io
import re
import sqlite3
import zipfile
import zlib
from contextlib import closing
from html import unescape
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_ZIPS = b"PK\x03\x04"
_PARQUET = b"PAR1"
_SQLITE = b"SQLite format 3\x00"
_GZIP = b"\x1f\x8b"
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_WORD = re.compile(r"[0-9A-Za-z]+")


def find_texts(folder: Path, wanted: Iterable[str]) -> dict[str, set[str]]:
    """Find texts in the files of a folder.

    Args:
        folder: Searched recursively, file names included.
        wanted: Texts. One that is a number or a Latin word is found as a whole word only.

    Returns:
        Relative posix path to the texts found there; files without any are left out.
    """
    texts = sorted(set(wanted))
    hits: dict[str, set[str]] = {}
    for path in sorted(folder.rglob("*")):
        shown = path.relative_to(folder).as_posix()
        content = shown + "\n"
        if path.is_file():
            content += "\n".join(readable(path.read_bytes(), path))
        found = _among(content, texts)
        if found:
            hits[shown] = found
    return hits


def _among(content: str, texts: list[str]) -> set[str]:
    words = set(_WORD.findall(content))
    whole = {text for text in texts if _WORD.fullmatch(text)}
    others = [text for text in texts if text not in whole]
    if not others:
        return whole & words
    found = pl.Series([content]).str.extract_many(others, overlapping=True).explode()
    return (whole & words) | set(found.drop_nulls())


def readable(content: bytes, path: Path | None = None) -> Iterator[str]:
    """Yield the texts of a file: as written, unescaped, and of what is packed inside.

    Args:
        content: The file's bytes.
        path: Its path, for SQLite, which is opened there read-only.
    """
    if content.startswith(_ZIPS):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                yield member.filename
                yield from readable(archive.read(member))
    elif content.startswith(_PARQUET):
        yield from _frame_texts(pl.read_parquet(io.BytesIO(content)))
    elif content.startswith(_SQLITE) and path is not None:
        yield from _database_texts(path)
    elif content.startswith(_GZIP):
        yield from readable(zlib.decompress(content, wbits=31))
    else:
        for encoding in ("utf-8", "utf-16-le", "gb18030"):
            text = content.decode(encoding, errors="replace")
            yield text
            if encoding == "utf-8":
                yield unescape(text)
                yield _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def _frame_texts(frame: pl.DataFrame) -> Iterator[str]:
    yield " ".join(frame.columns)
    for row in frame.iter_rows():
        yield " ".join(str(value) for value in row)


def _database_texts(path: Path) -> Iterator[str]:
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
        yield from database.iterdump()
