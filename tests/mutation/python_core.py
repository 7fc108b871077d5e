"""Developers' command: mutation check of the Python core (reading values, keys, matching).

    uv run python -m tests.mutation.python_core                       every mutant of every module
    uv run python -m tests.mutation.python_core --each 30 --seed 1    a drawn sample of each
    uv run python -m tests.mutation.python_core amounts --report      one; and write its row

One place inside a function is made wrong at a time: a comparison flipped, `and` for `or`, a `not`
or a condition turned round, `-` for `+`, a number one more, a result forgotten. Each mutant gets a
fork of this process, in which the function's code is replaced and the module's tests run. One that
lives because it changes no result is argued in equivalent.yaml. Needs a system that can fork.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib
import inspect
import os
import random
import re
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

import click
import pytest

from recon.base.yamlio import load_yaml
from tests.docs.pages import DOCS, ROOT, put_between, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

UNIT = "tests/unit"
_VALUES, _MATCHING = f"{UNIT}/intake/test_values.py", f"{UNIT}/test_matching.py"
_RUN, _DECLARED = f"{_MATCHING}::TestRun", f"{_MATCHING}::TestDeclarations"
_PASSES, _DOUBTS = f"{_MATCHING}::TestPasses", f"{_MATCHING}::TestAmbiguity"
_BATCHES = f"{UNIT}/test_matching_batches.py"
#: Each part of the core: its modules, with the tests that answer for them.
PARTS: dict[str, dict[str, tuple[str, ...]]] = {
    "parse": {
        "recon.intake.values.amounts": (_VALUES,),
        "recon.intake.values.dates": (_VALUES,),
        "recon.intake.formats.numbers": (f"{UNIT}/intake/test_numbers.py",),
        "recon.intake.values.columns": (_VALUES, f"{UNIT}/test_distinct.py"),
        "recon.intake.values.words": (_VALUES,),
        "recon.intake.values.years": (f"{UNIT}/intake/test_years.py",),
        "recon.base.distinct": (f"{UNIT}/test_distinct.py",),
        "recon.tables.checks": (f"{UNIT}/test_checks.py",),
    },
    "ids": {
        "recon.tables.names": (f"{UNIT}/test_staging.py",),
        "recon.engine.rendering": (f"{UNIT}/test_rendering.py",),
    },
    "links": {
        "recon.engine.exception_list": (f"{UNIT}/test_exception_list.py",),
    },
    "matching": {
        "recon.matching.classes": (f"{_MATCHING}::TestClasses", _DOUBTS),
        "recon.matching.confirmed": (f"{_MATCHING}::TestConfirmed",),
        "recon.rules.pairings": (_DECLARED, _RUN),
        "recon.matching.match_lines": (f"{UNIT}/test_match_lines.py",),
        "recon.matching.passes": (_PASSES, _DOUBTS, _BATCHES),
        "recon.matching.proof": (_RUN,),
        "recon.matching.sums": (_DOUBTS, _PASSES, _BATCHES),
        "recon.matching.workbench": (_RUN, _PASSES),
        "recon.matching.subset_sum": (f"{UNIT}/test_subset_sum.py",),
    },
}
CORE = {module: tests for modules in PARTS.values() for module, tests in modules.items()}
PAGE = DOCS / "reliability.md"
ROW = re.compile(r"^\| (recon\.[\w.]+)" + 4 * r" \| (\d+)", re.MULTILINE)
#: Survivors that change no result, by module: the line, the change, and why.
ARGUED = Path(__file__).with_name("equivalent.yaml")
Row = tuple[int, int, int, int]
_OTHERWISE: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.Add, ast.Div: ast.Mult,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """A module made wrong in one place: the line, what was done, the whole tree."""

    module: str
    line: int
    what: str
    tree: ast.Module


def _changed(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield what one node becomes, each with its name."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _OTHERWISE:
        new = copy.deepcopy(node)
        new.ops[0] = _OTHERWISE[type(node.ops[0])]()  # type: ignore[call-overload]
        yield f"{type(node.ops[0]).__name__} for {type(new.ops[0]).__name__}", new
    elif isinstance(node, ast.BoolOp | ast.BinOp | ast.AugAssign) and type(node.op) in _OTHERWISE:
        other = copy.deepcopy(node)
        other.op = _OTHERWISE[type(node.op)]()  # type: ignore[assignment]
        yield f"{type(node.op).__name__} is {type(other.op).__name__}", other
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "a not dropped", node.operand
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool | int):
        value = not node.value if isinstance(node.value, bool) else node.value + 1
        yield f"{node.value} is {value}", ast.copy_location(ast.Constant(value), node)
    elif isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        forgotten = ast.Return(ast.copy_location(ast.Constant(None), node))
        yield "a result forgotten", ast.copy_location(forgotten, node)
    elif isinstance(node, ast.If | ast.IfExp) and not isinstance(node.test, ast.Compare):
        turned = copy.deepcopy(node)
        turned.test = ast.copy_location(ast.UnaryOp(ast.Not(), turned.test), node.test)
        yield "a condition turned round", turned


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def mutants(module: str) -> list[Mutant]:
    """Return every mutant of a module's functions; annotations and constants outside stay."""
    path = ROOT / (module.replace(".", "/") + ".py")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = []
    for place in _places(tree):
        owner, field, index, node = place
        for what, new in _changed(node):
            _put(owner, field, index, new)
            wrong = ast.fix_missing_locations(copy.deepcopy(tree))
            _put(owner, field, index, node)
            found.append(Mutant(module, getattr(node, "lineno", 0), what, wrong))
    return found


_Place = tuple[ast.AST, str, int | None, ast.AST]


