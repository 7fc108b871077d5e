"""Errors of a run on Spark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recon.base.errors.base import ReconError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recon.base.models import Text


class SparkMasterError(ReconError):
    """`--engine spark` without the address of a Spark Connect server."""

    def __init__(self, master: object) -> None:
        """Show what was given."""
        given = master or "--master"
        super().__init__(
            f"{given}: 不是 Spark Connect 服务器的地址。写成 --master sc://主机:端口。",
            f"{given}: not the address of a Spark Connect server. Write --master sc://HOST:PORT.",
        )


class SparkMissingError(ReconError):
    """The client of Spark Connect is not installed."""

    def __init__(self) -> None:
        """Say how to install it."""
        super().__init__(
            "--engine spark: 没有安装 Spark 客户端。用 pip install 'union-recon[spark]' 安装，"
            "或用 uv run --extra spark recon …。",
            "--engine spark: the Spark client is not installed. "
            "Use pip install 'union-recon[spark]', or uv run --extra spark recon …",
        )


class SparkUnreachableError(ReconError):
    """No Spark Connect server answers."""

    def __init__(self, master: str, reason: str) -> None:
        """Name the address and the reason."""
        super().__init__(
            f"{master}: 连不上 Spark Connect 服务器（{reason}）。检查地址和服务器是否在运行。",
            f"{master}: no Spark Connect server answers ({reason}). "
            "Check the address and that the server runs.",
        )


class SparkFailedError(ReconError):
    """The cluster failed in the middle of a run; nothing was written."""

    def __init__(self, place: str, reason: str) -> None:
        """Name what was being computed and what Spark said."""
        super().__init__(
            f"{place}: Spark 中途失败（{reason}）。什么也没有写出；集群恢复后再运行一次。",
            f"{place}: Spark failed in the middle ({reason}). "
            "Nothing was written; run again when the cluster is well.",
        )


class SparkRefusesRulesError(ReconError):
    """Some rules or pairings cannot be put into Spark SQL; nothing was read."""

    def __init__(self, rules: Iterable[Text]) -> None:
        """Name each with what stands in its way."""
        found = tuple(rules)
        super().__init__(
            "--engine spark: 这些规则或匹配不能在 Spark 上运行："
            f"{'；'.join(one.zh for one in found)}。"
            "规则可用 --ignore 略过；或改用 --engine duckdb。",
            "--engine spark: these rules or pairings cannot run on Spark: "
            f"{'; '.join(one.en for one in found)}. "
            "Leave rules out with --ignore, or use --engine duckdb.",
        )
