"""Rectification, step by step: money recovered, closed, opened again. Each is one event.

Not here: decisions (see `review`), printing.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recon.base.errors import ExceptionUnknownError
from recon.base.models import Text
from recon.base.texts import yuan
from recon.ledger.decisions import items_of, reversed_events
from recon.ledger.errors import LedgerStepError
from recon.ledger.raised import RAISED, raised_items
from recon.ledger.store import NewEvent, add_events, read_events
from recon.tables.masking import mask_one
from recon.workspace.folder import latest_run

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal
    from pathlib import Path

    from recon.ledger.decisions import Item
    from recon.ledger.store import Event, Kind

_SHORTEST = 4


@dataclass(frozen=True)
class Ledger:
    """A ledger with the output folder whose newest run its events are about."""

    path: Path
    out_dir: Path

    def items(self) -> dict[str, Item]:
        """Return where every exception of the ledger stands."""
        return items_of(read_events(self.path))

    def find(self, exception_id: str) -> Item:
        """Return an item by its id or a unique beginning of at least four characters.

        Raises:
            ExceptionUnknownError: None or several begin so.
        """
        return self._find(read_events(self.path), exception_id)

    def _find(self, events: list[Event], exception_id: str) -> Item:
        items, wanted = items_of(events), exception_id.strip().lower()
        near = sorted(each for each in items if each.startswith(wanted))
        if wanted in items:
            return items[wanted]
        if len(near) == 1 and len(wanted) >= _SHORTEST:
            return items[near[0]]
        if not near and len(wanted) >= _SHORTEST:
            raised = raised_items(latest_run(self.out_dir), wanted)
            if len(raised) == 1:
                return raised[0]
        raise ExceptionUnknownError(exception_id, self.path, near[:5])

    def history(self, exception_id: str) -> list[Event]:
        """Return all events of one exception, in order."""
        return read_events(self.path, self.find(exception_id).exception_id)

    def _add(
        self, item: Item, kind: Kind, payload: dict[str, str], now: datetime, seen: list[Event]
    ) -> Item:
        """Book one event, unless the ledger is no longer what was seen of it."""
        run = latest_run(self.out_dir)
        kept = {**item.facts, **payload}
        name = run.name if run else None
        events = [NewEvent(kind, item.exception_id, name, kept)]
        if item.review is not None and item.review.event_id == RAISED:
            events.insert(0, NewEvent("review", item.exception_id, name, item.review.payload))
        add_events(self.path, events, now, seen)
        return self.find(item.exception_id)

    def recover(
        self, exception_id: str, amount: Decimal, on: date, reference: str, now: datetime
    ) -> Item:
        """Book money that came back.

        Args:
            exception_id: Id of a confirmed exception, or a unique beginning of it.
            amount: Above 0, at most what is still outstanding. Units: yuan.
            on: The day it arrived.
            reference: Voucher or receipt.
            now: The moment, with its time zone.

        Raises:
            ExceptionUnknownError: No such exception in the ledger.
            LedgerStepError: It is not confirmed, is closed, or the amount, day or reference is
                wrong.
        """
        events = read_events(self.path)
        item = self._find(events, exception_id)
        _demand_finding(item)
        _demand_open(item)
        problem = _wrong_recovery(item, amount, on, now.date())
        if not reference.strip():
            problem = Text("没有凭证号。用 --ref 写明", "no voucher. Name it by --ref")
        payload = {
            "recovered": f"{amount:.2f}",
            "on": on.isoformat(),
            "reference": reference.strip(),
        }
        gone = reversed_events(events)
        for event in events:
            if event.exception_id != item.exception_id or event.event_id in gone:
                continue
            if payload.items() <= event.payload.items():
                problem = Text(
                    f"这笔已经记过（第 {event.event_id} 号），没有重复记",
                    f"this is booked already (event {event.event_id}) and was not booked again",
                )
        if problem:
            raise LedgerStepError(item.exception_id, problem)
        return self._add(item, "recover", payload, now, events)

    def close(self, exception_id: str, by: str, proof: str, now: datetime) -> Item:
        """Close a finding (销号), on evidence and by another person than the responsible one.

        Args:
            exception_id: Id of a confirmed exception, or a unique beginning of it.
            by: Who closes it.
            proof: What shows that it is put right.
            now: The moment, with its time zone.

        Raises:
            ExceptionUnknownError: No such exception in the ledger.
            LedgerStepError: It is not confirmed, is closed already, has no responsible person, or
                that person is the one who closes it; or there is no evidence.
        """
        events = read_events(self.path)
        item = self._find(events, exception_id)
        _demand_finding(item)
        _demand_open(item)
        responsible = item.decision["responsible"]
        problem = None
        if not proof.strip() or not by.strip():
            problem = Text(
                "销号要有销号人和证明材料。用 --by、--proof 写明",
                "closing needs a person and evidence. Name them by --by and --proof",
            )
        elif not responsible:
            problem = Text(
                "没有登记责任人。在工作簿填“责任人”并导入后再销号",
                "no responsible person. Fill 责任人 in the workbook and import it first",
            )
        elif _is_same(by, responsible):
            problem = Text(
                f"责任人{responsible}不能自己销号。由另一人销号",
                "the responsible person cannot close it. Let another person do it",
            )
        if problem:
            raise LedgerStepError(item.exception_id, problem)
        return self._add(item, "close", {"by": by.strip(), "proof": proof.strip()}, now, events)

    def reopen(self, exception_id: str, reason: str, now: datetime) -> Item:
        """Open a closed finding again.

        Args:
            exception_id: Its id, or a unique beginning of it.
            reason: Why.
            now: The moment, with its time zone.

        Raises:
            ExceptionUnknownError: No such exception in the ledger.
            LedgerStepError: It is not closed, or there is no reason.
        """
        events = read_events(self.path)
        item = self._find(events, exception_id)
        if item.closed is None:
            raise LedgerStepError(
                item.exception_id, Text("没有销号，不用重新打开", "is not closed")
            )
        if not reason.strip():
            raise LedgerStepError(
                item.exception_id, Text("没有原因。用 --reason 写明", "no reason. Say it: --reason")
            )
        return self._add(item, "reopen", {"reason_to_reopen": reason.strip()}, now, events)


def _is_same(by: str, responsible: str) -> bool:
    """Tell whether two names may be one person's; a masked name is one with all it may hide."""
    if "*" in responsible:
        return mask_one(by, "person") == responsible
    return _person(by) == _person(responsible)


