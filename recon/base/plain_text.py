"""Reads a file of settings as text, and says where Chinese typing got into its signs.

Not here: what the text means (`yamlio`, `recon_toml`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from recon.base.errors import YamlError
from recon.base.models import Text

if TYPE_CHECKING:
    from pathlib import Path

#: Signs of a Chinese keyboard, and those that settings are written with.
_PLAIN = dict(zip("“”‘’＂＝，：［］｛｝【】＃\u3000", '""\'\'"=,:[]{}[]# ', strict=True))
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|#.*')
_SIGN = re.compile("[" + "".join(map(re.escape, _PLAIN)) + "]")


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file, without a byte order mark.

    Raises:
        YamlError: It cannot be opened, or is in another encoding; the first line that shows it.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise YamlError(
            path, None, "打不开。检查路径和权限。", "cannot be opened. Check path and permissions."
        ) from error
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        zh, en = ("GBK", "GBK") if _is_gbk(raw) else ("别的编码", "another encoding")
        raise YamlError(
            path,
            line,
            f"这个文件是{zh}，不是 UTF-8 文本。用记事本打开，另存为，编码选 UTF-8。",
            f"this file is in {en}, not UTF-8 text. Open it in Notepad and save it as UTF-8.",
        ) from error


def _is_gbk(raw: bytes) -> bool:
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return True


def chinese_sign(text: str, line: int, reach: int) -> tuple[int, Text] | None:
    """Return where a Chinese sign stands in the place of a plain one, and what to write.

    Args:
        text: Settings that could not be read.
        line: Where reading stopped; the cause stands there or above.
        reach: How many lines are looked at.

    Returns:
        Its line and a sentence, or None if there is none outside quotes and comments.
    """
    lines = text.split("\n")
    for number in range(min(line, len(lines)), max(0, line - reach), -1):
        if sign := _SIGN.search(_QUOTED.sub("", lines[number - 1])):
            return number, _write_plain(sign[0])
    return None


def sign_in(value: object) -> Text:
    """Return what to write where a wrong value holds a Chinese sign; empty if it holds none."""
    sign = _SIGN.search(value) if isinstance(value, str) else None
    return _write_plain(sign[0]) if sign else Text("", "")


def _write_plain(sign: str) -> Text:
    shown, plain = ("全角空格", "半角空格") if sign == "\u3000" else (sign, _PLAIN[sign])
    english = ("a full-width space", "a plain space") if sign == "\u3000" else (sign, plain)
    return Text(
        f"这里有中文标点 {shown}。改用英文输入法的 {plain}。",
        f"here is the Chinese sign {english[0]} . Type the plain {english[1]} instead.",
    )
