"""Errors of sharing."""

from __future__ import annotations

from recon.base.errors import ReconError


class PseudonymsUsedUpError(ReconError):
    """A kind of value has more values than there are pseudonyms of its form."""

    zh = "{kind}: 这类值太多，同样形式的假名不够用，没有生成副本。请把这句话发给维护者。"
    en = (
        "{kind}: too many values for pseudonyms of their form; no twin was made. Report this "
        "sentence to the maintainers."
    )


class NotShareableError(ReconError):
    """No twin can be made of a run."""

    zh = "{run}: {zh}"
    en = "{run}: {en}"
