"""A Spark Connect server for the tests: Sail inside this process, or the one you name.

`RECON_SPARK_MASTER=sc://HOST:PORT` makes the same tests run against a real Spark.
"""

from __future__ import annotations

import importlib
import sys
import warnings
from typing import TYPE_CHECKING

import pytest

from tests.spark import parity

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session", autouse=True)
def _client() -> None:
    """Load Spark's client, which takes a main module without a file, as xdist's, for a doctest."""
    pytest.importorskip("pyspark", reason="needs: uv sync --group spark (.ci/run does)")
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pandas
        patch.setattr(sys.modules["__main__"], "__file__", __file__, raising=False)
        importlib.import_module("pyspark.sql.connect.session")


@pytest.fixture(scope="session")
def master() -> Iterator[str]:
    with parity.server() as address:
        yield address
