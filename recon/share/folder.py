"""The folder of a twin: its tables as csv in the order of the original sheets, and its settings.

Rows keep their order, so that row n of the twin is row n of the original. Rejected and
skipped rows, titles, unused columns and formats are left out. Not here: what a pseudonym is, and
whether the twin gives the same exceptions (see `proof`).
"""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import tomlkit

from recon.output.datafiles import write_csv
from recon.share.columns import treatment
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from recon.base.models import CheckRequest, Intake
    from recon.share.columns import Pseudonyms
    from recon.tables.base import ColumnSpec, TableSpec
    from recon.workspace.recon_toml import Config

_DATA = "资料"
#: Folders of a workspace that decide results. They go along with their words replaced (policy) or
#: as they are (rules, sql: their words are what rules look for).
_AS_WRITTEN = ("rules", "sql", "holidays")
_BREAKS = r"[\t\r\n\x{0b}\x{0c}\x{85}\x{2028}\x{2029}]+"


def write_folder(
    folder: Path, intake: Intake, config: Config, request: CheckRequest, names: Pseudonyms
) -> None:
    """Write the input side of a twin.

    Args:
        folder: An empty folder.
        intake: What the original's folder gave.
        config: The original's settings.
        request: The options of the original run.
        names: The pseudonyms.

    Raises:
        OSError: A file cannot be written.
    """
    (folder / _DATA).mkdir()
    sources = tomlkit.aot()
    for number, (spec, frame) in enumerate(_sheets(intake, names), start=1):
        name = f"{number:05d}_{spec.zh}.csv"
        columns = {spec.by_name[column].zh: column for column in frame.columns}
        write_csv(frame.rename({kept: zh for zh, kept in columns.items()}), folder / _DATA / name)
        entry = tomlkit.table()
        entry.update({"file": f"{_DATA}/{name}", "table": spec.name, "header_row": 1})
        entry["columns"] = columns
        sources.append(entry)
    _write_settings(folder, config, request, names, sources)
    for own in _AS_WRITTEN:
        if (config.workspace / own).is_dir():
            shutil.copytree(config.workspace / own, folder / own)
    _copy_policy(config.workspace / "policy", folder / "policy", names)
    _copy_aliases(request.aliases or (), folder / "aliases.csv", names)


def _sheets(intake: Intake, names: Pseudonyms) -> Iterator[tuple[TableSpec, pl.DataFrame]]:
    """Yield the rows of each sheet, in the order of row ids, as text under contract names."""
    made = {name: names.frame(name, frame) for name, frame in intake.tables.items()}
    sheets = {(one.file_id, one.sheet): one for one in intake.sheets}
    for place, rows in intake.source_row.group_by("file_id", "sheet", maintain_order=True):
        sheet = sheets[place]
        spec = specs()[sheet.table or ""]
        frame = made[spec.name].join(rows.select("row_id"), on="row_id", maintain_order="right")
        given = set(sheet.columns.values())
        kept = [column for column in spec.columns if column.name in given or _says(frame, column)]
        yield spec, frame.select(as_text(column, frame) for column in kept)


def _says(frame: pl.DataFrame, column: ColumnSpec) -> bool:
    """Tell whether a column that no header gave holds more than its default."""
    values = frame[column.name].drop_nulls().unique()
    return len(values) > 0 and [str(value) for value in values] != [column.default]


def as_text(column: ColumnSpec, frame: pl.DataFrame) -> pl.Expr:
    """Express a typed column as the text that reads back as the same value."""
    value = pl.col(column.name)
    if column.name == "value" and "value_text" in frame.columns:
        value = pl.coalesce("value_text", value.cast(pl.String)).alias("value")
    elif column.kind == "bool":
        value = pl.when(value).then(pl.lit("是")).when(~value).then(pl.lit("否"))
    elif column.kind == "month":
        value = value.dt.strftime("%Y-%m")
    elif column.kind == "datetime":
        value = value.dt.strftime("%Y-%m-%d %H:%M:%S")
    elif column.kind in {"money", "qty", "rate"}:
        value = value.cast(pl.String)
    elif column.dtype == pl.String():
        value = value.str.replace_all(_BREAKS, " ")
    return value.alias(column.name)


def _write_settings(
    folder: Path,
    config: Config,
    request: CheckRequest,
    names: Pseudonyms,
    sources: Any,  # noqa: ANN401 - tomlkit's own
) -> None:
    unit = config.self_unit
    about = {
        "name": names.of("name", unit.name) if unit.name else "",
        "level": unit.level,
        "accounts": [names.of("account", each) for each in unit.accounts],
        "receives": list(unit.receives),
    }
    check = {"from": request.review_from, "to": request.review_to, "locale": request.locale}
    rules = {"select": list(request.select), "ignore": list(request.ignore)}
    document = tomlkit.document()
    document["self"] = about
    document["check"] = {key: value for key, value in check.items() if value}
    document["policy"] = _plain(dict(config.policy), names)
    document["rules"] = {key: value for key, value in rules.items() if value}
    document["source"] = sources
    (folder / "recon.toml").write_text(tomlkit.dumps(document), encoding="utf-8")


def _plain(value: object, names: Pseudonyms) -> Any:  # noqa: ANN401 - a value of TOML
    """Return a policy value with its words replaced; parameter names stay."""
    if isinstance(value, dict):
        return {_key(key, names): _plain(each, names) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each, names) for each in value]
    if isinstance(value, Decimal):
        return tomlkit.float_(str(value)) if value % 1 or "." in str(value) else int(value)
    if isinstance(value, str):
        return _key(value, names)
    return value if isinstance(value, bool | int | date) else str(value)


def _key(text: str, names: Pseudonyms) -> str:
    return text if text.isascii() else names.of("text", text)


def _copy_policy(source: Path, target: Path, names: Pseudonyms) -> None:
    """Copy policy packs line by line with their words replaced; comments are left out."""
    for path in sorted(source.rglob("*.yaml")) if source.is_dir() else ():
        lines = path.read_text(encoding="utf-8").splitlines()
        said = [line for line in lines if not line.lstrip().startswith("#")]
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        made = [names.chinese(line) for line in said]
        copy.write_text("\n".join(made) + "\n", encoding="utf-8")


def _copy_aliases(aliases: Iterable[tuple[str, str]], target: Path, names: Pseudonyms) -> None:
    made = [(names.of("name", name), names.of("uscc", code)) for name, code in aliases]
    if made:
        write_csv(pl.DataFrame(made, schema=["名称", "统一社会信用代码"], orient="row"), target)


def changes(intake: Intake) -> list[dict[str, object]]:
    """Return what happened to each column of each table, for the twin's record."""
    return [
        {
            "table": table,
            "column": column.name,
            "header": column.zh,
            "treatment": treatment(column),
            "values": frame[column.name].n_unique() - int(frame[column.name].null_count() > 0),
        }
        for table, frame in intake.tables.items()
        for column in specs()[table].columns
        if column.name in frame.columns and frame[column.name].null_count() < frame.height
    ]
