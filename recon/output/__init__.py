"""What a finished run becomes: one module per output, listed here and nowhere else.

Here: the list of outputs and the function that writes them. Not here: any format, and nothing that
decides what an exception is.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from recon.base.models import CheckResult, Text

#: Output to the module that writes it; each has `write(result, folder) -> tuple[Text, ...]`.
OUTPUTS: dict[str, str] = {
    "data": "recon.output.datafiles",
    "workbook": "recon.output.workbook",
    "page": "recon.output.html",
}


def _replace(fresh: Path, kept: Path) -> None:
    fresh.replace(kept)


def _replace_workbook(fresh: Path, kept: Path) -> Text | None:
    return import_module("recon.output.workbook").place_workbook(fresh, kept)  # type: ignore[no-any-return]


def _leave(fresh: Path, kept: Path) -> None:
    """Keep the kept one: `place_workbook` has brought it up to date."""


#: Files that may differ between equal runs, with how a fresh one takes the kept one's place.
VOLATILE_FILES: dict[str, Callable[[Path, Path], Text | None]] = {
    ".written.json": _leave,
    "exceptions.xlsx": _replace_workbook,
    "report.html": _replace,
    "states.csv": _replace,
    "timing.json": _replace,
}


def write_run(
    result: CheckResult, folder: Path, names: Iterable[str] = tuple(OUTPUTS)
) -> tuple[Text, ...]:
    """Write the outputs of a run into its folder.

    Args:
        result: The finished run.
        folder: An existing folder (the run folder, or the temporary name it still has).
        names: Which outputs, keys of `OUTPUTS`, in the order they are written.

    Returns:
        Notices for the user, e.g. that an edited workbook was left alone.

    Raises:
        KeyError: A name is not an output.
        OSError: A file cannot be written.
    """
    notices: list[Text] = []
    for name in names:
        notices.extend(import_module(OUTPUTS[name]).write(result, folder))
    return tuple(notices)
