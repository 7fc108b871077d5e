"""Errors of the ledger and of reviewed workbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recon.base.errors.base import ReconError

if TYPE_CHECKING:
    from recon.base.models import Text


class LedgerDamagedError(ReconError):
    """The ledger is not whole."""

    def __init__(self, path: object, reason: str) -> None:
        """Name the file and what SQLite says."""
        super().__init__(
            f"{path}: 台账文件已损坏，或不是台账（{reason}）。没有改动它；请从备份恢复后再运行。",
            f"{path}: the ledger is damaged, or is no ledger ({reason}). It was left as it is; "
            "bring it back from a backup and run again.",
        )


class LedgerNewerError(ReconError):
    """A newer program has written the ledger."""

    def __init__(self, path: object) -> None:
        """Name the file."""
        super().__init__(
            f"{path}: 台账由更新版本的 recon 写成。请升级后再运行。",
            f"{path}: a newer recon has written this ledger. Upgrade and run again.",
        )


class LedgerBusyError(ReconError):
    """Another program is writing to the ledger."""

    def __init__(self, path: object) -> None:
        """Name the file."""
        super().__init__(
            f"{path}: 另一个程序正在写台账，什么也没有记。等它结束后再运行。",
            f"{path}: another program is writing to the ledger; nothing was booked. "
            "Wait for it and run again.",
        )


class LedgerMovedError(ReconError):
    """Another program has added to the ledger since it was read."""

    def __init__(self, path: object) -> None:
        """Name the file."""
        super().__init__(
            f"{path}: 台账刚被另一个程序改动，什么也没有记。再运行一次。",
            f"{path}: another program has just added to the ledger; nothing was booked. Run again.",
        )


class LedgerUnwritableError(ReconError):
    """The ledger cannot be opened or written."""

    def __init__(self, path: object, reason: str) -> None:
        """Name the file and the reason."""
        super().__init__(
            f"{path}: 台账打不开或写不进去（{reason}）。检查权限和磁盘空间。",
            f"{path}: the ledger cannot be opened or written ({reason}). "
            "Check permissions and disk space.",
        )


class LedgerStepError(ReconError):
    """A step of rectification that the ledger does not take."""

    def __init__(self, exception_id: str, reason: Text) -> None:
        """Name the exception and why."""
        super().__init__(f"{exception_id}: {reason.zh}。", f"{exception_id}: {reason.en}.")


class NoReviewColumnsError(ReconError):
    """A workbook has no sheet that a reviewer could have filled."""

    def __init__(self, path: object) -> None:
        """Name the file and what is looked for."""
        super().__init__(
            f"{path}: 没有一张工作表同时有“例外编号”和“核实结论”两列表头。"
            "请用 check 写出的工作簿（.xlsx）填写。",
            f"{path}: no sheet has the headers 例外编号 and 核实结论. "
            "Fill the workbook (.xlsx) that check wrote.",
        )


class WorkbookUnreadableError(ReconError):
    """A reviewer's workbook cannot be read."""

    def __init__(self, path: object, reason: Text) -> None:
        """Name the file and the reason."""
        super().__init__(
            f"{path}: 读不出来（{reason.zh}）。在 Excel 或 WPS 里另存为 .xlsx 后再导入。",
            f"{path}: not readable ({reason.en}). "
            "Save it as .xlsx in Excel or WPS and import again.",
        )


class AliasStepError(ReconError):
    """A name that the ledger does not take."""

    def __init__(self, name: str, reason: Text) -> None:
        """Name it and say why."""
        super().__init__(
            f"{name}: {reason.zh}。用 recon ledger alias 名称 代码 --by 确认人。",
            f"{name}: {reason.en}. Use 'recon ledger alias NAME CODE --by PERSON'.",
        )
