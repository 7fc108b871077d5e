"""Errors of the run folder: busy, unwritable, missing, changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recon.base.errors.base import ReconError

if TYPE_CHECKING:
    from recon.base.models import Text


class OutputBusyError(ReconError):
    """Another run holds the output folder."""

    def __init__(self, folder: object) -> None:
        """Name the folder."""
        super().__init__(
            f"{folder}: 另一次运行正在使用这个输出目录。等它结束，或用 --out 另选目录。",
            f"{folder}: another run is using this output folder. "
            "Wait for it, or choose another with --out.",
        )


class OutputUnwritableError(ReconError):
    """The output folder cannot be written."""

    def __init__(self, folder: object, error: OSError) -> None:
        """Name the folder and the reason."""
        reason = error.strerror or str(error)
        super().__init__(
            f"{folder}: 写不进去（{reason}）。检查权限和磁盘空间，或用 --out 另选目录。",
            f"{folder}: cannot be written ({reason}). "
            "Check permissions and disk space, or choose another folder with --out.",
        )


class TemporaryUnwritableError(ReconError):
    """Temporary files cannot be written."""

    def __init__(self, folder: object, reason: str) -> None:
        """Name the folder and the reason."""
        super().__init__(
            f"{folder}: 临时文件写不进去（{reason}）。腾出磁盘空间，"
            "或用环境变量 TMPDIR（Windows 为 TEMP）另选目录。",
            f"{folder}: temporary files cannot be written ({reason}). Free disk space, "
            "or choose another folder by TMPDIR (TEMP on Windows).",
        )


class RunChangedError(ReconError):
    """A kept run folder is not what was written."""

    def __init__(self, path: object) -> None:
        """Name the file."""
        super().__init__(
            f"{path}: 这个文件在写出之后被改过。把该运行目录移走后重新运行。",
            f"{path}: this file was changed after it was written. Move its run folder away "
            "and run again.",
        )


class KeyDamagedError(ReconError):
    """The key of the workspace cannot be used."""

    def __init__(self, path: object) -> None:
        """Name the file."""
        super().__init__(
            f"{path}: 密钥文件是空的或已损坏。从备份恢复它；没有备份时删去它，"
            "涉及个人的例外会换编号。",
            f"{path}: the key is empty or damaged. Restore it from a backup; without one delete "
            "it, and exceptions about persons get new ids.",
        )


class RunMissingError(ReconError):
    """There is no complete run to look at."""

    def __init__(self, folder: object) -> None:
        """Name the folder."""
        super().__init__(
            f"{folder}: 这里没有完整的运行结果。先运行 recon check，或用 --out 指明输出目录"
            "（review、ledger、report 可用 --data 指明资料目录）。",
            f"{folder}: no complete run here. Run 'recon check' first, or name the output folder "
            "by --out (review, ledger and report: or the data folder by --data).",
        )


class ExceptionUnknownError(ReconError):
    """An id names no exception, or more than one."""

    def __init__(self, exception_id: str, run: object, near: list[str]) -> None:
        """Name the id and, where several begin so, some of them."""
        if near:
            zh = f"有不止一条例外以此开头：{'、'.join(near)}。写全编号。"
            en = f"several exceptions begin so: {', '.join(near)}. Write the whole id."
        else:
            zh = f"{run} 里没有这条例外。编号在工作簿“例外编号”列。"
            en = f"no such exception in {run}. Ids stand in the workbook's first column."
        super().__init__(f"{exception_id}: {zh}", f"{exception_id}: {en}")


class NotARunError(ReconError):
    """A word names no run."""

    def __init__(self, word: str, folder: object) -> None:
        """Name the word and where it was looked up."""
        super().__init__(
            f"{word}: 不是完整的运行目录，{folder} 里也没有唯一以此开头的运行编号。"
            "写运行目录的路径，或完整编号。",
            f"{word}: not a complete run folder, and no single run id in {folder} begins so. "
            "Give the folder's path or the whole id.",
        )


class NotVerifiableError(ReconError):
    """A run cannot be recomputed."""

    def __init__(self, run: object, reason: Text) -> None:
        """Name the run and the reason."""
        super().__init__(
            f"{run}: 无法验证：{reason.zh}。找回原来的资料，或重新运行 recon check。",
            f"{run}: cannot be verified: {reason.en}. Restore the inputs, or run 'recon check'.",
        )


class PartyUnknownError(ReconError):
    """A word names no party of the run, or more than one."""

    def __init__(self, word: str, near: list[str]) -> None:
        """Name the word and the nearest parties."""
        hint_zh = f"最接近：{'、'.join(near)}。" if near else ""
        hint_en = f" Nearest: {', '.join(near)}." if near else ""
        super().__init__(
            f"{word}: 资料里没有这个单位，或不止一个。{hint_zh}写全名称或统一社会信用代码。",
            f"{word}: no party of the data, or more than one.{hint_en} "
            "Write the whole name or its code.",
        )
