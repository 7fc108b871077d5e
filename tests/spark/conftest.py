"""A Spark Connect server for the tests: Sail inside this process, or the one you name.

`RECON_SPARK_MASTER=sc://HOST:PORT` makes the same tests run against a real Spark.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.spark import parity

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def master() -> Iterator[str]:
    pytest.importorskip("pyspark", reason="needs: uv sync --group spark (.ci/run does)")
    if os.environ.get("RECON_SPARK_MASTER"):
        yield os.environ["RECON_SPARK_MASTER"]
        return
    pytest.importorskip("pysail", reason="needs: uv sync --group spark (.ci/run does)")
    with parity.sail() as address:
        yield address
