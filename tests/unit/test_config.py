"""recon.toml: found, read, and every fault of it at once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from recon.base.errors import ConfigError
from recon.base.models import SelfUnit, SourceMapping
from recon.base.texts import speak
from recon.workspace.recon_toml import find_config, load_config

if TYPE_CHECKING:
    from pathlib import Path

FULL = """
[self]
name = "某县总工会"
level = "city"
accounts = ["4505 0000 0000 01"]
receives = ["own", "prep"]

[check]
from = 2024-01-01
to = 2024-12-31
locale = "fujian"
locked = true

[policy]
"fee.due_day" = 12
"fee.rate" = 0.02
"prep.return_share" = { value = 0.6, from = 2020-01-01, source = "甲", verified_on = 2024-12-01 }

[[source]]
file = "代收*.xlsx"
sheet = "Sheet1"
table = "tax_collection"
header_row = 3
columns = { "实缴税额" = "paid" }
unit = "wan"
encoding = "gb18030"

[[source]]
file = "其他.csv"

[rules]
select = ["REM"]
ignore = ["REM-13"]
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "recon.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults_of(folder: Path, text: str) -> str:
    write(folder, text)
    with pytest.raises(ConfigError) as caught:
        load_config(folder)
    speak("en")
    try:
        return str(caught.value)
    finally:
        speak("zh")


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    config = load_config(tmp_path)
    assert config.workspace == tmp_path.resolve()
    assert config.path is None
    assert config.locale == "base"
    assert config.self_unit == SelfUnit()
    assert (config.review_from, config.policy, config.sources) == (None, {}, ())
    assert config.fingerprint == ""


def test_every_section(tmp_path: Path) -> None:
    path = write(tmp_path, FULL)
    config = load_config(tmp_path)
    assert config.path == path.resolve()
    assert config.fingerprint == sha256(path.read_bytes()).hexdigest()
    assert config.self_unit == SelfUnit("某县总工会", "city", ("45050000000001",), ("own", "prep"))
    assert (config.review_from, config.review_to) == (date(2024, 1, 1), date(2024, 12, 31))
    assert (config.locale, config.locked) == ("fujian", True)
    assert config.policy["fee.rate"] == Decimal("0.02")
    assert isinstance(config.policy["fee.rate"], Decimal)
    assert config.sources[0] == SourceMapping(
        "代收*.xlsx", "Sheet1", "tax_collection", 3, {"实缴税额": "paid"}, "wan", "gb18030"
    )
    assert config.sources[1] == SourceMapping("其他.csv")
    assert (config.select, config.ignore) == (("REM",), ("REM-13",))


def test_file_is_found_one_folder_above_the_data_and_no_higher(tmp_path: Path) -> None:
    path = write(tmp_path, "")
    inner = tmp_path / "资料" / "2024"
    inner.mkdir(parents=True)
    assert find_config(inner.parent) == path.resolve()
    assert "上一级" in load_config(inner.parent).told(inner.parent)[0].zh
    assert load_config(inner.parent).workspace == tmp_path.resolve()
    assert find_config(inner) is None
    assert load_config(inner).told(inner) == load_config(tmp_path).told(tmp_path) == ()


def test_nearest_file_wins(tmp_path: Path) -> None:
    write(tmp_path, "")
    inner = tmp_path / "资料"
    inner.mkdir()
    assert find_config(inner) == inner.resolve().parent / "recon.toml"
    assert find_config(tmp_path / "资料") != write(inner, "").parent
    assert find_config(inner) == (inner / "recon.toml").resolve()


def test_byte_order_mark_of_windows_editors_is_read(tmp_path: Path) -> None:
    (tmp_path / "recon.toml").write_bytes(b"\xef\xbb\xbf[check]\nlocked = true\n")
    assert load_config(tmp_path).locked


def test_workspace_locale_counts(tmp_path: Path) -> None:
    (tmp_path / "policy" / "xian").mkdir(parents=True)
    write(tmp_path, '[check]\nlocale = "xian"\n')
    assert load_config(tmp_path).locale == "xian"


def test_all_faults_are_shown_together(tmp_path: Path) -> None:
    text = faults_of(
        tmp_path,
        """
[slef]
name = "甲"
[self]
level = "countty"
receives = ["own", "basik"]
accounts = "4505"
[check]
from = "2024-01-01"
locked = 1
lokale = "base"
[policy]
"fee.due_dya" = 15
"fee.rate" = 2
[[source]]
fiel = "a.xlsx"
table = "tax_colection"
header_row = 0
unit = "元"
[[source]]
file = "b.xlsx"
table = "payer"
columns = { "名称" = "payer_nam" }
[rules]
ignore = "ORG"
""",
    )
    for said in (
        "unknown key 'slef'. Did you mean 'self'?",
        "unknown value 'countty'. Did you mean 'county'?",
        "unknown value 'basik'. Did you mean 'basic'?",
        "[self] accounts: '4505' is wrong",
        "[check] from: '2024-01-01' is wrong. Use a day without quotes",
        "[check] locked: '1' is wrong. Use true or false",
        "unknown key 'lokale'. Did you mean 'locale'?",
        "unknown policy parameter 'fee.due_dya'. Did you mean 'fee.due_day'?",
        "[policy] fee.rate: '2' is wrong",
        "unknown key 'fiel'. Did you mean 'file'?",
        "[source 1]: 'file' is missing",
        "unknown table 'tax_colection'. Did you mean 'tax_collection'?",
        "[source 1] header_row: '0' is wrong",
        "[source 1] unit: unknown value '元'. Allowed: ",
        "[source 2] columns: unknown column 'payer_nam'. Did you mean 'payer_name'?",
        "[rules] ignore: 'ORG' is wrong. Use a list of texts",
    ):
        assert said in text
    assert len(text.splitlines()) == 16


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[check\n", "not readable"),
        ("[check]\nlocked = true\nlocked = true\n", "not readable"),
        ("[check]\nfrom = 2024-02-01\nto = 2024-01-31\n", "a day not before 'from'"),
        ("[check]\nfrom = 2024-02-01T08:00:00\n", "a day without quotes"),
        ('[check]\nlocale = "fujain"\n', "Did you mean 'fujian'?"),
        ("check = 1\n", "[check]: '1' is wrong. Use a section"),
        ('[source]\nfile = "a"\n', "Use [[source]]"),
        ("[policy]\nfee.due_day = 40\n", "fee.due_day: '40' is wrong"),
    ],
)
def test_each_fault(tmp_path: Path, text: str, said: str) -> None:
    assert said in faults_of(tmp_path, text)


def test_one_day_review_is_allowed(tmp_path: Path) -> None:
    write(tmp_path, "[check]\nfrom = 2024-01-31\nto = 2024-01-31\n")
    assert load_config(tmp_path).review_to == date(2024, 1, 31)


def test_text_of_another_encoding_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "recon.toml").write_bytes('[self]\nname = "某县"'.encode("gb18030"))
    with pytest.raises(ConfigError, match="UTF-8"):
        load_config(tmp_path)
