from __future__ import annotations

import gzip
import io
import zipfile

import pytest
import xlsxwriter
import xlwt

from recon.intake.formats.detect import OLE, true_type


def package(*names: str, mimetype: str = "") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "x")
    return made.getvalue()


def old_workbook() -> bytes:
    made = io.BytesIO()
    book = xlwt.Workbook()
    book.add_sheet("甲").write(0, 0, 1)
    book.save(made)
    return made.getvalue()


def new_workbook() -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        book.add_worksheet("甲").write(0, 0, 1)
    return made.getvalue()


CASES = {
    "nothing": (b"", "empty"),
    "blank": (b"\xef\xbb\xbf  \r\n", "empty"),
    "xlsx": (new_workbook(), "xlsx"),
    "xls": (old_workbook(), "xls"),
    "xlsb": (package("[Content_Types].xml", "xl/workbook.bin"), "xlsb"),
    "ods": (package(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "ods"),
    "docx": (package("[Content_Types].xml", "word/document.xml"), "document"),
    "odt": (package(mimetype="application/vnd.oasis.opendocument.text"), "document"),
    "zip": (package("a.csv"), "zip"),
    "gz": (gzip.compress(b"a,b"), "gz"),
    "cut xlsx": (new_workbook()[:3000], "xlsx"),
    "cut zip": (package("a.csv")[:30], "zip"),
    "encrypted": (OLE + bytes(512) + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    "doc": (OLE + bytes(512) + "WordDocument".encode("utf-16-le"), "document"),
    "html": (b"\r\n<html><table><tr><td>1</td></tr></table>", "html"),
    "bare table": (b"<TABLE border=1><tr><td>1</td></tr></table>", "html"),
    "html with a mark": (b"\xef\xbb\xbf<!DOCTYPE html><body>", "html"),
    "xml sheet": (
        b'<?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:x"/>',
        "xml_sheet",
    ),
    "xml": (b'<?xml version="1.0"?><accounts/>', "xml"),
    "json": (b'{"a": 1}', "json"),
    "json list": (b'[{"a": 1}]', "json"),
    "csv": ("单位,金额\n甲,1\n".encode(), "text"),
    "gbk csv": ("单位,金额\n甲,1\n".encode("gb18030"), "text"),
    "utf-16 csv": ("单位,金额\n甲,1\n".encode("utf-16"), "text"),
    "utf-16 csv without a mark": ("code,amount\nA,1\n".encode("utf-16-le"), "text"),
    "csv in brackets": (b"[2024],1\n2,3\n", "text"),
    "pdf": (b"%PDF-1.7\n", "pdf"),
    "rubbish": (bytes(range(32)) * 40, "unknown"),
    "parquet": (b"PAR1....PAR1", "parquet"),
    "biff4": (b"\x09\x04\x06\x00\x00\x00\x10\x00", "ancient"),
    "biff2": (b"\x09\x00\x04\x00\x02\x00\x10\x00", "ancient"),
    "tab at the start": (b"\tname\tamount\n", "text"),
}


@pytest.mark.parametrize("name", CASES)
def test_the_type_is_what_the_bytes_say(name: str) -> None:
    content, expected = CASES[name]
    assert true_type(content) == expected


def test_a_password_of_an_old_workbook_is_seen() -> None:
    content = old_workbook()
    start = content.index(b"\x09\x08\x10\x00\x00\x06\x05\x00") + 20
    locked = content[:start] + b"\x2f\x00\x06\x00" + bytes(6) + content[start + 10 :]
    assert true_type(locked) == "encrypted"
