"""Which files of a folder are input, and which are passed over.

Here: names and places only. What a file really is, its content says (`detect`, `reader`).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from recon.base.models import Text
from recon.base.paper import LEDGER_FILE

if TYPE_CHECKING:
    from collections.abc import Collection

EXTENSIONS = frozenset(
    [
        ".xlsx",
        ".xlsm",
        ".xltx",
        ".xls",
        ".xlt",
        ".et",
        ".xlsb",
        ".ods",
        ".csv",
        ".tsv",
        ".tab",
        ".txt",
        ".zip",
        ".gz",
        ".xml",
        ".json",
        ".htm",
        ".html",
        ".parquet",
    ]
)
#: Files that may hold data and are not read, and what to do with them.
_ELSEWHERE: dict[str, Text] = {
    **dict.fromkeys(
        [".rar", ".7z", ".tar", ".bz2", ".xz"],
        Text(
            "不能读取这种压缩包，请解压后放入目录。",
            "this kind of archive is not read; unpack it into the folder.",
        ),
    ),
    **dict.fromkeys(
        [".pdf", ".doc", ".docx", ".wps", ".rtf", ".ofd"],
        Text(
            "不是表格文件，没有读取。如其中有数据，请导出为 .xlsx 或 .csv。",
            "no table file; it was not read. Export data as .xlsx or .csv.",
        ),
    ),
    **dict.fromkeys(
        [".dbf", ".mdb", ".accdb", ".numbers", ".fods", ".sqlite"],
        Text(
            "不能读取这种格式。请打开后另存为 .xlsx 或 .csv。",
            "this format is not read. Open it and save it as .xlsx or .csv.",
        ),
    ),
}
#: Names in any folder that are the tool's own.
_OWN_NAMES = frozenset({"recon.toml", "aliases.csv", "run.json", LEDGER_FILE})
_OWN_FOLDERS = frozenset({"recon-out"})
_RUN_MARK = "run.json"


@dataclass(frozen=True)
class Ignored:
    """A file that looks like data and is not read, with the reason; `is_own` is the tool's own."""

    path: Path
    reason: Text
    is_own: bool = False


@dataclass(frozen=True)
class Listing:
    """The inputs of a folder, sorted by posix path, and what was passed over."""

    inputs: tuple[Path, ...]
    ignored: tuple[Ignored, ...]


def list_inputs(data_dir: Path, exclude: Collection[Path] = ()) -> list[Path]:
    """List the files to read; see `list_files`."""
    return list(list_files(data_dir, exclude).inputs)


def list_files(data_dir: Path, exclude: Collection[Path] = ()) -> Listing:
    """Walk a folder for input files.

    Hidden files and folders, lock files, folders of earlier runs and the tool's own files are never
    input. Symbolic links to folders are not followed.

    Args:
        data_dir: The folder.
        exclude: Files or folders that are not input either (the output folder, the ledger).

    Returns:
        Paths under `data_dir`, sorted by relative posix path.
    """
    barred = {path.resolve() for path in exclude}
    inputs: list[Path] = []
    ignored: list[Ignored] = []
    for place, folders, names in os.walk(data_dir):
        here = Path(place)
        keep = []
        for folder in folders:
            reason = _bar_folder(here / folder, barred)
            if reason is None:
                keep.append(folder)
        folders[:] = keep
        for name in names:
            path = here / name
            suffix = path.suffix.lower()
            if name.startswith(".") or suffix not in EXTENSIONS | _ELSEWHERE.keys():
                continue
            reason = _bar_file(path, barred) or _ELSEWHERE.get(suffix)
            if reason is None:
                inputs.append(path)
            elif path.resolve() not in barred:
                shown = path.relative_to(data_dir).as_posix()
                text = Text(f"{shown}: {reason.zh}", f"{shown}: {reason.en}")
                ignored.append(Ignored(path, text, is_own=name.lower() in _OWN_NAMES))

    def order(path: Path) -> str:
        return path.relative_to(data_dir).as_posix()

    return Listing(
        tuple(sorted(inputs, key=order)),
        tuple(sorted(ignored, key=lambda entry: order(entry.path))),
    )


def _bar_folder(folder: Path, barred: set[Path]) -> Text | None:
    if folder.name.startswith((".", "__")) or folder.name in _OWN_FOLDERS:
        return Text("运行目录或隐藏目录", "a run folder or a hidden folder")
    if folder.resolve() in barred:
        return Text("运行目录", "a run folder")
    if (folder / _RUN_MARK).is_file():
        return Text("以前的运行结果", "an earlier run")
    return None


def _bar_file(path: Path, barred: set[Path]) -> Text | None:
    if path.name.startswith("~$"):
        book = path.name.removeprefix("~$")
        return Text(
            f"“{book}”正在 Excel 或 WPS 中打开，读到的是上次保存的内容。请保存并关闭后重新运行。",
            f"{book} is open in Excel or WPS; what was last saved was read. Save and close it, "
            "then run again.",
        )
    if path.name.lower() in _OWN_NAMES:
        return Text(
            "这是 recon 自己的文件，不作为输入。", "a file of recon itself; it is not input."
        )
    return Text("已排除。", "excluded.") if path.resolve() in barred else None
