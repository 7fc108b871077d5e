"""A small folder with planted names and numbers, and a workspace around it."""

from __future__ import annotations

import re
import zipfile
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import unquote

from click.testing import CliRunner, Result

from recon.cli import cli

if TYPE_CHECKING:
    from pathlib import Path

PERSON, OTHER_PERSON = "欧阳雪梅", "司马长风"
ID_NO, WRONG_ID = "110105198003120016", "110105198003120025"
ACCOUNT, CARD = "6222021234567890128", "9900228880000011301"
PHONE = "13912345678"
UNIT = "凤凰山县龙腾虎跃食品有限公司"
CODE = "91350100M000100Y43"
#: Personal data: masked in every output of a run. Names of units are not personal.
PERSONAL = (ID_NO, WRONG_ID, ACCOUNT, CARD, PHONE, PERSON, OTHER_PERSON)
IDENTITIES = (*PERSONAL, UNIT, CODE, "龙腾虎跃", "凤凰山")

_TRAINEES = f"""班号,姓名,身份证号,性别,工作单位,工种
PX01,{PERSON},{ID_NO},女,{UNIT},电工
PX01,{OTHER_PERSON},{WRONG_ID},男,{UNIT},电工
"""
_CLASSES = f"""班号,培训机构,用人单位,开班日期,结业日期
PX01,凤凰山县职业培训学校,{UNIT},2024-03-01,2024-03-20
"""
_TAX_HEADER = (
    "缴费人名称,社会信用代码(纳税人识别号),征收品目,费款所属期起,费款所属期止,"
    "实缴金额,入库日期,电子税票号码"
)
_TAX = f"""{_TAX_HEADER}
{UNIT},{CODE},工会经费,2024-03-01,2024-03-31,2000.00,2024-04-16,335000240400001234
凤凰山县（甲）商行,,工会经费,2024-03-01,2024-03-31,120.00,2024-04-26,335000240400001235
{UNIT},{CODE},工会经费,2024-04-01,2024-04-30,{ID_NO} {PHONE},2024-05-10,335000240400001236
"""
_SAID = f"{PERSON}慰问金 电话{PHONE}"
_BANK = f"""本方账号,户名,交易日期,流水号,借方发生额,贷方发生额,对方户名,对方账号,摘要
45050000000001,凤凰山县总工会,2024-03-08,20240308000001,3200.00,,{PERSON},{ACCOUNT},付{_SAID}
45050000000001,凤凰山县总工会,2024-03-18,20240318000002,900.00,,{UNIT},45050000009999,退{UNIT}经费
"""
_MEMBERS = f"""姓名,身份证号,工会名称,入会日期
{PERSON},{ID_NO},{UNIT}工会委员会,二〇二四年三十月
"""
_CARDS = f"""卡号,持卡人,权属单位,卡状态,停用日期
{CARD},{OTHER_PERSON},凤凰山县总工会,停用,2024-01-31
"""
_SETTINGS = """[self]
name = "凤凰山县总工会"
accounts = ["45050000000001"]
[check]
from = 2024-01-01
to = 2024-12-31
[policy]
"fuel.home_cities" = ["凤凰山市"]
"""


def plant(folder: Path) -> Path:
    """Write the folder and return it."""
    folder.mkdir()
    files = {"学员花名册": _TRAINEES, "培训班台账": _CLASSES, "工会经费代收明细": _TAX,
             "银行流水": _BANK, "会员名册": _MEMBERS, "加油卡台账": _CARDS}  # fmt: skip
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "recon.toml").write_text(_SETTINGS, encoding="utf-8")
    return folder


def run(*words: object) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(cli, [str(word) for word in words])


def check(folder: Path, *words: object) -> Path:
    """Check a folder as of a fixed day and return the run's folder."""
    result = run("check", folder, "--as-of", "2024-12-31", "-q", "--fail-on", "none", *words)
    assert result.exit_code in {0, 2}, result.output
    out = folder / "recon-out"
    return out / (out / "latest").read_text(encoding="utf-8").strip()


_LINK = re.compile(r'<Relationship [^>]*TargetMode="External"[^>]*/>')
_TARGET = re.compile(r'Target="([^"]*)"')


def links_elsewhere(workbook: Path, data: Path) -> list[str]:
    """Return the links of a workbook that lead to anything but a file of the data folder."""
    with zipfile.ZipFile(workbook) as archive:
        names = [name for name in archive.namelist() if name.endswith(".rels")]
        links = _LINK.findall("".join(archive.read(name).decode() for name in names))
    targets = [unescape(found[1]) for link in links if (found := _TARGET.search(link))]
    assert len(targets) == len(links)
    inputs = {path.resolve() for path in data.rglob("*") if path.is_file()}
    return [
        target
        for target in targets
        if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:|[/\\\\]", target)
        or (workbook.parent / unquote(target.partition("#")[0])).resolve() not in inputs
    ]
