"""What can keep a city from being added up."""

from __future__ import annotations

from recon.base.errors import ReconError


class NoCountiesError(ReconError):
    """No folder below has a recon.toml."""

    zh = (
        "{folder}: 下面没有县（区）的资料目录：每个县一个文件夹，里面有 recon.toml"
        "（recon init 会建）。只查一个单位用 recon check。"
    )
    en = (
        "{folder}: no county in it. Each county is a folder with a recon.toml ('recon init' makes "
        "one); one unit alone is checked by 'recon check'."
    )


class CountyUnknownError(ReconError):
    """A name given with --only is no county's."""

    zh = "--only {name}: 没有这个县（区）。改成它在市文件夹里的路径，例如：{known}。"
    en = "--only {name}: no such county. Give its path in the city's folder, as: {known}."


class CityUnbalancedError(ReconError):
    """A county's own totals and the sum of its exceptions differ."""

    zh = (
        "{county}: 运行记录里 {direction} 合计 {stated} 元，逐条相加 {summed} 元，没有汇总。"
        "重新运行。"
    )
    en = (
        "{county}: its record says {direction} {stated} yuan, its exceptions add up to {summed}. "
        "Nothing was added up; run it again."
    )


class CityKeyError(ReconError):
    """The city's key is no key."""

    zh = "{path}: 不是市级密钥（64 个十六进制字符）。删除后会另建一个，各县会重新运行。"
    en = (
        "{path}: not a city's key (64 hex characters). Remove it to have one made; all counties "
        "will run again."
    )
