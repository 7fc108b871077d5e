"""The source rows of an exception as the panel shows them.

Here: places, until a room below quotes their cells. Not here: reading files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recon.desk.place import Place

_MOST = 20


def quoted(place: Place, evidence: Sequence[str], *, mask: bool) -> dict[str, Any]:  # noqa: ARG001
    """Return what is quoted of the rows that an exception rests on.

    Shape: `places` (the first ones, as `file#sheet!row`) and `rest` (how many more there are).
    """
    return {"places": list(evidence[:_MOST]), "rest": max(0, len(evidence) - _MOST)}
