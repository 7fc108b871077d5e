"""Vouchers, detail ledgers and balances as the programs of accountants export them.

Here: one set of vouchers and one of balances, and the columns of 用友, 金蝶, 浪潮, 新中大, 博思,
久其, 远光 and their like. Not here: the comparison.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tests.world.form import Form, Record, keys_of, laid, total, two_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Day, voucher, summary, account, debit, credit, party.
_VOUCHERS = (
    (5, 1, "收到拨缴经费", "102", "银行存款", "5120.77", "", ""),
    (5, 1, "收到拨缴经费", "402", "拨缴经费收入", "", "5120.77", "甲厂工会"),
    (9, 2, "慰问困难职工", "50103", "职工活动支出", "300.25", "", ""),
    (9, 2, "慰问困难职工", "102", "银行存款", "", "300.25", "乙店"),
    (18, 3, "返还筹备金", "21502", "其他应付款", "640.30", "", "丙公司"),
    (18, 3, "返还筹备金", "102", "银行存款", "", "640.30", "丙公司"),
    (26, 4, "提现", "101", "库存现金", "500.00", "", ""),
    (26, 4, "提现", "102", "银行存款", "", "500.00", ""),
)


def entries() -> list[Record]:
    """Return the lines of four vouchers, each cell in all the ways that programs write it."""
    made: list[Record] = []
    for at, (day, number, summary, code, name, debit, credit, party) in enumerate(_VOUCHERS):
        made.append({
            "d": f"2024-03-{day:02d}", "d8": f"202403{day:02d}", "ds": f"2024/3/{day}",
            "dt": f"2024-03-{day:02d} 00:00:00", "dz": f"2024年03月{day:02d}日",
            "y": "2024", "m": "3", "m2": "03", "day": str(day), "p": "2024.3", "p6": "202403",
            "md": f"3.{day}", "v": f"记-{number}", "v4": f"记-{number:04d}", "vw": "记",
            "vk": "记账凭证", "vn": str(number), "vn4": f"{number:04d}", "n": str(at + 1),
            "ln": str(at % 2 + 1), "sm": summary, "code": code, "name": name,
            "cn": f"{code} {name}", "c_n": f"{code}_{name}", "c/n": f"{code}/{name}",
            "[c]n": f"[{code}]{name}", "de": debit, "cr": credit, "de0": debit or "0.00",
            "cr0": credit or "0.00", "amt": debit or credit, "side": "借" if debit else "贷",
            "sidef": "借方" if debit else "贷方", "dc": "D" if debit else "C", "cur": "人民币",
            "party": party, "maker": "制单甲", "att": "1", "org": "示例县总工会", "book": "示例账簿",
            "rate": "1", "qty": "", "dept": "财务部" if not party else "",
        })  # fmt: skip
    return made


VOUCHERS: dict[str, str] = {
    "Yonyou U8 journal": "日期=d|凭证号数=v4|科目编码=code|科目名称=name|摘要=sm|方向=side|数量=qty|外币=qty|金额=amt",
    "Yonyou U8 vouchers": "制单日期=d|凭证类别=vw|凭证号=vn|附单据数=att|摘要=sm|科目编码=code|科目名称=name|借方金额=de|贷方金额=cr|部门=dept|客户=party|制单人=maker",
    "Yonyou T+": "凭证日期=d|凭证字号=v|摘要=sm|科目编码=code|科目名称=name|币种=cur|借方=de0|贷方=cr0|往来单位=party|制单人=maker",
    "Yonyou NC": "主体账簿=book|会计年=y|会计期间=m2|凭证类别=vk|凭证号=vn|分录号=ln|摘要=sm|科目编码=code|科目名称=name|辅助项=party|币种=cur|借方原币=de|借方本币=de|贷方原币=cr|贷方本币=cr|制单日期=d",
    "Yonyou GRP": "凭证日期=d8|凭证编号=vn4|摘要=sm|科目编号=code|科目名称=name|借方金额=de|贷方金额=cr|附件数=att|录入人=maker",
    "YonBIP": "账簿=book|会计期间=p6|凭证日期=d|凭证号=v|分录号=ln|摘要=sm|会计科目=c_n|借方本币=de|贷方本币=cr|辅助核算=party",
    "Kingdee K3": "日期=d|会计期间=p|凭证字号=v|分录号=ln|摘要=sm|科目代码=code|科目名称=name|币别=cur|原币金额=amt|借方金额=de|贷方金额=cr|制单=maker|审核=maker|过账=maker",
    "Kingdee cloud": "日期=d|会计年度=y|期间=m|凭证字=vw|凭证号=vn|摘要=sm|科目编码=code|科目全名=name|核算维度=party|币别=cur|汇率=rate|借方本位币=de|贷方本位币=cr|制单=maker",
    "Kingdee Jingdou": "日期=d|凭证字号=v|摘要=sm|科目=cn|借方金额=de|贷方金额=cr|制单人=maker",
    "Kingdee API": "FDATE=dt|FVOUCHERGROUPID.FName=vw|FVOUCHERGROUPNO=vn|FEXPLANATION=sm|FACCOUNTID.FNumber=code|FACCOUNTID.FName=name|FDEBIT=de0|FCREDIT=cr0",
    "Kingdee EAS": "公司=org|记账日期=d|业务日期=d|期间=p|凭证字=vw|凭证号=vn|分录=ln|摘要=sm|科目代码=code|科目名称=name|币种=cur|原币=amt|借方本位币金额=de|贷方本位币金额=cr",
    "Inspur": "会计期间=p6|制单日期=d8|凭证编号=vn4|分录编号=ln|摘要=sm|科目编号=code|科目名称=name|借方金额=de|贷方金额=cr|往来单位=party",
    "Inspur, direction": "凭证日期=d8|凭证编号=vn4|分录号=ln|摘要=sm|科目编号=code|科目名称=name|借贷方向=side|金额=amt",
    "New Grand": "会计年度=y|会计月份=m|凭证字=vw|凭证号=vn|凭证日期=d|摘要=sm|科目代码=code|科目名称=name|借方金额=de|贷方金额=cr|往来单位=party|部门=dept",
    "Bosssoft": "业务日期=d|凭证字号=v|摘要=sm|会计科目=[c]n|借方=de|贷方=cr|往来=party",
    "Jiuqi": "年度=y|期间=m|凭证日期=d|凭证编码=v|行号=ln|摘要=sm|科目代码=code|科目全称=name|借方发生额=de|贷方发生额=cr|往来单位名称=party",
    "Yuanguang": "记账日期=d|凭证号=v|摘要=sm|科目编码=code|科目名称=name|借/贷=side|发生额=amt|对方科目=name",
    "audit tables": "会计年度=y|会计期间号=m2|记账凭证日期=d8|记账凭证种类=vk|记账凭证编号=vn|记账凭证行号=ln|记账凭证摘要=sm|会计科目编号=code|会计科目名称=name|本币借方金额=de|本币贷方金额=cr",
    "days in three columns": "年=y|月=m|日=day|凭证号=v|摘要=sm|科目编码=code|科目名称=name|借方=de|贷方=cr",
    "letters for sides": "凭证日期=d|凭证号=v|摘要=sm|科目编码=code|科目名称=name|DC=dc|金额=amt",
    "code and name by a slash": "凭证日期=dz|凭证字号=v|摘要=sm|科目编码及名称=c/n|借方金额(元)=de|贷方金额(元)=cr",
}  # fmt: skip
TWO_LINE_VOUCHERS: dict[str, str] = {
    "Kingdee two lines": "日期=d|凭证字号=v|摘要=sm|科目[代码=code|名称=name]|金额[借方=de|贷方=cr]",
    "NC two lines": "日期=d|凭证号=v|摘要=sm|科目编码=code|科目名称=name|币种=cur|借方[原币=de|本币=de]|贷方[原币=cr|本币=cr]",
    "U8 day in two lines": "2024年[月=m|日=day]|凭证号数=v|摘要=sm|科目编码=code|科目名称=name|借方=de|贷方=cr",
}  # fmt: skip


def vouchers() -> Iterator[Form]:
    """Yield the vouchers in every program's columns, with and without a title and a total."""
    lines = entries()
    both = {"debit": total(lines, "de"), "credit": total(lines, "cr")}
    values = {
        "entry_on": frozenset(one["d"] for one in lines),
        "account_code": frozenset(one["code"] for one in lines),
        "account_name": frozenset(one["name"] for one in lines),
    }
    for at, (name, header) in enumerate(VOUCHERS.items()):
        above = [("序时账",), ("核算单位：示例县总工会", "期间：2024年3月")][: at % 3]
        keys = keys_of(header)
        end = [tuple({0: "合计", keys.index("de"): str(both["debit"]),
                      keys.index("cr"): str(both["credit"])}.get(place, "")
                     for place in range(len(keys)))] if "de" in keys and at % 2 else []  # fmt: skip
        yield Form(name, (*above, *laid(header, lines), *end), "gl_entry", len(lines), both, values)
    for at, (name, header) in enumerate(TWO_LINE_VOUCHERS.items()):
        above = [("记账凭证序时簿",)][: at % 2 + 1]
        laid_out, merged = two_lines(header, lines, top=len(above))
        for kind, ranges in (("merged", merged), ("plain", ())):
            yield Form(f"{name}, {kind}", (*above, *laid_out), "gl_entry", len(lines), both,
                       values, ranges)  # fmt: skip


