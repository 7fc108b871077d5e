"""The fast path for big separated text: Arrow parses raw bytes, then only what needs it is decoded.

Neither a comma nor a quote nor a line end occurs inside a GB18030 character, so the bytes are split
before they are decoded. Not here: anything irregular; this module answers None and the exact path
takes over.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

import polars as pl
import pyarrow as pa
from pyarrow import csv as arrow_csv

from recon.base.distinct import Words, are_few
from recon.intake.formats.known_texts import coded_column, repeats
from recon.intake.formats.letters import letter_of

_EDGE_LINES = 200
_EDGE_BYTES = 131_072
_BLOCK = 1 << 22


@dataclass(frozen=True)
class Body:
    """Where the regular rows of a file lie: bytes `start` to `end`, first physical line, lines."""

    start: int
    end: int
    first_line: int
    lines: int


def inner(codec: str) -> str:
    """Return the codec for bytes from within a file, where no byte order mark stands."""
    return "utf-8" if codec == "utf-8-sig" else codec


def find_body(content: bytes, codec: str, separator: str, width: int) -> Body | None:
    """Find the stretch of lines that all seem to have the usual width.

    Args:
        content: The whole file.
        codec: Its encoding.
        separator: Its separator.
        width: The usual number of fields.

    Returns:
        The stretch, or None where this path does not apply: another encoding, a separator that may
        be part of a character, lone carriage returns, an irregular beginning of 200 lines. The
        first line is never in it: a header would make every column look Chinese.
    """
    if codec not in {"utf-8", "utf-8-sig", "gb18030"} or width < 2:
        return None
    if separator not in (",\t;" if codec == "gb18030" else ",\t;|"):
        return None
    breaks = content.count(b"\n")
    if breaks < 4 * _EDGE_LINES or _has_quoted_returns(content, breaks):
        return None
    mark = separator.encode()
    top = content[:_EDGE_BYTES].split(b"\n")[:_EDGE_LINES]
    irregular = [i for i, line in enumerate(top[:-1]) if not _has_width(line, mark, width)]
    skipped = irregular[-1] + 1 if irregular else 1
    quotes = sum(line.count(b'"') for line in top[:skipped])
    while quotes % 2 and skipped < len(top):  # not within a cell that holds a line break
        quotes += top[skipped].count(b'"')
        skipped += 1
    if skipped >= _EDGE_LINES - 10:
        return None
    start = sum(len(line) + 1 for line in top[:skipped])
    bottom = content[-_EDGE_BYTES:].split(b"\n")[1:][-_EDGE_LINES:]
    wrong = [i for i, line in enumerate(bottom) if line and not _has_width(line, mark, width)]
    cut = wrong[0] if wrong else len(bottom) - (not bottom[-1])
    end = min(len(content) - sum(len(line) + 1 for line in bottom[cut:]) + 1, len(content))
    if content.count(b'"', end) % 2:
        return None
    lines = breaks - skipped - (len(bottom) - cut - 1 if cut < len(bottom) else -1)
    return Body(start, end, skipped + 1, lines)


def pieces(content: bytes, body: Body, size: int) -> list[Body]:
    """Cut a stretch at line ends into stretches of some bytes each.

    Args:
        content: The whole file.
        body: The stretch.
        size: Bytes of a piece, but for the rest of its last line.
    """
    found: list[Body] = []
    start, line = body.start, body.first_line
    while body.end - start > size:
        end = content.find(b"\n", start + size, body.end) + 1 or body.end
        lines = content.count(b"\n", start, end)
        found.append(Body(start, end, line, lines))
        start, line = end, line + lines
    if start < body.end:
        found.append(Body(start, body.end, line, body.first_line + body.lines - line))
    return found


def _has_quoted_returns(content: bytes, breaks: int) -> bool:
    """Whether a lone carriage return may hide within quotes; outside, Arrow ends a row at it."""
    return b'"' in content and content.count(b"\r") not in {0, breaks}


def _has_width(line: bytes, mark: bytes, width: int) -> bool:
    """Whether a line has the width; a line with quotes is left to the parser."""
    return b'"' in line or line.count(mark) == width - 1


def read_body(
    content: bytes, body: Body, codec: str, separator: str, width: int
) -> tuple[pl.DataFrame, dict[str, Words]] | None:
    """Parse the regular stretch.

    Args:
        content: The whole file.
        body: The stretch.
        codec: Its encoding.
        separator: Its separator.
        width: The number of fields that every row must have.

    Returns:
        One String column per field named by letter, one row per physical line, and the different
        texts of columns where they are few; None when a row has another width, a field holds a line
        break, or bytes do not decode.
    """
    names = [letter_of(i) for i in range(width)]
    kind = pa.binary() if codec == "gb18030" else pa.string()
    stretch = pa.py_buffer(content).slice(body.start, body.end - body.start)
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(stretch),
            # threads cost more than they give where stretches are short
            read_options=arrow_csv.ReadOptions(
                column_names=names, block_size=_BLOCK, use_threads=False
            ),
            parse_options=arrow_csv.ParseOptions(delimiter=separator, ignore_empty_lines=False),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, kind),
                check_utf8=False,
                null_values=[""],
                strings_can_be_null=True,
            ),
        )
        if table.num_rows != body.lines:
            return None
        columns = [_column(column, codec) for column in table.columns]
    except (pa.ArrowInvalid, UnicodeDecodeError):
        return None
    words = {name: few for name, (_, few) in zip(names, columns, strict=True) if few is not None}
    return pl.DataFrame(
        {name: cells for name, (cells, _) in zip(names, columns, strict=True)}
    ), words


def _column(column: pa.ChunkedArray, codec: str) -> tuple[pl.Series, Words | None]:
    """Return a column as text, and its different texts where they are few.

    In GB18030 plain ASCII is taken as it is, and of other columns each text is decoded once.
    """
    is_coded = codec == "gb18030" and not all(map(_is_ascii, column.chunks))
    if codec == "gb18030" and not is_coded:
        column = pa.chunked_array([one.view(pa.string()) for one in column.chunks])
    if not is_coded and not repeats(column.chunk(0)):
        return pl.Series(column), None
    words = coded_column(column, _decode if is_coded else pl.Series)
    is_known = are_few(len(words.texts), len(words.places))
    return words.spread(words.texts), words if is_known else None


def _is_ascii(chunk: pa.Array) -> bool:
    values = chunk.buffers()[2]
    return values is None or memoryview(values).tobytes().isascii()


def _decode(words: pa.Array) -> pl.Series:
    """Decode texts all at once: none holds the line end that parts them."""
    import pyarrow.compute as pc  # noqa: PLC0415 - slow to load, and few files need it

    whole = pa.array([0, len(words)], pa.int32())
    joined = pc.binary_join(pa.ListArray.from_arrays(whole, words), b"\n")[0].as_buffer()
    text = codecs.decode(memoryview(joined), "gb18030")
    return pl.Series([text]).str.split("\n").explode(empty_as_null=False, keep_nulls=True)
