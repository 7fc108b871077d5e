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


class RunAlteredError(ReconError):
    """A file of a finished run is not what was written."""

    zh = (
        "{path}: 这个文件在运行写出之后被改过、换过或删除了，没有采用这次运行。"
        "从备份恢复这个运行目录，或把它移走后重新运行 recon check。"
    )
    en = (
        "{path}: this file was changed, replaced or removed after the run wrote it; the run was "
        "not used. Bring its folder back from a backup, or move it away and run recon check again."
    )


class RunBrokenError(ReconError):
    """The record of a run cannot be read."""

    zh = "{path}: 读不懂，不是运行记录，或已损坏。把这个运行目录移走，重新运行 recon check。"
    en = (
        "{path}: not readable as the record of a run. Move its run folder away and run recon "
        "check again."
    )


class KeyDamagedError(ReconError):
    """The key of the workspace cannot be used."""

    zh = (
        "{path}: 密钥文件是空的、太短、已损坏，或不是文件。从备份恢复它（recon ledger restore）；"
        "没有备份时删去它，并把以前的运行目录和台账移走，涉及个人的例外会换编号。"
    )
    en = (
        "{path}: the key is empty, too short, damaged or no file. Restore it from a backup "
        "('recon ledger restore'); without one delete it and move earlier runs and the ledger "
        "away, and exceptions about persons get new ids."
    )


class KeyLostError(ReconError):
    """Runs or a ledger are there without the key they were made with."""

    zh = (
        "{path}: 密钥不见了，而 {folder} 里有以前的运行，或已有台账；没有它，对个人的结论都对不上。"
        "从备份恢复它（recon ledger restore）；没有备份时，把以前的运行目录和台账移走重新开始。"
    )
    en = (
        "{path}: the key is gone while {folder} holds earlier runs, or there is a ledger; without "
        "it every decision on a person is detached. Restore it from a backup ('recon ledger "
        "restore'); without one move the earlier runs and the ledger away and begin anew."
    )


class KeyChangedError(ReconError):
    """The key is not the one that the newest run was made with."""

    zh = (
        "{path}: 密钥不是运行 {run}（{folder}）用的那一个，对个人的结论会对不上。"
        "恢复原来的密钥（recon ledger restore），或用 --out 另选输出目录。"
    )
    en = (
        "{path}: the key is not the one of run {run} in {folder}; decisions on persons would be "
        "detached. Restore the former key ('recon ledger restore'), or choose another --out."
    )