_DETAIL: dict[str, tuple[tuple[str, ...], str]] = {
    "U8 detail": (("明细账", "科目：102 银行存款|2024年3月"), "年=y|月=m|日=day|凭证号数=v|摘要=sm|借方=de|贷方=cr|方向=es|余额=run"),
    "U8 detail, two-line day": (("银行存款明细账", "科目：银行存款(102)"), "2024年[月=m|日=day]|凭证号数=v|摘要=sm|借方=de|贷方=cr|方向=es|余额=run"),
    "KIS detail": (("明细分类账", "科目: 102-银行存款|币别: 人民币|期间: 2024年第3期"), "日期=d|凭证字号=v|摘要=sm|借方金额=de|贷方金额=cr|方向=es|余额=run"),
    "Jingdou detail": (("明细账",), "日期=d|凭证字号=v|科目编码=code|科目名称=name|摘要=sm|借方=de|贷方=cr|方向=es|余额=run"),
    "Inspur detail": (("科目明细账", "科目编号：102|科目名称：银行存款"), "日期=d|凭证编号=v|摘要=sm|借方发生额=de|贷方发生额=cr|余额方向=es|余额=run"),
    "cash book": (("银行存款日记账", "会计科目：[102]银行存款"), "日期=d|凭证号=v|摘要=sm|对方科目=name|借方=de|贷方=cr|余额=run"),
    "T+ detail": (("明细账", "科目编码：102|科目名称：银行存款|期间：2024.03-2024.03"), "日期=d|凭证字号=v|摘要=sm|借方=de0|贷方=cr0|方向=es|余额=run"),
}  # fmt: skip


