"""A Spark Connect session and the folder of Parquet that driver and workers share.

Here: reaching the server, shared tables as views over Parquet, and fetching results. Not here: what
is computed (`spark`) and its SQL (`portable`). The client comes with the extra `spark`.
"""

from __future__ import annotations

import importlib
import logging
import re
import shutil
import socket
import warnings
from functools import reduce
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import polars as pl
from polars import selectors as cs

from recon.base.errors import EngineError, ReconError
from recon.engine.spark_errors import (
    SparkFailedError,
    SparkMasterError,
    SparkMissingError,
    SparkUnreachableError,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import pyarrow as pa

DEFAULT_PORT = 15002
_REACH_SECONDS = 5
#: Days and moments mean the same on every machine, and what does not fit is an error, not a null.
_SETTINGS = {"spark.sql.session.timeZone": "UTC", "spark.sql.ansi.enabled": "true"}
#: What Spark says of a statement; anything else is about the cluster.
_REFUSALS = (
    "AnalysisException",
    "ArithmeticException",
    "DateTimeException",
    "NumberFormatException",
    "ParseException",
    "SparkRuntimeException",
    "UnsupportedOperationException",
)
_WORD = re.compile(r"\w+")
_KINDS = {
    "VARCHAR": "string",
    "BIGINT": "bigint",
    "INTEGER": "int",
    "SMALLINT": "smallint",
    "TINYINT": "tinyint",
    "HUGEINT": "decimal(38, 0)",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "timestamp_ntz",
    "DOUBLE": "double",
    '"NULL"': "string",
}


def spark_kind(kind: str) -> str:
    """Return the Spark type of a DuckDB type.

    Example:
        >>> spark_kind("DECIMAL(18,2)"), spark_kind("VARCHAR[]")
        ('decimal(18,2)', 'array<string>')

    Raises:
        EngineError: Spark has no such type.
    """
    if kind.endswith("[]"):
        return f"array<{spark_kind(kind[:-2])}>"
    if kind.startswith("DECIMAL"):
        return kind.lower()
    if kind not in _KINDS:
        raise EngineError("Spark", f"no type for {kind}")
    return _KINDS[kind]


def check_master(master: str | None) -> str:
    """Return the address of a Spark Connect server that answers.

    Args:
        master: As given with `--master`.

    Raises:
        SparkMasterError: It is no `sc://HOST[:PORT]`.
        SparkMissingError: The extra is not installed.
        SparkUnreachableError: Nobody listens there.
    """
    try:
        parts = urlsplit(master or "")
        host, port = parts.hostname, parts.port or DEFAULT_PORT
    except ValueError as error:
        raise SparkMasterError(master) from error
    if parts.scheme != "sc" or not host:
        raise SparkMasterError(master)
    if importlib.util.find_spec("pyspark") is None:
        raise SparkMissingError
    try:
        socket.create_connection((host, port), timeout=_REACH_SECONDS).close()
    except OSError as error:
        raise SparkUnreachableError(str(master), str(error)) from error
    return str(master)


class Cluster:
    """One Spark Connect session; every table that it knows is Parquet in one shared folder."""

    def __init__(self, master: str, folder: Path) -> None:
        """Open the session.

        Args:
            master: `sc://HOST[:PORT]`.
            folder: Where tables are kept; driver and workers must see it under one path.

        Raises:
            SparkUnreachableError: The server does not speak Spark Connect.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of pandas, which the client imports and we do not use
            sql = importlib.import_module("pyspark.sql")
            known = importlib.import_module("pyspark.errors")
            self._refused = tuple(getattr(known, name) for name in _REFUSALS)
            self._errors: tuple[type[Exception], ...] = (
                known.PySparkException,
                importlib.import_module("grpc").RpcError,
            )
            logging.getLogger("pyspark").setLevel(logging.ERROR)
            try:
                self._session: Any = sql.SparkSession.builder.remote(master).create()
                for name, value in _SETTINGS.items():
                    self._session.conf.set(name, value)
            except self._errors as error:
                raise SparkUnreachableError(master, _reason(error)) from error
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder.resolve()
        self._turns = count(1)
        self._paths: dict[str, list[Path]] = {}
        self._shown: dict[str, str] = {}
        #: Names that Spark reads from files that are gone, and might then answer without a row.
        self._stale: set[str] = set()

    def put(self, name: str, frame: pl.DataFrame, kinds: Mapping[str, str]) -> None:
        """Share a frame of the driver as a table.

        Args:
            name: The table's name.
            frame: Its rows.
            kinds: Column name to DuckDB type.
        """
        path = self._fresh(name)
        typed = frame.select(list(kinds)).with_columns(cs.by_dtype(pl.Null).cast(pl.String))
        typed.write_parquet(path / "part-0.parquet")
        self._load(name, [path], kinds)

    def make(self, name: str, sql: str, kinds: Mapping[str, str]) -> None:
        """Compute a table on the cluster and keep it as Parquet, so that it is computed once.

        Args:
            name: The table's name.
            sql: A Spark select of its rows.
            kinds: Column name to DuckDB type; the rows are cast to it.

        Raises:
            EngineError: Spark refused the statement; the message names the table.
            SparkFailedError: The cluster failed.
        """
        path = self._fresh(name)
        self._write(name, sql, kinds, path)
        self._load(name, [path], kinds)

    def add(self, name: str, sql: str, kinds: Mapping[str, str]) -> None:
        """Add the rows of a Spark select to a table, column by column.

        Args:
            name: The table's name.
            sql: A Spark select.
            kinds: Column name to DuckDB type, of the table.

        Raises:
            EngineError: Spark refused the statement; the message names the table.
            SparkFailedError: The cluster failed.
        """
        path = self._fresh(name)
        self._write(name, sql, kinds, path)
        self._load(name, [*self._paths[name], path], kinds)

    def show(self, name: str, sql: str) -> None:
        """Make or replace a view; it shows what its tables hold when it is read.

        Raises:
            EngineError: Spark refused the statement; the message names the view.
            SparkFailedError: The cluster failed.
        """
        self._renew(sql)
        try:
            self._session.sql(sql).createOrReplaceTempView(name)
        except self._errors as error:
            raise self._failure(name, error) from error
        self._shown[name] = sql
        self._changed(name)

    def count(self, name: str) -> int:
        """Return the number of rows of a table."""
        rows = self.fetch(f"select count(*) as n from {name}", {"n": "BIGINT"}, name)
        return int(rows.column("n")[0].as_py())

    def forget(self, names: Iterable[str]) -> None:
        """Remove tables that `put` or `make` has made; who reads one all the same is refused."""
        for name in names:
            _remove(self._paths.pop(name, []))
            self._changed(name)
            self._stale.add(name)

    def _changed(self, name: str) -> None:
        """Note that a name means other rows: views over it are made anew when they are read."""
        self._stale.discard(name)
        for view, sql in self._shown.items():
            if view != name and view not in self._stale and name in _WORD.findall(sql):
                self._changed(view)
                self._stale.add(view)

    def _renew(self, sql: str) -> None:
        """Make those views anew that a statement will read, and drop tables that are no more."""
        for name in self._stale.intersection(_WORD.findall(sql)):
            if name in self._shown:
                self.show(name, self._shown[name])
            else:
                self._session.catalog.dropTempView(name)
                self._stale.discard(name)

    def _write(self, name: str, sql: str, kinds: Mapping[str, str], path: Path) -> None:
        self._renew(sql)
        try:
            rows = self._session.sql(_cast(sql, kinds))
            rows.write.mode("overwrite").parquet(_address(path))
        except self._errors as error:
            raise self._failure(name, error) from error

    def fetch(self, sql: str, kinds: Mapping[str, str], place: str) -> pa.Table:
        """Return the rows of a Spark select, cast to DuckDB's types.

        Raises:
            EngineError: Spark refused the statement; the message names `place`.
            SparkFailedError: The cluster failed.
        """
        self._renew(sql)
        try:
            rows: pa.Table = self._session.sql(_cast(sql, kinds)).toArrow()
        except self._errors as error:
            raise self._failure(place, error) from error
        return rows

    def close(self) -> None:
        """End the session and remove what it shared."""
        self._session.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _failure(self, place: str, error: Exception) -> ReconError:
        """Tell a statement that is wrong from a cluster that failed."""
        reason = _reason(error)
        if isinstance(error, self._refused):
            return EngineError(place, reason)
        return SparkFailedError(place, reason)

    def _fresh(self, name: str) -> Path:
        """Return a new folder for a table, which may read its former one while it is made."""
        path = self._folder / f"{name}-{next(self._turns)}"
        path.mkdir()
        return path

    def _load(self, name: str, paths: list[Path], kinds: Mapping[str, str]) -> None:
        """Let a name mean the rows of some folders, and remove those that it meant before."""
        self._view(name, paths, kinds)
        former = self._paths.get(name, [])
        self._paths[name] = paths
        self._shown.pop(name, None)
        self._changed(name)
        _remove(path for path in former if path not in paths)

    def _view(self, name: str, paths: list[Path], kinds: Mapping[str, str]) -> None:
        schema = ", ".join(f"`{column}` {spark_kind(kind)}" for column, kind in kinds.items())
        try:
            parts = [self._session.read.schema(schema).parquet(_address(path)) for path in paths]
            reduce(lambda one, other: one.union(other), parts).createOrReplaceTempView(name)
        except self._errors as error:
            raise self._failure(name, error) from error


def _address(path: Path) -> str:
    """Return a path as Spark reads it: a scheme, then the name as it is.

    Hadoop decodes nothing, so that a URI with `%E5%8E%BF` for a Chinese folder names no file.
    """
    return f"file:///{path.as_posix().lstrip('/')}"


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        shutil.rmtree(path, ignore_errors=True)


def _cast(sql: str, kinds: Mapping[str, str]) -> str:
    """Return a select that names and types the columns of another, one by one."""
    columns = ", ".join(
        f"cast(`{name}` as {spark_kind(kind)}) as `{name}`" for name, kind in kinds.items()
    )
    names = ", ".join(f"`{name}`" for name in kinds)
    return f"select {columns} from ({sql}) as result({names})"


def _reason(error: Exception) -> str:
    """Return the first line of what Spark said."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
