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

from recon.share.undressed import searched

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_ZIPS = b"PK\x03\x04"
_PARQUET = b"PAR1"
_SQLITE = b"SQLite format 3\x00"
_GZIP = b"\x1f\x8b"
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_ENCODINGS = ("utf-8", "utf-16-le", "gb18030")
#: A name of fewer signs is met by chance where spaces do not count.
_NAME = 3
_WORD = re.compile(r"[0-9A-Za-z]+")


def find_texts(
    folder: Path, wanted: Iterable[str], numbers: Iterable[str] = ()
) -> dict[str, set[str]]:
    """Find texts in the files of a folder, as they stand and in their plain form.

    Args:
        folder: Searched recursively, file names included.
        wanted: Texts. One that is a number or a Latin word is found as a whole word only; a name of
            at least three signs also where width, spaces or hidden signs dress it.
        numbers: Long numbers in digits, found wherever they stand and whatever dresses them.

    Returns:
        Relative posix path to the texts found there; files without any are left out.
    """
    texts = sorted(set(wanted))
    plain = sorted({searched(text) for text in texts if len(text) >= _NAME} - _latin(texts))
    plain += sorted(set(numbers) - set(plain))
    hits: dict[str, set[str]] = {}
    for path in sorted(folder.rglob("*")):
        shown = path.relative_to(folder).as_posix()
        content = shown + "\n"
        if path.is_file():
            content += "\n".join(readable(path.read_bytes(), path))
        found = _among(content, texts)
        if path.is_file():
            content = "\n".join(readable(path.read_bytes(), path, ("utf-8",)))
        found |= _inside(searched(f"{shown}\n{content}"), plain)
        if found:
            hits[shown] = found
    return hits


def _latin(texts: list[str]) -> set[str]:
    return {text for text in texts if _WORD.fullmatch(text)}


def _inside(content: str, texts: list[str]) -> set[str]:
    if not texts:
        return set()
    found = pl.Series([content]).str.extract_many(texts, overlapping=True).explode()
    return set(found.drop_nulls())


def _among(content: str, texts: list[str]) -> set[str]:
    words = set(_WORD.findall(content))
    whole = _latin(texts)
    return (whole & words) | _inside(content, [text for text in texts if text not in whole])


def readable(
    content: bytes, path: Path | None = None, encodings: tuple[str, ...] = _ENCODINGS
) -> Iterator[str]:
    """Yield the texts of a file: as written, unescaped, and of what is packed inside.

    Args:
        content: The file's bytes.
        path: Its path, for SQLite, which is opened there read-only.
        encodings: Those in which a plain file is read.
    """
    if content.startswith(_ZIPS):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                yield member.filename
                yield from readable(archive.read(member), None, encodings)
    elif content.startswith(_PARQUET):
        yield from _frame_texts(pl.read_parquet(io.BytesIO(content)))
    elif content.startswith(_SQLITE) and path is not None:
        yield from _database_texts(path)
    elif content.startswith(_GZIP):
        yield from readable(zlib.decompress(content, wbits=31), None, encodings)
    else:
        for encoding in encodings:
            text = content.decode(encoding, errors="replace")
            yield text
            if encoding == "utf-8":
                yield unescape(text)
                yield _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def _frame_texts(frame: pl.DataFrame) -> Iterator[str]:
    yield " ".join(frame.columns)
    for row in frame.iter_rows():
        yield "\n".join(str(value) for value in row)


def _database_texts(path: Path) -> Iterator[str]:
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
        yield from database.iterdump()
