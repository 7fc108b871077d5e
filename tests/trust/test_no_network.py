"""Nothing reaches the network: the suite forbids it, and no module of ours can."""

from __future__ import annotations

import ast
import socket
from pathlib import Path

import pytest

import recon

SOURCES = sorted(Path(recon.__file__).parent.rglob("*.py"))
NETWORKED = {"socket", "ssl", "http", "urllib", "requests", "httpx", "aiohttp", "ftplib", "smtplib"}
#: Spark is asked for by the user, with its address.
SPARK = {"recon/engine/spark.py", "recon/engine/connect.py"}
#: The desk listens on 127.0.0.1 and asks there for a link; tests/desk/test_holding.py tries it.
DESK = {"recon/desk/server.py"}


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.invalid", 443)])
def test_a_test_that_reaches_for_the_network_fails(address: tuple[str, int]) -> None:
    with (
        socket.socket() as made,
        pytest.raises(AssertionError, match="reached for the network"),
    ):
        made.connect(address)


def test_this_machine_can_be_reached() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        with socket.create_connection(server.getsockname(), timeout=5) as client:
            assert client.getpeername() == server.getsockname()


def test_no_module_of_ours_imports_what_talks_to_a_network() -> None:
    found = {
        path.as_posix(): name
        for path in SOURCES
        if not any(path.as_posix().endswith(known) for known in SPARK | DESK)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in _imported(node)
        if name.partition(".")[0] in NETWORKED and name != "urllib.parse"
    }
    assert found == {}


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return []
