"""Which rules a change touches: by their own files, their cases, or a staged table below them."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from recon.base import resources
from recon.engine.staging import staged_selects
from recon.run.rule_cases import tables_read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recon.rules.catalog import Rule


def base_of(ref: str) -> str | None:
    """Return the commit to compare with, or None where the clone does not have it.

    Args:
        ref: A branch, tag or commit. Where `HEAD` has left it, the point where it left counts;
            where it is `HEAD` itself or not known, the commit before.
    """
    base = _git("merge-base", ref, "HEAD")
    if base and base != _git("rev-parse", "HEAD"):
        return base
    return _git("rev-parse", "--verify", "--quiet", "HEAD~1")


def changed_files(base: str) -> set[str]:
    """Return the paths that differ from a commit, new files among them, as git writes them."""
    changed = _git("diff", "--name-only", base) or ""
    new = _git("ls-files", "--others", "--exclude-standard") or ""
    return {line for line in (*changed.splitlines(), *new.splitlines()) if line}


def touched_rules(rules: Iterable[Rule], files: set[str]) -> list[Rule]:
    """Return the rules that changed files touch, those with files of their own first."""
    tables = {path.rsplit("/", 1)[-1].removesuffix(".sql") for path in files if _is_staged(path)}
    stems = {path.rsplit("/", 1)[-1].rsplit(".", 1)[0] for path in files if _is_rule(path)}
    own = [rule for rule in rules if rule.path.stem in stems]
    below = [
        rule
        for rule in rules
        if rule not in own and tables & staged_selects(tables_read((rule,))).keys()
    ]
    return own + below


def _is_staged(path: str) -> bool:
    return path.startswith(("sql/staging/", "sql/parties/")) and path.endswith(".sql")


def _is_rule(path: str) -> bool:
    return path.startswith(("rules/", "sql/rules/", "tests/rules/"))


def _git(*words: str) -> str | None:
    """Return what git says in the project's folder, or None where it cannot say it."""
    try:
        done = subprocess.run(
            ["git", *words],
            cwd=resources.shipped("rules").parent,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()
