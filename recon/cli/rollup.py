"""`recon rollup`: several counties as one city."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recon.base.models import Text
from recon.base.texts import say
from recon.cli.options import as_day, as_of, language

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recon.rollup.papers import City
    from recon.rollup.turns import Answer

_STEPS = {
    "kept": Text("没有变化，沿用上次结果", "unchanged, kept"),
    "run": Text("核查…", "checking…"),
    "done": Text("完成", "done"),
    "failed": Text("没有结果", "no result"),
}


@click.command("rollup", epilog="示例 / example:  recon rollup 某市 --as-of 2025-06-30 --years")
@click.argument("city_dir", type=click.Path(path_type=Path, exists=True, file_okay=False))
@as_of
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="输出目录，默认 CITY_DIR/recon-rollup / output folder.",
)
@click.option("--jobs", type=click.IntRange(min=1), help="同时核查几个县 / counties at a time.")
@click.option("--memory", metavar="SIZE", help="全部县一共可用的内存，如 8GB / memory of all.")
@click.option(
    "--only",
    multiple=True,
    metavar="COUNTY",
    help="只核查这些县，不汇总，供作业队列用 / run these counties and add nothing up.",
)
@click.option("--years", is_flag=True, help="按年比较各次运行 / compare the runs of several years.")
@click.option(
    "--engine",
    type=click.Choice(["duckdb", "spark"]),
    default="duckdb",
    show_default=True,
    help="在哪里计算规则 / where rules are computed.",
)
@click.option("--master", metavar="URL", help="Spark Connect 服务器 / the server, sc://HOST:PORT.")
@click.option("-q", "--quiet", is_flag=True, help="不显示进度 / no progress.")
@language
def rollup(city_dir: Path, **options: Any) -> None:  # noqa: ANN401 - click options
    """汇总各县（区）：每个有 recon.toml 的文件夹是一个县 / add up all counties of a city.

    退出码 / exit status: 0 都有结果 all answered; 1 有高级别例外 high exceptions; 2 有县没有结果
    a county has no answer.
    """
    from recon.rollup.roll import CityRequest, roll_up, run_only

    def tell(county: str, step: str) -> None:
        if not options["quiet"]:
            click.echo(f"{county}: {say(_STEPS[step])}", err=True)

    names = ("out", "jobs", "memory", "engine", "master")
    day = as_day(options["as_of"]) or datetime.now(UTC).astimezone().date()
    request = CityRequest(
        city_dir, day, with_years=options["years"], **{name: options[name] for name in names}
    )
    if options["only"]:
        answers = run_only(request, options["only"], tell)
        _print_failed(answers)
        raise SystemExit(2 if any(one.problem is not None for one in answers) else 0)
    city, written = roll_up(request, tell)
    _print(city)
    for path in written:
        click.echo(str(path))
    failed = any(one.problem is not None for one in city.answers)
    is_high = any("high" in set(one.rows["severity"]) for one in city.counties)
    raise SystemExit(2 if failed else int(is_high))


def _print(city: City) -> None:
    from recon.rollup.brief import summary_of

    click.echo(say(summary_of(city)))
    _print_failed(city.answers)
    for lead in city.leads[:10]:
        click.echo(f"  {lead.rule} {say(lead.message)}")


def _print_failed(answers: Iterable[Answer]) -> None:
    for one in answers:
        if one.problem is not None:
            click.echo(f"{one.county.name}: {say(one.problem)}", err=True)