def details() -> Iterator[Form]:
    """Yield the ledger of one account, with its opening, month and year lines."""
    lines = [dict(one) for one in entries() if one["code"] == "102"]
    balance = Decimal("88000.00")
    opening = {"sm": "期初余额", "es": "借", "run": str(balance)}
    for one in lines:
        balance += Decimal(one["de"] or 0) - Decimal(one["cr"] or 0)
        one |= {"es": "借", "run": str(balance)}
    both = {"debit": total(lines, "de"), "credit": total(lines, "cr")}
    sums = {"de": str(both["debit"]), "cr": str(both["credit"]), "es": "借", "run": str(balance)}
    sums |= {"de0": sums["de"], "cr0": sums["cr"]}
    rows = [opening, *lines, {"sm": "本月合计"} | sums, {"sm": "本年累计"} | sums]
    values = {
        "entry_on": frozenset(one["d"] for one in lines),
        "account_code": frozenset({"102"}),
        "account_name": frozenset({"银行存款"}),
    }
    for name, (above, header) in _DETAIL.items():
        top = [tuple(line.split("|")) for line in above]
        if "[" in header:
            under, merged = two_lines(header, rows, top=len(top))
        else:
            under, merged = laid(header, rows), ()
        yield Form(name, (*top, *under), "gl_entry", len(lines), both, values, merged)