def _person(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def _demand_finding(item: Item) -> None:
    if not item.is_finding:
        verdict = item.decision.get("verdict") or "无"
        raise LedgerStepError(
            item.exception_id,
            Text(
                f"还不是确认的问题（结论：{verdict}）。先在工作簿填“成立”或“部分成立”并导入",
                "is not a confirmed finding. Fill 成立 or 部分成立 in the workbook and import it",
            ),
        )


def _demand_open(item: Item) -> None:
    if item.closed is not None:
        raise LedgerStepError(
            item.exception_id,
            Text(
                "已经销号。要再记，先用 recon ledger reopen 重新打开",
                "is closed. Open it again with 'recon ledger reopen' first",
            ),
        )


def _wrong_recovery(item: Item, amount: Decimal, on: date, today: date) -> Text | None:
    if amount <= 0:
        return Text("收回金额要大于 0", "the amount must be above 0")
    if on > today:
        return Text(f"{on} 晚于今天。写实际到账日", f"{on} is later than today")
    left = None if item.confirmed is None else item.confirmed - item.recovered
    if left is not None and amount > left:
        return Text(
            f"{yuan(amount)} 大于还没收回的 {yuan(left)}。核对金额，或先改认定金额",
            f"{yuan(amount)} is more than the {yuan(left)} outstanding. Check the amount",
        )
    return None
