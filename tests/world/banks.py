"""Statements as the banks' own programs export them: eighteen banks, firms and persons.

Here: one list of movements and each bank's header, preamble and order. Not here: the comparison.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from tests.world.form import Form, Record, keys_of, laid, total

if TYPE_CHECKING:
    from collections.abc import Iterator

OWN, OWNER = "9900375412345678", "示例县总工会"
_MOVES = ("-390.82", "253.68", "-16.71", "1049.12", "-304.56", "841.05", "-98.80")
_PARTIES = ("甲厂", "乙店", "丙公司", "丁学校", "戊中心", "己商行", "庚书店")


def movements() -> list[Record]:
    """Return seven movements, each amount and day in all the ways that banks write them."""
    balance, made = Decimal("8000.00"), []
    for at, text in enumerate(_MOVES):
        move = Decimal(text)
        balance += move
        size, into, day = str(abs(move)), move > 0, at + 2
        made.append({
            "d": f"2024-03-{day:02d}", "d8": f"202403{day:02d}", "ds": f"2024/03/{day:02d}",
            "dz": f"2024年03月{day:02d}日", "t": f"09:1{at}:33", "t6": f"091{at}33",
            "dt": f"2024-03-{day:02d} 09:1{at}:33", "dt14": f"202403{day:02d}091{at}33",
            "in": size if into else "", "out": "" if into else size,
            "in0": size if into else "0.00", "out0": "0.00" if into else size,
            "in-": size if into else "-", "out-": "-" if into else size,
            "abs": size, "sgn": text, "sgn+": f"+{size}" if into else text,
            "jd": "贷" if into else "借", "jdf": "贷方" if into else "借方",
            "sz": "收入" if into else "支出", "sf": "收" if into else "付",
            "cd": "C" if into else "D", "lw": "来账" if into else "往账",
            "zz": "转入" if into else "转出", "jc": "进" if into else "出",
            "bal": str(balance), "balc": f"{balance:,.2f}",
            "own": OWN, "owner": OWNER, "cur": "人民币", "cny": "CNY", "hui": "钞",
            "pn": _PARTIES[at], "pa": f"99006222000{at}4567", "pb": "样本银行样本支行",
            "pnpa": f"{_PARTIES[at]} 99006222000{at}4567", "pa/pn": f"99006222000{at}4567/{_PARTIES[at]}",
            "payer": _PARTIES[at] if into else OWNER, "payee": OWNER if into else _PARTIES[at],
            "payera": f"99006222000{at}4567" if into else OWN,
            "payeea": OWN if into else f"99006222000{at}4567",
            "sm": "转账" if at % 2 else "汇款", "us": "活动费" if at % 2 else "慰问款",
            "no": f"20240302{at:06d}", "n": str(at + 1), "ch": "网上银行", "st": "成功",
            "vt": "电子凭证", "vn": f"9{at:07d}", "code": f"10{at}2",
        })  # fmt: skip
    return made


class Bank(NamedTuple):
    """One bank's statement: the header line, what stands above, and the order of days."""

    name: str
    header: str
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    newest_first: bool = False


