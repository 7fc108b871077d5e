"""Errors of rules, their SQL and their cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recon.base.errors.base import ReconError

if TYPE_CHECKING:
    from recon.base.models import Text


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


class EngineError(ReconError):
    """The database refused a statement, or a result breaks the word of its rule."""

    def __init__(self, place: str, reason: str) -> None:
        """Name the place and the reason."""
        super().__init__(f"{place}: {reason}", f"{place}: {reason}")


class DatabaseMemoryError(EngineError):
    """The database has too little memory."""

    def __init__(self, place: str) -> None:
        """Name the place."""
        ReconError.__init__(
            self,
            f"{place}: 数据库内存不够。用 --memory 给更多内存，或关闭其他程序后再运行。",
            f"{place}: the database ran out of memory. Give more by --memory, or close other "
            "programs, then run again.",
        )


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
