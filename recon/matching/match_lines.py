"""The matcher's results line by line, as people read them, and what they are to decide.

Personal data is masked here, before any output. Not here: classes and groups (`results`), sheets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa

from recon.base.models import MatchTables
from recon.output.datafiles import write_frames
from recon.output.picks import MATCHES_FILE
from recon.tables.masking import mask_one, mask_patterns

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

_SHOWN = """
    detail.day,
    {amount} as amount,
    coalesce(
        party.party_name,
        case
            when detail.party_id like 'N:%' then substr(detail.party_id, 3)
            else detail.party_id
        end
    ) as party,
    detail.reference,
    detail.text_ as text,
    coalesce(
        detail.party_id like 'N:%' and reads_like_person(substr(detail.party_id, 3)), false
    ) as is_person,
    file.path as file,
    source.sheet,
    source.row_no
"""
_JOINS = """
left join match_detail as detail
    on {0}.pairing = detail.pairing and {0}.side = detail.side and {0}.line_id = detail.line_id
left join party on detail.party_id = party.party_id
left join source_row as source on {0}.line_id = source.row_id
left join source_file as file on source.file_id = file.file_id
"""
_LINES = f"""
select
    line.pairing, line.side, line.class, line.pass_no, line.group_id,
    {_SHOWN.format(amount="line.amount")},
    line.reason_zh as reason, line.reason_en
from match_line as line
{_JOINS.format("line")}
where (line.pairing = $pairing and line.side = $side) or $pairing is null
order by line.pairing, line.side, line.line_id
"""
_PICKS = f"""
with pick as (
    select candidate.pairing, candidate.ambiguity_id as group_id, 'open' as status,
        candidate.option_no, candidate.side, candidate.line_id, candidate.line_key
    from match_candidate as candidate
    union all
    select pairing, match_id, 'confirmed', null, side, line_id, line_key from match_confirmed_line
),
placed as (
    select pick.*, line.amount as line_amount, line.reason_zh, line.reason_en
    from pick
    left join match_line as line
        on pick.pairing = line.pairing and pick.side = line.side and pick.line_id = line.line_id
)
select
    placed.pairing, placed.group_id, placed.status, placed.option_no, placed.side, placed.line_key,
    {_SHOWN.format(amount="placed.line_amount")},
    placed.reason_zh as reason, placed.reason_en
from placed
{_JOINS.format("placed")}
union all
select
    pairing, match_id, 'refused', null, null, null, null, null, null, null, null, false, null, null,
    null, reason_zh, reason_en
from match_refused
order by pairing, status, group_id, option_no, side, file, sheet, row_no, line_key
"""
_BATCH = 100_000
#: Up to so many lines one statement lists all; more of them, sorted with all that they show, need
#: more memory than may be there, so that each side of each pairing has one of its own.
_AT_ONCE = 1_000_000
#: A text that is nothing but a long number is a card's or an account's: four digits are left.
_BARE_NUMBER = r"^[0-9]{8,}$"


def list_matches(connection: duckdb.DuckDBPyConnection, folder: Path, *, mask: bool) -> MatchTables:
    """Return every line with its class, and every open, confirmed or refused choice.

    Args:
        connection: Where `run_matching` ran; it also holds party, source_row and source_file.
        folder: Where the file of lines is written, batch by batch.
        mask: Whether personal data in texts is masked.

    Returns:
        Both tables, in an order that no number of threads changes.
    """
    shown = _masked if mask else _as_they_are
    path = folder / MATCHES_FILE
    write_frames(map(shown, _line_frames(connection)), path)
    return MatchTables(path, shown(connection.sql(_PICKS).pl()))


def _line_frames(connection: duckdb.DuckDBPyConnection) -> Iterator[pl.DataFrame]:
    """Give the lines in order, batch by batch; one frame without rows comes first."""
    sides = connection.sql(
        "select pairing, side, count(*) from match_line group by all order by pairing, side"
    ).fetchall()
    if sum(height for *_, height in sides) <= _AT_ONCE:
        sides = [(None, None, 0)]
    for no, (pairing, side, _) in enumerate(sides):
        asked = connection.sql(_LINES, params={"pairing": pairing, "side": side})
        batches = asked.to_arrow_reader(_BATCH)
        if no == 0:
            yield pl.DataFrame(batches.schema.empty_table())
        for batch in batches:
            yield pl.DataFrame(pa.Table.from_batches([batch]))


def _as_they_are(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.drop("is_person")


def _masked(frame: pl.DataFrame) -> pl.DataFrame:
    bare = pl.col("text").str.contains(_BARE_NUMBER)
    short = pl.concat_str(pl.lit("****"), pl.col("text").str.tail(4))
    return (
        _without_persons(frame)
        .drop("is_person")
        .with_columns(
            mask_patterns(pl.col("party")),
            mask_patterns(pl.col("reference")),
            pl.when(bare).then(short).otherwise(mask_patterns(pl.col("text"))).alias("text"),
        )
    )


def _without_persons(frame: pl.DataFrame) -> pl.DataFrame:
    """Mask persons' names, also where the line's text holds them."""
    persons = frame.filter("is_person").select("party", "text").rows()
    if not persons:
        return frame
    masked = [
        (shown := mask_one(name, "person"), text and text.replace(name, shown))
        for name, text in persons
    ]
    done = pl.DataFrame(masked, schema={"party": pl.String, "text": pl.String}, orient="row")
    row = pl.int_range(pl.len())
    place = frame.select(row.filter("is_person")).to_series()
    return frame.with_columns(
        frame[name].scatter(place, done[name]).alias(name) for name in ("party", "text")
    )
