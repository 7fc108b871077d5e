"""One request as a page sees it, and how a page is drawn.

Here: the desk, the session, what was said, the templates. Not here: what pages show.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import UploadFile
from starlette.responses import HTMLResponse, RedirectResponse

from recon.base.models import Text
from recon.base.texts import DIRECTIONS, FAMILIES, SEVERITIES, STATES, STATUSES, say, spoken, yuan
from recon.desk.errors import DeskReadOnlyError, FieldError
from recon.desk.holding import Holder, told
from recon.desk.jobs import Jobs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.datastructures import FormData, QueryParams
    from starlette.responses import Response

    from recon.desk.guard import Session
    from recon.desk.place import Place

_HERE = Path(__file__).parent
#: The pages in the order of the work.
NAV = (
    (
        "/files",
        Text("资料", "Files"),
        Text("放进文件，核对认作什么", "what each file is taken for"),
    ),
    ("/policy", Text("参数", "Policy"), Text("逐项确认政策参数", "confirm the values used")),
    ("/check", Text("核查", "Check"), Text("运行，看汇总", "run, and see the summary")),
    ("/exceptions", Text("例外", "Exceptions"), Text("逐条复核", "review one by one")),
    ("/ledger", Text("整改", "Ledger"), Text("收回、销号、时限", "recover, close, due days")),
    ("/papers", Text("文书", "Papers"), Text("函、报告、台账", "letters, report, register")),
    ("/compare", Text("比较", "Compare"), Text("两次运行，为何没有", "two runs, why not")),
)


@dataclass
class Desk:
    """One open desk: its folders, its works, and why it only shows, if it does."""

    place: Place
    jobs: Jobs = field(default_factory=Jobs)
    held_by: Holder | None = None
    locked: Text | None = None
    last_seen: float = field(default_factory=time.monotonic)
    writing: threading.Lock = field(default_factory=threading.Lock)
    kept: dict[str, Any] = field(default_factory=dict)

    def touch(self) -> None:
        """Note that somebody did something."""
        self.last_seen = time.monotonic()

    @property
    def why_read_only(self) -> Text | None:
        """Why nothing can be changed here, or None."""
        if self.held_by is None:
            return self.locked
        who = told(self.held_by)
        return Text(
            f"电脑“{who['machine']}”上的 {who['person']} 从 {who['since']} 起打开着这个资料目录",
            f"{who['person']} on '{who['machine']}' has had this folder open since {who['since']}",
        )


@dataclass
class Visit:
    """One request: the desk, who asks, and what was said."""

    desk: Desk
    session: Session
    query: QueryParams
    form: FormData | None
    path: str
    is_part: bool
    names: Mapping[str, str]

    @property
    def place(self) -> Place:
        """The folders of the desk."""
        return self.desk.place

    def said(self, name: str, default: str = "") -> str:
        """Return a field of the form, else of the address, as one text."""
        value = self.form.get(name) if self.form is not None else None
        if value is None:
            value = self.query.get(name)
        return default if value is None or isinstance(value, UploadFile) else str(value).strip()

    def all_said(self, name: str) -> list[str]:
        """Return all values of a field of the form."""
        found = self.form.getlist(name) if self.form is not None else []
        return [str(one) for one in found if not isinstance(one, UploadFile)]

    def files(self, name: str) -> list[UploadFile]:
        """Return the files of a form."""
        found = self.form.getlist(name) if self.form is not None else []
        return [one for one in found if isinstance(one, UploadFile)]

    def needed(self, name: str, label: Text) -> str:
        """Return a field that must be filled.

        Raises:
            FieldError: It is empty.
        """
        if text := self.said(name):
            return text
        raise FieldError(label, Text("没有填。填上再提交", "is empty. Fill it and send again"))

    def day(self, name: str, label: Text) -> date | None:
        """Return a day, None where nothing was said.

        Raises:
            FieldError: It is none.
        """
        text = self.said(name)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError as error:
            wrong = Text(f"“{text}”不是日期，应如 2024-12-31", f"'{text}' is no day as 2024-12-31")
            raise FieldError(label, wrong) from error

    def money(self, name: str, label: Text) -> Decimal:
        """Return an amount with at most two places.

        Raises:
            FieldError: It is none.
        """
        text = self.said(name).replace(",", "").replace("，", "")
        try:
            amount = Decimal(text)
            if amount.is_finite() and amount == amount.quantize(Decimal("0.01")):
                return amount
        except InvalidOperation:
            pass
        raise FieldError(label, Text(f"“{text}”不是金额，应如 640.00", f"'{text}' is no amount"))

    def who(self) -> str:
        """Return who decides, and remember it for this browser."""
        name = self.needed("by", Text("姓名", "your name"))
        self.session.who = name
        return name

    def demand_writable(self) -> None:
        """Refuse to change anything on a desk that only shows.

        Raises:
            DeskReadOnlyError: It only shows.
        """
        if why := self.desk.why_read_only:
            raise DeskReadOnlyError(self.place.data_dir.name, why)

    def draw(self, template: str, status: int = 200, **given: Any) -> HTMLResponse:  # noqa: ANN401
        """Return a page, or a part of one."""
        page = templates().get_template(template)
        text = page.render(visit=self, desk=self.desk, session=self.session, **given)
        return HTMLResponse(text, status_code=status)

    def go(self, path: str, note: Text | None = None) -> Response:
        """Lead the browser to a page, which says what was done."""
        if note is not None:
            self.session.notes.append(say(note))
        if self.is_part:
            return HTMLResponse("", headers={"HX-Redirect": path})
        return RedirectResponse(path, status_code=303)

    def address(self, **changed: object) -> str:
        """Return the address of this page with other words in its query."""
        words: dict[str, object] = {**dict(self.query), **changed}
        kept = {k: v for k, v in words.items() if v not in (None, "")}
        return f"{self.path}?{urlencode(kept)}" if kept else self.path


@cache
def templates() -> Environment:
    """Return the templates: every value is text and never markup."""
    found = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals.update(
        t=lambda zh, en: en if spoken() == "en" else zh,
        say=say,
        lang=spoken,
        nav=NAV,
        DIRECTIONS=DIRECTIONS,
        SEVERITIES=SEVERITIES,
        STATES=STATES,
        STATUSES=STATUSES,
        FAMILIES=FAMILIES,
        today=lambda: date.today().isoformat(),  # noqa: DTZ011 - the user's own day
    )
    found.filters.update(yuan=_yuan, query=urlencode)
    return found


def _yuan(amount: object) -> str:
    return "—" if amount is None else yuan(Decimal(str(amount)))
