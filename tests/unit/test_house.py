"""The rooms of `recon/`: what lies where, and that no two modules need each other."""

from __future__ import annotations

import ast
from pathlib import Path

import grimp
import pytest

import recon

_HOUSE = Path(recon.__file__).parent
_ROOMS = {
    *("base", "tables", "policy", "intake", "workspace", "rules", "output", "engine"),
    *("matching", "ledger", "run", "report", "share", "why_not", "selftest", "desk"),
    *("rollup", "cli"),
}


def test_nothing_but_rooms_stands_in_the_hall() -> None:
    entries = {path.name for path in _HOUSE.iterdir() if path.suffix == ".py" or path.is_dir()}
    assert entries - {"__pycache__", "_shipped"} == _ROOMS | {"__init__.py", "__main__.py"}


@pytest.fixture(scope="module")
def needs() -> dict[str, set[str]]:
    graph = grimp.build_graph("recon", cache_dir=None)
    return {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}


def test_no_module_needs_itself_through_others(needs: dict[str, set[str]]) -> None:
    floors: dict[str, int] = {}

    def floor(name: str, way: tuple[str, ...]) -> int:
        assert name not in way, f"a circle: {' -> '.join((*way, name))}"
        if name not in floors:
            below = [floor(one, (*way, name)) for one in needs[name]]
            floors[name] = 1 + max(below, default=0)
        return floors[name]

    for name in needs:
        floor(name, ())
    assert len(floors) == len(needs)


#: A person's room holds so much; click hands a command all of its options.
_MOST_LINES, _MOST_OF_A_FUNCTION, _MOST_ARGUMENTS = 400, 60, 6


def _functions(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


@pytest.mark.parametrize("path", sorted(_HOUSE.rglob("*.py")), ids=lambda path: path.stem)
def test_a_module_and_its_functions_are_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= _MOST_LINES
    for one in _functions(ast.parse(text)):
        assert (one.end_lineno or 0) - one.lineno < _MOST_OF_A_FUNCTION, one.name
        given = [*one.args.posonlyargs, *one.args.args, *one.args.kwonlyargs]
        named = [argument for argument in given if argument.arg not in ("self", "cls")]
        is_command = any("click" in ast.unparse(mark) for mark in one.decorator_list)
        assert is_command or len(named) <= _MOST_ARGUMENTS, one.name