_ABOVE = (f"账号：{OWN}|户名：{OWNER}",)
BANKS = (
    Bank("CEB firm", "交易日期=d|交易时间=t|借方发生额=out|贷方发生额=in|账户余额=bal|对方账号=pa|对方名称=pn|摘要=sm|凭证号=vn",
         (f"账号|{OWN}|账户名称|{OWNER}", "起始日期|20240301|截止日期|20240331")),
    Bank("CEB person", "交易日期=d|交易时间=t|支出金额=out|存入金额=in|账户余额=balc|对方账号=pa|对方户名=pn|摘要=sm",
         (f"客户姓名：{OWNER}　　账号：{OWN}",), newest_first=True),
    Bank("CMBC firm", "交易流水号=no|交易时间=dt|凭证号=vn|借方发生额=out0|贷方发生额=in0|账户余额=bal|摘要=sm|对方账号=pa|对方账号名称=pn|对方开户行=pb|附言=us",
         ("账户明细查询", f"查询账号：{OWN}|账户名称：{OWNER}|币种：人民币")),
    Bank("CMBC person", "凭证类型=vt|凭证号码=vn|交易时间=dt|摘要=sm|交易金额=sgn|账户余额=bal|现转标志=hui|交易渠道=ch|交易机构=code|对方户名/账号=pnpa|对方行名=pb",
         (f"客户账号:{OWN}",)),
    Bank("HXB firm", "序号=n|交易日期=d8|交易时间=t6|摘要=sm|借方发生额=out|贷方发生额=in|余额=bal|对方账号=pa|对方户名=pn|用途/附言=us|流水号=no",
         ("华夏银行账户交易明细", f"账户：{OWN}|户名：{OWNER}")),
    Bank("PAB firm", "交易日期=d|交易时间=t|账号=own|币种=cur|收入=in|支出=out|账户余额=bal|对方账号=pa|对方户名=pn|对方开户行=pb|摘要=sm|用途=us|交易流水号=no"),
    Bank("PAB person", "交易时间=dt|账户=own|币种=cur|交易方向=zz|交易金额=abs|余额=bal|对方户名=pn|对方账号=pa|摘要=sm"),
    Bank("GDB firm", "记账日期=d8|记账时间=t6|交易流水号=no|支出=out|收入=in|余额=bal|对方账号=pa|对方户名=pn|对方行名=pb|摘要=sm|附言=us",
         _ABOVE),
    Bank("GDB person", "交易日期=d|交易时间=t|货币=cur|交易金额=sgn|账户余额=bal|交易渠道=ch|对方户名=pn|对方账号=pa|交易说明=sm",
         _ABOVE),
    Bank("SPDB firm", "交易日期=d8|交易流水号=no|借方金额=out0|贷方金额=in0|余额=bal|摘要代码=code|对方账号=pa|对方户名=pn|对方行名=pb|备注=us|传票组序号=vn",
         (f"查询账号|{OWN}|{OWNER}",)),
    Bank("SPDB firm, direction", "交易日期=d8|交易时间=t6|借贷标志=jd|交易金额=abs|账户余额=bal|对方户名=pn|对方账号=pa|摘要=sm|附言=us", _ABOVE),
    Bank("CIB person", "交易时间=dt|记账日=d|支出=out|收入=in|账户余额=balc|摘要=sm|对方户名=pn|对方银行=pb|对方账号=pa|用途=us|交易渠道=ch|备注=",
         ("兴业银行交易明细", f"户名：{OWNER}|账号：{OWN}|查询时间：2024-04-01 08:00:00")),
    Bank("CIB firm, sides in brackets", "序号=n|交易日期=d|摘要=sm|发生额(借)=out|发生额(贷)=in|余额=bal|对方户名=pn|对方账号=pa|银行流水号=no", _ABOVE),
    Bank("RCU direction", "交易日期=d8|业务摘要=sm|借贷标志=jd|交易金额=abs|账户余额=bal|对方户名=pn|对方账号=pa|网点名称=pb",
         ("示例县农村信用合作联社活期账户明细", f"户名：{OWNER}|账号：{OWN}|币种：人民币")),
    Bank("RCU three", "交易日=d|凭证种类=vt|凭证号=vn|摘要=sm|存入金额=in|支取金额=out|结余=bal|对方名称=pn|对方账号=pa",
         (f"账　号：{OWN}|户　名：{OWNER}",), ("打印日期：2024-04-01|第1页/共1页",)),
    Bank("RCB firm, in and out", "交易时间=dt|往来账标志=lw|发生额=abs|余额=bal|对方户名=pn|对方账号=pa|附言=us", _ABOVE),
    Bank("PSBC person", "序号=n|交易日期=d|交易渠道=ch|摘要=sm|币种=cur|钞汇=hui|交易金额=sgn+|账户余额=bal|对方账户=pa|对方户名=pn", _ABOVE),
    Bank("PSBC firm", "交易日期=d8|交易时间=t6|收入金额（元）=in|支出金额（元）=out|账户余额（元）=bal|对方户名=pn|对方账号=pa|对方行名=pb|摘要=sm", _ABOVE),
    Bank("PSBC firm, direction", "交易日期=d|借贷方向=jdf|发生额（元）=abs|余额（元）=bal|对手名称=pn|对手账号=pa|摘要=sm", _ABOVE),
    Bank("CITIC person", "交易日期=d|收入金额=in-|支出金额=out-|账户余额=balc|对方户名=pn|对方账号=pa|受理机构=pb|摘要=sm|状态=st", _ABOVE, newest_first=True),
    Bank("CITIC firm", "交易日期=d|柜员交易号=no|借方发生额=out0|贷方发生额=in0|账户余额=bal|摘要=sm|对方账号=pa|对方账户名称=pn|对方开户行名称=pb", _ABOVE),
    Bank("BOCOM firm", "交易时间=dt|摘要=sm|凭证种类=vt|凭证号码=vn|借方发生额=out0|贷方发生额=in0|余额=bal|借贷标志=jd|对方账号=pa|对方户名=pn|企业流水号=no", _ABOVE),
    Bank("CCB person", "序号=n|摘要=sm|币别=cur|钞汇=hui|交易日期=d8|交易金额=sgn|账户余额=bal|交易地点/附言=us|对方账号与户名=pa/pn",
         ("中国建设银行个人活期账户全部交易明细", f"卡号/账号:{OWN}|客户名称:{OWNER}|起止日期:20240301-20240331")),
    Bank("CCB firm, new", "账号=own|账户名称=owner|交易时间=dt|借方发生额/元(支取)=out0|贷方发生额/元(收入)=in0|余额=bal|币种=cur|对方户名=pn|对方账号=pa|对方开户机构=pb|记账日期=d8|摘要=sm|备注=us|账户明细编号-交易流水号=no|凭证种类=vt|凭证号=vn"),
    Bank("ICBC person, signs", "交易日期=d|账号=own|储种=vt|序号=n|币种=cur|钞汇=hui|摘要=sm|地区=code|收入/支出金额=sgn+|余额=balc|对方户名=pn|对方账号=pa|渠道=ch"),
    Bank("ICBC firm", "凭证号=vn|本方账号=own|对方账号=pa|交易时间=dt|借/贷=jd|借方发生额=out0|贷方发生额=in0|对方行号=code|摘要=sm|用途=us|对方单位名称=pn|余额=bal|附加信息=ch"),
    Bank("ABC firm", "交易时间=dt|收入金额=in|支出金额=out|账户余额=bal|交易行名=pb|对方省市=ch|对方账号=pa|对方户名=pn|交易用途=us",
         ("账户明细", f"账号：|{OWN}|户名：|{OWNER}|币种：|人民币")),
    Bank("BOC firm", "交易日期=d8|业务类型=vt|凭证号码=vn|借方金额=out|贷方金额=in|余额=bal|付款人名称=payer|付款人账号=payera|收款人名称=payee|收款人账号=payeea|摘要=sm", _ABOVE),
    Bank("CMB person", "记账日期=d|货币=cny|交易金额=sgn|联机余额=balc|交易摘要=sm|对手信息=pn", _ABOVE),
    Bank("treasury platform", "单位名称=owner|银行账号=own|开户银行=pb|交易日期=d|收支方向=sz|金额=abs|余额=bal|对方账号=pa|对方户名=pn|摘要=sm|流水号=no"),
    Bank("direct bank link", "本方账号=own|本方户名=owner|交易日期=d8|交易时间=t6|借贷标识=cd|交易金额=abs|交易后余额=bal|对方账号=pa|对方户名=pn|币种=cny|用途=us|核心流水号=no"),
    Bank("signs and both names", "交易日期=d|付款方户名=payer|付款方账号=payera|收款方户名=payee|收款方账号=payeea|交易金额=abs|交易状态=st|附言=us",
         (f"查询账号：{OWN}",)),
    Bank("bookkeeper's own", "日期=d|摘要=us|收入=in|支出=out|结存=bal|对方单位=pn", (f"银行流水登记簿|账号：{OWN}",)),
    Bank("two-word sides", "日期=ds|收款金额(元)=in|付款金额(元)=out|余额(元)=bal|对方户名=pn|对方账号=pa|用途=us", _ABOVE),
    Bank("money beside foreign words", "交易日=d|起息日=d|借方金额(CNY)=out|贷方金额(CNY)=in|余额(CNY)=bal|对方户名=pn|对方账号=pa|摘要=sm", _ABOVE),
    Bank("in and out, Chinese days", "记账日=dz|进账=in|出账=out|当前余额=bal|交易对方=pn|交易对方账号=pa|备注=us", _ABOVE),
    Bank("direction in one character", "入账日期=d|进/出=jc|发生金额=abs|账面余额=bal|对方客户名称=pn|对方客户账号=pa|交易备注=us", _ABOVE),
    Bank("fourteen digits", "交易时间=dt14|交易类型=vt|收/付标志=sf|金额=abs|余额=bal|收/付款方名称=pn|收/付款方账号=pa|用途=us", _ABOVE),
    Bank("without balance", "交易日期=d|借贷方向=jdf|金额=abs|对方名称=pn|对方账号=pa|摘要=sm|用途=us", _ABOVE),
    Bank("totals above", "交易日期=d|借方发生额=out|贷方发生额=in|余额=bal|对方户名=pn|摘要=sm",
         (f"账号：{OWN}|户名：{OWNER}", "借方总笔数：4|借方总金额：810.89|贷方总笔数：3|贷方总金额：2143.85")),
)  # fmt: skip


