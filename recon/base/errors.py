"""Every error with its sentence in both languages.

An *error* is our program, its files or its input being wrong so that no true answer is possible;
it ends the run with exit status 2. Bad cells are not errors: they become rejected rows. The form is
`<place>: <what is wrong>. <what is allowed, or what to do>.`; a class holds it as two templates,
and is called with their values in the order in which the Chinese one names them.
"""

from __future__ import annotations

from string import Formatter
from typing import IO, TYPE_CHECKING, Any, ClassVar

import click

from recon.base.models import Text
from recon.base.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable


class ReconError(click.ClickException):
    """Base of all errors; its values may be texts of both languages."""

    exit_code = 2
    zh: ClassVar[str] = "{zh}"
    en: ClassVar[str] = "{en}"

    def __init__(self, *values: object) -> None:
        """Fill both templates."""
        self.values = values
        names = [name for _, name, _, _ in Formatter().parse(self.zh + self.en) if name]
        given = dict(zip(dict.fromkeys(names), values, strict=True))
        chinese, english = (
            {name: _in(language, value) for name, value in given.items()}
            for language in ("zh", "en")
        )
        self.text = Text(self.zh.format(**chinese), self.en.format(**english))
        super().__init__(self.text.zh)

    def format_message(self) -> str:
        """Return the sentence in the spoken language."""
        return say(self.text)

    def __str__(self) -> str:
        """Return the sentence in the spoken language."""
        return self.format_message()

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the sentence to stderr without click's English prefix."""
        click.echo(self.format_message(), file=file, err=file is None)


def _in(language: str, value: object) -> object:
    if isinstance(value, OSError):
        return value.strerror or str(value)
    return getattr(value, language) if isinstance(value, Text) else value


def joined(texts: Iterable[Text], zh: str = "\n", en: str = "\n") -> Text:
    """Return some texts as one, with what stands between them."""
    found = tuple(texts)
    return Text(zh.join(one.zh for one in found), en.join(one.en for one in found))


def meant(near: Iterable[str], zh: str = "是不是 {}？", en: str = " Did you mean {}?") -> Text:
    """Return a hint that names the nearest known words; empty if there are none."""
    words = tuple(near)
    known = Text(zh.format("、".join(words)), en.format(", ".join(words)))
    return known if words else Text("", "")


class ConfigError(ReconError):
    """A file of settings, rules or policy is wrong; several faults are shown together."""

    zh = en = "{faults}"

    def __init__(self, faults: Iterable[Text]) -> None:
        """Show all faults, one a line."""
        self.faults = tuple(faults)
        super().__init__(joined(self.faults))


class YamlError(ReconError):
    """A YAML file cannot be read."""

    zh = en = "{place}: {fault}"

    def __init__(self, path: object, line: int | None, zh: str, en: str) -> None:
        """Say the place and what is wrong."""
        super().__init__(f"{path}:{line}" if line else path, Text(zh, en))


class ResourceMissingError(ReconError):
    """A shipped folder is not where it should be."""

    zh = "{name}: 找不到随软件附带的这个目录。请重新安装 recon。"
    en = "{name}: this folder ships with the tool and is not there. Install recon again."


class UnknownParameterError(ReconError):
    """A word names no policy parameter."""

    zh = "{word}: 没有这个政策参数。{hint}用 recon policy list 查看全部。"
    en = "{word}: no policy parameter has that name.{hint} See 'recon policy list'."

    def __init__(self, word: str, near: Iterable[str]) -> None:
        """Name the word and the nearest known ones."""
        super().__init__(word, meant(near))


class AliasError(ReconError):
    """A line of aliases.csv cannot be used."""

    zh = (
        "{path}:{line}: 这一行缺名称或代码，或同一名称给了两个代码。每行写：名称,统一社会信用代码。"
    )
    en = (
        "{path}:{line}: a name or code is missing, or one name has two codes. Write one line per "
        "name: name,code."
    )


