"""Every error with its sentence.

An *error* is our program, its files or its input being wrong so that no true answer is possible;
it ends the run with exit status 2. Bad cells are not errors: they become rejected rows. The form is
`<place>: <what is wrong>. <what is allowed, or what to do>.` in Chinese and English.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

import click

from recon.models import Text
from recon.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable


class ReconError(click.ClickException):
    """Base of all errors: carries its sentence in both languages; exit status 2."""

    exit_code = 2

    def __init__(self, zh: str, en: str) -> None:
        """Keep the sentence in both languages."""
        self.text = Text(zh, en)
        super().__init__(zh)

    def format_message(self) -> str:
        """Return the sentence in the spoken language."""
        return say(self.text)

    def __str__(self) -> str:
        """Return the sentence in the spoken language."""
        return self.format_message()

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the sentence to stderr without click's English prefix."""
        click.echo(self.format_message(), file=file, err=file is None)


class ConfigError(ReconError):
    """A file of settings, rules or policy is wrong; several faults are shown together."""

    def __init__(self, faults: Iterable[Text]) -> None:
        """Join all faults, one a line."""
        found = tuple(faults)
        self.faults = found
        super().__init__(
            "\n".join(fault.zh for fault in found), "\n".join(fault.en for fault in found)
        )


class YamlError(ReconError):
    """A YAML file cannot be read."""

    def __init__(self, path: object, line: int | None, zh: str, en: str) -> None:
        """Say the place and what is wrong."""
        place = f"{path}:{line}" if line else f"{path}"
        super().__init__(f"{place}: {zh}", f"{place}: {en}")


class ResourceMissingError(ReconError):
    """A shipped folder is not where it should be."""

    def __init__(self, name: str) -> None:
        """Name the folder."""
        super().__init__(
            f"{name}: 找不到随软件附带的这个目录。请重新安装 recon。",
            f"{name}: this folder ships with the tool and is not there. Install recon again.",
        )


class UnknownRuleError(ReconError):
    """A word names no rule and no family."""

    def __init__(self, word: str, near: tuple[str, ...]) -> None:
        """Name the word and the nearest known ones."""
        hint_zh = f"是不是 {'、'.join(near)}？" if near else ""
        hint_en = f" Did you mean {', '.join(near)}?" if near else ""
        super().__init__(
            f"{word}: 没有这条规则或这个规则族。{hint_zh}用 recon rules list 查看全部。",
            f"{word}: no rule or family has that name.{hint_en} See 'recon rules list'.",
        )


class UnknownParameterError(ReconError):
    """A word names no policy parameter."""

    def __init__(self, word: str, near: tuple[str, ...]) -> None:
        """Name the word and the nearest known ones."""
        hint_zh = f"是不是 {'、'.join(near)}？" if near else ""
        hint_en = f" Did you mean {', '.join(near)}?" if near else ""
        super().__init__(
            f"{word}: 没有这个政策参数。{hint_zh}用 recon policy list 查看全部。",
            f"{word}: no policy parameter has that name.{hint_en} See 'recon policy list'.",
        )


class EngineError(ReconError):
    """The database refused a statement, or a result breaks the word of its rule."""

    def __init__(self, place: str, reason: str) -> None:
        """Name the place and the reason."""
        super().__init__(f"{place}: {reason}", f"{place}: {reason}")


class RuleSqlError(ReconError):
    """A rule could not be run."""

    def __init__(self, code: str, path: object, reason: Text) -> None:
        """Name the rule, its SQL file and the reason."""
        super().__init__(
            f"{code}（{path}）: 规则运行失败：{reason.zh}。其他规则照常运行；"
            "请把这句话发给维护者。",
            f"{code} ({path}): the rule failed: {reason.en}. The other rules went on; "
            "report this sentence to the maintainers.",
        )


class CaseError(ReconError):
    """A file of rule cases is wrong."""

    def __init__(self, place: object, case: str, reason: str) -> None:
        """Name the file, the case and the reason."""
        super().__init__(f"{place}: {case}: {reason}", f"{place}: {case}: {reason}")


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


