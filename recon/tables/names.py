"""Names and numbers of units and persons: the forms by which they are compared, and what reads how.

Here: name keys, and the keyed token of an identity number. Not here: which columns hold names (the
table models say it), how a name is masked (`masking`) or resolved to a party (sql/parties).
"""

from __future__ import annotations

import hmac
import re

import polars as pl

from recon.tables.checks import ID_CHECKS, ID_WEIGHTS

#: A normalised name reads like a person's: two to four Chinese characters, no word of a unit.
PERSON = "^[\\x{4e00}-\\x{9fff}]{2,4}$"
UNIT = (
    "[会局院校司厂店社部所行站队室馆宫库处厅团办县市区镇街户款费]$"
    "|公司|集团|中心|政府|财政|税务|国库|金库|国家|中国|银行|邮政|电网|电信|移动|联通|铁塔|石油|石化"
    "|超市|商行|药房|诊所|公园|酒楼|餐厅|餐馆|幼儿园|党委|团委|妇联"
    "|工资|保险|社保|医保|养老|公积金|预算|清算|利息|现金|本部|专项|项目|资金|基金|单位"
)
#: Surnames in one sign: what begins with one is a name where a column holds persons.
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范"
    "金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪"
    "庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈"
    "饶解牟艾尤阳时穆农卓古吉缪简车项连芦麦褚娄窦戚岑景宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎"
    "甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖"
    "练廉禹井祖漆巴丰支卿狄平索晋相初门云容敬来扈晁芮普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇"
    "哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣展阴昝智幸奉植衡富尧闭由"
)
_HAN = "[\\x{4e00}-\\x{9fff}]"
#: What is a name in a column of persons: 李镇 and 陈建行 are no units there, nor 阿依古丽·买买提.
NAMED = f"^(?:[{SURNAMES}]{_HAN}{{1,2}}|{_HAN}+(?:·{_HAN}+)+)$"

_WIDE = "".join(chr(code) for code in range(0xFF01, 0xFF5F))
_NARROW = "".join(chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F))
_DROPPED = re.compile(
    r"[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff()\[\]{}<>《》【】〔〕〈〉「」·.,，、\"'“”‘’]"
)


def name_key(name: str) -> str:
    """Return the form of a unit's name by which names are compared.

    Width, spaces, brackets, invisible characters and case do not count; 有限责任公司 is 有限公司.

    Example:
        >>> name_key("甲 县（乙）食品有限责任公司") == name_key("甲县(乙)食品有限公司")
        True
    """
    narrow = name.translate(str.maketrans(_WIDE, _NARROW)).replace("\u3000", "")
    return _DROPPED.sub("", narrow).upper().replace("有限责任公司", "有限公司")


def name_key_expr(column: str) -> pl.Expr:
    """Return `name_key` as a polars expression; empty becomes null."""
    key = (
        pl.col(column)
        .str.replace_many(list(_WIDE), list(_NARROW))
        .str.replace_all(_DROPPED.pattern, "")
        .str.to_uppercase()
        .str.replace_all("有限责任公司", "有限公司", literal=True)
    )
    return pl.when(key != "").then(key)


def long_id_no(number: str) -> str:
    """Return the 18-digit form of a 15-digit identity number (GB 11643); others stay as they are.

    Example:
        >>> long_id_no("110105491231002")
        '11010519491231002X'
    """
    if len(number) != 15 or not number.isascii() or not number.isdigit():
        return number
    body = f"{number[:6]}19{number[6:]}"
    total = sum(int(digit) * weight for digit, weight in zip(body, ID_WEIGHTS, strict=True))
    return body + ID_CHECKS[total % 11]


def person_token(number: str, key: bytes) -> str:
    """Return the keyed token (16 hex) that stands for an identity number in joins and ids.

    The old and the new number of a person have one token.
    """
    return hmac.digest(key, long_id_no(number).encode(), "sha256").hex()[:16]
