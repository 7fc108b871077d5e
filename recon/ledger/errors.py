"""Errors of the ledger and of reviewed workbooks."""

from __future__ import annotations

from recon.base.errors import ReconError


class LedgerDamagedError(ReconError):
    """The ledger is not whole."""

    zh = "{path}: 台账文件已损坏，或不是台账（{reason}）。没有改动它；请从备份恢复后再运行。"
    en = (
        "{path}: the ledger is damaged, or is no ledger ({reason}). It was left as it is; bring "
        "it back from a backup and run again."
    )


class LedgerNewerError(ReconError):
    """A newer program has written the ledger."""

    zh = "{path}: 台账由更新版本的 recon 写成。请升级后再运行。"
    en = "{path}: a newer recon has written this ledger. Upgrade and run again."


class LedgerBusyError(ReconError):
    """Another program is writing to the ledger."""

    zh = "{path}: 另一个程序正在写台账，什么也没有记。等它结束后再运行。"
    en = (
        "{path}: another program is writing to the ledger; nothing was booked. Wait for it and "
        "run again."
    )


class LedgerMovedError(ReconError):
    """Another program has added to the ledger since it was read."""

    zh = "{path}: 台账刚被另一个程序改动，什么也没有记。再运行一次。"
    en = "{path}: another program has just added to the ledger; nothing was booked. Run again."


class LedgerUnwritableError(ReconError):
    """The ledger cannot be opened or written."""

    zh = "{path}: 台账打不开或写不进去（{reason}）。检查权限和磁盘空间。"
    en = (
        "{path}: the ledger cannot be opened or written ({reason}). Check permissions and disk "
        "space."
    )


class LedgerStepError(ReconError):
    """A step of rectification that the ledger does not take."""

    zh = "{exception_id}: {reason}。"
    en = "{exception_id}: {reason}."


class DecidedSinceError(ReconError):
    """Another decision has been booked since this one was thought of."""

    zh = "{exception_id}: 您打开之后已另记了结论（{said}），没有覆盖。看过以后再提交。"
    en = (
        "{exception_id}: another decision was booked since you looked ({said}); it was kept. Look "
        "at it and send yours again."
    )


class EventStepError(ReconError):
    """An event that cannot be taken back."""

    zh = "{event_id} 号记录: {reason}。"
    en = "{event_id} (event): {reason}."


class LedgerAlteredError(ReconError):
    """An event of the ledger is not what was booked."""

    zh = (
        "{path}: 台账第 {event_id} 号记录与校验链不符，它或它之前的在记账之后被改过、删过或插过。"
        "没有采用这本台账；用 recon ledger restore 从备份恢复后再运行。"
    )
    en = (
        "{path}: event {event_id} of the ledger breaks the hash chain: it or one before it was "
        "changed, removed or put in after booking. The ledger was not used; bring it back from a "
        "backup with 'recon ledger restore' and run again."
    )


class LedgerOlderError(ReconError):
    """A run has seen events that the ledger does not hold."""

    zh = (
        "{path}: 运行 {run} 记下的台账有 {events} 条记录（校验值 {head}），现在的台账不含这些记录："
        "台账被移走，或换成了旧的、别的副本。用 recon ledger restore 从备份恢复；"
        "确实没有备份时，把目录 {folder} 移走，从现在的台账重新开始。"
    )
    en = (
        "{path}: run {run} saw a ledger of {events} events (head {head}) that this one does not "
        "hold: it was removed, or an old or other copy was put in its place. Bring it back from a "
        "backup with 'recon ledger restore'; without one move the folder {folder} away to start "
        "again from the ledger as it is."
    )


class LedgerLostError(ReconError):
    """Events that were booked since the last run are not in the ledger."""

    zh = (
        "{path}: 上次记账后台账有 {events} 条记录（校验值 {head}），现在的台账不含这些记录："
        "台账被移走，或换成了旧的、别的副本。用 recon ledger restore 从备份恢复；"
        "确实没有备份时，把文件 {kept} 移走，从现在的台账重新开始。"
    )
    en = (
        "{path}: after the last booking the ledger had {events} events (head {head}) that this one "
        "does not hold: it was removed, or an old or other copy was put in its place. Bring it "
        "back from a backup with 'recon ledger restore'; without one move the file {kept} away to "
        "start again from the ledger as it is."
    )


class BackupError(ReconError):
    """A backup that cannot be written or brought back."""

    zh = "{path}: {reason}。"
    en = "{path}: {reason}."


class NoReviewColumnsError(ReconError):
    """A workbook has no sheet that a reviewer could have filled."""

    zh = (
        "{path}: 没有一张工作表同时有“例外编号”和“核实结论”两列表头。请用 check "
        "写出的工作簿（.xlsx）填写。"
    )
    en = (
        "{path}: no sheet has the headers 例外编号 and 核实结论. Fill the workbook (.xlsx) that "
        "check wrote."
    )


class WorkbookUnreadableError(ReconError):
    """A reviewer's workbook cannot be read."""

    zh = "{path}: 读不出来（{reason}）。在 Excel 或 WPS 里另存为 .xlsx 后再导入。"
    en = "{path}: not readable ({reason}). Save it as .xlsx in Excel or WPS and import again."


class AliasStepError(ReconError):
    """A name that the ledger does not take."""

    zh = "{name}: {reason}。用 recon ledger alias 名称 代码 --by 确认人。"
    en = "{name}: {reason}. Use 'recon ledger alias NAME CODE --by PERSON'."
