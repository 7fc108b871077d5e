"""A desk on a folder, and a browser that has opened its link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.testclient import TestClient

from recon.desk.app import build
from recon.desk.guard import Keys
from recon.desk.place import Place
from recon.desk.visit import Desk

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
