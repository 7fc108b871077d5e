"""The command line: one module per command group; parse, call, print, exit.

Commands are imported only when they run, so that `recon --help` stays quick. Not here: any work.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import os
import sys
import threading
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from recon import __version__
from recon.base.texts import speak
from recon.cli.usage import spoken_error, unknown_command

if TYPE_CHECKING:
    from recon.base.models import Lang

#: Python's own 700 let it look for circles 350 times in a run that makes hardly any.
_OBJECTS_BETWEEN_COLLECTIONS = 50_000

#: Command name to (module, Chinese help, English help).
COMMANDS: dict[str, tuple[str, str, str]] = {
    "check": (
        "check",
        "读取、校验、勾稽，写出运行目录并打印汇总",
        "read, validate, reconcile, write the run folder; print the summary",
    ),
    "demo": (
        "check",
        "用随软件附带的示例县运行 check",
        "run check on the sample county that ships with the tool",
    ),
    "desk": (
        "desk",
        "打开本机工作台：放资料、核查、复核、出文书，都在一个网页上",
        "open a local page for everything: files, check, review, papers",
    ),
    "diff": (
        "diff",
        "比较两次运行：新增、延续、金额变化、已消除",
        "compare two runs: new, persisting, changed, resolved",
    ),
    "explain": (
        "explain",
        "解释一条例外：规则、计算式、来源行、参数",
        "explain one exception: rule, formula, source rows, parameters",
    ),
    "init": (
        "init",
        "建立工作区：recon.toml 和各类空白模板",
        "make a workspace: recon.toml and template workbooks",
    ),
    "ledger": (
        "ledger",
        "整改台账：列表、收回、销号、重新打开、历史",
        "the ledger of findings: list, recover, close, reopen, history",
    ),
    "map": (
        "map_cmd",
        "查看每个文件、工作表、列被认作什么",
        "show what each file, sheet and column is taken for",
    ),
    "policy": (
        "policy",
        "查看政策参数及其来源",
        "show policy parameters and their sources",
    ),
    "report": (
        "report",
        "写自查报告、整改台账、核对函、取证单、一页纸",
        "write the self-inspection report, rectification register and letters",
    ),
    "review": (
        "review",
        "把工作簿里填的复核结论导入台账",
        "take reviewers' decisions from workbooks into the ledger",
    ),
    "rollup": (
        "rollup",
        "汇总各县（区）的核查结果，找跨县线索",
        "add up the counties of a city and find what none of them sees",
    ),
    "rules": (
        "rules",
        "查看规则，运行规则用例，新建规则",
        "show rules, run their cases, write a new one",
    ),
    "selftest": (
        "selftest",
        "在资料副本里植入缺陷，看每条规则能否查出",
        "plant a defect per rule into a copy of the data; report what is found",
    ),
    "share": (
        "share",
        "生成例外与原件相同的假名副本",
        "make a pseudonymous twin whose exceptions equal the original's",
    ),
    "verify": (
        "verify",
        "用资料重算一次运行，逐字节比较",
        "recompute a run from its inputs and compare it byte by byte",
    ),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the command names, sorted."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"recon.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name, None) or module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a word that is none is answered with the nearest one."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            raise unknown_command(args[0], sorted(COMMANDS), ctx)
        return super().resolve_command(ctx, args)

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401 - click's own
    ) -> click.Context:
        """Read the words before the command; faults are said in the spoken language."""
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            raise spoken_error(error) from error

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own
        """Run the command; faults of its words are said in the spoken language."""
        try:
            return super().invoke(ctx)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            raise spoken_error(error) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the command list from the table, without importing anything."""
        place = 2 if _language(sys.argv[1:]) == "en" else 1
        with formatter.section("命令" if place == 1 else "Commands"):
            formatter.write_dl([(name, COMMANDS[name][place]) for name in sorted(COMMANDS)])


def _language(arguments: list[str]) -> Lang:
    """Return the language asked for by --lang, else by RECON_LANG, else Chinese."""
    asked = os.environ.get("RECON_LANG", "zh")
    for place, word in enumerate(arguments):
        if word == "--lang" and place + 1 < len(arguments):
            asked = arguments[place + 1]
        elif word.startswith("--lang="):
            asked = word.removeprefix("--lang=")
    return "en" if asked == "en" else "zh"


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="示例 / example:  recon check 资料目录 --as-of 2024-12-31",
)
@click.version_option(__version__, prog_name="recon")
@click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    expose_value=False,
    is_eager=True,
    callback=lambda _ctx, _param, value: speak(value) if value else None,
    help="语言 / language of messages (RECON_LANG).",
)
@click.option(
    "--debug", is_flag=True, expose_value=False, help="出错时显示完整堆栈 / show tracebacks."
)
def cli() -> None:
    """工会经费与资产核查工具 / audit toolkit for union money and assets."""


def command() -> NoReturn:
    """Run `main` as a process of its own, the `recon` command.

    Its end takes no object apart, as Python would for 0.2 s after a run; what
    asked to be called at the end is called.
    """
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    try:
        main()
    except SystemExit as end:
        others = (one for one in threading.enumerate() if one is not threading.main_thread())
        if not isinstance(end.code, int) or not all(one.daemon for one in others):
            raise
        atexit._run_exitfuncs()  # noqa: SLF001 - Python itself would call them after the threads
        with suppress(OSError, ValueError):  # nobody reads on: Python says so
            for stream in (sys.stdout, sys.stderr):
                if stream is not None:  # as without a console
                    stream.flush()
            os._exit(end.code)
        raise


def main() -> NoReturn:
    """Run the command line and leave by `SystemExit`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    speak(_language(sys.argv[1:]))
    sys.exit(_run(debug="--debug" in sys.argv))


def _place(error: BaseException) -> str:
    """Say where in the program an error arose; its own words may hold what a file says."""
    steps = traceback.extract_tb(error.__traceback__)
    house = str(Path(__file__).parents[1])
    last = [step for step in steps if step.filename.startswith(house)][-1]
    return f"{Path(last.filename).name}:{last.lineno}"


def _run(*, debug: bool) -> int:
    """Run the asked command and return its exit status; every end but success has a sentence."""
    try:
        return int(cli.main(prog_name="recon", standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        click.echo(
            "已中断，没有写出结果；资料没有改动。 / Stopped: nothing written, inputs untouched.",
            err=True,
        )
        return 2
    except Exception as error:
        if debug:
            raise
        import subprocess

        again = subprocess.list2cmdline(["recon", "--debug", *sys.argv[1:]])
        click.echo(
            f"程序内部错误 / internal error: {type(error).__name__} ({_place(error)})\n"
            "没有写出结果。请照下一行再运行一次，把输出里的个人信息删去后发给维护者。 / Nothing "
            "was written. Run the next line and report its output without personal data.\n"
            f"  {again}",
            err=True,
        )
        return 2
