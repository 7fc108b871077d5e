"""Options that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from recon.texts import speak

if TYPE_CHECKING:
    from datetime import date, datetime

#: `--lang` on a command itself, so that it may stand after the command's name.
language = click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    expose_value=False,
    is_eager=True,
    callback=lambda _ctx, _param, value: speak(value) if value else None,
    help="语言 / language of messages.",
)


def as_day(moment: datetime | None) -> date | None:
    """Return the day of a parsed --date option."""
    return moment.date() if moment else None
