"""Errors of rules and their cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recon.base.errors import ReconError, meant

if TYPE_CHECKING:
    from collections.abc import Iterable


class UnknownRuleError(ReconError):
    """A word names no rule and no family."""

    zh = "{word}: 没有这条规则或这个规则族。{hint}用 recon rules list 查看全部。"
    en = "{word}: no rule or family has that name.{hint} See 'recon rules list'."

    def __init__(self, word: str, near: Iterable[str]) -> None:
        """Name the word and the nearest known ones."""
        super().__init__(word, meant(near))


class UnknownTableError(ReconError):
    """A word names no staged table."""

    zh = "{word}: 没有这张表。{hint}用 recon rules tables 查看全部。"
    en = "{word}: no table has that name.{hint} See 'recon rules tables'."

    def __init__(self, word: str, near: Iterable[str]) -> None:
        """Name the word and the nearest known ones."""
        super().__init__(word, meant(near))


class RuleCodeError(ReconError):
    """The code of a new rule does not look like one."""

    zh = "{code}: 规则编号应为 2 至 8 个字母、横线、两位数字。例如 LOC-01。"
    en = "{code}: a rule code is 2 to 8 letters, a hyphen and two digits. For example LOC-01."


class RuleExistsError(ReconError):
    """A file of a new rule is there already."""

    zh = "{path}: 这个文件已经有了，没有覆盖。换一个编号，或先改名。"
    en = "{path}: this file is there already and was not replaced. Choose another code."


class OwnSqlError(ReconError):
    """A file of a workspace's own rules or tables cannot be run."""

    zh = "{path}: {reason}。请改正这个文件；其他规则照常运行。{there}"
    en = "{path}: {reason}. Correct this file; the other rules went on.{there}"


class CaseError(ReconError):
    """A file of rule cases is wrong."""

    zh = "{place}: {case}: {reason}"
    en = "{place}: {case}: {reason}"
