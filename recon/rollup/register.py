"""The register of a city: the registers of its counties in one, each row with its county.

Here: what is listed. Not here: its columns and the workbook (`recon.report.register`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import Text
from recon.base.texts import say
from recon.report.register import SHEETS, Listing, items_listed, shared_out
from recon.report.register_rows import register_rows
from recon.report.standing import Standing, read_standing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from recon.rollup.papers import City


def register_of(city: City, links: Mapping[str, str]) -> Listing:
    """Return what all counties' own registers list, as their ledgers stand now.

    Args:
        city: The counties that have an answer.
        links: County to the path of its workbook from the folder of the register.

    Raises:
        LedgerDamagedError: A county's ledger is not whole.
        LedgerOlderError: A run has seen events that its ledger does not hold.
        RunAlteredError: A file of a run is not what was written.
    """
    standings = {
        one.county.name: read_standing(one.run, one.county.folder, one.county.runs)
        for one in city.answers
        if one.run is not None
    }
    title = say(Text(f"{city.name} 各县（区）整改台账", f"Rectification register {city.name}"))
    about = Text(
        f"{len(standings)} 个县（区），截止日 {city.as_of}；县名打开该县工作簿。",
        f"{len(standings)} counties, as of {city.as_of}; a county's name opens its workbook. ",
    )
    notes = ((say(about) + say(SHEETS), "note"), *shared_out(standings.values()))
    rows = _together(standings, register_rows).sort("rank", maintain_order=True)
    items = _together(standings, items_listed)
    return Listing(title, notes, city.name, str(city.as_of), rows, items, links)


def _together(
    standings: Mapping[str, Standing], listed: Callable[[Standing], pl.DataFrame]
) -> pl.DataFrame:
    frames = [
        listed(one).with_columns(county=pl.lit(name, dtype=pl.String))
        for name, one in standings.items()
    ]
    return pl.concat(frames, how="diagonal_relaxed")
