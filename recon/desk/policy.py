"""参数: the policy values that a run used, confirmed one by one, what frees most yuan first.

Here: the page over the functions of `recon policy confirm|export|import`. Not here: what blocks how
much (`recon.policy.blocked`), recon.toml (`recon.workspace.confirm`).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from recon.base.models import Text
from recon.base.temporary import temporary_folder
from recon.desk.errors import FieldError
from recon.policy.parameters import load_policy
from recon.run.policy_sheet import read_blocked, read_sheet, typed, write_sheet
from recon.workspace.confirm import Confirmation, write_confirmations
from recon.workspace.recon_toml import load_config

if TYPE_CHECKING:
    from recon.desk.place import Place
    from recon.desk.visit import Visit
    from recon.policy.blocked import Blocked
    from recon.policy.parameters import Policy

_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show(visit: Visit) -> Response:
    """Show the values in the order in which confirming frees money."""
    policy, found = _read(visit.place)
    done, changed = _confirmed(policy, found)
    total, blocked = _sums(visit.place, found)
    freed = found.freed_by(done)
    groups, seen = [], set(done) | set(changed)
    while True:
        group, gain = found.best_group(seen)
        if not group:
            break
        seen |= {one.key for one in group}
        groups.append((group, gain))
    others = [one for one in found.open_values if one.key not in seen]
    return visit.draw(
        "policy.html",
        policy=policy,
        groups=groups,
        others=others,
        done=[one for one in found.open_values if one.key in done],
        changed=[one for one in found.open_values if one.key in changed],
        sums={"total": total, "open": blocked - freed, "settled": total - blocked + freed},
        has_run=visit.place.newest is not None,
    )


def _read(place: Place) -> tuple[Policy, Blocked]:
    config = place.config
    policy = load_policy(config.locale, config.policy, config.workspace)
    return policy, read_blocked(place.out_dir, must_be=False)


def _sums(place: Place, found: Blocked) -> tuple[Any, Any]:
    """Return the counted money of the newest run, and how much of it waits for confirmations."""
    from recon.desk.overview import counted_total  # noqa: PLC0415 - reads a run

    blocked = found.freed_by(one.key for one in found.values)
    return (counted_total(place.run) if place.newest else blocked), blocked


def _confirmed(policy: Policy, found: Blocked) -> tuple[set[str], set[str]]:
    """Return the values that recon.toml confirms since the run: as they were, and otherwise."""
    done, changed = set[str](), set[str]()
    for one in found.open_values:
        held = [each for each in policy.values_of(one.name) if each.starts_on == one.starts_on]
        if held and held[0].is_verified:
            (done if held[0].text == one.value else changed).add(one.key)
    return done, changed


def confirm(visit: Visit) -> Response:
    """Keep one confirmation with document, article, person and day."""
    policy, _ = _read(visit.place)
    said = _said(visit, policy)
    with visit.desk.writing:
        changes = write_confirmations(visit.place.workspace, policy, (said,))
        again = load_config(visit.place.data_dir)
        load_policy(again.locale, again.policy, again.workspace)
    lines = "；".join(change.after for change in changes)
    return visit.go("/policy", Text(f"已写入 recon.toml：{lines}", f"Kept in recon.toml: {lines}"))


def _said(visit: Visit, policy: Policy) -> Confirmation:
    name = visit.needed("name", Text("参数名", "parameter"))
    about = policy.parameter(name)
    document = visit.needed("document", Text("文件名称和文号", "document and number"))
    stated = visit.needed("value", Text("本地的值", "local value"))
    value = typed(policy, name, stated)
    if isinstance(value, Text):
        wrong = Text(f"“{stated}”不合要求，应为{value.zh}", f"'{stated}' is wrong; use {value.en}")
        raise FieldError(about.description, wrong)
    starts_on = visit.day("starts_on", Text("起始日", "from"))
    on = visit.day("on", Text("核对日期", "compared on")) or date.today()  # noqa: DTZ011 - the user's own day
    if starts_on is None:
        raise FieldError(Text("起始日", "from"), Text("没有填", "is empty"))
    return Confirmation(name, value, starts_on, document, visit.said("article"), visit.who(), on)


def export(visit: Visit) -> Response:
    """Give the unconfirmed values as a sheet to fill in."""
    policy, found = _read(visit.place)
    with temporary_folder("desk") as folder:
        path = folder / "参数确认.xlsx"
        write_sheet(path, found, policy)
        content = path.read_bytes()
    headers = {"Content-Disposition": "attachment; filename*=UTF-8''%E5%8F%82%E6%95%B0.xlsx"}
    return Response(content, media_type=_SHEET_TYPE, headers=headers)


def take_sheet(visit: Visit) -> Response:
    """Take a filled-in sheet into recon.toml."""
    policy, _ = _read(visit.place)
    files = [one for one in visit.files("file") if one.filename]
    if not files:
        raise FieldError(Text("文件", "file"), Text("没有选文件", "no file was chosen"))
    with temporary_folder("desk") as folder, visit.desk.writing:
        path = folder / "参数确认.xlsx"
        path.write_bytes(files[0].file.read())
        said = read_sheet(path, policy)
        if said:
            write_confirmations(visit.place.workspace, policy, said)
    return visit.go("/policy", Text(f"确认了 {len(said)} 项。", f"{len(said)} values confirmed."))


PAGES = (
    ("GET", "/policy", show),
    ("POST", "/policy/confirm", confirm),
    ("GET", "/policy/export", export),
    ("POST", "/policy/import", take_sheet),
)
