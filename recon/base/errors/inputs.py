"""Errors of what was read and of the sums that must agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recon.base.errors.base import ReconError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

    from recon.base.models import Text


class NoInputError(ReconError):
    """The data folder has nothing that can be checked."""

    def __init__(
        self,
        folder: object,
        *,
        exists: bool = True,
        is_folder: bool = True,
        files: int = 0,
        tables: int = 0,
        hints: Iterable[Text] = (),
    ) -> None:
        """Say which it is: no folder, no files, no known table or no rows; then the hints.

        Args:
            folder: The data folder.
            exists: Whether it is there.
            is_folder: Whether it is a folder.
            files: Number of files that could be read.
            tables: Number of sheets whose table was recognised.
            hints: What is known about single files: refused ones, tables that nearly fit.
        """
        if not exists:
            zh, en = "没有这个目录。检查路径。", "no such folder. Check the path."
        elif not is_folder:
            zh = "这是文件，不是目录。写资料所在的目录。"
            en = "this is a file, not a folder. Name the folder of the exports."
        elif not files:
            zh = (
                "目录里没有可读的表格文件。放入 .xlsx、.csv 或 .parquet 后再运行，"
                "或先用 recon init。"
            )
            en = (
                "no readable table files. Put .xlsx, .csv or .parquet files there, or use "
                "'recon init'."
            )
        elif not tables:
            zh = f"读了 {files} 个文件，没有认出任何一张表。用 recon map 查看表头和最接近的表。"
            en = f"{files} files read, no known table among them. See 'recon map' for the headers."
        else:
            zh = f"读了 {files} 个文件，认出 {tables} 张表，但都没有数据行。在表头下面填入数据。"
            en = f"{files} files read, {tables} known tables, all without rows. Fill in the rows."
        told = tuple(hints)
        super().__init__(
            "\n".join((f"{folder}: {zh}", *(hint.zh for hint in told))),
            "\n".join((f"{folder}: {en}", *(hint.en for hint in told))),
        )


class ReviewPeriodError(ReconError):
    """The period under review ends before it begins."""

    def __init__(self, begins: date, ends: date) -> None:
        """Name both days."""
        super().__init__(
            f"{begins} .. {ends}: 审查期间的止日早于起日。改 --from、--to，"
            "或 recon.toml 的 [check] from、to；只写了一个的，另一个取资料覆盖的月份。",
            f"{begins} .. {ends}: the period under review ends before it begins. Correct --from "
            "and --to, or [check] from and to in recon.toml; one that is not given is taken from "
            "the months of the data.",
        )


class UnbalancedSheetError(ReconError):
    """Rows or money of a sheet are not all in one of the three classes."""

    def __init__(self, place: str, column: str | None, read: object, classes: object) -> None:
        """Name the sheet, the column of money (None for rows) and both sums."""
        what_zh, what_en = (
            ("行数", "rows") if column is None else (f"{column} 的金额", f"{column} in yuan")
        )
        super().__init__(
            f"{place}: {what_zh}不平：读入 {read}，计入、剔除、跳过合计 {classes}。"
            "这是软件缺陷，请连同文件一起报告。",
            f"{place}: {what_en} do not balance: read {read}, accepted + rejected + skipped "
            f"{classes}. This is a fault of the tool; report it with the file.",
        )


class UnknownSourcesError(ReconError):
    """With `locked = true`, files, sheets or columns are there that nobody named."""

    def __init__(self, places: Iterable[Text]) -> None:
        """List all of them, one a line."""
        found = tuple(places)
        self.places = found
        zh = (
            "recon.toml 设了 locked = true，下列文件、工作表或列未登记。"
            "登记后再运行，或改为 locked = false。"
        )
        en = (
            "recon.toml says locked = true, and these files, sheets or columns are not named. "
            "Name them, or set locked = false."
        )
        super().__init__(
            "\n".join([zh, *(f"  {one.zh}" for one in found)]),
            "\n".join([en, *(f"  {one.en}" for one in found)]),
        )


class MatchSideError(ReconError):
    """The select of one side of a pairing does not give lines that can be matched."""

    def __init__(self, pairing: str, side: str, reason: str) -> None:
        """Name the pairing, the side and the reason."""
        super().__init__(
            f"{pairing}（{side}方）: {reason}。请改正 sql/matching/ 中这一方的查询。",
            f"{pairing} (side {side}): {reason}. Correct the select of this side in sql/matching/.",
        )


class MatchProofError(ReconError):
    """The two sides of a reconciliation do not add up: the program is wrong, no answer is true."""

    def __init__(self, pairing: str, what: Text, difference: object) -> None:
        """Name the pairing, the identity that fails and the difference."""
        super().__init__(
            f"{pairing}: 对账不平：{what.zh}，相差 {difference}。本次结果作废，请报告给维护者。",
            f"{pairing}: the reconciliation does not balance: {what.en}, difference {difference}. "
            "This run gives no answer; report it to the maintainers.",
        )


class PasswordFileError(ReconError):
    """The file of passwords cannot be read as text, or holds none."""

    def __init__(self, path: Path) -> None:
        """Name the file."""
        super().__init__(
            f"{path}: 读不出口令。请用 UTF-8 文本文件，一行写一个口令。",
            f"{path}: no password can be read from it. Use a UTF-8 text file, one password a line.",
        )
