"""Headers of one form exchanged for their like: what each must mean, and which mean two things.

Here: the words, by the form and the header that they stand for. Not here: the forms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.world.banks import BANKS, form_of, movements
from tests.world.lists import LISTS, form_of_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.world.form import Form

#: Form and header, and what may stand for it.
READ: dict[tuple[str, str], str] = {
    ("without balance", "借贷方向=jdf"): "借贷 借/贷 借贷标识 借贷方 方向 收/支 收支类型 收付标志 收付款方向 交易方向 交易类型 资金流向 进出账标志 存取标志 转入/转出 DC标志 D/C CR/DR 借或贷 往来标志 入出标志 动账方向 收支方式 支出/收入 增减",
    ("bookkeeper's own", "结存=bal"): "结余 结存金额 账户结余 可用余额 存款余额 剩余金额 本币余额 发生后余额 余额（人民币）",
    ("bookkeeper's own", "日期=d"): "交易发生日期 动账时间 到账日期 记帐日期 入帐日期 交易日期/时间 过账日期 发生日",
    ("bookkeeper's own", "对方单位=pn"): "对方全称 对方户名/名称 对方企业名称 收款人/付款人 对方收付款人 他方户名 交易对手名称",
    ("golden tax 4", "纳税人名称=unit"): "缴费人名称 缴款单位 纳税(费)人名称 缴费单位全称 扣款单位 缴费户名称",
    ("golden tax 4", "税款所属期起=from"): "费款属期起 所属期间起 税（费）款所属期始 税款所属起始日期 属期起 所属日期起",
    ("golden tax 4", "税款所属期止=to"): "费款属期止 所属期间止 税款所属期终 税款所属截止日期 属期止",
    ("golden tax 4", "实缴金额=paid"): "实缴税（费）金额 实际缴费额 入库税费额 实际入库税额 税款缴纳金额 实缴工会经费",
    ("golden tax 4", "应补（退）税（费）额=due"): "应缴税费额 应纳税（费）额 应征税额 应交金额 应缴工会经费",
    ("golden tax 4", "入库日期=d"): "入（退）库日期 税费入库日期 实际入库日期 入库年月日",
    ("golden tax 4", "电子税票号码=no"): "缴款书号码 税收缴款书号 完税证明号码 税单号码 缴款凭证号码",
    ("payroll", "工资总额（元）=wages"): "本月工资总额 单位工资总额 月应发工资总额 计提工资总额 工资发放总额 应付工资",
    ("insurance base", "缴费工资总额=wages"): "单位缴费基数合计 养老保险缴费基数 缴费总基数 参保缴费基数 单位缴费工资总额",
    ("tax: settlement beside", "全总(5%)=acftu"): "已缴全总 全总经费 解缴全总 全总留成 中华全国总工会(5%)",
    ("tax: settlement beside", "省总(5%)=prov"): "省总分成 省级工会 实缴省总 自治区总",
    ("tax: settlement beside", "市总(10%)=city"): "市总分成 地市总 市(州)总 市级工会",
    ("tax: settlement beside", "县总(20%)=county"): "县总留成 县（市、区）总工会 区县级 县级工会 县区级分成",
    ("tax: settlement beside", "基层(60%)=basic"): "回拨基层 基层返还 基层工会60% 已返基层 基层工会回拨",
    ("Sinopec card", "卡号=card"): "加油卡号 油卡卡号 IC卡号 主/副卡卡号 卡片编号",
    ("Sinopec card", "交易时间=dt"): "加油日期 消费时间 刷卡时间 交易日期时间",
    ("Sinopec card", "数量=l"): "加油量 升数 交易数量 加油量(L) 购油数量",
    ("Sinopec card", "金额=famt"): "加油金额 消费金额(元) 实收金额 实际扣款 交易额",
    ("roster", "身份证号码=id"): "身份证件号码 有效证件号码 身份号码",
    ("class payment", "补助金额（元）=camt"): "补贴资金 培训补贴金额 拨付补贴金额 补助经费",
    ("assets", "原值=value"): "本币原值 购置原值 固定资产原价 账面原值(元)",
    ("leases", "年租金（元）=rent"): "租金(元/年) 年度租金 租金标准（元/年） 年租金标准",
    ("leases", "押金（元）=dpst"): "租赁押金 履约保证金 租房押金",
    ("passback", "回拨金额（元）=amount"): "下拨金额 回拨经费 返拨金额 返还经费",
    ("unions", "工会账号=acc"): "基本户账号 工会账户账号 开户账号",
}  # fmt: skip
#: What is to be paid is not what was paid; 本级 is anybody's own; a price is not what was paid.
ASKED: dict[tuple[str, str], str] = {
    ("golden tax 4", "实缴金额=paid"): "应缴金额合计 已缴税额 征收金额 核定金额",
    ("payroll", "工资总额（元）=wages"): "应付职工薪酬 在岗职工工资总额 实发工资 社保补贴",
    ("tax: settlement beside", "省总(5%)=prov"): "应缴省总 应上缴省总工会 省级应得",
    ("tax: settlement beside", "基层(60%)=basic"): "应返基层 应回拨基层工会",
    ("tax: settlement beside", "县总(20%)=county"): "本级留成 区总 本级",
    ("Sinopec card", "金额=famt"): "应付金额 总价 挂牌金额",
    ("class payment", "补助金额（元）=camt"): "应拨金额 申请金额",
    ("passback", "回拨金额（元）=amount"): "应拨金额 计划金额",
    ("leases", "年租金（元）=rent"): "月租金 租金(元/月) 租金",
}  # fmt: skip


def exchanged(header: tuple[str, str], words: str) -> Iterator[Form]:
    """Yield the form with each word in the place of its header.

    Args:
        header: The name of a form, and the header with its key.
        words: What may stand for it, parted by blanks.
    """
    name, pair = header
    _, _, key = pair.rpartition("=")
    for word in words.split():
        new = f"{word}={key}"
        bank = next((one for one in BANKS if one.name == name), None)
        if bank is not None:
            yield form_of(
                bank._replace(name=word, header=_with(bank.header, pair, new)), movements()
            )
        else:
            one = LISTS[name]
            yield form_of_list(word, one._replace(header=_with(one.header, pair, new)))


def _with(header: str, old: str, new: str) -> str:
    parts = header.split("|")
    return "|".join([*parts[: (at := parts.index(old))], new, *parts[at + 1 :]])
