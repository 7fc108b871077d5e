"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from recon.base.models import Text
from recon.base.sizes import bytes_of
from recon.base.texts import say, speak

if TYPE_CHECKING:
    from collections.abc import Callable
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

as_of = click.option(
    "--as-of",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    metavar="DATE",
    help="截止日：期限算到、参数取自这一天，默认今天 / deadlines and values are of this day.",
)


class MemorySize(click.ParamType[str]):
    """A size such as 2GB."""

    name = "size"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the size as it was written, once it is known to be one."""
        if bytes_of(value) is None:
            self.fail(f"'{value}' is no size", param, ctx)
        return value.replace(" ", "")


#: What reading may cost and which password opens workbooks: `check`, `demo` and `map` have them.
reading_options = (
    click.option(
        "--password-file",
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        help="加密工作簿的口令文件，一行一个 / file with the workbooks' passwords, one a line.",
    ),
    click.option(
        "--memory", type=MemorySize(), metavar="SIZE", help="内存上限，如 2GB / memory limit."
    ),
)


def workspace_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add `--data` and `--out`, by which the ledger and the runs are found."""
    folder = click.Path(path_type=Path, exists=True, file_okay=False)
    for add in (
        click.option(
            "--out",
            type=folder,
            is_eager=True,  # known when --data is left out
            help="check 的输出目录，默认资料目录下 recon-out / output folder.",
        ),
        click.option(
            "--data",
            "data_dir",
            type=folder,
            callback=_data_folder,
            help="资料目录；不写时是当前目录，或只写了的 --out 的上一级，两处都是就要写明 / "
            "data folder: the current one, or that of --out given alone; where both are, name it.",
        ),
    ):
        function = add(function)
    return function


def _data_folder(ctx: click.Context, _: click.Parameter, given: Path | None) -> Path:
    """Return the data folder whose ledger is meant.

    With `--out` alone it is the one workspace among the current folder and the one above `--out`.

    Raises:
        click.UsageError: `--out` is given alone, and neither of both is a workspace, or each is.
    """
    from recon.base.paper import LEDGER_FILE
    from recon.workspace.folder import KEY_FILE
    from recon.workspace.recon_toml import FILE_NAME

    out: Path | None = ctx.params.get("out")
    if given is not None or out is None:
        return given or Path()
    marks = (FILE_NAME, KEY_FILE, LEDGER_FILE)
    places = {folder.resolve(): folder for folder in (out.absolute().parent, Path())}
    found = [each for each in places.values() if any((each / name).exists() for name in marks)]
    if len(found) == 1:
        return found[0]
    raise click.UsageError(
        say(
            Text(
                f"只给了 --out {out}，看不出是哪个资料目录的账。请用 --data 指定资料目录。",
                f"--out {out} alone does not tell whose ledger is meant. "
                "Name the data folder with --data.",
            )
        ),
        ctx,
    )


def as_day(moment: datetime | None) -> date | None:
    """Return the day of a parsed --date option."""
    return moment.date() if moment else None