_ACCOUNTS = (
    ("101", "库存现金", "借", "1200.50", "300", "500.25", "1000.25", "3", "1"),
    ("102", "银行存款", "借", "88000", "12000", "9000.10", "90999.90", "7", "2"),
    ("215", "其他应付款", "贷", "640.30", "40", "99.70", "700.00", "0", "4"),
    ("402", "拨缴经费收入", "贷", "0", "0", "5120.77", "5120.77", "0", "5"),
    ("501", "职工活动支出", "借", "0", "300.25", "0", "300.25", "9", "0"),
)


def accounts() -> list[Record]:
    """Return five accounts of a month, each balance in all the ways that programs write it."""
    made: list[Record] = []
    for code, name, side, opening, debit, credit, closing, many, few in _ACCOUNTS:
        is_debit = side == "借"
        made.append({
            "code": code, "name": name, "side": side, "sidef": f"{side}方", "o": opening, "d": debit, "c": credit,
            "e": closing, "od": opening if is_debit else "", "oc": "" if is_debit else opening,
            "ed": closing if is_debit else "", "ec": "" if is_debit else closing, "cn": f"{code} {name}",
            "od0": opening if is_debit else "0.00", "oc0": "0.00" if is_debit else opening,
            "ed0": closing if is_debit else "0.00", "ec0": "0.00" if is_debit else closing,
            "yd": str(Decimal(debit) * 3), "yc": str(Decimal(credit) * 3), "yo": "77.00",
            "os": side if Decimal(opening) else "平", "es": side, "p": "2024.03", "p6": "202403",
            "y": "2024", "m": "3", "q": many, "q2": few, "u": "张", "cur": "人民币", "lv": "1",
            "party": "甲厂" if code == "215" else "", "type": "资产" if is_debit else "负债",
        })  # fmt: skip
    return made


