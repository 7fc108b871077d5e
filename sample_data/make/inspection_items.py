"""The 28 problems of the made-up inspection: areas, rules that examine them, what was done.

Not here: the data that they rest on (see `inspection`).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from decimal import Decimal

    from sample_data.make.files import Row

AREAS = ("服务职工和改革任务", "从严治党和资金资产管理", "组织建设和党内生活")
#: How many problems each area has, and which are not yet done.
SIZES = (14, 8, 6)
OPEN = (1, 3, 7, 10, 20, 28)
REGULATION = "样例市工人文化宫场地管理办法（试行）"
_PRACTICE = (
    (
        "提高认识，逐条认领",
        "召开专题会议通报反馈意见，班子成员对照职责逐条认领，做到每个问题有人负责。",
    ),
    ("成立专班，压实责任", "成立整改工作专班，主要负责人任组长，各部室负责人参加，按周调度进度。"),
    (
        "列出清单，限时办结",
        "制定整改方案和责任清单，逐项写明措施、责任人和时限，完成一项核销一项。",
    ),
)
_PLAN = (("建立长效机制", "把整改中形成的做法固定为制度，定期回头看，防止问题反弹。"),)
#: Problem, rules that examine it, what was done. Texts in braces are sums of the data.
_PROBLEMS: tuple[tuple[str, str, str], ...] = (
    ("产业工会改革推进慢", "",
     "分组走访乡镇和园区，推动23家企业建会，71家规模以上企业签订集体合同"),
    ("非公企业入会覆盖不足", "", "新建非公企业工会20家，覆盖企业65家"),
    ("快递行业建会滞后", "ORG-01、ORG-02",
     "核实在营快递企业8家，其中5家已建会或纳入上级工会，建会率62.5%；快递员519名中已入会383名，入会率73.8%"),
    ("基层工会换届指导不够", "", "指导47家基层工会完成换届"),
    ("基层组织管理粗放", "", "督促3个乡镇的21家联合工会补全干部信息和办公地址"),
    ("小微企业经费返还政策落实不到位", "REM-01、SME-02",
     "查明6家企业没有缴纳工会经费，已逐户催缴；另有6家小微企业在期限内没有申请返还，已补办宣传告知"),
    ("新建企业工会服务不到位", "PRE-01、PRE-10",
     "涉及63家企业筹备金{fund}元，其中38家已返还{returned}元，25家应返还{waiting}元正在办理开户手续"),
    ("劳动安全宣传力度不够", "", "发放资料2000多份，组织81家单位参加安全竞赛"),
    ("职工保障政策宣传不到位", "", "举办互助保障培训，开通网上申报，上门讲解政策"),
    ("职工阵地作用发挥不足", "", "完成球馆修缮并免费开放，俱乐部旧址修复方案正在编制"),
    ("维权服务机制不健全", "", "安排律师每周坐班，到园区开展法律讲座"),
    ("特殊群体关爱不够", "", "指导两家企业组建工会并正常缴费"),
    ("意识形态责任意识不强", "", "明确专人负责，年内专题研究2次"),
    ("职工思想引领有缺项", "", "选树工匠10名并给予奖励"),
    ("重要会议未邀请监督人员列席", "", "重要事项一律提前通知派驻监督人员列席"),
    ("培训资金使用把关不严", "TRN-16、TRN-12",
     "全年12个培训班逐班核对学员，现场督查20多次，结业验收后再拨款"),
    ("文化宫场地被长期占用", "AST-02", "2024年1月30日收回球馆场地，修缮后免费开放"),
    ("培训补助审核不严", "TRN-06、TRN-15",
     "对一所学校17名不符合条件学员的补助和两家用人单位超范围支出予以追缴，共{saved}元已全部退回"),
    ("公务车油卡退款未及时入账", "FUEL-02、FUEL-03", "油卡退款已转入权属单位工人文化宫账户"),
    ("会员信息采集不实", "ORG-06", "重新核实会员数，云平台实名采集率72.95%，继续督促补录"),
    ("内设机构数据口径不一", "", "统一以云平台数据为准"),
    ("工作作风不严实", "", "坚持周例会学习和谈心提醒，明确拟稿、核稿责任"),
    ("议事规则执行不到位", "", "重大事项集体研究，8月以来开会9次"),
    ("接受监督不主动", "", "邀请派驻监督人员列席2次"),
    ("干部选任程序不规范", "", "纠正一名干部任职，今后事前请示报告"),
    ("聘用人员管理不到位", "ORG-09", "与7名考核合格人员续签合同"),
    ("民主生活会措施未落实", "", "逐条自查，未落实的措施已全部完成"),
    ("支部建设薄弱", "", "落实组织生活制度，两名职工递交申请，正在培养"),
)  # fmt: skip
_OFFICES = ("组织部", "权益部", "财务部", "办公室")


def items(figures: dict[str, Decimal]) -> list[Row]:
    """Return the rows of 整改事项清单.

    Args:
        figures: Sums of the data by name: fund, returned, waiting, saved. Units: yuan.
    """
    said = {name: f"{value:,.2f}" for name, value in figures.items()}
    areas = [area for area, size in zip(AREAS, SIZES, strict=True) for _ in range(size)]
    rows: list[dict[str, Any]] = [
        {"item_no": f"S{place}", "area": area, "problem": heading, "progress": text}
        for area, texts in (("主要做法", _PRACTICE), ("下一步计划", _PLAN))
        for place, (heading, text) in enumerate(texts, start=1)
    ]
    for number, (area, (problem, rules, done)) in enumerate(
        zip(areas, _PROBLEMS, strict=True), start=1
    ):
        is_open = number in OPEN
        rows.append(
            {
                "item_no": str(number),
                "area": area,
                "problem": problem,
                "rules": rules,
                "measure": "制定措施，明确责任和时限",
                "progress": done.format(**said),
                "regulation": REGULATION if number == 17 else None,
                "department": _OFFICES[number % 4],
                "owner": f"{'赵钱孙李'[number % 4]}某{'甲乙丙丁戊己庚'[number % 7]}",
                "due_on": date(2025, 12, 31) if is_open else date(2025, 3, 31),
                "state": "正在整改" if is_open else "已完成",
                "amount": figures["saved"] if number == 18 else None,
                "recovered": figures["saved"] if number == 18 else None,
                "document": None if is_open else f"整改材料第{number}卷",
            }
        )
    return rows
