"""`recon selftest [DATA_DIR]`: one defect per rule, planted into a copy of the data."""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recon.base.models import CheckRequest, Text
from recon.base.texts import say, spoken
from recon.cli.check import progress_on_stderr
from recon.cli.options import as_day, as_of, language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recon.selftest.trial import Verdict

_RESULTS = {
    "found": Text("找到", "found"),
    "elsewhere": Text("由其他规则报告", "reported by another rule"),
    "missed": Text("漏掉", "missed"),
    "not_plantable": Text("无法植入", "not plantable"),
    "not_run": Text("未执行", "not run"),
}


@click.command("selftest", epilog="示例 / example:  recon selftest 资料目录 --as-of 2024-12-31")
@click.argument("data_dir", type=click.Path(path_type=Path), default=Path())
@as_of
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="输出目录，放临时副本 / output folder, holds the copy while it is needed.",
)
@click.option("--locale", metavar="NAME", help="地区参数包 / locale pack.")
@click.option("--select", metavar="CODES", help="只试这些规则或族 / only these.")
@click.option("--ignore", metavar="CODES", help="不试这些 / leave these out.")
@click.option(
    "--password-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="加密工作簿的口令文件 / file with the workbooks' password.",
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["table", "json"]),
    default="table",
    help="结果的格式 / format of the result.",
)
@click.option("-q", "--quiet", is_flag=True, help="不显示进度 / no progress.")
@language
def selftest(data_dir: Path, **options: Any) -> None:  # noqa: ANN401 - click options
    """在资料副本里给每条规则植入一个缺陷，看能否查出 / plant a defect per rule, see what is found.

    资料本身不动，副本用完即删。The data stay as they are; the copy is removed.

    退出码 / exit status: 0 全部找到或由其他规则报告 all found or reported;
    1 有漏掉的 something missed; 2 没有可信的答案 no true answer（一个也没能植入 nothing
    could be planted）.
    """
    from recon.cli.check import words
    from recon.selftest.trial import run_selftest

    request = CheckRequest(
        data_dir,
        as_day(options["as_of"]) or date.today(),  # noqa: DTZ011 - the user's own day
        out_dir=options["out"],
        locale=options["locale"],
        select=words(options["select"]),
        ignore=words(options["ignore"]),
        password_file=options["password_file"],
    )
    with progress_on_stderr(quiet=options["quiet"]) as tell:
        verdicts = run_selftest(request, tell)
    shown = _as_json(verdicts) if options["output_format"] == "json" else _as_table(verdicts)
    click.echo(shown)
    sys.exit(exit_status(verdicts))


def exit_status(verdicts: Sequence[Verdict]) -> int:
    """Return 0 when all that was planted was reported, 1 when not, 2 when nothing was planted."""
    results = {one.result for one in verdicts}
    if "missed" in results:
        return 1
    return 0 if results & {"found", "elsewhere"} else 2


def _as_table(verdicts: Sequence[Verdict]) -> str:
    lines = []
    for one in verdicts:
        reason = f"  {say(one.reason)}" if one.reason else ""
        lines.append(f"{one.rule}  {say(_RESULTS[one.result])}  {say(one.title)}{reason}")
    counts: Counter[str] = Counter(one.result for one in verdicts)
    total = [f"{say(_RESULTS[name])} {counts[name]}" for name in _RESULTS]
    return "\n".join([*lines, "", ("，" if spoken() == "zh" else ", ").join(total)])


def _as_json(verdicts: Sequence[Verdict]) -> str:
    rows = [
        {
            "rule": one.rule,
            "result": one.result,
            "case": one.case,
            "reason": one.reason.zh if one.reason else None,
            "reason_en": one.reason.en if one.reason else None,
        }
        for one in verdicts
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)
