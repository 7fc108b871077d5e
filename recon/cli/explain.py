"""`recon explain ID`: one exception with its numbers, rows and sources; or why there is none."""

from __future__ import annotations

from pathlib import Path

import click

from recon.base.models import Text
from recon.base.texts import say, spoken
from recon.cli.options import language

#: So many source rows are quoted; the others are listed.
_QUOTED = 20


@click.command("explain", epilog="示例 / example:  recon explain 3f2a91c0 --out 资料目录/recon-out")
@click.argument("exception_id", metavar="ID", required=False)
@click.option(
    "--why-not",
    nargs=2,
    metavar="PARTY RULE",
    help="某规则为什么没有查出某单位 / why a rule found nothing about a party.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("recon-out"),
    help="check 的输出目录，默认 recon-out / output folder of check.",
)
@click.option(
    "--data",
    "data_dir",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="资料目录，默认 --out 的上一级 / data folder.",
)
@language
@click.pass_context
def explain(
    ctx: click.Context,
    exception_id: str | None,
    why_not: tuple[str, str] | None,
    out: Path,
    data_dir: Path | None,
) -> None:
    """解释一条例外：规则、计算式、来源行、参数 / explain one exception.

    来源行从资料文件里引原文（个人信息遮盖）；文件不在原处或改过就只列位置。
    Source rows are quoted from the files, masked; of a file that is gone or changed only the place.

    --why-not 单位 规则：说出最接近而没有成立的条件和数字；重算这条规则，资料须没有变过。
    --why-not PARTY RULE: the nearest condition that did not hold, with its numbers.
    """
    if exception_id is None and why_not is None:
        raise click.MissingParameter(ctx=ctx, param=ctx.command.params[0])
    if exception_id is not None and why_not is not None:
        raise click.UsageError(
            say(Text("编号和 --why-not 只写一个", "give an id or --why-not")), ctx
        )
    if why_not is not None:
        from recon.why_not.ask import why_not as answer

        click.echo(answer(out, *why_not, data_dir), nl=False)
        return
    from recon.output.quoted import in_words, quote_places
    from recon.rules.catalog import load_rules
    from recon.rules.pages import exception_page, find_exception

    run, row = find_exception(out, exception_id or "")
    rows = quote_places(run, row["evidence"][:_QUOTED], data_dir)
    quoted = {place: in_words(one, spoken()) for place, one in rows.items() if one.cells}
    click.echo(exception_page(run, row, spoken(), load_rules(), quoted), nl=False)
