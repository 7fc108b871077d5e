"""Takes the sheet 待确认匹配 into the ledger: which lines a reviewer says belong together.

Nothing is booked that does not add up to the fen. Not here: reading workbooks (see `reviewed`),
what stands in the ledger (see `matches`), matching itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from recon.base.models import ConfirmedMatch, Text
from recon.base.texts import yuan
from recon.ledger.cells import CellFault, plain, read_cell
from recon.ledger.known import is_run, run_folders
from recon.ledger.matches import confirmed_matches, match_id_of, share_a_line
from recon.ledger.reviewed import PICK_HEADERS, read_sheets
from recon.ledger.store import NewEvent, add_events, read_events
from recon.output.picks import PICKS_FILE, WITHDRAW

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from recon.ledger.review import ImportReport
    from recon.ledger.reviewed import ReviewedFile, ReviewedRow
    from recon.ledger.store import Event

GROUP_HEADER, MARK_HEADER = PICK_HEADERS
KEY_HEADER = "行编号"
_ABOUT = {"reviewer": "复核人", "reviewed_on": "复核日期", "reason": "理由"}
_MARKS = {"是", WITHDRAW, *(str(number) for number in range(1, 10))}


@dataclass
class _Group:
    """One group of the sheet: its lines in the run, and what the reviewer wrote beside them."""

    run_id: str
    lines: dict[str | None, dict[str, Any]]
    rows: dict[str | None, ReviewedRow] = field(default_factory=dict)
    marks: dict[str, list[ReviewedRow]] = field(default_factory=dict)

    def is_open(self) -> bool:
        return all(line["status"] == "open" for line in self.lines.values())


@dataclass(frozen=True)
class _Pick:
    """Lines that a reviewer put together, and where that stands."""

    place: str
    run_id: str
    match: ConfirmedMatch
    withdrawn: bool = False

    def payload(self) -> dict[str, Any]:
        """Return what the ledger keeps."""
        said = self.match
        return {
            "match_id": said.match_id,
            "pairing": said.pairing,
            "a_keys": list(said.a_keys),
            "b_keys": list(said.b_keys),
            "reviewer": said.reviewer,
            "reviewed_on": said.reviewed_on,
            "reason": said.reason,
            "withdrawn": self.withdrawn,
        }


def import_picks(
    files: Sequence[Path], out_dir: Path, ledger: Path, now: datetime, report: ImportReport
) -> None:
    """Take chosen and withdrawn matches of workbooks into the ledger.

    Args:
        files: Workbooks, with or without the sheet.
        out_dir: The output folder with the runs.
        ledger: The ledger file; made when there is something to add.
        now: The moment, with its time zone.
        report: Gets what was taken and what was not.

    Raises:
        LedgerDamagedError: The ledger is not whole.
        WorkbookUnreadableError: A file cannot be read.
    """
    picks: list[_Pick] = []
    for path in files:
        file = read_sheets(path, PICK_HEADERS, {*PICK_HEADERS, KEY_HEADER, *_ABOUT.values()})
        if file is None or (file.run_id and not is_run(out_dir, file.run_id)):
            continue  # `import_reviews` says which run is not here
        for place in file.doubled:
            report.refuse(
                place,
                "这个表头在本表出现两次，本表没有导入。删去其中一列后再导入",
                "this header stands twice and the sheet was left out. Delete one of the columns",
            )
        for group in _groups(file, out_dir, report).values():
            picks.extend(_picks_of(group, report))
    events = read_events(ledger)
    new = list(_new_events(picks, events, report))
    if new:
        add_events(ledger, new, now, events)
    report.taken += len(new)


def _groups(file: ReviewedFile, out_dir: Path, report: ImportReport) -> dict[str, _Group]:
    """Gather the rows of each group beside what the run said of it."""
    marked = {_text(row, GROUP_HEADER) for row in file.rows if _text(row, MARK_HEADER)}
    known = _known(out_dir, file.run_id, marked)
    for row in file.rows:
        report.rows += 1
        group_id, mark = _text(row, GROUP_HEADER), _text(row, MARK_HEADER)
        key = _text(row, KEY_HEADER) or None
        group = known.get(group_id)
        if not mark and group is None:
            continue
        if group is None or key not in group.lines:
            report.refuse(
                row.at(GROUP_HEADER),
                f"匹配组号 {group_id} 或行编号 {key or '（空）'} 不在任何一次运行结果里，"
                "没有导入。核对编号，或用 --data、--out 指明资料和输出目录",
                f"group {group_id} or line {key or 'without a key'} is in no run. "
                "Check it, or name the folders by --data, --out",
            )
            continue
        if mark and (header := _contradiction(row, group.lines[key])):
            report.refuse(
                row.at(header),
                f"{header}与行编号 {key} 不符，这一行没有导入。"
                "可能只排序、粘贴或移动了一部分列：整行放在一起后再导入",
                f"does not belong to line {key}; the row was left out. Maybe some columns were "
                "sorted, pasted or moved apart: put whole rows together and import again",
            )
            continue
        group.rows[key] = row
        if mark in _MARKS:
            group.marks.setdefault(mark, []).append(row)
        elif mark:
            report.refuse(
                row.at(MARK_HEADER),
                f"“{mark}”不能用。只能填：是、1 到 9、{WITHDRAW}",
                f"'{mark}' cannot be taken. Write 是, 1 to 9 or {WITHDRAW}",
            )
    return known


def _contradiction(row: ReviewedRow, line: dict[str, Any]) -> str | None:
    """Return the header of a fact of a row that is not its line's; None where all agree."""
    place = f"{line['file']}{'#' + line['sheet'] if line['sheet'] else ''}!{line['row_no']}"
    for header, wanted in (("位置", place), ("金额", line["amount"])):
        is_number = header == "金额"
        here, there = (plain(each, is_number=is_number) for each in (row.cells.get(header), wanted))
        if line["file"] and header in row.letters and here != there:
            return header
    return None


