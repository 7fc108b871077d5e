"""One question on the terminal: a number, or a column's letter; Enter for later.

Here: asking again until the answer is one that was offered. Not here: what is asked
(`map_confirm`).
"""

from __future__ import annotations

import signal
import unicodedata
from typing import TYPE_CHECKING

import click

from recon.base.models import Text
from recon.base.texts import say

if TYPE_CHECKING:
    from collections.abc import Mapping

LATER = ""
NEVER = "0"


def pick(question: Text, choices: Mapping[str, str]) -> str:
    """Return the value of what was chosen, `LATER` for Enter.

    Full-width signs of a Chinese keyboard count as plain ones.

    Args:
        question: Printed before the cursor.
        choices: What may be typed, in capitals, and what it stands for.

    Raises:
        click.Abort: Ctrl-C, or nobody is there.
    """
    while True:
        hear_interrupt()
        typed = click.prompt(say(question), default="", show_default=False, prompt_suffix=" ")
        key = unicodedata.normalize("NFKC", str(typed)).strip().upper()
        if not key:
            return LATER
        if key in choices:
            return choices[key]
        listed = " ".join(choices)
        click.echo(
            say(
                Text(
                    f"没有“{key}”这一项。可输入：{listed}，或直接回车。",
                    f"“{key}” is none of them. Type one of {listed}, or Enter.",
                )
            )
        )


def hear_interrupt() -> None:
    """Let Ctrl-C end a question at once: the handler of polars would let it wait for Enter."""
    signal.signal(signal.SIGINT, signal.getsignal(signal.SIGINT) or signal.default_int_handler)
