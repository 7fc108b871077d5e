"""Matches that people confirmed, as the ledger keeps them: the newest word on a line counts.

Here: folding events, the table that the matcher reads. Not here: reading workbooks (see `picks`),
whether a match still adds up (the matcher says so in each run).
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import ConfirmedMatch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recon.ledger.store import Event

_SCHEMA = dict.fromkeys(("pairing", "match_id", "side", "line_key"), pl.String)


def match_id_of(pairing: str, a_keys: Iterable[str], b_keys: Iterable[str]) -> str:
    """Return the id of a confirmed match: 16 hex over pairing and keys.

    Example:
        >>> match_id_of("bank_ledger", ["x-1"], ["y-1", "z-1"])
        '6fbb1eba29b6e2af'
    """
    text = "|".join((pairing, ",".join(sorted(a_keys)), ",".join(sorted(b_keys))))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def confirmed_matches(events: Iterable[Event]) -> tuple[ConfirmedMatch, ...]:
    """Fold events into the matches that stand.

    A withdrawn match is gone; a match takes the place of an earlier one that holds a line of it.

    Args:
        events: Of the ledger, in the order they were added.
    """
    standing: dict[str, ConfirmedMatch] = {}
    for event in events:
        if event.kind != "confirmed_match":
            continue
        said = event.payload
        if said.get("withdrawn"):
            standing.pop(said["match_id"], None)
            continue
        match = ConfirmedMatch(
            said["match_id"],
            said["pairing"],
            tuple(said["a_keys"]),
            tuple(said["b_keys"]),
            said.get("reviewer"),
            said.get("reviewed_on"),
            said.get("reason"),
        )
        for other in [each for each in standing.values() if share_a_line(each, match)]:
            del standing[other.match_id]
        standing[match.match_id] = match
    return tuple(standing[key] for key in sorted(standing))


def share_a_line(one: ConfirmedMatch, other: ConfirmedMatch) -> bool:
    """Tell whether two matches hold a line in common."""
    return one.pairing == other.pairing and not (
        set(one.a_keys).isdisjoint(other.a_keys) and set(one.b_keys).isdisjoint(other.b_keys)
    )


def confirmed_table(matches: Iterable[ConfirmedMatch]) -> pl.DataFrame:
    """Return confirmed matches as the matcher reads them.

    Returns:
        Shape: one row per line: pairing, match_id, side, line_key.
    """
    rows = [
        (match.pairing, match.match_id, side, key)
        for match in matches
        for side, keys in (("a", match.a_keys), ("b", match.b_keys))
        for key in keys
    ]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def fingerprint(matches: Iterable[ConfirmedMatch]) -> str:
    """Return what of confirmed matches decides results, as one text."""
    return ";".join(
        f"{match.pairing}:{','.join(match.a_keys)}:{','.join(match.b_keys)}" for match in matches
    )