def _text(row: ReviewedRow, header: str) -> str:
    value = row.cells.get(header)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def _known(out_dir: Path, run_id: str | None, wanted: set[str]) -> dict[str, _Group]:
    """Find groups in the runs of an output folder, the workbook's own run first."""
    found: dict[str, _Group] = {}
    for folder in run_folders(out_dir, run_id):
        missing = wanted - found.keys()
        if not missing or not (folder / PICKS_FILE).is_file():
            continue
        picks = pl.read_parquet(folder / PICKS_FILE).filter(pl.col("group_id").is_in(list(missing)))
        for line in picks.iter_rows(named=True):
            group = found.setdefault(line["group_id"], _Group(folder.name, {}))
            group.lines[line["line_key"]] = line
    return found


def _picks_of(group: _Group, report: ImportReport) -> Iterator[_Pick]:
    """Turn the marks of one group into picks; refuse what does not add up."""
    about = next(iter(group.lines.values()))
    if not group.is_open():
        if rows := group.marks.get(WITHDRAW):
            decision = _decision(rows, report)
            match = ConfirmedMatch(about["group_id"], about["pairing"], (), (), **decision)
            yield _Pick(rows[0].at(MARK_HEADER), group.run_id, match, withdrawn=True)
        return
    used: set[str] = set()
    for mark, rows in sorted(group.marks.items()):
        place = rows[0].at(MARK_HEADER)
        if mark == WITHDRAW:
            report.refuse(place, "这一组还没有确认，不用撤销", "this group is not confirmed yet")
            continue
        keys = _chosen(group, {_text(row, KEY_HEADER) for row in rows})
        if used & keys:
            report.refuse(
                place,
                "同一行选进了两组，后一组没有导入。一行只能属于一组",
                "a line was chosen twice; the second choice was left out",
            )
            continue
        used |= keys
        if _adds_up(group, keys, place, report):
            sides = [
                tuple(sorted(key for key in keys if group.lines[key]["side"] == side))
                for side in "ab"
            ]
            match_id = match_id_of(about["pairing"], *sides)
            decision = _decision(rows, report)
            match = ConfirmedMatch(match_id, about["pairing"], sides[0], sides[1], **decision)
            yield _Pick(place, group.run_id, match)


def _chosen(group: _Group, marked: set[str]) -> set[str]:
    """Complete a choice: the whole of a chosen option, and the one line that is to be explained."""
    options: dict[int, set[str]] = {}
    for key, line in group.lines.items():
        options.setdefault(line["option_no"], set()).add(str(key))
    keys = set(marked)
    for number, members in options.items():
        if (number > 0 and members & marked) or (number == 0 and len(members) == 1):
            keys |= members
    return keys


def _adds_up(group: _Group, keys: set[str], place: str, report: ImportReport) -> bool:
    sums = {"a": Decimal(0), "b": Decimal(0)}
    for key in keys:
        sums[group.lines[key]["side"]] += group.lines[key]["amount"]
    rest = sums["a"] - sums["b"]
    if rest:
        report.refuse(
            place,
            f"选定的行甲方合计 {yuan(sums['a'])}、乙方合计 {yuan(sums['b'])}，"
            f"相差 {yuan(rest)}，没有导入。两方相等才能确认",
            f"the chosen lines differ by {yuan(rest)} (A {yuan(sums['a'])}, B {yuan(sums['b'])}) "
            "and were not taken. Both sides must be equal",
        )
    return not rest


def _decision(rows: list[ReviewedRow], report: ImportReport) -> dict[str, str | None]:
    """Return the first reviewer, day and reason given beside the marks."""
    said: dict[str, str | None] = dict.fromkeys(_ABOUT)
    for row in rows:
        for name, header in _ABOUT.items():
            try:
                said[name] = said[name] or read_cell(name, row.cells.get(header))
            except CellFault as fault:
                report.refuse(row.at(header), fault.text.zh, fault.text.en)
    return said


def _new_events(
    picks: list[_Pick], events: list[Event], report: ImportReport
) -> Iterator[NewEvent]:
    """Yield what the ledger does not say yet."""
    standing = {match.match_id: match for match in confirmed_matches(events)}
    history = [event.payload for event in events if event.kind == "confirmed_match"]
    for pick in picks:
        match, payload = pick.match, pick.payload()
        stands = standing.get(match.match_id) == match
        if stands or (pick.withdrawn and match.match_id not in standing):
            report.unchanged += 1
            continue
        if payload in history:
            report.refuse(
                pick.place,
                "这个选择以前导入过，后来已被替换或撤销，没有再采用。要恢复它，请填新的复核日期",
                "this choice was taken before and replaced or withdrawn since. "
                "To return to it, fill a new 复核日期",
            )
            continue
        for other in [each for each in standing.values() if share_a_line(each, match)]:
            del standing[other.match_id]
            if other.match_id != match.match_id:
                report.replaced.append(
                    Text(
                        f"{pick.place}: 代替原来确认的匹配 {other.match_id}，旧的仍在台账里。",
                        f"{pick.place}: takes the place of match {other.match_id}; "
                        "the ledger keeps the earlier one.",
                    )
                )
        if pick.withdrawn:
            standing.pop(match.match_id, None)
        else:
            standing[match.match_id] = match
        history.append(payload)
        yield NewEvent("confirmed_match", None, pick.run_id, payload)
