"""Which encoding a text file has, judged by evidence that another encoding cannot fake.

GB18030 accepts almost any bytes (Latin-1 "Année" decodes to Han characters), so success of decoding
proves nothing; the share of *common* characters does. Not here: separators and rows (`delimited`).
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass

from recon.intake.formats.refusals import RefusedError

_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 400_000
#: Greater GB18030 files are judged by samples; the reader decodes all of it anyway and counts.
_WHOLE = 4_000_000
#: Bytes of a GB18030 pair (or four-byte form), matched on raw bytes.
_GB_PAIR = re.compile(
    rb"[\x81-\xfe][\x30-\x39][\x81-\xfe][\x30-\x39]|[\x81-\xfe][\x40-\x7e\x80-\xfe]"
)
_GLUED = re.compile(rb"[A-Za-z][\x81-\xfe][A-Za-z]")
#: Characters most used in Chinese text and in exports of this field, simplified and traditional.
_COMMON = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里"
    "用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实"
    "日月金额单位名称号码工会费缴款征收税务局账户银行支付交易借贷余额摘要凭证科目编码方式备注期间合计小计"
    "总公司有限责任集团委员县市区省镇街道办事处教育医院中学小学政府机关财政拨返还应已未元角万股份证身份性别"
    "姓名职务部门培训班次日期时间地点人数加油卡车牌油品升数里程资产租赁合同起止入库属所社统信用代码返回基础"
    "建设计划批准文件序状态正常类型型别数量价级组织专业商店电力科技服务管理农业贸易物流汽车食品药房地产建筑"
    "项目材料制造有限投资发展分支流水退回摘户开明细表第季度报送填制审核人员联系话邮箱址网"
)
_COMMON_TRADITIONAL = frozenset(
    "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡"
    "用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實"
    "日月金額單位名稱號碼工會費繳款徵收稅務局帳戶銀行支付交易借貸餘額摘要憑證科目編碼方式備註期間合計小計總"
)
Evidence = tuple[str, str]


@dataclass(frozen=True)
class Judgement:
    """An encoding with its evidence.

    `codec` is Python's name; `damaged` counts places that do not decode and are shown as U+FFFD.
    """

    codec: str
    evidence: Evidence
    is_certain: bool
    damaged: int = 0

    @property
    def label(self) -> str:
        """The evidence as one text for the certificate: Chinese / English."""
        sure = ("确定", "certain") if self.is_certain else ("很可能", "probable")
        zh, en = self.evidence
        return f"{sure[0]}：{zh} / {sure[1]}: {en}"


def judge_encoding(content: bytes, override: str | None = None) -> Judgement:
    """Judge the encoding of a text file.

    The order is: the user's word, a byte order mark, strict UTF-8 of the whole stream, UTF-16 by
    its zero bytes, GB18030 by the share of common characters, Big5 when certain, and at last
    UTF-8 or GB18030 with a few damaged places.

    Args:
        content: The whole file.
        override: Encoding named by the user; it wins if it decodes.

    Returns:
        The encoding, its evidence and how sure it is.

    Raises:
        RefusedError: `undecodable` when nothing fits, `bad_override` when the override does not.
    """
    if override:
        return _judge_override(content, override)
    for mark, codec in _BOMS:
        if content.startswith(mark):
            bad = 0 if _decodes(content, codec) else _damage(content, codec)
            return Judgement(codec, ("文件开头有字节序标记", "byte order mark"), bad == 0, bad)
    if content.isascii() and b"\x00" not in content:
        return Judgement("utf-8", ("全部是 ASCII 字符", "ASCII only"), True)
    if _decodes(content, "utf-8") and b"\x00" not in content[:_SAMPLE]:
        return Judgement("utf-8", ("整个文件严格符合 UTF-8", "strict UTF-8 throughout"), True)
    found = _judge_utf16(content) or _judge_chinese(content)
    if found is None:
        raise RefusedError("undecodable")
    return found


def _judge_override(content: bytes, override: str) -> Judgement:
    try:
        codec = codecs.lookup(override).name
    except LookupError:
        raise RefusedError("bad_override", override) from None
    codec = {"gbk": "gb18030", "gb2312": "gb18030"}.get(codec, codec)
    if codec == "utf-8" and content.startswith(codecs.BOM_UTF8):
        codec = "utf-8-sig"
    if not _decodes(content, codec):
        raise RefusedError("bad_override", override)
    return Judgement(codec, ("recon.toml 指定", "named in recon.toml"), True)


def _decodes(content: bytes, codec: str) -> bool:
    """Whether all of it decodes; piece by piece, for a failure copies its input."""
    try:
        decoder = codecs.getincrementaldecoder(codec)()
        for start in range(0, len(content), _SAMPLE):
            decoder.decode(content[start : start + _SAMPLE])
        decoder.decode(b"", final=True)
    except (UnicodeDecodeError, LookupError, UnicodeError):
        return False
    return True


def _damage(content: bytes, codec: str) -> int:
    """Count the places that do not decode."""
    return content.decode(codec, errors="replace").count("\ufffd")


def _judge_utf16(content: bytes) -> Judgement | None:
    """UTF-16 without a mark: zero bytes (of ASCII characters) on one side of the pairs."""
    sample = content[: _SAMPLE & ~1]
    zeros = sample.count(b"\x00")
    if zeros * 100 < len(sample) or len(content) % 2:
        return None
    odd = sample[1::2].count(b"\x00")
    codec = "utf-16-le" if odd * 2 > zeros else "utf-16-be"
    if max(odd, zeros - odd) * 20 < zeros * 19 or not _decodes(content, codec):
        return None
    return Judgement(codec, ("零字节的位置符合 UTF-16", "zero bytes stand as in UTF-16"), True)


def _judge_chinese(content: bytes) -> Judgement | None:
    """GB18030, Big5, or either of GB18030 and UTF-8 with a few damaged places."""
    sample = _high_sample(content)
    utf8 = _share(sample.decode("utf-8", errors="ignore"), _COMMON)
    simplified = _share(sample.decode("gb18030", errors="ignore"), _COMMON)
    traditional = _share(sample.decode("big5", errors="ignore"), _COMMON_TRADITIONAL)
    level_one, pairs = _level_one_share(sample)
    glued = len(_GLUED.findall(sample))
    if traditional > 0.2 and traditional > 2 * simplified and pairs >= 30:
        if not _decodes(content, "big5hkscs"):
            return None
        evidence = (
            f"常用繁体字占 {traditional:.0%}",
            f"{traditional:.0%} common traditional characters",
        )
        return Judgement("big5hkscs", evidence, True)
    if utf8 > 0.2 and utf8 > 2 * simplified:
        return _judge_damaged(content, "utf-8", utf8)
    is_chinese = level_one >= 0.6 or (level_one >= 0.35 and simplified >= 0.15)
    if not is_chinese or glued * 5 > pairs:
        return None
    evidence = (
        f"常用汉字占 {simplified:.0%}，一级字库占 {level_one:.0%}（{pairs} 个双字节）",
        f"{simplified:.0%} common characters, {level_one:.0%} in level one ({pairs} pairs)",
    )
    if len(content) > _WHOLE or _decodes(content, "gb18030"):
        return Judgement("gb18030", evidence, simplified > 0.2 and pairs >= 30)
    return _judge_damaged(content, "gb18030", simplified)


def _judge_damaged(content: bytes, codec: str, share: float) -> Judgement | None:
    """Accept an encoding with damaged places if they are fewer than one per 2,000 bytes."""
    bad = _damage(content, codec)
    if bad > max(3, len(content) // 2000) or share < 0.2:
        return None
    name = codec.upper()
    wrong = (f"但有 {bad} 处不合 {name}", f"{bad} places not {name}")
    zh, en = wrong if bad else (f"处处符合 {name}", f"all of it {name}")
    return Judgement(
        codec,
        (f"常用汉字占 {share:.0%}，{zh}", f"{share:.0%} common characters, {en}"),
        False,
        bad,
    )


def _high_sample(content: bytes) -> bytes:
    """Lines with non-ASCII bytes from the start, the middle and the end, about 400 KB together."""
    size = _SAMPLE // 3
    if len(content) <= _SAMPLE:
        parts = [content]
    else:
        middle = len(content) // 2
        parts = [content[:size], content[middle : middle + size], content[-size:]]
        parts = [
            part[part.find(b"\n") + 1 :] if place else part for place, part in enumerate(parts)
        ]
        parts = [part[: part.rfind(b"\n") + 1] or part for part in parts]
    return b"\n".join(line for part in parts for line in part.splitlines() if not line.isascii())


def _share(text: str, common: frozenset[str]) -> float:
    """Share of the common characters among all characters outside ASCII and punctuation."""
    high = {
        letter: times
        for letter, times in Counter(text).items()
        if letter > "\x7f" and letter not in "，。、（）《》：；“”￥¥　"
    }
    if not high:
        return 0.0
    return sum(times for letter, times in high.items() if letter in common) / sum(high.values())


def _level_one_share(sample: bytes) -> tuple[float, int]:
    """Share of GB2312 level-one characters and punctuation among all pairs, and their number."""
    pairs = Counter(_GB_PAIR.findall(sample))
    if not pairs:
        return 0.0, 0
    good = sum(
        times
        for pair, times in pairs.items()
        if len(pair) == 2
        and pair[1] >= 0xA1
        and (0xA1 <= pair[0] <= 0xA3 or 0xB0 <= pair[0] <= 0xD7)
    )
    return good / pairs.total(), pairs.total()


def judge_html(content: bytes, override: str | None = None) -> Judgement:
    """Judge the encoding of markup: a declaration that decodes counts as evidence.

    Args:
        content: The whole file.
        override: Encoding named by the user.

    Raises:
        RefusedError: As `judge_encoding`.
    """
    declared = re.search(rb"""(?:charset|encoding)\s*=\s*["']?([\w-]+)""", content[:4096])
    if not override and declared and not content.startswith(tuple(mark for mark, _ in _BOMS)):
        name = declared[1].decode("ascii").lower()
        codec = {"gbk": "gb18030", "gb2312": "gb18030"}.get(name, name)
        if _decodes(content, codec):
            return Judgement(codec, (f"文件声明为 {name}", f"declared as {name}"), True)
    return judge_encoding(content, override)
