"""`recon diff RUN_A RUN_B`: what changed between two runs."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from recon.base.texts import DIRECTIONS, STATES, spoken, yuan
from recon.cli.options import language

if TYPE_CHECKING:
    from recon.run.diff import RunDiff


@click.command(
    "diff", epilog="示例 / example:  recon diff 3f2a91c0 47c07c4b --out 资料目录/recon-out"
)
@click.argument("before", metavar="RUN_A")
@click.argument("after", metavar="RUN_B")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("recon-out"),
    help="按运行编号查找的输出目录 / output folder in which ids are looked up.",
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["table", "json"]),
    default="table",
    help="结果的格式 / format of the result.",
)
@language
def diff(before: str, after: str, out: Path, output_format: str) -> None:
    """比较两次运行：新增、延续、金额变化、已消除 / compare two runs.

    退出码 / exit status: 0 相同 equal; 1 不同 different; 2 出错 error.
    """
    from recon.run.diff import compare_runs, find_run

    found = compare_runs(find_run(before, out), find_run(after, out))
    click.echo(_as_json(found) if output_format == "json" else _as_table(found))
    sys.exit(0 if found.is_equal else 1)


def _as_json(found: RunDiff) -> str:
    rows = found.rows.filter(found.rows["state"] != "persisting").to_dicts()
    return json.dumps(
        {"before": found.before.name, "after": found.after.name, "counts": found.counts}
        | {"exceptions": rows},
        ensure_ascii=False,
        indent=2,
        default=str,
    )


def _as_table(found: RunDiff) -> str:
    lang = spoken()
    counts = "，" if lang == "zh" else ", "
    lines = [
        f"{found.before.name} → {found.after.name}",
        counts.join(f"{STATES[state].in_(lang)} {n}" for state, n in found.counts.items()),
    ]
    for row in found.rows.filter(found.rows["state"] != "persisting").to_dicts():
        amounts = [row["previous_amount"], row["amount"]]
        shown = " → ".join("—" if amount is None else yuan(amount) for amount in amounts)
        lines.append(
            f"  {STATES[row['state']].in_(lang)}  {row['rule']}  {row['party_name'] or '—'}  "
            f"{row['period'] or '—'}  {DIRECTIONS[row['direction']].in_(lang)}  {shown}"
        )
    return "\n".join(lines)
