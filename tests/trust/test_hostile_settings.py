"""YAML and TOML that swell, nest or name types are one sentence, never a crash."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recon.base.errors import ConfigError, YamlError
from recon.base.yamlio import parse_yaml
from recon.workspace.recon_toml import read_config

if TYPE_CHECKING:
    from pathlib import Path

BILLION = "a: &a [x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)
)
YAML = {
    "aliases that unfold to a billion": (BILLION, "aliases are not allowed"),
    "a merge key": ("a: &a {x: 1}\nb:\n  <<: *a\n", "aliases are not allowed"),
    "a tag of Python": ('!!python/object/apply:os.system ["x"]', "tags are not allowed"),
    "a tag of YAML": ("a: !!binary aGk=", "tags are not allowed"),
    "a list for a key": ("? [a, b]\n: 1", "a key must be one word"),
    "two documents": ("a: 1\n---\na: 2", "another document begins here"),
    "a million open brackets": ("[" * 1_000_000, "nested too deeply"),
    "a million nested items": ("- " * 1_000_000, "nested too deeply"),
    "a number of 100 000 digits": ("a: " + "9" * 100_000, "not readable as YAML"),
    "five megabytes": ("a" * 5_000_000, "Split it"),
    "a NUL character": ("a: \x00", "control characters are not allowed"),
    "a key given twice": ("a: 1\na: 2", "duplicate key"),
}
TOML = {
    "100 000 open brackets": "a = " + "[" * 100_000,
    "a dotted key of 100 000 parts": "a" + ".a" * 100_000 + " = 1",
    "a quoted dotted key of 100 000 parts": '"a"' + ' . "a"' * 100_000 + " = 1",
    "a number of 100 000 digits": "a = " + "9" * 100_000,
    "a NUL character": 'a = "\x00"',
}


@pytest.mark.hostile("YAML of rules, policy and holidays", "refused with one sentence")
@pytest.mark.parametrize("name", YAML)
def test_yaml_is_refused_with_its_reason(name: str) -> None:
    text, reason = YAML[name]
    with pytest.raises(YamlError) as refused:
        parse_yaml(text, "rules/x.yaml")
    assert reason in refused.value.text.en


@pytest.mark.hostile("recon.toml", "refused with one sentence")
@pytest.mark.parametrize("name", TOML)
def test_toml_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "recon.toml").write_text(TOML[name], encoding="utf-8")
    with pytest.raises(ConfigError, match=r"recon\.toml(:\d+)?: 读不懂"):
        read_config(tmp_path)