def statements() -> Iterator[Form]:
    """Yield every bank's statement."""
    moves = movements()
    for bank in BANKS:
        yield form_of(bank, moves)


def form_of(bank: Bank, moves: list[Record]) -> Form:
    """Return a bank's statement of movements.

    Args:
        bank: Its header and preamble.
        moves: What moved.
    """
    keys = keys_of(bank.header)
    rows = list(reversed(moves)) if bank.newest_first else moves
    above = [tuple(line.split("|")) for line in bank.above]
    below = [tuple(line.split("|")) for line in bank.below]
    sums = {"money_in": total(moves, "in"), "money_out": total(moves, "out")}
    if "bal" in keys or "balc" in keys:
        sums["balance"] = total(moves, "bal")
    values = {"posted_on": frozenset(one["d"] for one in moves)}
    if OWN in "".join((*bank.above, "" if "own" not in keys else OWN)):
        values["account_no"] = frozenset({OWN})
    if "pn" in keys or "payer" in keys:
        values["party_name"] = frozenset(one["pn"] for one in moves)
    if "pa" in keys or "payera" in keys:
        values["party_account"] = frozenset(one["pa"] for one in moves)
    lines = (*above, *laid(bank.header, rows), *below)
    return Form(bank.name, lines, "bank_txn", len(moves), sums, values)


