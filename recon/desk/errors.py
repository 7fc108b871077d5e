"""Errors of the desk."""

from __future__ import annotations

from recon.base.errors import ReconError


class DeskClosedError(ReconError):
    """No desk is open on a folder."""

    zh = "{path}: 这个资料目录没有打开的工作台。先运行 recon desk。"
    en = "{path}: no desk is open on this folder. Run 'recon desk' first."


class DeskPortError(ReconError):
    """The port cannot be used."""

    zh = "127.0.0.1:{port}: 端口用不了（{reason}）。用 --port 另选，或不写这个选项。"
    en = "127.0.0.1:{port}: not usable ({reason}). Choose another with --port, or leave it out."


class DeskReadOnlyError(ReconError):
    """Something is to be changed on a desk that only shows."""

    zh = "{path}: 只能查看，没有改动。{reason}。"
    en = "{path}: opened to read only, nothing was changed. {reason}."


class DeskBusyError(ReconError):
    """Another work is going on."""

    zh = "{what}: 正在进行，没有再开始一次。等它结束，或先停止。"
    en = "{what}: going on already, and was not started again. Wait for it, or stop it first."


class UploadError(ReconError):
    """A file that is not taken in."""

    zh = "{name}: 没有收下（{reason}）。"
    en = "{name}: not taken in ({reason})."


class FieldError(ReconError):
    """A field of a form that is empty or wrong."""

    zh = "{field}: {reason}。"
    en = "{field}: {reason}."
