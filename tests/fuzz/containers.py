"""Real files of every kind, and what a bad disk, a bad line or a bad program makes of them.

A mutated file may be read or refused with a sentence. It must not raise, kill the reading process,
hang, or take more memory than allowed.
"""

from __future__ import annotations

import gzip
import io
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import xlwt
from openpyxl.styles import Font

if TYPE_CHECKING:
    from random import Random

ROWS = [
    ["工会经费代收明细", None, None, None, None, None, None],
    [
        "缴费人名称",
        "征收品目",
        "费款所属期起",
        "费款所属期止",
        "实缴金额",
        "入库日期",
        "电子税票号码",
    ],
    *(
        [f"示例{n}公司", "工会经费", "2024-01-01", "2024-03-31", 100.25 + n, "2024-04-10", f"V{n}"]
        for n in range(12)
    ),
    ["合计", None, None, None, 1269.0, None, None],
]
_TOKENS = (
    b"999999999",
    b"-1",
    b"",
    b"A" * 300,
    b"\x00",
    b"XFD1048576",
    b"1E308",
    b"&#0;",
    b"<",
    b'"',
)


def seeds() -> dict[str, bytes]:
    """Return one well-formed file of each kind by name."""
    lines = [["" if cell is None else str(cell) for cell in row] for row in ROWS]
    text = "\r\n".join(",".join(line) for line in lines)
    html = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in line) + "</tr>" for line in lines)
    cells = "".join(
        "<Row>"
        + "".join(f'<Cell><Data ss:Type="String">{c}</Data></Cell>' for c in line)
        + "</Row>"
        for line in lines
    )
    spreadsheetml = (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="a"><Table>'
        f"{cells}</Table></Worksheet></Workbook>"
    )
    records = "".join(f"<凭证><科目编号>{n}</科目编号><金额>{n}.5</金额></凭证>" for n in range(5))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", text.encode("gb18030"))
        archive.writestr("b.xlsx", _xlsx())
    return {
        "a.xlsx": _xlsx(),
        "a.xls": _xls(),
        "a.csv": text.encode("gb18030"),
        "u.csv": text.encode("utf-16"),
        "page.xls": f"<html><meta charset=utf-8><table>{html}</table>".encode(),
        "old.xls": spreadsheetml.encode(),
        "a.xml": f"<总账>{records}</总账>".encode(),
        "a.json": '{"凭证": [{"科目": "1", "金额": 1.5}, {"科目": "2", "金额": 2}]}'.encode(),
        "a.zip": packed.getvalue(),
        "a.parquet": _parquet(lines),
        "a.csv.gz": gzip.compress(text.encode("gb18030"), mtime=0),
    }


def _xlsx() -> bytes:
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.active.merge_cells("A1:G1")
    book.active["A1"].font = Font(bold=True)
    book.active["H3"] = "=E3*2"
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _parquet(lines: list[list[str]]) -> bytes:
    made = io.BytesIO()
    pq.write_table(pa.table(dict(zip(lines[1], zip(*lines[2:], strict=True), strict=True))), made)
    return made.getvalue()


def _xls() -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("a")
    for y, row in enumerate(ROWS):
        for x, cell in enumerate(row):
            if cell is not None:
                sheet.write(y, x, cell)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def mutate(content: bytes, random: Random) -> bytes:
    """Return a damaged copy: within a package as often as across its bytes."""
    if content.startswith(b"PK") and random.random() < 0.6:
        return _within_package(content, random)
    return _bytes(content, random)


def _within_package(content: bytes, random: Random) -> bytes:
    """Damage one member and pack the whole again, so that the damage reaches the readers."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        names = old.namelist()
        hit = random.choice(names)
        for name in names:
            member = old.read(name)
            new.writestr(name, _bytes(member, random) if name == hit else member)
    return made.getvalue()


def _bytes(content: bytes, random: Random) -> bytes:
    """Flip, cut, double, move or replace stretches of bytes."""
    data = bytearray(content)
    for _ in range(random.randint(1, 6)):
        if not data:
            break
        at = random.randrange(len(data))
        size = min(random.choice([1, 1, 2, 4, 16, 200]), len(data) - at)
        match random.randrange(6):
            case 0:
                data[at] ^= 1 << random.randrange(8)
            case 1:
                data[at : at + size] = random.randbytes(size)
            case 2:
                del data[at : at + size]
            case 3:
                data[at:at] = data[at : at + size] * random.choice([1, 3, 50])
            case 4:
                data[at : at + size] = random.choice(_TOKENS)
            case _:
                if random.random() < 0.3:
                    del data[at:]
    return bytes(data)
