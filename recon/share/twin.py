"""`make_twin`: from a run to a folder that can be handed out.

The twin gets its final name only when its exceptions are proven equal and no name or number of the
original is left in any of its bytes. Not here: pseudonyms, the proof and the search themselves.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from recon.base import resources
from recon.base.models import CheckRequest, ReadLimits
from recon.intake.pipeline import IntakeSettings, read_intake
from recon.output.datafiles import dump_json, write_csv
from recon.run.check import run_check
from recon.run.verify import check_inputs, read_record, request_of
from recon.share.columns import Pseudonyms
from recon.share.errors import NotShareableError
from recon.share.folder import changes, write_folder
from recon.share.proof import prove_twin
from recon.share.scan import find_texts, readable
from recon.workspace.folder import KEY_FILE, claim, workspace_key
from recon.workspace.recon_toml import load_config

if TYPE_CHECKING:
    from recon.base.models import CheckResult, Intake
    from recon.share.proof import Proof

RECORD = "twin.json"
_READ_ME = """\
# 假名副本 / a pseudonymous twin

单位、个人、证件号、账号、卡号、车牌、电话、文字都换成了假名；日期、金额、出生日期、性别、账号末四位没有变。
Names, numbers and words are pseudonyms; days, amounts, birth dates, sexes and the last four
digits of accounts are as they were.

    recon check . --as-of {as_of}

应得到与原件相同的例外（recon-out/twin.json 的 proof）。改了什么见其中的 changes。
This gives the exceptions of the original (`proof` in recon-out/twin.json); `changes` there says
what was replaced.
"""


@dataclass(frozen=True)
class Twin:
    """A finished attempt.

    `folder` is None when the twin was not proven or a name was left; `left` names the files with
    the number of original names and numbers that were found in each.
    """

    folder: Path | None
    id_map: Path | None
    proof: Proof
    left: dict[str, int]


def make_twin(run: Path, data_dir: Path | None = None, password: str | None = None) -> Twin:
    """Make a pseudonymous twin of a run beside it.

    Args:
        run: A complete run folder.
        data_dir: The folder of its inputs; by default the one above the output folder.
        password: Of encrypted workbooks.

    Returns:
        The twin, or what keeps it from being handed out.

    Raises:
        NotVerifiableError: An input is missing or changed, or another version wrote the run.
        NotShareableError: There is a folder of that name already.
        OutputBusyError: Another run holds the output folder.
    """
    record = read_record(run)
    folder = data_dir or run.resolve().parent.parent
    out_dir = run.resolve().parent
    final = out_dir / f"share-{record['run_id']}"
    if final.exists():
        raise NotShareableError(
            final,
            "这次运行的副本已经有了，没有覆盖。移走后再运行。",
            "this run has a twin already; it was not replaced. Move it away and run again.",
        )
    check_inputs(run, record, folder)
    with claim(out_dir) as work:
        config = load_config(folder)
        limits = ReadLimits(password=password)
        intake = read_intake(
            folder,
            IntakeSettings(
                config.sources,
                limits=limits,
                exclude=(out_dir, *config.left_out(folder)),
                layouts=config.layouts,
            ),
        )
        key = workspace_key(config.workspace, out_dir)
        request = request_of(record, folder, out_dir)
        names = Pseudonyms(hmac.digest(key, b"share", "sha256"), intake.tables, config)
        twin = work / "twin"
        twin.mkdir()
        write_folder(twin, intake, config, request, names)
        (twin / KEY_FILE).write_text(hmac.digest(key, b"twin", "sha256").hex() + "\n", "ascii")
        result = _check(twin, request)
        proof = prove_twin(run, intake, result.run_dir, result.intake)
        _describe(twin, record, intake, result, proof)
        left = _left(twin, names.identities, names.numbers)
        if not proof.is_equal or left:
            return Twin(None, None, proof, left)
        twin.rename(final)
        return Twin(
            final, _write_ids(out_dir / f"share-{record['run_id']}-ids.csv", proof), proof, {}
        )


def _check(twin: Path, request: CheckRequest) -> CheckResult:
    """Run the twin as its receiver will: by its own settings, for the same day."""
    out = twin / "recon-out"
    result = run_check(CheckRequest(twin, request.as_of, out, mask=request.mask))
    (out / ".lock").unlink(missing_ok=True)
    return result


def _describe(
    twin: Path, record: dict[str, Any], intake: Intake, result: CheckResult, proof: Proof
) -> None:
    """Write what the twin is, what was changed and what was proven."""
    about = {
        "tool_version": record["tool_version"],
        "as_of": record["as_of"],
        "original_run": record["run_id"],
        "twin_run": result.run_id,
        "changes": changes(intake),
        "kept": [
            "days", "amounts", "numbers of things", "enumerated words", "birth dates and sexes",
            "last four digits of accounts and cards", "check digits, right or wrong",
            "words that rules look for", "names of policy parameters and of the locale",
        ],
        "left_out": [
            "rejected and skipped rows", "titles and unused columns", "formats and comments",
            "reviews, confirmed matches, recoveries and closings of the ledger",
        ],
        "proof": {
            "equal": proof.is_equal,
            "exceptions": proof.exceptions,
            "rules_with_exceptions": proof.rules,
            "compared": "rule, severity, direction, amount, counted, period, expected, actual, "
            "difference, unverified policy, policy days, source rows, links; rule statuses; totals",
        },
    }  # fmt: skip
    (twin / "recon-out" / RECORD).write_text(dump_json(about), encoding="utf-8", newline="\n")
    text = _READ_ME.format(as_of=record["as_of"])
    (twin / "README.md").write_text(text, encoding="utf-8", newline="\n")


def _left(twin: Path, identities: set[str], numbers: set[str]) -> dict[str, int]:
    """Return the files in which a name or number of the original is left, with how many."""
    hits = find_texts(twin, identities, numbers)
    if not hits:
        return {}
    own = _own_words()
    left = {name: {text for text in found if text not in own} for name, found in hits.items()}
    return {name: len(found) for name, found in left.items() if found}


def _own_words() -> str:
    """Return the texts of the tool: a name that is one of its words gives nothing away."""
    package = Path(__file__).resolve().parent.parent
    paths = [*package.rglob("*.py"), *package.glob("output/templates/*")]
    paths += [*resources.shipped("rules").rglob("*.yaml")]
    return "\n".join(text for path in paths for text in readable(path.read_bytes()))


def _write_ids(path: Path, proof: Proof) -> Path:
    """Write which exception of the twin is which of the original; it stays with the original."""
    ids = {"exception_id": list(proof.ids), "twin_exception_id": list(proof.ids.values())}
    write_csv(pl.DataFrame(ids, schema=dict.fromkeys(ids, pl.String)), path)
    return path
