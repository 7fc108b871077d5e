"""The folders that a desk is about, and what stands in them now.

Here: settings, ledger and newest run, looked up anew each time, since the command line may work in
the same folder. Not here: whose desk the folder is (see `holding`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from recon.base.errors import RunMissingError
from recon.ledger.steps import Ledger
from recon.ledger.store import ledger_path
from recon.ledger.witness import prove
from recon.workspace.folder import latest_run
from recon.workspace.recon_toml import FILE_NAME, find_config, load_config

if TYPE_CHECKING:
    from pathlib import Path

    from recon.workspace.recon_toml import Config


@dataclass(frozen=True)
class Place:
    """The data folder and its output folder, both as absolute paths."""

    data_dir: Path
    out_dir: Path

    @property
    def config(self) -> Config:
        """What recon.toml says now."""
        return load_config(self.data_dir)

    @property
    def config_file(self) -> Path:
        """Where recon.toml is, or will be made."""
        return find_config(self.data_dir) or self.data_dir / FILE_NAME

    @property
    def workspace(self) -> Path:
        """The folder of recon.toml, else the data folder."""
        return self.config_file.parent

    @property
    def ledger(self) -> Ledger:
        """The ledger, not proven: to look at."""
        return Ledger(ledger_path(self.workspace, self.out_dir), self.out_dir)

    @property
    def proven_ledger(self) -> Ledger:
        """The ledger once it is proven whole and no older than its runs: to write to."""
        ledger = self.ledger
        prove(ledger.path, ledger.out_dir)
        return ledger

    @property
    def ledger_mark(self) -> str:
        """A word that changes with every event."""
        try:
            stat = self.ledger.path.stat()
        except OSError:
            return "0"
        return f"{stat.st_mtime_ns:x}-{stat.st_size:x}"

    @property
    def newest(self) -> Path | None:
        """The newest complete run, or None."""
        return latest_run(self.out_dir)

    @property
    def run(self) -> Path:
        """The newest complete run.

        Raises:
            RunMissingError: There is none.
        """
        found = self.newest
        if found is None:
            raise RunMissingError(self.out_dir)
        return found


def now() -> datetime:
    """Return the moment with its time zone."""
    return datetime.now(UTC).astimezone()
