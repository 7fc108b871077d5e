"""Which files of a folder are input, and which are passed over, by name and kind.

Here: names and places only, and that nothing but regular files is ever opened. What a file really
is, its content says (`detect`, `reader`).
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from recon.base.models import Text
from recon.base.paper import LEDGER_FILE, POLICY_SHEET

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

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
_UNKNOWN = Text(
    "没有读取。如其中有数据，请打开后另存为 .xlsx 或 .csv；只是改了扩展名的，请改回原来的扩展名。",
    "not read. If it holds data, open it and save it as .xlsx or .csv; if only its ending was "
    "changed, change it back.",
)
_SPECIAL = Text(
    "不是普通文件（链接断开或成环、管道、设备），没有打开。请把文件本身复制到目录中。",
    "no regular file (a broken or circular link, a pipe, a device); it was not opened. Copy the "
    "file itself into the folder.",
)
_LINKED = Text(
    "是指向其他目录的链接，没有进入。请把其中的文件复制到目录中。",
    "a link to another folder, which was not entered. Copy its files into the folder.",
)
_CLOSED = Text(
    "目录打不开，其中的文件没有读取。请检查权限。",
    "the folder cannot be opened and its files were not read. Check its permissions.",
)
_OWN = Text("这是 recon 自己的文件，不作为输入。", "a file of recon itself; it is not input.")
_EXCLUDED = Text("已排除。", "excluded.")
#: Names in any folder that are the tool's own.
_OWN_NAMES = frozenset({"recon.toml", "aliases.csv", "run.json", LEDGER_FILE})
#: Files of a workspace that hold no data: named nowhere.
_QUIET_NAMES = frozenset({"recon.key", "thumbs.db", "desktop.ini", "ehthumbs.db"})
_QUIET_BEGINNINGS = ("._", ".DS_", ".~lock.")
_QUIET_FOLDERS = frozenset({"rules", "sql", "policy", "holidays", "layouts"})
_QUIET_ENDINGS = frozenset({".yaml", ".yml", ".sql"})
_OWN_FOLDERS = frozenset({"recon-out"})
_RUN_MARK = "run.json"
_WORKSPACE_MARK = "recon.toml"
#: So many names of one kind are shown.
_SHOWN = 3


@dataclass(frozen=True)
class Ignored:
    """A file, or the first of a kind, that is not read; `is_own` is the tool's own."""

    path: Path
    reason: Text
    is_own: bool = False


@dataclass(frozen=True)
class Listing:
    """The inputs of a folder, sorted by posix path, what was passed over, workspaces below it."""

    inputs: tuple[Path, ...]
    ignored: tuple[Ignored, ...]
    workspaces: tuple[Path, ...] = ()


def list_inputs(data_dir: Path, exclude: Collection[Path] = ()) -> list[Path]:
    """List the files to read; see `list_files`."""
    return list(list_files(data_dir, exclude).inputs)


def list_files(data_dir: Path, exclude: Collection[Path] = ()) -> Listing:
    """Walk a folder for input files.

    Hidden files and folders, lock files, folders of earlier runs and the tool's own files are never
    input. Symbolic links to folders are not followed. Every other regular file is named, one line
    per kind.

    Args:
        data_dir: The folder.
        exclude: Files or folders that are not input either (the output folder, the ledger).

    Returns:
        Paths under `data_dir`, sorted by relative posix path.
    """
    barred = {path.resolve() for path in exclude}
    inputs: list[Path] = []
    workspaces: list[Path] = []
    passed: dict[tuple[object, Text], list[Path]] = {}
    closed: list[Path] = []
    for place, folders, names in os.walk(
        data_dir, onerror=lambda error: closed.append(Path(error.filename))
    ):
        here = Path(place)
        for link in (here / name for name in folders if (here / name).is_symlink()):
            passed[link, _LINKED] = [link]
        folders[:] = [name for name in folders if not _is_barred(here / name, barred)]
        if here != data_dir and _WORKSPACE_MARK in names:
            workspaces.append(here)
        for path in (here / name for name in names):
            found = _why_not(path, barred)
            if found is None:
                inputs.append(path)
            elif found[1] is not _EXCLUDED:
                passed.setdefault(found, []).append(path)
    passed |= {(path, _CLOSED): [path] for path in closed}
    ignored = [_told(paths, data_dir, reason) for (_, reason), paths in passed.items()]

    def order(path: Path) -> str:
        return path.relative_to(data_dir).as_posix()

    return Listing(
        tuple(sorted(inputs, key=order)),
        tuple(sorted(ignored, key=lambda entry: order(entry.path))),
        tuple(sorted(workspaces, key=order)),
    )


def _why_not(path: Path, barred: set[Path]) -> tuple[object, Text] | None:
    """Return the kind of a file that is no input, and the reason; None for an input."""
    kind = path.suffix.lower()
    if not is_regular(path):
        return path, _SPECIAL
    if path.name.startswith("~$"):
        book = path.name.removeprefix("~$")
        return path, Text(
            f"“{book}”正在 Excel 或 WPS 中打开，读到的是上次保存的内容。请保存并关闭后重新运行。",
            f"{book} is open in Excel or WPS; what was last saved was read. Save and close it, "
            "then run again.",
        )
    if path.name.lower() in _OWN_NAMES or path.name.startswith(POLICY_SHEET):
        return path, _OWN
    if path.resolve() in barred or _is_quiet(path):
        return path, _EXCLUDED
    is_input = kind in EXTENSIONS and not path.name.startswith(".")
    return None if is_input else (kind, _ELSEWHERE.get(kind, _UNKNOWN))


def is_regular(path: Path) -> bool:
    """Whether a name stands for a regular file; opening anything else may hang or never end."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def _told(paths: Iterable[Path], data_dir: Path, reason: Text) -> Ignored:
    """Say it once for all files of a kind."""
    listed = sorted(paths, key=lambda path: path.relative_to(data_dir).as_posix())
    names = [path.relative_to(data_dir).as_posix() for path in listed]
    zh, en = names[0], names[0]
    if len(names) > 1:
        more = "等" if len(names) > _SHOWN else ""
        zh = f"{'、'.join(names[:_SHOWN])}{more} {len(names)} 个文件"
        en = f"{', '.join(names[:_SHOWN])}{' and others' if more else ''} ({len(names)} files)"
    return Ignored(
        listed[0], Text(f"{zh}: {reason.zh}", f"{en}: {reason.en}"), is_own=reason is _OWN
    )


def _is_quiet(path: Path) -> bool:
    """Whether a file holds no data of anybody: the system's, or the workspace's own."""
    is_rule = path.suffix.lower() in _QUIET_ENDINGS and not _QUIET_FOLDERS.isdisjoint(path.parts)
    return path.name.lower() in _QUIET_NAMES or is_rule or path.name.startswith(_QUIET_BEGINNINGS)


def _is_barred(folder: Path, barred: set[Path]) -> bool:
    """Whether a folder is hidden, a link, an earlier run, the output folder or left out."""
    is_hidden = folder.name.startswith((".", "__")) or folder.name in _OWN_FOLDERS
    if is_hidden or folder.is_symlink() or folder.resolve() in barred:
        return True
    return (folder / _RUN_MARK).is_file()
