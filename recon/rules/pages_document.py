"""`docs/rules.zh.md` and `docs/rules.en.md`: the explain page of every shipped rule, in one page.

Here: the order of families and the shift of headings. Not here: what a rule's page says (see
`pages`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recon.base.models import Text
from recon.base.texts import FAMILIES
from recon.policy.parameters import load_policy
from recon.rules.catalog import load_rules
from recon.rules.pages import rule_page

if TYPE_CHECKING:
    from recon.base.models import Lang
    from recon.rules.catalog import Rule

_TITLE = Text("# 规则手册", "# The rules")
_HEAD = Text(
    """\
本页由规则文件生成，不要手改：`uv run python -m tests.docs.regenerate`。

共 {rules} 条规则，{families} 族。在终端看其中一条：`recon rules show REM-06`。
“依据待核”表示还没有人对照原文核过这条依据。政策参数取自 base 参数包，多数没有确认，
见[政策参数](policy.md)。
""",
    """\
This page is generated from the rule files: `uv run python -m tests.docs.regenerate`.

{rules} rules in {families} families.
One of them on the terminal: `recon rules show REM-06 --lang en`.
"source not verified" means that nobody has compared the citation with its text yet; parameter
values are those of the base pack, most of them unconfirmed (see [policy parameters](policy.md)).
""",
)


def rules_page(lang: Lang) -> str:
    """Return the page of all shipped rules as Markdown.

    Args:
        lang: "zh" or "en".

    Returns:
        A table of contents by family, then every rule's explain page, its headings two levels down.
    """
    rules = sorted(load_rules(), key=lambda rule: rule.code)
    families = {code: [rule for rule in rules if rule.family == code] for code in FAMILIES}
    families = {code: members for code, members in families.items() if members}
    policy = load_policy()
    head = _HEAD.in_(lang).format(rules=len(rules), families=len(families))
    parts = [_TITLE.in_(lang), "", head]
    parts += [_contents(code, members, lang) for code, members in families.items()]
    parts.append("")
    for code, members in families.items():
        parts += [f"## {code} {FAMILIES[code].in_(lang)}", ""]
        for rule in members:
            parts += [f'<a id="{rule.code.lower()}"></a>', ""]
            parts.append(_deeper(rule_page(rule, lang, policy)))
    return "\n".join(parts).rstrip() + "\n"


def _contents(code: str, members: list[Rule], lang: Lang) -> str:
    links = " · ".join(
        f"[{rule.code} {rule.about.title.text.in_(lang)}](#{rule.code.lower()})" for rule in members
    )
    colon = Text("：", ": ").in_(lang)
    return f"- **{code} {FAMILIES[code].in_(lang)}**{colon}{links}"


def _deeper(page: str) -> str:
    """Move the headings of a rule's page two levels down."""
    return "\n".join(f"##{line}" if line.startswith("#") else line for line in page.split("\n"))
