"""Takes reviewers' workbooks into the ledger: what can be taken, and what cannot, by cell.

Nothing is overwritten in silence and importing twice changes nothing. Not here: reading workbooks
(see `reviewed`), what cells mean (see `cells`).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from recon.base.errors import RunMissingError
from recon.base.models import Text
from recon.ledger.agreement import agrees, differing, is_same
from recon.ledger.cells import CellFault, completed, plain, read_cell
from recon.ledger.decisions import items_of
from recon.ledger.known import is_run, known_exceptions, run_folders
from recon.ledger.reviewed import read_reviewed
from recon.ledger.store import NewEvent, add_events, read_events
from recon.ledger.unit_rows import unit_rows
from recon.output.sheets import ID_HEADER, REVIEW_COLUMNS
from recon.output.splice import CUT_NOTICE
from recon.output.units import UNITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from recon.ledger.decisions import Item
    from recon.ledger.known import Known
    from recon.ledger.reviewed import ReviewedFile, ReviewedRow
    from recon.ledger.store import Event

_HEADERS = {name: about[0] for name, about in REVIEW_COLUMNS.items()}
#: In the place of a decision that a line of 按单位 says, and how many ids are named at once.
UNIT_PLACE, _SHOWN = f"#{UNITS}!", 5
#: Facts that many rows share and that decide nothing; any other that contradicts its id shows a row
#: that was sorted, pasted or shifted apart from it.
_COMMON = ("规则名称", "严重程度", "计入合计", "参数未确认", "依据/政策参数", "可能的合理解释")


@dataclass(frozen=True)
class _Said:
    """A decision that a row holds; `unit` tells the line of 按单位 that says it, if one does.

    Workbooks of one name may be of several runs, so a line is its workbook, its run and its place.
    """

    exception_id: str
    place: str
    known: Known
    content: dict[str, str | None]
    unit: tuple[int, str, str] | None = None

    @property
    def payload(self) -> dict[str, str | None]:
        """What the ledger keeps of it."""
        return {**self.known.facts, **self.content, "source": self.place}


@dataclass
class ImportReport:
    """What an import did: counts, decisions replaced and kept, and what was not taken, by cell."""

    rows: int = 0
    taken: int = 0
    unchanged: int = 0
    replaced: list[Text] = field(default_factory=list)
    kept: list[Text] = field(default_factory=list)
    problems: list[Text] = field(default_factory=list)

    def refuse(self, place: str, zh: str, en: str) -> None:
        """Note what was not taken, with what is wrong and what to do."""
        self.problems.append(Text(f"{place}: {zh}。", f"{place}: {en}."))


def import_reviews(
    files: Sequence[Path], out_dir: Path, ledger: Path, now: datetime
) -> ImportReport:
    """Take the reviewer's columns of workbooks into the ledger.

    Args:
        files: Workbooks, e.g. several reviewers' copies of one run.
        out_dir: The output folder with the runs.
        ledger: The ledger file; made when there is something to add.
        now: The moment, with its time zone.

    Raises:
        LedgerDamagedError: The ledger is not whole.
        NoReviewColumnsError: A workbook has nothing a reviewer could have filled.
        RunMissingError: There is no run that a workbook could be of.
        WorkbookUnreadableError: A file cannot be read.
    """
    if not any(run_folders(out_dir, None)):
        raise RunMissingError(out_dir)
    report = ImportReport()
    said: dict[str, list[_Said]] = defaultdict(list)
    for file in [read_reviewed(path) for path in files]:
        for decision in _decisions(file, out_dir, now, report):
            said[decision.exception_id].append(decision)
    events = read_events(ledger)
    items = items_of(events)
    own = set(said)
    of_units = [
        replace(each, unit=(number, each.known.run_id, each.place))
        for number, path in enumerate(files)
        if (unit := unit_rows(path, out_dir, own, report.refuse))
        for each in _decisions(unit, out_dir, now, report)
    ]
    for decision in _but_kept(of_units, items, report):
        said[decision.exception_id].append(decision)
    history: dict[str, list[dict[str, str | None]]] = defaultdict(list)
    for event in events:
        if event.kind == "review" and event.exception_id:
            history[event.exception_id].append(content_of(event))
    chosen = [
        one
        for key, decisions in said.items()
        if (one := _choose(decisions, items.get(key), history[key], report))
    ]
    if chosen:
        add_events(ledger, _events(chosen), now, events)
    report.taken = len(chosen)
    return report


def _but_kept(
    decisions: list[_Said], items: dict[str, Item], report: ImportReport
) -> Iterator[_Said]:
    """Yield units' decisions, but for exceptions that were decided one by one; those are named."""
    kept: dict[tuple[int, str, str] | None, list[str]] = defaultdict(list)
    for each in decisions:
        item = items.get(each.exception_id)
        booked = item.review if item else None
        is_own = booked is not None and UNIT_PLACE not in str(booked.payload.get("source"))
        if booked and is_own and not is_same(each.content, content_of(booked)):
            kept[each.unit].append(each.exception_id)
        else:
            yield each
    for unit, ids in kept.items():
        place = unit[2] if unit else ""
        shown = "、".join(ids[:_SHOWN]) + ("…" if len(ids) > _SHOWN else "")
        report.kept.append(
            Text(
                f"{place}: {len(ids)} 条已有各自的结论，与本行不同，保持不变：{shown}。"
                "要改，在各族表逐条填写。",
                f"{place}: {len(ids)} lines were decided one by one and otherwise; they stay as "
                f"they are: {shown}. To change one, fill its own row.",
            )
        )


