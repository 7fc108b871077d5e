"""Files that come in by the browser: names cleaned, sizes limited, into the data folder only.

Not here: the page (see `files`), what the files mean.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from recon.base.kept import file_hash
from recon.base.models import Text
from recon.base.paper import CACHE_FOLDER, LEDGER_FILE
from recon.base.temporary import mark
from recon.desk.errors import UploadError
from recon.tables.layout_files import OWN_FOLDER
from recon.workspace.folder import KEY_FILE
from recon.workspace.recon_toml import FILE_NAME

if TYPE_CHECKING:
    from starlette.datastructures import UploadFile

#: Units: bytes.
MOST_OF_ONE = 2 * 2**30
_LONGEST, _DEEPEST = 120, 8
#: What stands in a workspace and decides results: nobody drops it in by chance.
_OWN = {FILE_NAME, KEY_FILE, LEDGER_FILE, CACHE_FOLDER, "rules", "sql", "policy", OWN_FOLDER}
_OWN_FOLDED = {name.casefold() for name in (*_OWN, "recon-out")}
_SIGNS = re.compile(r'[\x00-\x1f\x7f<>:"|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)")
#: Kinds of files that a data folder holds; a program is none.
_KINDS = frozenset(
    [
        ".xlsx",
        ".xlsb",
        ".gz",
        ".xlsm",
        ".xls",
        ".et",
        ".ett",
        ".ods",
        ".csv",
        ".tsv",
        ".txt",
        ".htm",
        ".html",
        ".xml",
        ".json",
        ".parquet",
        ".zip",
        ".docx",
        ".doc",
        ".pdf",
        ".jpg",
        ".jpeg",
        ".png",
        ".dat",
        ".prn",
        ".wps",
    ]
)


def clean_way(way: str) -> Path:
    """Return the path below the data folder under which a dropped file may stand.

    Args:
        way: As a browser names it, folders too, e.g. `2024/代收.xlsx`.

    Raises:
        UploadError: The name leads out of the folder, is the tool's own, or is of no data file.
    """
    parts = [part for part in way.replace("\\", "/").split("/") if part not in ("", ".")]
    if not parts or ".." in parts or len(parts) > _DEEPEST or re.match(r"^[A-Za-z]:", way):
        raise UploadError(_short(way), Text("名称不能用", "the name cannot be used"))
    cleaned = [_clean(part) for part in parts]
    if not all(cleaned):
        raise UploadError(_short(way), Text("名称不能用", "the name cannot be used"))
    if any(part.casefold() in _OWN_FOLDED or part.startswith(".") for part in cleaned):
        reason = Text("是工作区自己的文件，不从网页放入", "a file of the workspace itself")
        raise UploadError(_short(way), reason)
    found = Path(*cleaned)
    if found.suffix.lower() not in _KINDS:
        reason = Text(f"不是资料文件（{found.suffix or '没有扩展名'}）", "no kind of data file")
        raise UploadError(_short(way), reason)
    return found


def _clean(part: str) -> str:
    name = _SIGNS.sub("_", unicodedata.normalize("NFC", part)).strip(" ").rstrip(". ")
    if _RESERVED.match(name):
        name = f"_{name}"
    if len(name) > _LONGEST:
        stem, dot, suffix = name.rpartition(".")
        name = f"{stem[: _LONGEST - len(suffix) - 1]}{dot}{suffix}" if dot else name[:_LONGEST]
    return name


def _short(way: str) -> str:
    plain = "".join(sign if sign.isprintable() else " " for sign in way)
    return plain[-80:] or "?"


def put(data_dir: Path, way: str, file: UploadFile) -> Path | None:
    """Write a dropped file into the data folder.

    Returns:
        Where it stands; None where the very same file stood there already.

    Raises:
        UploadError: Its name or size is refused, another file of that name is there, or the disk
            refuses it.
    """
    target = data_dir / clean_way(way)
    if (file.size or 0) > MOST_OF_ONE:
        raise UploadError(_short(way), Text("超过 2 GB", "larger than 2 GB"))
    part = target.with_name(f".upload-{mark()}-{secrets.token_hex(4)}-{target.name[-50:]}")
    try:
        _demand_inside(data_dir, target.parent)
        target.parent.mkdir(parents=True, exist_ok=True)
        _demand_inside(data_dir, target.parent)
        with part.open("xb") as out:
            shutil.copyfileobj(file.file, out, 2**20)
            out.flush()
            os.fsync(out.fileno())
        if target.exists():
            if target.is_file() and file_hash(target) == file_hash(part):
                return None
            reason = Text(
                "同名文件已在，内容不同，没有覆盖。改名后再放，或先移走原来的",
                "another file of that name is there and was kept. Rename it, or move that one away",
            )
            raise UploadError(_short(way), reason)
        part.rename(target)
    except OSError as error:
        raise UploadError(_short(way), error) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return target


def _demand_inside(data_dir: Path, folder: Path) -> None:
    """Refuse a folder that a link leads out of the data folder."""
    if not folder.resolve().is_relative_to(data_dir.resolve()):
        raise UploadError(folder.name, Text("在资料目录之外", "outside the data folder"))
