"""Whom or what an exception is about: person, class, card, lease, voucher, period.

Here: the words that tell two lines of one unit apart. Not here: the unit itself (`party_name`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from recon.base.models import Text
from recon.base.texts import period_words, say, spoken
from recon.tables.masking import mask_named, mask_text

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Keys of `detail` that name a thing, in the order in which they are said.
_SAID: dict[str, Text] = {
    "name": Text("{}", "{}"),
    "id_no": Text("（{}）", "({})"),
    "class_no": Text("{}班", "class {}"),
    "card_last4": Text("尾号{}油卡", "card {}"),
    "plate": Text("{}", "{}"),
    "lease_no": Text("合同{}", "lease {}"),
    "project_no": Text("项目{}", "project {}"),
    "asset_name": Text("{}", "{}"),
    "creditor": Text("拨给{}", "to {}"),
    "item": Text("{}", "{}"),
    "invoice_no": Text("发票{}", "invoice {}"),
    "voucher_no": Text("凭证{}", "voucher {}"),
}
_MASKED = ("name", "id_no")


def who(row: Mapping[str, Any]) -> str:
    """Name person (masked), class, card, contract and period of an exception.

    Args:
        row: An exception with `detail`, `period`, `message` and `message_en`.

    Returns:
        E.g. "丁*子（990000********042X），PX202404班，2024-06"; where it names no such thing, the
        exception's own sentence.

    Example:
        >>> who({"detail": '{"name":"欧阳明","class_no":"PX1"}', "period": "2024-06"})
        '欧*明，PX1班，2024-06'
    """
    try:
        detail = json.loads(row.get("detail") or "{}")
    except ValueError:
        detail = {}
    parts: list[str] = []
    for key, form in _SAID.items():
        value = detail.get(key)
        if value in (None, ""):
            continue
        shown = mask_named(key, str(value)) if key in _MASKED else mask_text(str(value))
        said = say(form).format(shown)
        if key == "id_no" and parts:
            parts[-1] += said
        else:
            parts.append(said)
    if row.get("period"):
        parts.append(period_words(row["period"]))
    if not parts:
        text = row.get("message" if spoken() == "zh" else "message_en") or ""
        return mask_text(text).rstrip("。.")
    return ("，" if spoken() == "zh" else ", ").join(parts)
