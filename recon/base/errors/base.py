"""The base of all errors: a sentence in both languages, exit status 2."""

from __future__ import annotations

from typing import IO, Any

import click

from recon.base.models import Text
from recon.base.texts import say


class ReconError(click.ClickException):
    """Base of all errors: carries its sentence in both languages; exit status 2."""

    exit_code = 2

    def __init__(self, zh: str, en: str) -> None:
        """Keep the sentence in both languages."""
        self.text = Text(zh, en)
        super().__init__(zh)

    def format_message(self) -> str:
        """Return the sentence in the spoken language."""
        return say(self.text)

    def __str__(self) -> str:
        """Return the sentence in the spoken language."""
        return self.format_message()

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the sentence to stderr without click's English prefix."""
        click.echo(self.format_message(), file=file, err=file is None)