class RunChangedError(ReconError):
    """A kept run folder is not what was written."""

    def __init__(self, path: object) -> None:
        """Name the file."""
        super().__init__(
            f"{path}: 这个文件在写出之后被改过。把该运行目录移走后重新运行。",
            f"{path}: this file was changed after it was written. Move its run folder away "
            "and run again.",
        )


class NoInputError(ReconError):
    """The data folder has nothing that can be checked."""

    def __init__(self, folder: object, *, exists: bool, files: int) -> None:
        """Say which of the three it is: no folder, no files, no known table."""
        if not exists:
            zh, en = "没有这个目录。检查路径。", "no such folder. Check the path."
        elif not files:
            zh = "目录里没有可读的表格文件。放入 .xlsx、.xls 或 .csv 后再运行，或先用 recon init。"
            en = (
                "no readable table files. Put .xlsx, .xls or .csv files there, or use 'recon init'."
            )
        else:
            zh = f"读了 {files} 个文件，没有认出任何一张表。用 recon map 查看表头和最接近的表。"
            en = f"{files} files read, no known table among them. See 'recon map' for the headers."
        super().__init__(f"{folder}: {zh}", f"{folder}: {en}")


class AliasError(ReconError):
    """A line of aliases.csv cannot be used."""

    def __init__(self, path: object, line: int) -> None:
        """Name the line."""
        super().__init__(
            f"{path}:{line}: 这一行缺名称或代码，或同一名称给了两个代码。"
            "每行写：名称,统一社会信用代码。",
            f"{path}:{line}: a name or code is missing, or one name has two codes. "
            "Write one line per name: name,code.",
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


class RunMissingError(ReconError):
    """There is no complete run to look at."""

    def __init__(self, folder: object) -> None:
        """Name the folder."""
        super().__init__(
            f"{folder}: 这里没有完整的运行结果。先运行 recon check，或用 --out 指明输出目录。",
            f"{folder}: no complete run here. Run 'recon check' first, or name the output folder.",
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


class RuleCodeError(ReconError):
    """The code of a new rule does not look like one."""

    def __init__(self, code: str) -> None:
        """Name the code."""
        super().__init__(
            f"{code}: 规则编号应为 2 至 8 个字母、横线、两位数字。例如 LOC-01。",
            f"{code}: a rule code is 2 to 8 letters, a hyphen and two digits. For example LOC-01.",
        )


class RuleExistsError(ReconError):
    """A file of a new rule is there already."""

    def __init__(self, path: object) -> None:
        """Name the file."""
        super().__init__(
            f"{path}: 这个文件已经有了，没有覆盖。换一个编号，或先改名。",
            f"{path}: this file is there already and was not replaced. Choose another code.",
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


class TemplateExistsError(ReconError):
    """A file of a new workspace is there already."""

    def __init__(self, path: object) -> None:
        """Name the file."""
        super().__init__(
            f"{path}: 这个文件已经有了，什么也没有写。换一个目录，或先移走它。",
            f"{path}: this file is there already and nothing was written. Choose another folder.",
        )


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
        super().__init__(f"{exception_id}: {reason.zh}", f"{exception_id}: {reason.en}")


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

    def __init__(self, path: object, reason: str) -> None:
        """Name the file and the reason."""
        super().__init__(
            f"{path}: 读不出来（{reason}）。在 Excel 或 WPS 里另存为 .xlsx 后再导入。",
            f"{path}: not readable ({reason}). Save it as .xlsx in Excel or WPS and import again.",
        )


class NotVerifiableError(ReconError):
    """A run cannot be recomputed."""

    def __init__(self, run: object, reason: Text) -> None:
        """Name the run and the reason."""
        super().__init__(
            f"{run}: 无法验证：{reason.zh}。找回原来的资料，或重新运行 recon check。",
            f"{run}: cannot be verified: {reason.en}. Restore the inputs, or run 'recon check'.",
        )