class NoInputError(ReconError):
    """The data folder has nothing that can be checked."""

    zh = en = "{folder}: {what}"

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
            what = Text("没有这个目录。检查路径。", "no such folder. Check the path.")
        elif not is_folder:
            what = Text(
                "这是文件，不是目录。写资料所在的目录。",
                "this is a file, not a folder. Name the folder of the exports.",
            )
        elif not files:
            what = Text(
                "目录里没有可读的表格文件。放入 .xlsx、.csv 或 .parquet 后再运行，"
                "或先用 recon init。",
                "no readable table files. Put .xlsx, .csv or .parquet files there, or use "
                "'recon init'.",
            )
        elif not tables:
            what = Text(
                f"读了 {files} 个文件，没有认出任何一张表。用 recon map 查看表头和最接近的表。",
                f"{files} files read, no known table among them. See 'recon map' for the headers.",
            )
        else:
            what = Text(
                f"读了 {files} 个文件，认出 {tables} 张表，但都没有数据行。在表头下面填入数据。",
                f"{files} files read, {tables} known tables, all without rows. Fill in the rows.",
            )
        super().__init__(folder, joined((what, *hints)))


class ReviewPeriodError(ReconError):
    """The period under review ends before it begins."""

    zh = (
        "{begins} .. {ends}: 审查期间的止日早于起日。改 --from、--to，或 recon.toml 的 [check] "
        "from、to；只写了一个的，另一个取资料覆盖的月份。"
    )
    en = (
        "{begins} .. {ends}: the period under review ends before it begins. Correct --from and "
        "--to, or [check] from and to in recon.toml; one that is not given is taken from the "
        "months of the data."
    )


class UnbalancedSheetError(ReconError):
    """Rows or money of a sheet are not all in one of the three classes."""

    zh = (
        "{place}: {what}不平：读入 {read}，计入、剔除、跳过合计 {classes}。这是软件缺陷，"
        "请连同文件一起报告。"
    )
    en = (
        "{place}: {what} do not balance: read {read}, accepted + rejected + skipped {classes}. "
        "This is a fault of the tool; report it with the file."
    )

    def __init__(self, place: str, column: str | None, read: object, classes: object) -> None:
        """Name the sheet, the column of money (None for rows) and both sums."""
        rows = Text("行数", "rows")
        what = Text(f"{column} 的金额", f"{column} in yuan") if column is not None else rows
        super().__init__(place, what, read, classes)


class UnknownSourcesError(ReconError):
    """With `locked = true`, files, sheets or columns are there that nobody named."""

    zh = (
        "recon.toml 设了 locked = true，下列文件、工作表或列未登记。登记后再运行，或改为 locked "
        "= false。\n{places}"
    )
    en = (
        "recon.toml says locked = true, and these files, sheets or columns are not named. Name "
        "them, or set locked = false.\n{places}"
    )

    def __init__(self, places: Iterable[Text]) -> None:
        """List all of them, one a line."""
        super().__init__(joined(Text(f"  {one.zh}", f"  {one.en}") for one in places))


class SeveralWorkspacesError(ReconError):
    """The data folder holds folders of other units, each with its own settings."""

    zh = (
        "{folder}: 里面还有别的单位的资料目录（各有 recon.toml）：{names}。分单位检查并汇总用 "
        "recon rollup；如果只是多余的副本，在 recon.toml 里写 [check] skip = [{quoted}]。"
    )
    en = (
        "{folder}: it holds other workspaces, each with a recon.toml: {names}. To check several "
        "units and add them up use 'recon rollup'; a stray copy is left out by [check] skip = "
        "[{quoted}] in recon.toml."
    )

    def __init__(self, folder: object, names: Iterable[str]) -> None:
        """Name the folder and the workspaces in it."""
        listed = tuple(names)
        super().__init__(folder, ", ".join(listed), ", ".join(f'"{one}"' for one in listed))


class PasswordFileError(ReconError):
    """The file of passwords cannot be read as text, or holds none."""

    zh = "{path}: 读不出口令。请用 UTF-8 文本文件，一行写一个口令。"
    en = "{path}: no password can be read from it. Use a UTF-8 text file, one password a line."


class TemporaryUnwritableError(ReconError):
    """Temporary files cannot be written."""

    zh = (
        "{folder}: 临时文件写不进去（{reason}）。腾出磁盘空间，或用环境变量 TMPDIR（Windows 为 "
        "TEMP）另选目录。"
    )
    en = (
        "{folder}: temporary files cannot be written ({reason}). Free disk space, or choose "
        "another folder by TMPDIR (TEMP on Windows)."
    )


