"""`recon check` and `recon demo`: options to a request, the summary to stdout, the exit status."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recon.base.errors import ConfigError
from recon.base.models import Text
from recon.base.texts import spoken
from recon.cli.options import as_day, as_of, language, reading_options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recon.base.models import CheckRequest, CheckResult, Lang
    from recon.intake.formats.worker import Worker

_RANKS = {"high": 0, "medium": 1, "low": 2, "lead": 3}
_STAGES = {
    "read": ("读取", "reading"),
    "stage": ("整理", "staging"),
    "rules": ("运行规则", "running rules"),
    "write": ("写出结果", "writing"),
}


_DAY = click.DateTime(formats=["%Y-%m-%d"])
_OPTIONS: tuple[Callable[..., Any], ...] = (
    as_of,
    click.option(
        "--from", "review_from", type=_DAY, metavar="DATE", help="审查期起 / first day reviewed."
    ),
    click.option(
        "--to", "review_to", type=_DAY, metavar="DATE", help="审查期止 / last day reviewed."
    ),
    click.option(
        "--out",
        type=click.Path(path_type=Path, file_okay=False),
        help="输出目录，默认 DATA_DIR/recon-out / output folder.",
    ),
    click.option("--locale", metavar="NAME", help="地区参数包，如 base、luan / locale pack."),
    click.option(
        "--select",
        metavar="CODES",
        help="只跑这些规则或族，如 REM,SME-01 / only these.",
    ),
    click.option(
        "--ignore",
        metavar="CODES",
        help="不跑这些规则或族，如 ORG / leave these out.",
    ),
    click.option(
        "--fail-on",
        type=click.Choice(["high", "medium", "low", "none"]),
        default="high",
        show_default=True,
        help="有此级别及以上例外时退出码为 1 / exit 1 at or above.",
    ),
    click.option(
        "--strict",
        is_flag=True,
        help="有未执行规则、剔除行、重复行或读不出的金额时退出码为 2 / "
        "exit 2 on rules not run, rejected or repeated rows, or unreadable money.",
    ),
    click.option(
        "--no-cache",
        is_flag=True,
        help="全部重新读取和检查，不用也不写缓存 / read and examine all anew; no cache.",
    ),
    click.option(
        "--engine",
        type=click.Choice(["duckdb", "spark"]),
        default="duckdb",
        show_default=True,
        help="在哪里计算规则 / where rules are computed.",
    ),
    click.option(
        "--master",
        metavar="URL",
        help="Spark Connect 服务器，sc://主机:端口 / the server, sc://HOST:PORT.",
    ),
    *reading_options,
    click.option("--threads", type=click.IntRange(min=1), help="线程数 / threads."),
    click.option(
        "--mask/--no-mask",
        default=True,
        help="是否遮蔽个人信息，默认遮蔽 / mask personal data; on by default.",
    ),
    click.option(
        "--format",
        "output_format",
        type=click.Choice(["table", "json"]),
        default="table",
        help="汇总的格式 / format of the summary.",
    ),
    click.option(
        "-v", "--verbose", is_flag=True, help="逐条列出规则的结果 / list every rule's result."
    ),
    click.option("-q", "--quiet", is_flag=True, help="不显示进度 / no progress."),
    language,
)


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that `check` and `demo` share."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.command("check", epilog="示例 / example:  recon check 资料目录 --as-of 2024-12-31")
@click.argument("data_dir", type=click.Path(path_type=Path), default=Path())
@_options
def check(data_dir: Path, **options: Any) -> None:  # noqa: ANN401 - click options
    """读取、校验、勾稽，写出运行目录并打印汇总 / read, validate, reconcile; print the summary.

    退出码 / exit status: 0 无达到级别的例外 nothing at or above --fail-on; 1 有 exceptions;
    2 没有可信的答案 no true answer.
    """
    _run(_request(data_dir, options), options)


@click.command("demo", epilog="示例 / example:  recon demo --out 试用结果")
@_options
def demo(**options: Any) -> None:  # noqa: ANN401 - click options
    """用示例县运行 check / run check on the sample county.

    默认：截止日 2025-06-30，输出到当前目录的 recon-demo。
    By default as of 2025-06-30, into recon-demo in the current folder.
    """
    from recon.base import resources

    options["out"] = options["out"] or Path("recon-demo")
    options["as_of"] = options["as_of"] or datetime(2025, 6, 30)  # noqa: DTZ001 - a calendar day
    _run(_request(resources.shipped("sample_data") / "county", options), options)


def _is_shipped(folder: Path) -> bool:
    """Tell whether a folder ships with the tool: nothing is kept beside its files."""
    from recon.base import resources

    return folder.resolve().is_relative_to(resources.shipped("sample_data").resolve())


def _request(data_dir: Path, options: dict[str, Any]) -> CheckRequest:
    from recon.base.models import CheckRequest

    return CheckRequest(
        data_dir=data_dir,
        as_of=as_day(options["as_of"]) or date.today(),  # noqa: DTZ011 - the user's own day
        out_dir=options["out"],
        review_from=as_day(options["review_from"]),
        review_to=as_day(options["review_to"]),
        locale=options["locale"],
        select=words(options["select"]),
        ignore=words(options["ignore"]),
        mask=options["mask"],
        strict=options["strict"],
        lang=spoken(),
        memory=options["memory"],
        threads=options["threads"],
        use_cache=not options["no_cache"] and not _is_shipped(data_dir),
        password_file=options["password_file"],
        engine=options["engine"],
        master=options["master"],
    )


def words(text: str | None) -> tuple[str, ...]:
    """Return the rule codes of a comma-separated option; none where it is not given.

    Raises:
        ConfigError: It is given without a code, which might mean all rules or no rule.
    """
    parts = (text or "").replace("，", ",").split(",")
    codes = tuple(word.strip().upper() for word in parts if word.strip())
    if text is not None and not codes:
        fault = Text(
            "--select、--ignore: 没有写规则代码。写如 REM,SME-01，或不写这个选项。",
            "--select, --ignore: no rule code is given. Write e.g. REM,SME-01, or leave it out.",
        )
        raise ConfigError([fault])
    return codes


def _run(request: CheckRequest, options: dict[str, Any]) -> None:
    with _reader(request) as worker:  # it gets ready during the imports below
        from recon.output.terminal import render_summary
        from recon.run.check import run_check

        with progress_on_stderr(quiet=options["quiet"]) as tell:
            result = run_check(request, tell, worker)
    click.echo(render_summary(result, request.lang, options["output_format"]))
    if options["verbose"] and options["output_format"] == "table":
        for line in rule_lines(result, request.lang):
            click.echo(line)
    sys.exit(exit_status(result, options["fail_on"], strict=request.strict))


def _reader(request: CheckRequest) -> Worker:
    """Return the reading process of a run, already started unless a cache may make it needless."""
    from recon.base.paper import CACHE_FOLDER
    from recon.intake.formats.limits import read_limits
    from recon.intake.formats.worker import Worker, early_worker
    from recon.workspace.recon_toml import find_config

    folder = request.data_dir
    limits = read_limits(request.memory, request.password_file)
    config = find_config(folder)
    kept = (config.parent if config else folder) / CACHE_FOLDER
    if request.use_cache and kept.is_dir():
        return Worker(limits)
    return early_worker(folder, (request.out_dir or folder / "recon-out",), limits)


def rule_lines(result: CheckResult, lang: Lang) -> list[str]:
    """Return one line per rule: code, title, what it said, rows examined, exceptions."""
    from recon.base.texts import STATUSES

    words = Text("检查 {} 行，例外 {}", "{} rows examined, {} exceptions").in_(lang)
    return [
        "  ".join(
            (
                each.rule,
                each.title.in_(lang) if each.title else "",
                STATUSES[each.status].in_(lang),
                words.format(each.rows_examined, each.exceptions),
            )
        )
        for each in result.outcomes
    ]


def exit_status(result: CheckResult, fail_on: str, *, strict: bool) -> int:
    """Return the exit status of a run (contract section 2).

    Args:
        result: The finished run.
        fail_on: Lowest severity that counts, or "none".
        strict: Whether unchecked rules, rejected or repeated rows and unreadable money leave no
            true answer.

    Returns:
        0, 1 or 2.
    """
    statuses = {outcome.status for outcome in result.outcomes}
    unread = any(file.status == "refused" for file in result.intake.files)
    if "error" in statuses or unread:
        return 2
    if strict and (statuses & {"no_data", "not_in_force"} or _has_unread(result)):
        return 2
    if fail_on == "none":
        return 0
    limit = _RANKS[fail_on]
    return int(any(_RANKS[s] <= limit for s in result.exceptions["severity"].unique()))


def _has_unread(result: CheckResult) -> bool:
    """Whether a row was set aside or repeated, or an amount of an accepted row was not read."""
    quality = result.intake.quality
    unread = quality.filter((quality["check"] == "unreadable") & (quality["kind"] == "money"))
    repeated = any(sheet.rows_repeated for sheet in result.intake.sheets)
    return bool(result.intake.rejected.height or unread.height or repeated)


@contextmanager
def progress_on_stderr(*, quiet: bool) -> Iterator[Callable[[str, str], None] | None]:
    """Show progress on stderr: a bar on a terminal, plain lines elsewhere, nothing when quiet."""
    place = 1 if spoken() == "en" else 0
    if quiet:
        yield None
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("", total=None)
            yield lambda stage, detail: bar.update(
                task, description=f"{_STAGES[stage][place]} {detail}"
            )
    else:
        seen: set[str] = set()

        def tell(stage: str, _detail: str) -> None:
            if stage not in seen:
                seen.add(stage)
                click.echo(f"{_STAGES[stage][place]}…", err=True)

        yield tell
