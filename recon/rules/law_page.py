"""`docs/law.md`: every rule and every policy parameter with its text, its days and its status.

Not here: what a rule's own page says (`pages`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recon.policy.parameters import load_policy, locales
from recon.rules.catalog import load_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recon.policy.parameters import PolicyValue
    from recon.rules.references import Provision

_HEAD = """# 法规依据 / The texts

本页由规则和参数包生成，不要手改：`uv run python -m tests.docs.regenerate`。
“已读”指在公开文本里读到这句话，不是在发文机关的网站上；这里没有人是律师。没有依据的参数，要用[参数确认](policy.md)填写本地文件。

Generated from the rules and the packs. "read" means that the sentence was read in a public copy,
not on the issuer's own site; nobody here is a lawyer. What has no text waits for a local document.

"""


def law_page() -> str:
    """Return the whole page as Markdown: rules, national values, what each place adds."""
    return _HEAD + "\n".join([*_rules(), "", *_parameters(), ""])


def _rules() -> Iterator[str]:
    yield "## 规则 / Rules"
    yield ""
    yield "| 规则 / rule | 依据 / text | 施行 / in force | 状态 / status | 原句 / sentence |"
    yield "|---|---|---|---|---|"
    for rule in sorted(load_rules(), key=lambda rule: rule.code):
        name = f"{rule.code} {rule.about.title.zh}"
        if not rule.provisions:
            yield f"| {name} | 无统一依据，按当地规定 / local rules decide | | | |"
        for one in rule.provisions:
            yield f"| {name} | {_cell(one.cited)} | {_days(one)} | {_status(one)} | {one.quote} |"


def _days(one: Provision) -> str:
    return f"{one.starts_on or ''}—{one.ends_on or ''}"


def _status(one: Provision) -> str:
    place = f"，只在 / only in {one.place}" if one.place else ""
    return ("已读 / read" if one.is_confirmed else "未见原文 / not seen") + place


def _parameters() -> Iterator[str]:
    national = load_policy()
    yield "## 参数 / Parameters"
    yield ""
    yield (
        "`policy`：决定确定金额或期限；`tool`：工具的容差和界限。"
        "Only `policy` values can make an amount unconfirmed."
    )
    yield ""
    yield (
        "| 参数 / parameter | 类 / kind | 起 / from | 值 / value | 状态 / status | "
        "依据 / text | 原句 / sentence |"
    )
    yield "|---|---|---|---|---|---|---|"
    for name in national.parameters():
        for value in national.values_of(name):
            yield _line(name, national.parameter(name).kind, value)
    for locale in locales():
        if locale == "base":
            continue
        local = load_policy(locale)
        yield ""
        yield f"### {locale}"
        yield ""
        yield "| 参数 / parameter | 类 / kind | 起 / from | 值 / value | 状态 | 依据 | 原句 |"
        yield "|---|---|---|---|---|---|---|"
        for name in local.parameters():
            if name != "refund.policies" and local.by_name[name] != national.by_name[name]:
                for value in local.values_of(name):
                    if locale in value.place:
                        yield _line(name, local.parameter(name).kind, value)
                if not local.values_of(name):
                    yield f"| {name} | | | 待填 / to be filled in | | | |"


def _line(name: str, kind: str, value: PolicyValue) -> str:
    status = "已读 / read" if value.is_verified else "未确认 / not confirmed"
    status = "工具设置 / setting" if kind == "tool" else status
    text = _cell(value.reference.cited)
    return (
        f"| {name} | {kind} | {value.starts_on} | {_cell(value.text)} | {status} | {text} | "
        f"{value.reference.quote} |"
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