class RunMissingError(ReconError):
    """There is no complete run to look at."""

    zh = (
        "{folder}: 这里没有完整的运行结果。先运行 recon check，或用 --out "
        "指明输出目录（review、ledger、report 可用 --data 指明资料目录）。"
    )
    en = (
        "{folder}: no complete run here. Run 'recon check' first, or name the output folder by "
        "--out (review, ledger and report: or the data folder by --data)."
    )


class ExceptionUnknownError(ReconError):
    """An id names no exception, or more than one."""

    zh = en = "{exception_id}: {what}"

    def __init__(self, exception_id: str, run: object, near: Iterable[str]) -> None:
        """Name the id and, where several begin so, some of them."""
        none = Text(
            f"{run} 里没有这条例外。编号在工作簿“例外编号”列。",
            f"no such exception in {run}. Ids stand in the workbook's first column.",
        )
        several = meant(
            near,
            "有不止一条例外以此开头：{}。写全编号。",
            "several exceptions begin so: {}. Write the whole id.",
        )
        super().__init__(exception_id, several if several.zh else none)


class NotARunError(ReconError):
    """A word names no run."""

    zh = (
        "{word}: 不是完整的运行目录，{folder} 里也没有唯一以此开头的运行编号。写运行目录的路径，"
        "或完整编号。"
    )
    en = (
        "{word}: not a complete run folder, and no single run id in {folder} begins so. Give the "
        "folder's path or the whole id."
    )


class NotVerifiableError(ReconError):
    """A run cannot be recomputed."""

    zh = "{run}: 无法验证：{reason}。找回原来的资料，或重新运行 recon check。"
    en = "{run}: cannot be verified: {reason}. Restore the inputs, or run 'recon check'."


class PartyUnknownError(ReconError):
    """A word names no party of the run, or more than one."""

    zh = "{word}: 资料里没有这个单位，或不止一个。{hint}写全名称或统一社会信用代码。"
    en = "{word}: no party of the data, or more than one.{hint} Write the whole name or its code."

    def __init__(self, word: str, near: Iterable[str]) -> None:
        """Name the word and the nearest parties."""
        super().__init__(word, meant(near, "最接近：{}。", " Nearest: {}."))


class UnitUnknownError(ReconError):
    """A word names no unit that papers could be about."""

    zh = "{word}: 例外和已确认的问题里没有这个单位。{hint}照例外清单“单位”列写全名。"
    en = (
        "{word}: no exception and no finding is about such a unit.{hint} Write the whole name as "
        "the list of exceptions has it."
    )

    def __init__(self, word: str, near: Iterable[str]) -> None:
        """Name the word and the nearest units."""
        super().__init__(word, meant(near, "最接近：{}。", " Nearest: {}."))


class EngineError(ReconError):
    """The database refused a statement, or a result breaks the word of its rule."""

    zh = "{place}: {reason}"
    en = "{place}: {reason}"


class DatabaseMemoryError(EngineError):
    """The database has too little memory."""

    zh = "{place}: 数据库内存不够。用 --memory 给更多内存，或关闭其他程序后再运行。"
    en = (
        "{place}: the database ran out of memory. Give more by --memory, or close other "
        "programs, then run again."
    )


class RuleSqlError(ReconError):
    """A rule could not be run."""

    zh = "{code}（{path}）: 规则运行失败：{reason}。其他规则照常运行；请把这句话发给维护者。"
    en = (
        "{code} ({path}): the rule failed: {reason}. The other rules went on; report this "
        "sentence to the maintainers."
    )


class InputsMovedError(ReconError):
    """Input files changed while the run read them."""

    zh = "{names}: 运行期间被改动、新增或删除，本次没有写出结果。等文件不再变动后重新运行。"
    en = (
        "{names}: changed, added or removed during the run; nothing was written. Run again when "
        "the files rest."
    )

    def __init__(self, names: Iterable[str]) -> None:
        """Name the files."""
        super().__init__(", ".join(names))
