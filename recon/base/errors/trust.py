"""Errors of sharing, self-tests and inputs that move."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recon.base.errors.base import ReconError

if TYPE_CHECKING:
    from collections.abc import Sequence


class PseudonymsUsedUpError(ReconError):
    """A kind of value has more values than there are pseudonyms of its form."""

    def __init__(self, kind: str) -> None:
        """Name the kind."""
        super().__init__(
            f"{kind}: 这类值太多，同样形式的假名不够用，没有生成副本。请把这句话发给维护者。",
            f"{kind}: too many values for pseudonyms of their form; no twin was made. "
            "Report this sentence to the maintainers.",
        )


class NotShareableError(ReconError):
    """No twin can be made of a run."""

    def __init__(self, run: object, zh: str, en: str) -> None:
        """Name the run and the reason."""
        super().__init__(f"{run}: {zh}", f"{run}: {en}")


class InputsMovedError(ReconError):
    """Input files changed while the run read them."""

    def __init__(self, names: Sequence[str]) -> None:
        """Name the files."""
        listed = ", ".join(names)
        super().__init__(
            f"{listed}: 运行期间被改动、新增或删除，本次没有写出结果。等文件不再变动后重新运行。",
            f"{listed}: changed, added or removed during the run; nothing was written. "
            "Run again when the files rest.",
        )
