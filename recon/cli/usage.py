"""What a wrongly written command is told: one sentence, in the language of messages.

Here: click's own usage errors in other words. Not here: errors of the program and its files (see
`recon.base.errors`).
"""

from __future__ import annotations

import re
from typing import IO, Any

import click

from recon.base.models import Text
from recon.base.nearest import nearest
from recon.base.texts import say
from recon.cli.options import MemorySize


class SpokenUsageError(click.UsageError):
    """A usage error with a sentence in both languages; exit status 2 as click's own."""

    def __init__(self, text: Text, ctx: click.Context | None) -> None:
        """Keep the sentence and where it was written."""
        self.text = text
        super().__init__(text.en, ctx)

    def format_message(self) -> str:
        """Return the sentence in the spoken language, with where to look up how it is written."""
        command = self.ctx.command_path if self.ctx else "recon"
        return say(
            Text(
                f"{self.text.zh}写法见 {command} --help。",
                f"{self.text.en} See: {command} --help",
            )
        )

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the sentence to stderr."""
        click.echo(self.format_message(), file=file, err=file is None)


def spoken_error(error: click.UsageError) -> SpokenUsageError:
    """Return a usage error of click as a sentence in both languages.

    Returns:
        The same error in other words; a kind that is not known keeps click's English message.
    """
    return SpokenUsageError(_text_of(error), error.ctx)


def _text_of(error: click.UsageError) -> Text:
    if isinstance(error, SpokenUsageError):
        return error.text
    if isinstance(error, click.MissingParameter):
        name = _name(error)
        return Text(f"缺少 {name}。", f"{name} is missing.")
    if isinstance(error, click.BadParameter):
        return _bad_value(error)
    if isinstance(error, click.NoSuchOption):
        word, known = error.option_name, _options(error.ctx)
        near = nearest(word, known, 1)
        hint = Text(f"是不是 {near[0]}？", f" Did you mean {near[0]}?") if near else Text("", "")
        return Text(f"没有选项 {word}。{hint.zh}", f"no option {word}.{hint.en}")
    extra = re.fullmatch(r"Got unexpected extra arguments? \((.*)\)", error.message)
    if extra:
        return Text(
            f"多写了：{extra[1]}。有空格的路径加引号。",
            f"too many words: {extra[1]}. Quote a path with spaces.",
        )
    return Text(f"命令写错了：{error.message}。", f"wrong usage: {error.message}.")


def _bad_value(error: click.BadParameter) -> Text:
    kind = error.param.type if error.param else None
    if isinstance(kind, click.DateTime):
        allowed = Text("应为日期，如 2024-12-31", "write a day as 2024-12-31")
    elif isinstance(kind, click.Choice):
        words = [str(word) for word in kind.choices]
        allowed = Text(f"可以是：{'、'.join(words)}", f"one of {', '.join(words)}")
    elif isinstance(kind, click.Path):
        allowed = Text("没有这个文件或目录，或不能读", "no such file or folder, or not readable")
    elif isinstance(kind, click.IntRange):
        allowed = Text(f"应为不小于 {kind.min} 的整数", f"a whole number, {kind.min} or more")
    elif isinstance(kind, MemorySize):
        allowed = Text(
            "应为内存大小，如 2GB、512MB，至少 1MB", "a size as 2GB or 512MB, 1MB or more"
        )
    else:
        allowed = Text(error.message.rstrip("."), error.message.rstrip("."))
    name = _name(error)
    given = _quoted(error.message)
    return Text(
        f"{name} 的值{given.zh}不对：{allowed.zh}。",
        f"{name}: wrong value{given.en}; {allowed.en}.",
    )


def _quoted(message: str) -> Text:
    """Return the value that click's message quotes."""
    parts = message.split("'")
    return Text(f"“{parts[1]}”", f" '{parts[1]}'") if len(parts) > 2 else Text("", "")


def _name(error: click.BadParameter) -> str:
    if error.param is None:
        return str(error.param_hint or "")
    if isinstance(error.param, click.Option):
        return error.param.opts[-1]
    return error.param.make_metavar(error.ctx or click.Context(click.Command("recon"))).strip("[]")


def _options(ctx: click.Context | None) -> list[str]:
    parameters = ctx.command.get_params(ctx) if ctx else []
    return [word for one in parameters if isinstance(one, click.Option) for word in one.opts]


def unknown_command(word: str, known: list[str], ctx: click.Context) -> SpokenUsageError:
    """Return the error of a word that is no command, with the nearest one."""
    near = nearest(word, known, 1)
    hint = Text(f"是不是 {near[0]}？", f" Did you mean {near[0]}?") if near else Text("", "")
    words = Text("、".join(known), ", ".join(known))
    return SpokenUsageError(
        Text(
            f"没有命令 {word}。{hint.zh}命令有：{words.zh}。",
            f"no command {word}.{hint.en} Commands: {words.en}.",
        ),
        ctx,
    )
