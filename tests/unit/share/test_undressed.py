"""A number that somebody dressed is replaced in the twin, and found by the proof if it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recon.share.codes import Codes
from recon.share.keyed import Keyed
from recon.share.scan import find_texts
from recon.share.undressed import long_numbers, searched, undressed
from recon.share.wording import Wording

if TYPE_CHECKING:
    from pathlib import Path

ID = "990000196203111023"
OTHER = "990000198501010018"
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
DRESSED = [
    f"{ID[:6]} {ID[6:14]} {ID[14:]}",
    f"{ID[:6]}-{ID[6:14]}-{ID[14:]}",
    ID.translate(WIDE),
    f"{ID[:9]}\u200b{ID[9:]}",
    f"工号{ID}号",
]


def wording() -> Wording:
    keyed = Keyed(b"key", frozenset({ID}))
    made = Wording(keyed, Codes(keyed), ("正常", "停用"))
    made.learn_numbers({ID: OTHER})
    return made


@pytest.mark.parametrize("text", DRESSED)
def test_a_dressed_number_gets_the_pseudonym_of_the_plain_one(text: str) -> None:
    assert long_numbers(text) == {ID}
    assert OTHER in wording().text(text)
    assert wording().scrubbed(f"停用（{text}）").startswith("停用（")
    assert ID not in searched(wording().scrubbed(f"停用（{text}）"))


def test_a_word_without_a_long_number_and_days_stay() -> None:
    for text in ("停用", "2024-01-01 2024-12-31", "202401-202412", "20240101 20241231", "3-4-5"):
        assert (undressed(text), long_numbers(text)) == (text, set())
        assert wording().scrubbed(text) == text


@pytest.mark.hostile("dressed numbers and names in a twin", "found by the proof")
@pytest.mark.parametrize("text", DRESSED)
def test_the_proof_finds_a_dressed_number_and_a_dressed_name(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.csv").write_text(f"x,{text}\n", encoding="utf-8")
    assert find_texts(tmp_path, (), {ID}) == {"a.csv": {ID}}
    (tmp_path / "a.csv").write_text("x,欧 阳\u200b明\n", encoding="utf-8")
    assert find_texts(tmp_path, ["欧阳明"], {ID}) == {"a.csv": {"欧阳明"}}
    (tmp_path / "a.csv").write_text("990000,19620311,1023\n", encoding="utf-8")
    assert find_texts(tmp_path, ["欧阳明"], {ID}) == {}