BALANCES: dict[str, tuple[tuple[str, ...], str]] = {
    "three pairs": (("科目余额表", "期间：2024年3月"), "科目编码=code|科目名称=name|期初借方=od|期初贷方=oc|本期借方=d|本期贷方=c|期末借方=ed|期末贷方=ec"),
    "three pairs, amounts named": (("2024年3月科目余额表",), "科目代码=code|科目名称=name|期初借方余额=od|期初贷方余额=oc|本期借方发生额=d|本期贷方发生额=c|期末借方余额=ed|期末贷方余额=ec"),
    "three pairs, brackets, yearly beside": (("科目余额表", "会计期间：2024年03月"), "科目编码=code|科目名称=name|期初余额(借)=od0|期初余额(贷)=oc0|本期发生(借)=d|本期发生(贷)=c|本年累计(借)=yd|本年累计(贷)=yc|期末余额(借)=ed0|期末余额(贷)=ec0"),
    "sides in words": (("发生额及余额表", "月份：2024.03-2024.03"), "科目编码=code|科目名称=name|期初方向=os|期初余额=o|本期借方=d|本期贷方=c|期末方向=es|期末余额=e"),
    "Inspur": (("余额表",), "会计期间=p6|科目编号=code|科目名称=name|方向=side|期初余额=o|借方发生额=d|贷方发生额=c|借方累计=yd|贷方累计=yc|期末余额=e"),
    "New Grand": (("科目余额表",), "会计年度=y|会计月份=m|科目代码=code|科目名称=name|余额方向=side|年初余额=yo|期初余额=o|借方发生额=d|贷方发生额=c|期末余额=e"),
    "GRP": (("科目余额表　2024年3月",), "科目编号=code|科目名称=name|级次=lv|期初余额=o|借方=d|贷方=c|方向=es|期末余额=e"),
    "month in a column": ((), "期间=p|科目编码=code|科目名称=name|期初余额=o|本期借方发生额=d|本期贷方发生额=c|期末余额=e|余额方向=side"),
    "with parties": (("辅助余额表", "2024年3月"), "科目编码=code|科目名称=name|往来单位=party|方向=os|期初余额=o|本期借方=d|本期贷方=c|方向=es|期末余额=e"),
    "currency": (("科目余额表", "期间：2024年3期"), "科目代码=code|科目名称=name|币别=cur|期初余额借方=od|期初余额贷方=oc|本期发生额借方=d|本期发生额贷方=c|期末余额借方=ed|期末余额贷方=ec"),
    "two: three pairs": (("科目余额表", "期间：2024年3月"), "科目编码=code|科目名称=name|期初余额[借方=od|贷方=oc]|本期发生额[借方=d|贷方=c]|期末余额[借方=ed|贷方=ec]"),
    "two: three pairs, zeros": (("科目余额表", "月份：2024-03"), "科目代码=code|科目名称=name|期初余额[借方=od0|贷方=oc0]|本期发生额[借方=d|贷方=c]|本年累计发生额[借方=yd|贷方=yc]|期末余额[借方=ed0|贷方=ec0]"),
    "two: sides and amounts": (("余额表", "2024.03-2024.03"), "科目编码=code|科目名称=name|期初[方向=os|金额=o]|本期发生[借方=d|贷方=c]|期末[方向=es|金额=e]"),
    "two: year first": (("科目余额表", "2024年3月"), "科目编码=code|科目名称=name|年初余额[借方=yo|贷方=]|期初余额[借方=od|贷方=oc]|本期发生额[借方=d|贷方=c]|期末余额[借方=ed|贷方=ec]"),
    "two: quantities": (("数量金额余额表", "期间：2024年3月"), "科目编码=code|科目名称=name|计量单位=u|期初余额[方向=os|数量=q|金额=o]|本期借方[数量=q2|金额=d]|本期贷方[数量=q2|金额=c]|期末余额[方向=es|数量=q|金额=e]"),
    "two: currencies": (("科目余额表", "2024年3期"), "科目代码=code|科目名称=name|期初余额[借方=od|贷方=oc]|本期发生[借方=d|贷方=c]|余额[借方=ed|贷方=ec]"),
    "two: parties": (("往来余额表", "科目余额表 2024年3月"), "科目编码=code|科目名称=name|往来单位=party|期初余额[方向=os|金额=o]|本期发生额[借方=d|贷方=c]|期末余额[方向=es|金额=e]"),
    "two: NC": (("科目余额表", "期间：2024.03--2024.03"), "科目编码=code|科目名称=name|币种=cur|期初余额[方向=os|本币=o]|本期借方[本币=d]|本期贷方[本币=c]|期末余额[方向=es|本币=e]"),
}  # fmt: skip


def balances() -> Iterator[Form]:
    """Yield the month's balances in every program's columns, merged and not."""
    rows = accounts()
    sums = {"opening": total(rows, "o"), "debit": total(rows, "d"), "credit": total(rows, "c"),
            "closing": total(rows, "e")}  # fmt: skip
    values = {
        "month": frozenset({"2024-03-01"}),
        "account_code": frozenset(one["code"] for one in rows),
        "account_name": frozenset(one["name"] for one in rows),
    }
    for name, (above, header) in BALANCES.items():
        top = [tuple(line.split("|")) for line in above]
        if "[" not in header:
            lines = (*top, *laid(header, rows))
            yield Form(name, lines, "gl_balance", len(rows), sums, values)
            continue
        under, merged = two_lines(header, rows, top=len(top))
        for kind, ranges in (("merged", merged), ("plain", ())):
            yield Form(f"{name}, {kind}", (*top, *under), "gl_balance", len(rows), sums, values,
                       ranges)  # fmt: skip