def _events(chosen: list[_Said]) -> list[NewEvent]:
    """Return one event for each decision; those that one line of 按单位 decides are one event."""
    together: dict[object, list[_Said]] = defaultdict(list)
    for one in chosen:
        together[one.unit or one.exception_id].append(one)
    events = []
    for ones in together.values():
        first, run = ones[0], ones[0].known.run_id
        if len(ones) == 1:
            events.append(NewEvent("review", first.exception_id, run, first.payload))
        else:
            lines = [{"exception_id": one.exception_id, **one.payload} for one in ones]
            events.append(NewEvent("review", None, run, {"lines": lines}))
    return events


def content_of(event: Event) -> dict[str, str | None]:
    """Return the reviewer's columns of a decision."""
    return {name: event.payload.get(name) for name in REVIEW_COLUMNS}


def _decisions(
    file: ReviewedFile, out_dir: Path, now: datetime, report: ImportReport
) -> list[_Said]:
    """Read the decisions of one workbook and note what is wrong with it."""
    for place in file.doubled:
        report.refuse(
            place,
            "这个表头在本表出现两次，本表没有导入。删去其中一列后再导入",
            "this header stands twice and the sheet was left out. Delete one of the columns",
        )
    found: list[_Said] = []
    if file.run_id and not is_run(out_dir, file.run_id):
        _refuse_other_run(file, file.run_id, out_dir, report)
        return found
    known = known_exceptions(out_dir, file.run_id, {row.exception_id for row in file.rows})
    if len(file.rows) > 1 and not known:
        _refuse_all(file, out_dir, report)
        return found
    for row in file.rows:
        report.rows += 1
        about = known.get(row.exception_id)
        if about is None:
            _refuse_unknown(row, report)
        elif _holds_together(row, about, report):
            content = _content(row, about, now, report)
            if content is not None:
                place = row.at(_HEADERS["verdict"])
                found.append(_Said(row.exception_id, place, about, content))
    return found


def _refuse_all(file: ReviewedFile, out_dir: Path, report: ImportReport) -> None:
    """Say once that a workbook is of no run of the output folder."""
    report.rows += len(file.rows)
    report.refuse(
        file.path.name,
        f"{len(file.rows)} 行的例外编号都不在 {out_dir} 的任何一次运行结果里，一行也没有导入。"
        "用 --data 指明资料目录，或用 --out 指明输出目录",
        f"none of its {len(file.rows)} ids is in a run of {out_dir}; nothing was taken. "
        "Name the data folder by --data, or the output folder by --out",
    )


def _refuse_other_run(file: ReviewedFile, run_id: str, out_dir: Path, report: ImportReport) -> None:
    """Say once that the run of a workbook is not here, so that nothing proves its rows."""
    report.rows += len(file.rows)
    report.refuse(
        file.path.name,
        f"这个工作簿是运行 {run_id} 写出的，{out_dir} 里没有这次运行，一行也没有导入。"
        "用 --data、--out 指明写出它的目录，或在最近一次运行的工作簿里填写",
        f"run {run_id} wrote this workbook and is not in {out_dir}; nothing was taken. "
        "Name its folder by --data or --out, or fill the workbook of the newest run",
    )


def _refuse_unknown(row: ReviewedRow, report: ImportReport) -> None:
    """Note a row whose id no run has; a row without any decision is only noise."""
    if all(row.cells.get(header) in (None, "") for header in _HEADERS.values()):
        return
    if row.exception_id:
        report.refuse(
            row.at(ID_HEADER),
            f"{row.exception_id} 不在任何一次运行结果里。"
            "核对编号，或用 --data、--out 指明资料和输出目录",
            f"{row.exception_id} is in no run. Check the id, or name the folders by --data, --out",
        )
    else:
        report.refuse(
            row.at(ID_HEADER),
            "这一行有结论，没有例外编号。补上编号",
            "this row has a decision and no id. Fill the id",
        )


def _holds_together(row: ReviewedRow, known: Known, report: ImportReport) -> bool:
    """Note every change outside the reviewer's columns; tell whether the row is still itself."""
    is_itself = True
    for header, wanted in known.shown.items():
        if header not in row.letters or header == ID_HEADER:
            continue
        is_number = isinstance(wanted, Decimal)
        here = plain(row.cells.get(header), is_number=is_number)
        there = plain(wanted, is_number=is_number)
        if here == there or (here.endswith(CUT_NOTICE) and there.startswith(here[:1000])):
            continue
        shown = str(wanted)[:60] if wanted not in (None, "") else "（空）"
        if header in _COMMON:
            zh = f"{header}被改过，应为 {shown}；改动没有采用。要改数字，请改资料后重新运行"
            en = "was changed, and the change was not taken. Correct the data and run again"
        elif is_itself:
            is_itself = False
            zh = f"{header}与编号 {row.exception_id} 不符，应为 {shown}；本行没有导入。"
            zh += "可能只排序、粘贴或移动了一部分列：整行放在一起后再导入；"
            zh += "要改数字，请改资料后重新运行"
            en = f"does not belong to {row.exception_id}; the row was left out. Maybe some columns "
            en += "were sorted, pasted or moved apart: put whole rows together and import again; "
            en += "to change a figure correct the data and run again"
        else:
            continue
        report.refuse(row.at(header), zh, en)
    return is_itself


