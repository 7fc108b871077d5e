"""The tool's own workbooks and lists, known by their sheets and headers.

Another program that saves one drops the mark of who made it. Here: what its sheets bear all the
same. Not here: the mark itself (`archive.is_own_output`), names of files (`listing`).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from recon.base.models import Text
from recon.base.texts import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from recon.base.models import RawSheet

#: Headers that stand together in no table but the tool's own.
_HEADERS = tuple(
    frozenset(line.split("|"))
    for line in (
        "例外编号|单位|方向|核实结论|认定金额",
        "问题编号|涉及单位/人员|定性|认定金额(元)",
        "id|party|nature|found (yuan)",
        "县（区）|运行编号或原因|例外",
        "county|run or reason|exceptions",
        "exception_id|rule|direction|counted|message_en",
    )
)
#: Headers that nobody else writes, even beside those of an input table.
_CERTAIN = frozenset({"核对项", "结果", "组号", "笔数", "方"})
#: Sheet and first cell that only the tool writes, and those that others may write too.
_MARK, _TITLED = ("_recon", "run_id"), ("汇总", "对账核查结果汇总")
#: Sheets that stand beside those.
_NAMES = frozenset(
    [
        "汇总",
        "按单位",
        "待核实",
        "待确认匹配",
        "未执行",
        "数据质量",
        "剔除行",
        "核对明细",
        "控制总数",
        "政策参数",
        "参数确认",
        "待确认单位对照",
        "已消除",
        "运行信息",
        "_recon",
        "整改台账",
        "整改事项",
        "待核实线索",
        "县×族×方向",
        "例外分类",
        "最大单位",
        "跨县线索",
        "历年",
        "变化",
        "覆盖",
        "summary",
        "register",
        "leads",
        "items raised",
        "county, family",
        "categories",
        "largest units",
        "across counties",
        "years",
        "changes",
        "not run",
        "coverage",
    ]
)
_CONTINUED = re.compile(r"\([0-9]+\)$")
#: Rows that may stand above a header of the tool's own.
_TOP = 3


def without_own(
    sheets: Iterable[RawSheet], is_input: Callable[[RawSheet], bool] = lambda _: False
) -> tuple[RawSheet, ...]:
    """Return the sheets of a file that the tool did not write; empty where all are its own.

    Args:
        sheets: All sheets of one file.
        is_input: Whether a sheet holds a whole input table. Such a sheet is somebody's, whatever
            its name and title, unless it bears a mark that nobody else writes.
    """
    listed = tuple(sheets)
    own = [_is_certain(one) or (_is_own(one) and not is_input(one)) for one in listed]
    if not any(own):
        return listed
    left = [
        one
        for one, is_own in zip(listed, own, strict=True)
        if not is_own and _is_filled(one) and (not _is_beside(one) or is_input(one))
    ]
    names = [one.sheet or "" for one in listed if one not in left and _is_filled(one)]
    zh, en = "、".join(names[:3]), ", ".join(names[:3])
    note = Text(
        f"同一文件的{zh}等{len(names)}个工作表是 recon 自己生成的，没有读取。",
        f"{len(names)} sheets of this file ({en} …) were made by recon and were not read.",
    )
    return tuple(replace(one, notes=(*one.notes, note)) for one in left)


def _is_certain(sheet: RawSheet) -> bool:
    """Whether a sheet bears what nobody but the tool writes."""
    return any(
        (sheet.sheet, first) == _MARK or texts >= _CERTAIN for first, texts in _top_rows(sheet)
    )


def _is_own(sheet: RawSheet) -> bool:
    """Whether a sheet bears headers or the title of the tool's own."""
    return any(
        (sheet.sheet, first) == _TITLED or any(headers <= texts for headers in _HEADERS)
        for first, texts in _top_rows(sheet)
    )


def _top_rows(sheet: RawSheet) -> Iterator[tuple[str, set[str]]]:
    """Yield the first text and all texts of the rows where a header of the tool's may stand."""
    for _, *row in sheet.cells.head(_TOP).iter_rows():
        texts = [text.strip() for text in row if text]
        yield next(iter(texts), ""), set(texts)


def _is_beside(sheet: RawSheet) -> bool:
    name = _CONTINUED.sub("", sheet.sheet or "")
    return name in _NAMES or any(name == f"{code} {text.zh}" for code, text in FAMILIES.items())


def _is_filled(sheet: RawSheet) -> bool:
    return sheet.cells.height > 0
