"""What a header names by its form: a core word with the words that may stand around it.

Here: the grammar of headers that no list can exhaust (实际入库税费额, 县级工会分成, 加油卡卡号),
table by table. A word is in a form only where it leaves no second meaning: what is to be paid is
not what was paid, 本级 is anybody's own. Not here: sides and parties of statements (`sides`), names
that programs give (`tables.format_headers`), which columns are taken (`candidates`).
"""

from __future__ import annotations

import re
import unicodedata

from recon.intake.layout.sides import is_direction, ledger_side, party_column, side_named

_DAY = r"(?:日期?|时间|日期/?时间|时间/?日期|年月日?)"
_SUM = r"(?:金额|总额|合计|总数|总计|额|款|数)"
_RATE = r"(?:[0-9.]+%?)?"
_DONE = r"(?:已|实际?)?"
_UPWARD = rf"(?:{_DONE}(?:上缴|解缴|上解|缴|划拨)|分成)?"
_SHARE = r"(?:分成|留成|经费|所得|部分|级|工会){0,3}"
_BACK = rf"(?:{_DONE}(?:返还?|回拨|返拨|下拨))?"


def _share(org: str, lead: str = _UPWARD) -> str:
    return f"{lead}{org}{_SHARE}{_RATE}{_SUM}?"


