"""Errors of a run on Spark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recon.base.errors import ReconError, joined

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recon.base.models import Text


class SparkMasterError(ReconError):
    """`--engine spark` without the address of a Spark Connect server."""

    zh = "{master}: 不是 Spark Connect 服务器的地址。写成 --master sc://主机:端口。"
    en = "{master}: not the address of a Spark Connect server. Write --master sc://HOST:PORT."

    def __init__(self, master: object) -> None:
        """Show what was given."""
        super().__init__(master or "--master")


class SparkMissingError(ReconError):
    """The client of Spark Connect is not installed."""

    zh = (
        "--engine spark: 没有安装 Spark 客户端。用 pip install 'union-recon[spark]' 安装，或用 "
        "uv run --extra spark recon …。"
    )
    en = (
        "--engine spark: the Spark client is not installed. Use pip install "
        "'union-recon[spark]', or uv run --extra spark recon …"
    )


class SparkUnreachableError(ReconError):
    """No Spark Connect server answers."""

    zh = "{master}: 连不上 Spark Connect 服务器（{reason}）。检查地址和服务器是否在运行。"
    en = (
        "{master}: no Spark Connect server answers ({reason}). Check the address and that the "
        "server runs."
    )


class SparkFailedError(ReconError):
    """The cluster failed in the middle of a run; nothing was written."""

    zh = "{place}: Spark 中途失败（{reason}）。什么也没有写出；集群恢复后再运行一次。"
    en = (
        "{place}: Spark failed in the middle ({reason}). Nothing was written; run again when the "
        "cluster is well."
    )


class SparkRefusesRulesError(ReconError):
    """Some rules or pairings cannot be put into Spark SQL; nothing was read."""

    zh = (
        "--engine spark: 这些规则或匹配不能在 Spark 上运行：{rules}。规则可用 --ignore 略过；"
        "或改用 --engine duckdb。"
    )
    en = (
        "--engine spark: these rules or pairings cannot run on Spark: {rules}. Leave rules out "
        "with --ignore, or use --engine duckdb."
    )

    def __init__(self, rules: Iterable[Text]) -> None:
        """Name each with what stands in its way."""
        super().__init__(joined(rules, "；", "; "))
