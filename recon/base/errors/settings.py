"""Errors of settings, shipped files, policy and templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recon.base.errors.base import ReconError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recon.base.models import Text


class ConfigError(ReconError):
    """A file of settings, rules or policy is wrong; several faults are shown together."""

    def __init__(self, faults: Iterable[Text]) -> None:
        """Join all faults, one a line."""
        found = tuple(faults)
        self.faults = found
        super().__init__(
            "\n".join(fault.zh for fault in found), "\n".join(fault.en for fault in found)
        )


class YamlError(ReconError):
    """A YAML file cannot be read."""

    def __init__(self, path: object, line: int | None, zh: str, en: str) -> None:
        """Say the place and what is wrong."""
        place = f"{path}:{line}" if line else f"{path}"
        super().__init__(f"{place}: {zh}", f"{place}: {en}")


class ResourceMissingError(ReconError):
    """A shipped folder is not where it should be."""

    def __init__(self, name: str) -> None:
        """Name the folder."""
        super().__init__(
            f"{name}: 找不到随软件附带的这个目录。请重新安装 recon。",
            f"{name}: this folder ships with the tool and is not there. Install recon again.",
        )


class UnknownParameterError(ReconError):
    """A word names no policy parameter."""

    def __init__(self, word: str, near: tuple[str, ...]) -> None:
        """Name the word and the nearest known ones."""
        hint_zh = f"是不是 {'、'.join(near)}？" if near else ""
        hint_en = f" Did you mean {', '.join(near)}?" if near else ""
        super().__init__(
            f"{word}: 没有这个政策参数。{hint_zh}用 recon policy list 查看全部。",
            f"{word}: no policy parameter has that name.{hint_en} See 'recon policy list'.",
        )


class AliasError(ReconError):
    """A line of aliases.csv cannot be used."""

    def __init__(self, path: object, line: int) -> None:
        """Name the line."""
        super().__init__(
            f"{path}:{line}: 这一行缺名称或代码，或同一名称给了两个代码。"
            "每行写：名称,统一社会信用代码。",
            f"{path}:{line}: a name or code is missing, or one name has two codes. "
            "Write one line per name: name,code.",
        )


class TemplateExistsError(ReconError):
    """A file of a new workspace is there already."""

    def __init__(self, path: object) -> None:
        """Name the file."""
        super().__init__(
            f"{path}: 这个文件已经有了，什么也没有写。换一个目录，或先移走它。",
            f"{path}: this file is there already and nothing was written. Choose another folder.",
        )
