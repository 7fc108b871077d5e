"""Words that stay as they are in a twin: those that rules look for, and legal forms of units.

They are gathered from the SQL and the policy values that decide results, so that a new rule brings
its words along. Not here: what happens to all other words (see `wording`).
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from recon.base import resources
from recon.policy.parameters import load_policy
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_RUN = re.compile(rf"[{HAN}]+|[A-Za-z]{{2,}}")
_LITERAL = re.compile(r"'((?:[^']|'')*)'")
_CLASS = re.compile(r"\[[^\]]*\]")
_FOLDERS = ("sql/staging", "sql/parties", "sql/matching")
#: Legal forms and kinds of units; they name nobody.
_FORMS = (
    "有限公司",
    "股份有限公司",
    "有限责任公司",
    "集团有限公司",
    "集团",
    "公司",
    "分公司",
    "工会委员会",
    "联合工会",
    "总工会",
    "工会",
    "学校",
    "中学",
    "小学",
    "技工学校",
    "职业培训学校",
    "培训学校",
    "医院",
    "银行",
    "支行",
    "分行",
    "信用社",
    "国家金库",
    "金库",
    "支库",
    "税务局",
    "财政局",
    "人民政府",
    "工程",
    "商行",
    "药房",
    "超市",
    "酒店",
    "工人文化宫",
    "合作社",
    "事务所",
    "中心",
)


@cache
def vocabulary(workspace: Path | None = None) -> frozenset[str]:
    """Return every word that stays: Chinese runs and Latin words of two letters and more.

    Args:
        workspace: Folder that may carry its own rules and SQL.
    """
    words = set(_FORMS)
    for text in _sql(workspace):
        for literal in _LITERAL.findall(text):
            words.update(_RUN.findall(_CLASS.sub(" ", literal)))
    for path in sorted((resources.shipped("rules") / "reference").iterdir()):
        words.update(_RUN.findall(path.read_text(encoding="utf-8")))
    policy = load_policy("base")
    for name in policy.parameters():
        for value in policy.values_of(name):
            words.update(_RUN.findall(value.text))
    for spec in specs().values():
        for column in spec.columns:
            words.update(word for text in column.values for word in _RUN.findall(text))
    return frozenset(words)


def _sql(workspace: Path | None) -> Iterator[str]:
    families = {path.parent.name for path in (resources.shipped("sql") / "rules").glob("*/*.sql")}
    if workspace is not None:
        own = (workspace / "sql" / "rules").glob("*/*.sql")
        families |= {path.parent.name for path in own}
    for folder in (*_FOLDERS, *(f"sql/rules/{family}" for family in sorted(families))):
        for path in resources.files(folder, "*.sql", workspace).values():
            yield path.read_text(encoding="utf-8")
