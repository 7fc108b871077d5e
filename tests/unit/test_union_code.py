"""The SQL check of a union's code says the same as the validity check of the intake."""

from __future__ import annotations

import random

import polars as pl

from recon.engine.duckdb import Session
from recon.engine.staging import staged_selects
from recon.tables.checks import USCC_ALPHABET, USCC_WEIGHTS, uscc_is_valid


def sound_code(rng: random.Random) -> str:
    """Make an 18-character code whose check digit is right."""
    body = "81" + "".join(rng.choice(USCC_ALPHABET) for _ in range(15))
    total = sum(USCC_ALPHABET.index(c) * w for c, w in zip(body, USCC_WEIGHTS, strict=True))
    return body + USCC_ALPHABET[(31 - total % 31) % 31]


def codes() -> list[str]:
    """Sound codes, codes with one character changed, and every other length."""
    rng = random.Random(20)  # noqa: S311 - a seeded example
    made = [sound_code(rng) for _ in range(2000)]
    for code in made[:1000]:
        place = rng.randrange(18)
        made.append(code[:place] + rng.choice("0189AIOSVYZ-") + code[place + 1 :])
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    made += ["".join(rng.choice(letters) for _ in range(8)) + c for c in "0123456789X" * 30]
    made += ["8" * size for size in range(1, 22)]
    return sorted(set(made))


def test_sql_and_intake_agree_on_union_codes() -> None:
    frame = pl.DataFrame({"union_uscc": codes()})
    with Session(threads=1) as session:
        session.load({"int_union_row": frame})
        found = session.frame(staged_selects(["int_union_code"])["int_union_code"]).sort("code")
    expected = frame.select("union_uscc", uscc_is_valid(pl.col("union_uscc")).alias("is_valid"))
    assert found["is_valid"].to_list() == expected["is_valid"].to_list()
    assert 2000 <= found["is_valid"].sum() < found.height
