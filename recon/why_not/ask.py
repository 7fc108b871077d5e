"""Asks the newest run why a rule found nothing about a party.

Here: doing the run's work for that rule again. Not here: the answer (see `page`).
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from recon.base.errors import RunMissingError
from recon.base.temporary import temporary_folder
from recon.rules.catalog import choose, load_rules
from recon.rules.errors import UnknownRuleError
from recon.run.check import examined_run
from recon.run.verify import check_inputs, read_record, request_of
from recon.why_not.page import why_not_page
from recon.workspace.folder import KEY_FILE, latest_run
from recon.workspace.recon_toml import load_config

if TYPE_CHECKING:
    from pathlib import Path


def why_not(out_dir: Path, party: str, code: str, data_dir: Path | None = None) -> str:
    """Return why the newest run has no exception of a rule about a party.

    Args:
        out_dir: The output folder of `check`.
        party: Its name, a part of it, or its code.
        code: The rule.
        data_dir: The folder of the inputs; by default the one above the output folder.

    Returns:
        The answer as Markdown, in the spoken language.

    Raises:
        RunMissingError: There is no complete run.
        UnknownRuleError: There is no such rule.
        NotVerifiableError: The inputs are not what the run read.
        PartyUnknownError: The word names no party, or several.
    """
    run = latest_run(out_dir)
    if run is None:
        raise RunMissingError(out_dir)
    record = read_record(run)
    folder = data_dir or run.resolve().parent.parent
    check_inputs(run, record, folder)
    rules = choose(load_rules(load_config(folder).workspace), (code,))
    rule = rules[0]
    if rule.code != code.upper():
        raise UnknownRuleError(code, tuple(each.code for each in rules[:3]))
    with temporary_folder("why-not") as out:
        kept_key = run.resolve().parent / KEY_FILE
        if kept_key.is_file():
            shutil.copy(kept_key, out / KEY_FILE)
        request = replace(request_of(record, folder, out), select=(rule.code,), ignore=())
        with examined_run(request) as examined:
            return why_not_page(examined, rule, party, _named_in(run))


def _named_in(run: Path) -> list[tuple[str, str | None]]:
    """Return the parties that a run's exceptions name."""
    found = pl.read_parquet(run / "exceptions.parquet", columns=["party_id", "party_name"])
    return found.drop_nulls("party_id").unique(maintain_order=True).rows()
