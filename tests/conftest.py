"""What every test gets: messages in Chinese, whatever language an earlier test asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recon.texts import speak

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    speak("zh")
    yield
    speak("zh")
