"""What every test gets: messages in Chinese, and no way to the network but to this machine.

The suite draws the same examples each time and lets each take its time;
`python -m tests.property.run` and `python -m tests.fuzz.run` draw others.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from recon.base.texts import speak

if TYPE_CHECKING:
    from collections.abc import Iterator

settings.register_profile("suite", derandomize=True, deadline=None)
settings.load_profile("suite")


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    speak("zh")
    yield
    speak("zh")


def _is_here(address: Any) -> bool:
    """Tell whether an address is this machine: a path of a local socket, or loopback."""
    if not isinstance(address, tuple):
        return True
    try:
        return ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        return address[0] == "localhost"


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test of this process reach another machine; an in-process Spark is on loopback."""

    def refusing(real: Any) -> Any:
        def call(self: socket.socket, address: Any) -> Any:
            if not _is_here(address):
                raise AssertionError(f"a test reached for the network: {address}")
            return real(self, address)

        return call

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, refusing(getattr(socket.socket, name)))
