"""Files of settings as people type them: Chinese signs, other encodings, faults all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recon.base.errors import ConfigError, YamlError
from recon.base.shapes import Number, Sentence, Shape, Words, below, checked, sound_part
from recon.base.yamlio import load_yaml, parse_yaml
from recon.policy.parameters import load_policy
from recon.workspace.recon_toml import load_config

if TYPE_CHECKING:
    from pathlib import Path

    from recon.base.models import Text


@pytest.mark.parametrize(
    ("text", "line", "sign", "plain"),
    [
        ("[self]\nname = “某县总工会”\n", 2, "“", '"'),
        ('[self]\nname ＝ "某县总工会"\n', 2, "＝", "="),
        ('[self]\naccounts = ["1"，"2"]\n', 2, "，", ","),
        ('# 说明，随便写\n[self]\nname = "某县，总工会"\n［check］\n', 4, "［", "["),
        ('[self]\n\u3000name = "甲"\n', 2, "全角空格", "半角空格"),
    ],
)
def test_a_chinese_sign_in_recon_toml_is_shown_with_its_line(
    tmp_path: Path, text: str, line: int, sign: str, plain: str
) -> None:
    (tmp_path / "recon.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path)
    said = caught.value.text
    shown = f"这里有中文标点 {sign}。改用英文输入法的 {plain}。"
    assert said.zh == f"{tmp_path / 'recon.toml'}:{line}: {shown}"
    assert f"recon.toml:{line}: here is the Chinese sign" in said.en


def test_chinese_signs_inside_quotes_and_comments_are_no_fault(tmp_path: Path) -> None:
    text = '[self] # 单位，“全称”\nname = "某县总工会（本级），“甲”"\n'
    (tmp_path / "recon.toml").write_text(text, encoding="utf-8")
    assert load_config(tmp_path).self_unit.name == "某县总工会（本级），“甲”"


def test_a_chinese_sign_in_yaml_is_shown_with_its_line() -> None:
    with pytest.raises(YamlError) as caught:
        parse_yaml("rate:\n  unit： day\n  values: {}\n", "fee.yaml")
    assert caught.value.text.zh == "fee.yaml:2: 这里有中文标点 ：。改用英文输入法的 :。"


def test_a_value_in_chinese_quotes_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "policy" / "xian"
    folder.mkdir(parents=True)
    text = "rate: {values: {2024-01-01: {value: “0.03”, reference: {title: 甲}}}}\n"
    (folder / "fee.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_policy("xian", None, tmp_path)
    assert "这里有中文标点 “。改用英文输入法的" in caught.value.text.zh
    assert "Use a number" in caught.value.text.en


@pytest.mark.parametrize(
    ("raw", "line", "zh"),
    [
        ("[self]\nname = '某县'\n".encode("gbk"), 2, "GBK"),
        (b"\xff\xfe[\x00", 1, "别的编码"),
    ],
)
def test_another_encoding_is_named_with_its_first_line(
    tmp_path: Path, raw: bytes, line: int, zh: str
) -> None:
    for name, read in (("recon.toml", load_config), ("a.yaml", None)):
        (tmp_path / name).write_bytes(raw)
        with pytest.raises((ConfigError, YamlError)) as caught:
            read(tmp_path) if read else load_yaml(tmp_path / name)
        assert f"{name}:{line}: 这个文件是{zh}，不是 UTF-8 文本。" in caught.value.text.zh
        assert "save it as UTF-8" in caught.value.text.en


class Inner(Shape):
    rate: Number
    names: Words = ()


class Outer(Shape):
    title: Sentence
    inner: list[Inner]


def test_all_faults_come_at_once_with_their_places() -> None:
    raw = {
        "title": {"zh": "甲", "e": "A"},
        "inner": [{"rate": "x"}, {"names": ["a", 3], "rat": 1}],
        "more": 1,
    }
    faults: list[Text] = []
    assert checked(Outer, raw, below("a.yaml"), faults) is None
    assert sorted(fault.en for fault in faults) == [
        "a.yaml: inner[1].rate: 'x' is wrong. Use a number.",
        "a.yaml: inner[2].names[2]: '3' is wrong. Use a text.",
        "a.yaml: inner[2]: 'rate' is missing. Add it.",
        "a.yaml: inner[2]: unknown key 'rat'. Did you mean 'rate'? Allowed: names, rate.",
        "a.yaml: title: 'en' is missing. Add it.",
        "a.yaml: title: unknown key 'e'. Did you mean 'en'? Allowed: en, zh.",
        "a.yaml: unknown key 'more'. Allowed: inner, title.",
    ]
    assert all(fault.zh[8] >= "\u4e00" or "。" in fault.zh for fault in faults)


def test_the_sound_part_leaves_out_what_is_wrong() -> None:
    title = {"zh": "甲", "en": "A"}
    raw = {"title": title, "inner": [{"rate": 1}, {"rate": "x"}], "more": 1}
    found = sound_part(Outer, raw)
    assert found is not None
    assert [one.rate for one in found.inner] == [1]
    assert raw["more"] == 1
    assert sound_part(Outer, {"inner": []}) is None
