"""The two ends of a payment: names and accounts of payer and payee, or of the other party alone.

Here: which of payer and payee is the own side, and cells that hold a name and an account together.
Not here: which columns these are (`layout.statements`).
"""

from __future__ import annotations

import polars as pl

Letters = tuple[str | None, ...]


def _ends(body: pl.DataFrame, letters: Letters, stated: str | None) -> pl.DataFrame:
    """Return payer and payee of each row, and `pays`: whether the own side is the payer."""
    names = ("payer_account", "payee_account", "payer_name", "payee_name")
    frame = body.select(
        (
            pl.col(letter).str.normalize("NFKC").str.replace_all(r"\s", "")
            if letter
            else pl.lit(None, dtype=pl.String)
        ).alias(name)
        for name, letter in zip(names, letters, strict=True)
    )
    what = "account" if letters[0] else "name"
    payer, payee = frame[f"payer_{what}"], frame[f"payee_{what}"]
    own = _own(payer, payee, stated)
    return frame.with_columns(
        pl.Series("pays", (payer == own) & (payee != own).fill_null(value=True), dtype=pl.Boolean),
        pl.Series("gets", (payee == own) & (payer != own).fill_null(value=True), dtype=pl.Boolean),
        pl.lit(own, dtype=pl.String).alias("own"),
    ).with_columns(pl.col("pays", "gets").fill_null(value=False))


def _own(payer: pl.Series, payee: pl.Series, stated: str | None) -> str | None:
    """Return the one text that stands on one side of every row."""
    sides = pl.DataFrame({"payer": payer, "payee": payee}).drop_nulls()
    candidates = [stated] if stated else []
    if sides.height:
        candidates += list(sides.row(0))
    for one in candidates:
        if sides.height > 1 and ((sides["payer"] == one) | (sides["payee"] == one)).all():
            return str(one)
    return stated


def other_end(body: pl.DataFrame, letters: Letters, stated: str | None, what: str) -> pl.Series:
    """Return name or account of the other side of each payment; null where neither is the own.

    Args:
        body: The rows.
        letters: Payer's and payee's account, payer's and payee's name.
        stated: The own account, if it stands above.
        what: account or name.
    """
    ends = _ends(body, letters, stated)
    other = pl.when("pays").then(f"payee_{what}").when("gets").then(f"payer_{what}")
    return ends.select(other).to_series()


def own_account(body: pl.DataFrame, letters: Letters, stated: str | None) -> pl.Series:
    """Return the own account, where accounts are given.

    Args:
        body: The rows.
        letters: Payer's and payee's account, payer's and payee's name.
        stated: The own account, if it stands above.
    """
    own = _ends(body, letters, stated)["own"]
    return own if letters[0] else own.clear(len(own))


def paid_by(body: pl.DataFrame, letters: Letters, stated: str | None) -> pl.Series:
    """Return 付 where the own side pays and 收 where it is paid.

    Args:
        body: The rows.
        letters: Payer's and payee's account, payer's and payee's name.
        stated: The own account, if it stands above.
    """
    side = pl.when("pays").then(pl.lit("付")).when("gets").then(pl.lit("收"))
    return _ends(body, letters, stated).select(side).to_series()


def name_beside(body: pl.DataFrame, letter: str, account: str) -> pl.Series:
    """Return the name in cells that hold a name and an account; a lone account is no name.

    Args:
        body: The rows.
        letter: The column.
        account: The form of an account's number.
    """
    text = _folded(letter)
    rest = text.str.replace(account, " ").str.strip_chars(" /\\()[]<>,;:|_-\t\r\n、；")
    name = pl.when(text.str.count_matches(account) == 1).then(rest).otherwise(text)
    return body.select(pl.when(name != "").then(name)).to_series()


def account_beside(body: pl.DataFrame, letter: str, account: str) -> pl.Series:
    """Return the account in cells that hold a name and one account.

    Args:
        body: The rows.
        letter: The column.
        account: The form of an account's number.
    """
    text = _folded(letter)
    is_one = text.str.count_matches(account) == 1
    return body.select(pl.when(is_one).then(text.str.extract(account, 1))).to_series()


def _folded(letter: str) -> pl.Expr:
    return pl.col(letter).str.normalize("NFKC").str.strip_chars()