def _content(
    row: ReviewedRow, known: Known, now: datetime, report: ImportReport
) -> dict[str, str | None] | None:
    """Read a row's decision; None when there is none or it cannot be taken."""
    content: dict[str, str | None] = {}
    faults: dict[str, CellFault] = {}
    for name, header in _HEADERS.items():
        try:
            content[name] = read_cell(name, row.cells.get(header))
        except CellFault as fault:
            faults[name] = fault
    if not faults:
        if not any(content.values()):
            return None
        content, faults = completed(content, known.amount, now.date())
    for name, why in faults.items():
        report.refuse(row.at(_HEADERS[name]), why.text.zh, why.text.en)
    return None if faults else content


def _choose(
    decisions: list[_Said],
    item: Item | None,
    history: list[dict[str, str | None]],
    report: ImportReport,
) -> _Said | None:
    """Choose the decision to book among all rows of one exception, or None."""
    current = content_of(item.review) if item and item.review else None
    fresh: list[_Said] = []
    for each in decisions:
        if each.content == current:
            report.unchanged += 1
        elif each.content in history:
            report.refuse(
                each.place,
                "这个结论以前导入过，后来已被替换或撤销，没有再采用。要恢复它，请填新的复核日期",
                "this decision was taken before and replaced or undone since. "
                "To return to it, fill a new 复核日期",
            )
        elif not any(is_same(each.content, other.content) for other in fresh):
            fresh.append(each)
        else:
            report.unchanged += 1
    if len(fresh) > 1:
        _refuse_conflict(fresh, report)
        return None
    return fresh[0] if fresh and _may_replace(fresh[0], item, report) else None


def _refuse_conflict(fresh: list[_Said], report: ImportReport) -> None:
    """Show all sides of a conflict."""
    for each in fresh:
        others = [other for other in fresh if other is not each]
        there = "、".join(f"{other.place} {other.content['verdict']}" for other in others)
        report.refuse(
            each.place,
            f"{each.exception_id} 结论 {each.content['verdict']} 与另一处不同（{there}），"
            "都没有导入。统一后再导入",
            f"{each.exception_id} is decided otherwise elsewhere ({there}); neither was taken. "
            "Agree on one and import again",
        )


def _may_replace(new: _Said, item: Item | None, report: ImportReport) -> bool:
    """Tell whether a decision may follow the one that is booked, and note what is replaced."""
    if item is None or item.review is None:
        return True
    if item.closed is not None and item.closed.run_id == new.known.run_id:
        report.refuse(
            new.place,
            f"{new.exception_id} 已销号，结论没有导入。先用 recon ledger reopen 重新打开",
            f"{new.exception_id} is closed. Open it again with 'recon ledger reopen' first",
        )
        return False
    old = item.decision
    is_later = (new.content["reviewed_on"] or "") > (old["reviewed_on"] or "")
    if new.content["reviewer"] != old["reviewer"] and not is_later:
        if agrees(new.content, old):
            report.unchanged += 1
        else:
            _refuse_other(new, old, report)
        return False
    report.replaced.append(_replacement(new, old))
    return True


def _refuse_other(new: _Said, old: dict[str, str | None], report: ImportReport) -> None:
    """Say that another person's decision stands, and in what this one differs."""
    who = old["reviewer"] or "他人"
    said = f"“{old['verdict']}”" + ("" if new.content["verdict"] != old["verdict"] else "，相同")
    others = differing(new.content, old)
    report.refuse(
        new.place,
        f"{new.exception_id} 已有{who}的结论{said}；不同的列：{others}，没有覆盖。"
        "确要替换，请填更晚的复核日期",
        f"{new.exception_id} already has another reviewer's decision, which was kept; it differs "
        f"in {others}. To replace it, fill a later 复核日期",
    )


def _replacement(new: _Said, old: dict[str, str | None]) -> Text:
    """Say what was replaced: the verdict, or else the columns that changed."""
    place = f"{new.place}: {new.exception_id}"
    was, now = old["verdict"], new.content["verdict"]
    if was == now:
        others = differing(new.content, old)
        return Text(
            f"{place} 的结论仍是“{now}”，{others}有改动，以前的仍在台账里。",
            f"{place}: still '{now}'; changed: {others}. The ledger keeps what was before.",
        )
    return Text(
        f"{place} 的结论由“{was}”改为“{now}”，旧结论仍在台账里。",
        f"{place}: '{was}' became '{now}'; the ledger keeps the earlier decision.",
    )
