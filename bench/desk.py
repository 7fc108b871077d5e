"""The desk benchmark: how soon the list of very many exceptions answers.

Run `uv run python -m bench.desk [EXCEPTIONS [DECIDED]]` (100 000 and 0 by default). A synthetic run
is written, and decisions on some of it booked one by one; then pages are asked for as a browser
would, without a network between. Printed: seconds, the first of each kind apart from the middle one
of five; of a verdict processor seconds too.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import TYPE_CHECKING

import polars as pl

from recon.desk.place import now
from recon.ledger.by_hand import decide
from recon.ledger.steps import Ledger
from recon.ledger.store import ledger_path
from tests.desk.desk_support import at, finished

if TYPE_CHECKING:
    from starlette.testclient import TestClient

DECISION = {"verdict": "待核实", "reviewer": "李四", "reviewed_on": "2025-01-01"}
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


def main(count: int, decided: int = 0) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run = finished(folder, count)
        out = folder / "recon-out"
        ids = pl.read_parquet(run / "exceptions.parquet").sort("amount")["exception_id"]
        if decided:
            decide(Ledger(ledger_path(folder, out), out), ids[:decided].to_list(), DECISION, now())
        _, client = at(folder)
        print(f"{count} exceptions, {decided} decided")
        for what, path in ASKED.items():
            first = took(client, path)
            again = median(took(client, path) for _ in range(5))
            print(f"{what:22} first {first:.2f} s, then {again:.2f} s")
        key = re.findall(r'name="id" value="([0-9a-f]{16})"', client.get("/exceptions").text)[0]
        print(f"{'panel':22} first {took(client, f'/exceptions/{key}'):.2f} s, "
              f"then {took(client, f'/exceptions/{key}'):.2f} s")  # fmt: skip
        for seen in (0, decided + 1):
            began, busy = perf_counter(), process_time()
            said = {"verdict": "待核实", "by": "张三", "scope": "one", "seen": str(seen),
                    "reason": f"第 {seen} 次", "run": run.name}  # fmt: skip
            client.post(f"/exceptions/{key}/decide", data=said).raise_for_status()
            took_cpu = process_time() - busy
            print(f"{'verdict':22} {perf_counter() - began:.2f} s, {took_cpu:.2f} CPU s")
        print(f"{'rows after a verdict':22} {took(client, '/exceptions'):.2f} s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:] or ["100000"]))
