"""A desk on a folder, and a browser that has opened its link."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl
from starlette.testclient import TestClient

from recon.desk.app import build
from recon.desk.guard import Keys
from recon.desk.place import Place
from recon.desk.visit import Desk
from recon.output import write_run
from tests.cli.reviewed_support import reseal
from tests.unit.output import factory

if TYPE_CHECKING:
    from pathlib import Path

PORT = 8123
BASE = f"http://127.0.0.1:{PORT}"
ORIGIN = {"Origin": BASE}


def opened(data_dir: Path) -> tuple[Desk, Keys, TestClient]:
    """Return a desk, its keys, and a browser without a session."""
    desk, keys = Desk(Place(data_dir, data_dir / "recon-out")), Keys("secret")
    return desk, keys, TestClient(build(desk, keys, PORT), base_url=BASE, follow_redirects=True)


def browser(desk: Desk, keys: Keys) -> TestClient:
    """Return a browser that has opened a link of a desk."""
    client = TestClient(
        build(desk, keys, PORT), base_url=BASE, follow_redirects=True, headers=ORIGIN
    )
    client.get("/open", params={"token": keys.mint()})
    return client


def at(data_dir: Path) -> tuple[Desk, TestClient]:
    """Return a desk and a browser that has opened it."""
    desk, keys, _ = opened(data_dir)
    return desk, browser(desk, keys)


COUNT = 90
_CONTROL = {
    "files": [], "repeated": {"files": 0, "sheets": 0, "rows": 0}, "unreadable_money": 0,
    "reconciliations": [], "reconciliations_not_run": [], "coverage": [],
}  # fmt: skip


def finished(folder: Path, count: int = COUNT) -> Path:
    """Write a run of hostile exceptions under folder/recon-out; return its run folder."""
    result = factory.result(count)
    titles = {each.rule: each.title for each in result.outcomes}
    rules = [
        {"rule": each.rule, "title": titles[each.rule] and titles[each.rule].zh, "title_en": "x",
         "status": each.status, "lacks": list(each.lacks), "reason": None, "reason_en": None}
        for each in result.outcomes
    ]  # fmt: skip
    used = {value for row in result.exceptions["policy"] for value in row}
    policy = []
    for value in sorted(used):
        name, _, rest = value.partition("=")
        stated, _, day = rest.rpartition("@")
        policy.append({"name": name, "value": stated, "starts_on": day, "is_verified": False,
                       "kind": "policy", "reference": "依据<b>", "title": "参数",
                       "title_en": "value", "exceptions": 1})  # fmt: skip
    info = {
        "run_id": factory.RUN_ID, "rules": rules, "policy": policy, "as_of": "2025-06-30",
        "period_from": "2024-01-01", "period_to": "2024-12-31", "locale": "base",
        "options": {"mask": True}, "warnings": ["<i>提示</i>"], "warnings_en": ["<i>told</i>"],
        "self": {"name": "示例县总工会"}, "inputs": [], "totals": [], "tool_version": "0",
    }  # fmt: skip
    states = result.exceptions.select("exception_id", pl.lit("new").alias("state"))
    result = replace(result, states=states, run_id=factory.RUN_ID, run_info=info)
    run = folder / "recon-out" / factory.RUN_ID
    run.mkdir(parents=True)
    write_run(result, run, ("data", "workbook"))
    (run / "control.json").write_text(json.dumps(_CONTROL), encoding="utf-8")
    reseal(run)
    (run.parent / "latest").write_text(factory.RUN_ID + "\n", encoding="utf-8")
    return run
