"""Errors of the folders that recon writes to."""

from __future__ import annotations

from recon.base.errors import ReconError


class TemplateExistsError(ReconError):
    """A file of a new workspace is there already."""

    zh = "{path}: 这个文件已经有了，什么也没有写。换一个目录，或先移走它。"
    en = "{path}: this file is there already and nothing was written. Choose another folder."


class OutputBusyError(ReconError):
    """Another run holds the output folder."""

    zh = "{folder}: 另一次运行正在使用这个输出目录。等它结束，或用 --out 另选目录。"
    en = (
        "{folder}: another run is using this output folder. Wait for it, or choose another with "
        "--out."
    )


class OutputUnwritableError(ReconError):
    """The output folder cannot be written."""

    zh = "{folder}: 写不进去（{error}）。检查权限和磁盘空间，或用 --out 另选目录。"
    en = (
        "{folder}: cannot be written ({error}). Check permissions and disk space, or choose "
        "another folder with --out."
    )


class RunChangedError(ReconError):
    """A kept run folder is not what was written."""

    zh = "{path}: 这个文件在写出之后被改过。把该运行目录移走后重新运行。"
    en = (
        "{path}: this file was changed after it was written. Move its run folder away and run "
        "again."
    )


class KeyDamagedError(ReconError):
    """The key of the workspace cannot be used."""

    zh = "{path}: 密钥文件是空的或已损坏。从备份恢复它；没有备份时删去它，涉及个人的例外会换编号。"
    en = (
        "{path}: the key is empty or damaged. Restore it from a backup; without one delete it, "
        "and exceptions about persons get new ids."
    )
