"""Recompute a run from its inputs and compare it byte by byte with what was written.

Here: deciding whether a kept run folder still is what its inputs give. Not here: computing a run
(`check`) and printing.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field

from recon import __version__
from recon.base.errors import NotVerifiableError, ReconError
from recon.base.kept import file_hash
from recon.base.models import CheckRequest, ConfirmedMatch, Text
from recon.base.temporary import temporary_folder
from recon.intake.formats.listing import list_inputs
from recon.output import VOLATILE_FILES
from recon.run.check import run_check
from recon.workspace.folder import KEY_FILE
from recon.workspace.kept_run import RECORD, is_same_record

if TYPE_CHECKING:
    from pathlib import Path


class _Written(BaseModel, extra="ignore", strict=True):
    """Base of the parts of a run.json; what does not decide the work may stand there too."""


class _Input(_Written):
    path: str
    sha256: str
    status: str


class _Options(_Written):
    as_of: date
    review_from: date | None = Field(alias="from")
    review_to: date | None = Field(alias="to")
    locale: str | None
    select: list[str]
    ignore: list[str]
    mask: bool


class _Match(_Written):
    match_id: str
    pairing: str
    a_keys: list[str]
    b_keys: list[str]


class _Alias(_Written):
    name: str
    code: str


class _Record(_Written):
    """What of a run.json says how to compute the run again."""

    run_id: str
    tool_version: str
    inputs: list[_Input]
    options: _Options
    confirmed_matches: list[_Match]
    aliases: list[_Alias]


_WANTED = tuple(_Record.model_fields)


@dataclass(frozen=True)
class Verification:
    """What a verification found: the files compared and those that differ."""

    run: Path
    compared: tuple[str, ...]
    different: tuple[str, ...]


def verify_run(run: Path, data_dir: Path | None = None) -> Verification:
    """Recompute a run and compare its data files.

    Args:
        run: A complete run folder.
        data_dir: The folder of its inputs; by default the one above the output folder.

    Raises:
        NotVerifiableError: An input is missing or changed, another version of the tool wrote the
            run, or the inputs cannot be checked again.
    """
    record = read_record(run)
    folder = data_dir or run.resolve().parent.parent
    check_inputs(run, record, folder)
    with temporary_folder("verify") as out:
        kept_key = run.resolve().parent / KEY_FILE
        if kept_key.is_file():
            shutil.copy(kept_key, out / KEY_FILE)
        try:
            fresh = run_check(request_of(record, folder, out)).run_dir
        except ReconError as error:
            raise NotVerifiableError(run, error.text) from error
        names = _data_files(run) | _data_files(fresh)
        different = sorted(name for name in names if not _equal(run / name, fresh / name))
    return Verification(run, tuple(sorted(names)), tuple(different))


def read_record(run: Path) -> dict[str, Any]:
    """Return a run's run.json.

    Raises:
        NotVerifiableError: It is no JSON, or does not say how to compute the run again.
    """
    try:
        text = (run / "run.json").read_text(encoding="utf-8")
        record: dict[str, Any] = json.loads(text)
        lacking = [name for name in _WANTED if name not in record]
        if not lacking:
            _Record.model_validate_json(text)
    except (ValueError, TypeError) as error:
        raise NotVerifiableError(
            run,
            Text(
                "run.json 读不懂，可能被改过", "run.json is not readable: it may have been changed"
            ),
        ) from error
    if lacking:
        raise NotVerifiableError(
            run,
            Text(
                f"run.json 里没有 {lacking[0]}，不是本版本写的，或被改过",
                f"run.json lacks {lacking[0]}: another version wrote it, or it was changed",
            ),
        )
    return record


def check_inputs(run: Path, record: dict[str, Any], folder: Path) -> None:
    """Refuse a run whose inputs are not what they were.

    Raises:
        NotVerifiableError: An input is missing or changed, or another version wrote the run.
    """
    if record["tool_version"] != __version__:
        was = record["tool_version"]
        raise NotVerifiableError(
            run,
            Text(
                f"由 recon {was} 写出，当前是 {__version__}；请用原版本验证",
                f"written by recon {was}, this is {__version__}; verify with that version",
            ),
        )
    by_hash: dict[str, Path] = {}
    for item in record["inputs"]:
        path = folder / item["path"]
        if item["status"] != "read" or ".zip/" in item["path"]:
            continue
        if "*" in path.name and not path.is_file():  # its name is printed masked
            by_hash = by_hash or {file_hash(one): one for one in list_inputs(folder)}
            path = by_hash.get(item["sha256"], path)
        if not path.is_file():
            raise NotVerifiableError(
                run,
                Text(f"资料 {item['path']} 不在 {folder}", f"input {item['path']} is not there"),
            )
        if file_hash(path) != item["sha256"]:
            raise NotVerifiableError(
                run,
                Text(
                    f"资料 {item['path']} 在运行之后被改过",
                    f"input {item['path']} was changed after the run",
                ),
            )


def request_of(record: dict[str, Any], folder: Path, out: Path) -> CheckRequest:
    """Ask for the same work: the same options, and matches and names confirmed then."""
    options = record["options"]
    confirmed = tuple(
        ConfirmedMatch(
            each["match_id"], each["pairing"], tuple(each["a_keys"]), tuple(each["b_keys"])
        )
        for each in record["confirmed_matches"]
    )

    def day(value: str | None) -> date | None:
        return date.fromisoformat(value) if value else None

    return CheckRequest(
        data_dir=folder,
        as_of=date.fromisoformat(options["as_of"]),
        out_dir=out,
        review_from=day(options["from"]),
        review_to=day(options["to"]),
        locale=options["locale"],
        select=tuple(options["select"]),
        ignore=tuple(options["ignore"]),
        mask=options["mask"],
        confirmed_matches=confirmed,
        aliases=tuple((each["name"], each["code"]) for each in record["aliases"]),
    )


def _data_files(folder: Path) -> set[str]:
    """Return the files of a run that equal work must give byte for byte."""
    return {
        path.name
        for path in folder.iterdir()
        if path.suffix in (".parquet", ".csv", ".json") and path.name not in VOLATILE_FILES
    }


def _equal(kept: Path, fresh: Path) -> bool:
    if not kept.is_file() or not fresh.is_file():
        return False
    return kept.read_bytes() == fresh.read_bytes() or (
        kept.name == RECORD and is_same_record(kept, fresh)
    )