#: Table to column to the form of a normalised header.
_FORMS: dict[str, dict[str, str]] = {
    "bank_txn": {
        "balance": r"(?:账户|帐户|活期|存款|本次|当前|资金|本币|人民币|交易后|发生后|可用|账面"
        r"|卡内?|账户当前|帐面){0,2}"
        r"(?:余额|结余|结存)(?:金额|额)?|剩余金额",
        "amount": r"(?:收入?/?(?:支出?|付)|支出?/?收入?|借方?/?贷方?|贷方?/?借方?|存/?取|进/?出"
        r"|转入/?转出)"
        r"(?:发生额|金额|额)",
    },
    "tax_collection": {
        "payer_name": r"(?:纳税|缴费|缴款|扣款|纳税费|缴税费)(?:人|单位|户|企业|义务人){1,2}"
        r"(?:名称|全称|名)?",
        "period_from": r"(?:税款|费款|税费款?|缴费|费)?所?属(?:期间?|时期|日期|期限)(?:起始?|始"
        r"|开始)(?:日期?|时间)?"
        r"|(?:税款|费款)所属起始日期?",
        "period_to": r"(?:税款|费款|税费款?|缴费|费)?所?属(?:期间?|时期|日期|期限)(?:止|终止?|末"
        r"|截止|至)(?:日期?|时间)?"
        r"|(?:税款|费款)所属(?:截止|终止)日期?",
        "base": r"(?:计税费?|计费|计征|征收|应税)(?:依据|基数|金额|工资总额|工资)",
        "due": rf"(?:本期|当期)?应(?:缴|纳|征|交)(?:工会经费|筹备金|税费|税|费)?{_SUM}"
        r"|本期应缴"
        r"|应缴(?:工会经费|筹备金)",
        "paid": rf"(?:实缴|实际缴纳?|实际缴款|实际入库|实际缴费|入库|实征|税款缴纳|缴纳|缴款)"
        rf"(?:工会经费|筹备金|税费|税|费)?{_SUM}|实缴(?:工会经费|筹备金)",
        "treasury_on": rf"(?:税款|费款|税费款?|国库|实际|上解)?入(?:退)?库{_DAY}",
        "voucher_no": r"(?:电子|税收)?(?:税票|票证|缴款书|缴款凭证|完税凭证|完税证明?|税单"
        r"|缴费凭证)(?:号码?|编号)"
        r"|电子票号",
        "item": r"(?:征收)?(?:税费|费税|费|税)种(?:名称)?",
    },
    "settlement": {
        "payer_name": r"(?:纳税|缴费|缴款|扣款)(?:人|单位|户|企业)(?:名称|全称)?",
        "gross": r"(?:实缴|入库|收缴|代收|清算|缴费|实收|经费入库)(?:工会)?经?费?(?:总)?(?:金额"
        r"|额|总额|经费)",
        "batch_no": r"(?:清算|结算|分成|清分)(?:批次号?|期次|批号)",
        "settled_on": rf"(?:清算|结算|分成|清分){_DAY}",
        "to_acftu": _share(r"(?:中华)?全国?总(?:工会)?"),
        "to_province": _share(r"(?:省级?|自治区级?|省自治区)(?:总(?:工会)?|(?<=级)(?:工会)?)"),
        "to_city": _share(r"(?:地|设区)?市州?级?(?:总(?:工会)?|(?<=级)(?:工会)?)"),
        "to_county": _share(
            r"(?:县|区县|县区|县市区|市区县|旗县区?|县市)级?(?:总(?:工会)?|(?<=级)(?:工会)?)"
        ),
        "to_basic": rf"{_BACK}基层(?:工会|单位)?(?:返还|回拨|分成|留成|经费|所得)?{_RATE}{_SUM}?",
    },
    "payroll": {
        "payer_name": r"(?:企业|公司|单位|用人单位|参保单位|缴费单位)(?:名称|全称)",
        "wages": r"(?:本单位|单位|全部|本)?(?:月度?|本月|当月)?(?:全部)?(?:职工|单位)?月?"
        r"(?:应发|计提|发放)?"
        r"工资(?:薪金)?(?:发放)?(?:总额|总数|合计|总计|金额)(?:合计)?|应[发付]工资(?:总额|合计)?"
        r"|应发数"
        r"|(?:城镇|企业|职工|基本|单位|月|申报|参保|总|养老|医疗|失业|工伤|保险|社保"
        r"|社会保险){0,4}缴费总?(?:基数|工资)"
        rf"{_SUM}?|(?:参保|单位申报|社保)基数{_SUM}?|申报缴费工资{_SUM}?",
    },
    "fund_transfer": {
        "amount": r"(?:回拨|返拨|下拨|返还|拨付|划拨|上解|拨款|实拨|实返|实际拨付)(?:工会)?"
        r"(?:(?:经费|资金|筹备金)(?:金额|额|款)?|金额|额)",
        "paid_on": rf"(?:回拨|返拨|下拨|返还|拨付|划拨|上解|拨款|转账|支付|付款){_DAY}",
        "payee_account": r"(?:收款|银行|开户|工会|收款方|收款人|收款单位|基本户){1,2}(?:账"
        r"|帐)[号户](?:号码)?|银行卡号",
        "payee_name": r"收款(?:方|人|单位|账户|帐户)(?:户名|名称|全称)",
    },
    "fuel_txn": {
        "card_no": r"(?:加油|油|IC|副|主/?副|加油IC|主副){0,2}卡(?:片)?(?:卡号|号码?|编号)",
        "txn_at": rf"(?:交易|加油|消费|刷卡){_DAY}",
        "kind": r"(?:交易|业务|加油|操作|消费)(?:类型|类别|种类|名称)",
        "litres": r"(?:加油|交易|消费|购油)?(?:升数|油量)|(?:加油|购油)?数量|加油量",
        "amount": r"(?:加油|消费|交易|发生)(?:金额|额)|实(?:际)?(?:收|付|扣|支付|扣款)(?:金额|款"
        r"|额)?"
        r"|扣款金额|实际金额",
    },
    "trainee": {
        "class_no": r"(?:培训)?(?:班次|班期|期次|期数)(?:编号|号)?|开班编号|班号",
        "name": r"(?:学员|人员|参训人员|参训学员|受训人员?|培训人员|参训)姓名",
        "id_no": r"(?:有效|居民|公民)?(?:身份证件?|身份|证件)号码?(?:18位)?",
        "employer": r"(?:现|所在)?工作单位(?:名称|全称)?|(?:所在)?企业(?:名称|全称)",
    },
    "training_payment": {
        "class_no": r"(?:培训)?(?:班次|班期|期次|期数)(?:编号|号)?",
        "payee": r"(?:承训|培训|承办)(?:机构|单位|学校)(?:名称)?|收款(?:方|单位)(?:名称)?",
        "amount": r"(?:拨付|实拨|实际拨付)?(?:职业|技能|职工)?(?:培训)?(?:补贴|补助)(?:资金|金额"
        r"|款|额|经费)",
        "paid_on": rf"(?:拨付|拨款|支付|付款|发放|划拨){_DAY}",
    },
    "attendance": {"id_no": r"(?:有效|居民|公民)?(?:身份证件?|身份|证件)号码?(?:18位)?"},
    "member": {"id_no": r"(?:有效|居民|公民)?(?:身份证件?|身份|证件)号码?(?:18位)?"},
    "asset": {
        "asset_no": r"(?:固定)?资产(?:卡片?)?(?:编号|编码|号|代码|条码)|卡片(?:编号|编码|号)",
        "original_value": r"(?:固定资产|资产)?(?:账面|购置|本币|原始|入账){0,2}原[值价](?:金额)?",
        "acquired_on": rf"(?:购置|购入|购建|取得|入账|启用|投入使用|开始使用|增加){_DAY}",
    },
    "lease": {
        "lease_no": r"(?:租赁)?(?:合同|协议)(?:编号|编码|号码?)",
        "starts_on": rf"(?:租赁|租期|合同)?(?:起租|起始){_DAY}",
        "ends_on": rf"(?:租赁|租期|合同)?(?:到期|终止|截止){_DAY}",
        "annual_rent": r"(?:合同)?(?:年|年度|每年)租金(?:总额|金额|额|标准)?",
        "deposit": r"(?:租赁|租房|履约|合同)?(?:押金|保证金)(?:金额)?",
    },
    "lease_receipt": {
        "received_on": rf"(?:收款|缴款|到账|收租|缴费|入账|收取){_DAY}",
        "amount": r"(?:实收|已收|收取|到账|实际收取|收缴)(?:租金(?:金额|额|款)?|金额|款)",
    },
    "union_org": {
        "founded_on": rf"(?:批准|工会)?(?:建会|成立|建立|组建)(?:批准|批复)?{_DAY}",
        "account_no": r"(?:工会|基本户?|开户|银行){1,3}(?:账户|帐户)?(?:账|帐)[号户]",
    },
}  # fmt: skip
#: Forms that go after a name that is known: days that stand beside the day of the movement.
_LATER: dict[str, dict[str, str]] = {
    "bank_txn": {
        "posted_on": r"(?:交易|记[账帐]|入[账帐]|账务|会计|发生|业务|动账|到[账帐]|系统|过[账帐])"
        rf"(?:发生|完成|成功)?(?:{_DAY}|年月日)|时间|起息日期?",
    },
    "fuel_txn": {
        "card_no": r"(?:加油|油|IC)?主卡(?:片)?(?:卡号|号码?|编号)",
        "txn_at": "日期|时间",
        "litres": "(?:交易|消费)数?量",
    },
}
#: A rent whose unit says that it is a year's: 租金（元/年）, 租金(年).
_YEARLY = re.compile(r"租金(?:标准|金额|额)?[(\[]?(?:元?/)?年[)\]]?")
_READ = [
    (how, table, column, re.compile(form))
    for how, forms in (("format", _FORMS), ("part", _LATER))
    for table, columns in forms.items()
    for column, form in columns.items()
]


def by_form(label: str, exact: str, parts: tuple[str, ...]) -> tuple[tuple[str, str, str], ...]:
    """Return (table, column, how) of what a header names by its form.

    Args:
        label: The header as it stands in the file.
        exact: The normalised header.
        parts: Its parts outside and inside brackets.
    """
    found = []
    if side := side_named(exact):
        found.append(("bank_txn", f"money_{side}", "format"))
    if ledger := ledger_side(exact):
        found.append(("gl_entry", ledger, "format"))
    for key in dict.fromkeys((exact, *parts[:1])):
        if is_direction(key):
            found.append(("bank_txn", "direction", "format"))
        if party := party_column(key):
            found.append(("bank_txn", party, "format"))
    if not exact.isascii():
        found += [
            (table, column, how) for how, table, column, form in _READ if form.fullmatch(exact)
        ]
    if _YEARLY.fullmatch(re.sub(r"\s", "", unicodedata.normalize("NFKC", label))):
        found.append(("lease", "annual_rent", "format"))
    return tuple(dict.fromkeys(found))
