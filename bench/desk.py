"""The desk benchmark: how soon the list of very many exceptions answers.

Run `uv run python -m bench.desk [EXCEPTIONS]` (100 000 by default). A synthetic run is written;
then pages are asked for as a browser would, without a network between. Printed: seconds, the first
of each kind apart from the middle one of five.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from tests.desk.desk_support import at, finished

if TYPE_CHECKING:
    from starlette.testclient import TestClient

ASKED = {
    "first rows": "/exceptions",
    "filter by direction": "/exceptions?direction=pay_in",
    "filter and sort": "/exceptions?severity=high&sort=party_name",
    "search": "/exceptions?q=第37实业",
    "last page": "/exceptions?page=2000",
    "by unit": "/exceptions?view=units",
    "by rule": "/exceptions?view=rules",
}


def took(client: TestClient, path: str) -> float:
    began = perf_counter()
    client.get(path).raise_for_status()
    return perf_counter() - began


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        finished(folder, count)
        _, client = at(folder)
        print(f"{count} exceptions")
        for what, path in ASKED.items():
            first = took(client, path)
            again = median(took(client, path) for _ in range(5))
            print(f"{what:22} first {first:.2f} s, then {again:.2f} s")
        key = re.findall(r'name="id" value="([0-9a-f]{16})"', client.get("/exceptions").text)[0]
        print(f"{'panel':22} first {took(client, f'/exceptions/{key}'):.2f} s, "
              f"then {took(client, f'/exceptions/{key}'):.2f} s")  # fmt: skip
        began = perf_counter()
        said = {"verdict": "待核实", "by": "张三", "scope": "one", "seen": "0",
                "run": next((folder / "recon-out").glob("*/run.json")).parent.name}  # fmt: skip
        client.post(f"/exceptions/{key}/decide", data=said).raise_for_status()
        print(f"{'verdict':22} {perf_counter() - began:.2f} s")
        print(f"{'rows after a verdict':22} {took(client, '/exceptions'):.2f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