def interrupted() -> Iterator[Form]:
    """Yield statements with a line between the movements that says other than the lines above."""
    moves = movements()
    head, *rows = laid("交易日期=d|借方发生额=out|贷方发生额=in|余额=bal|对方户名=pn", moves)
    for line in ("账号：9900375412345679", "以下金额单位：万元", "币种：美元"):
        yield Form(line, ((f"账号：{OWN}",), head, *rows[:3], (line,), *rows[3:]), None)


def unknowable() -> Iterator[Form]:
    """Yield statements of which something cannot be known: nothing may be claimed."""
    moves = movements()
    for name, header, above in (
        ("one unsigned amount", "交易日期=d|金额=abs|对方户名=pn|摘要=sm", ()),
        ("a bare account column that varies", "交易日期=d|账号=pa|借方发生额=out|贷方发生额=in|户名=pn|摘要=sm", ()),
        ("a bare card column that varies, with the balance", "交易日期=d|账号=pa|收入=in|支出=out|余额=bal|摘要=sm", ()),
        ("card statement", "交易日=d|记账日=d|交易摘要=sm|卡末四位=code|人民币金额=sgn", ("招商银行信用卡对账单",)),
        ("two equal amounts", "交易日期=d|金额=in|金额=out|对方户名=pn", ()),
        ("words nobody knows", "交易日期=d|借贷标志=code|金额=abs|对方户名=pn", ()),
        ("dollars above", "交易日期=d|借方发生额=out|贷方发生额=in|余额=bal", ("账号：9900375412345678|币种：美元",)),
    ):  # fmt: skip
        lines = tuple(tuple(line.split("|")) for line in above)
        yield Form(name, (*lines, *laid(header, moves)), None)