def _places(tree: ast.Module) -> Iterator[_Place]:
    """Yield every node inside a function's body with where it stands."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for number, statement in enumerate(function.body):
                yield function, "body", number, statement
                yield from _below(statement)


def _below(node: ast.AST) -> Iterator[_Place]:
    if isinstance(node, ast.FunctionDef):
        return  # it is walked on its own
    for field, value in ast.iter_fields(node):
        if field == "annotation":
            continue
        for index, child in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(child, ast.AST):
                yield node, field, index if isinstance(value, list) else None, child
                yield from _below(child)


def _put(owner: ast.AST, field: str, index: int | None, node: ast.AST) -> None:
    if index is None:
        setattr(owner, field, node)
    else:
        getattr(owner, field)[index] = node


def _functions(module: Any) -> dict[str, FunctionType]:
    """Return the functions and methods of a module by qualified name, free of wrappers."""
    found: dict[str, FunctionType] = {}
    owners = [module, *(each for each in vars(module).values() if inspect.isclass(each))]
    for owner in owners:
        for value in vars(owner).values():
            wraps = (getattr(value, name, None) for name in ("fget", "__func__", "func"))
            bare = next(filter(None, wraps), value)
            bare = inspect.unwrap(bare) if callable(bare) else bare
            if isinstance(bare, FunctionType) and bare.__module__ == module.__name__:
                found[bare.__qualname__] = bare
    return found


def _codes(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _codes(each)


def apply(mutant: Mutant) -> None:
    """Replace the code of this process's module by the mutant's, function by function."""
    module = importlib.import_module(mutant.module)
    made = compile(mutant.tree, str(module.__file__), "exec", dont_inherit=True)
    functions = _functions(module)
    for code in _codes(made):
        if (real := functions.get(code.co_qualname)) is not None:
            real.__code__ = code
    for value in vars(module).values():
        if hasattr(value, "cache_clear"):
            value.cache_clear()


def survives(mutant: Mutant | None, tests: tuple[str, ...], seconds: float) -> bool:
    """Run the tests in a fork; tell whether they all pass in time."""
    child = os.fork()
    if child == 0:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        signal.alarm(int(seconds) + 1)  # ends the fork: a mutant that loops is noticed
        if mutant is not None:
            apply(mutant)
        # What the tests import is imported already, so that a fork starts at once.
        quiet = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
        os._exit(pytest.main(["-q", "-x", "-p", "no:cacheprovider", *quiet, *tests]))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def is_argued(mutant: Mutant) -> bool:
    """Tell whether equivalent.yaml says why a mutant changes nothing."""
    path = ROOT / (mutant.module.replace(".", "/") + ".py")
    line = path.read_text(encoding="utf-8").splitlines()[mutant.line - 1].strip()
    arguments = load_yaml(ARGUED).get(mutant.module) or ()
    return any((one["line"], one["change"]) == (line, mutant.what) for one in arguments)


def check(module: str, each: int | None, seed: int) -> Row:
    """Try a module's mutants; return how many there are, were tried, killed and argued."""
    found = mutants(module)
    chosen = found
    if each is not None and each < len(found):
        chosen = random.Random(f"{seed} {module}").sample(found, each)  # noqa: S311
    tests = CORE[module]
    started = time.monotonic()
    if not survives(None, tests, 600):
        raise click.ClickException(f"{module}: its tests fail as it stands")
    limit = 10 * (time.monotonic() - started) + 10
    alive = []
    for mutant in sorted(chosen, key=lambda one: one.line):
        if survives(mutant, tests, limit):
            alive.append(mutant)
            mark = "argued" if is_argued(mutant) else "alive"
            click.echo(f"{mark:6} {module}:{mutant.line}  {mutant.what}")
    return len(found), len(chosen), len(chosen) - len(alive), sum(map(is_argued, alive))


def table(rows: dict[str, Row]) -> str:
    """Return the scores as a Markdown table: each part's modules, then its sum."""
    heads = ("module", "mutants", "tried", "killed", "argued", "score", "with the argued")
    lines = [f"| {' | '.join(heads)} |", "|---" + "|--:" * 6 + "|"]
    for part, modules in PARTS.items():
        lines += [_line(name, [rows[name]]) for name in modules if name in rows]
        lines.append(_line(f"**{part}**", [rows[name] for name in modules if name in rows]))
    return "\n".join([*lines, _line("**all**", list(rows.values()))])


def _line(name: str, rows: list[Row]) -> str:
    count, tried, killed, argued = (sum(row[place] for row in rows) for place in range(4))
    score, best = killed / max(tried, 1), (killed + argued) / max(tried, 1)
    return f"| {name} | {count} | {tried} | {killed} | {argued} | {score:.1%} | {best:.1%} |"


def main() -> int:
    """Check the modules that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", help="ends of module names; none: all")
    parser.add_argument("--each", type=int, help="try so many of each module")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--report", action="store_true", help="write docs/reliability.md")
    options = parser.parse_args()
    rows: dict[str, Row] = {
        name: (int(count), int(tried), int(killed), int(argued))
        for name, count, tried, killed, argued in ROW.findall(text_of(PAGE))
        if name in CORE
    }
    sys.path.insert(0, str(ROOT))
    for path in {Path(test.partition("::")[0]) for tests in CORE.values() for test in tests}:
        importlib.import_module(".".join(path.with_suffix("").parts))
    for module in CORE:
        if not options.modules or module.endswith(tuple(options.modules)):
            rows[module] = check(module, options.each, options.seed)
            click.echo(f"{module}: {rows[module]}")
            if options.report:
                put_between("python", table(rows), PAGE)
    click.echo(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
