"""Names that accounting programs, audit offices and data standards give to contract columns.

Data only: 用友, 金蝶 (its API names too), 新中大, and the tables that audit offices collect. The
contract's own headers and aliases stand in `recon.tables` and go before these.
"""

from __future__ import annotations

#: Names that programs and data standards give to contract columns beside the contract's own.
FORMAT_HEADERS: dict[str, dict[str, tuple[str, ...]]] = {
    "gl_entry": {
        "entry_on": ("FDATE",),
        "voucher_no": ("FVOUCHERGROUPNO", "FNUMBER"),
        "summary": ("FEXPLANATION", "分录摘要"),
        "account_code": ("FACCOUNTID.FNumber", "会计科目编码", "会计科目代码"),
        "account_name": ("FACCOUNTID.FName",),
        "debit": ("FDEBIT", "借方本币金额", "本币借方金额", "借方本币"),
        "credit": ("FCREDIT", "贷方本币金额", "本币贷方金额", "贷方本币"),
        "line_no": ("分录序号", "记账凭证分录号", "FENTRYID"),
        "aux_party": ("辅助核算名称", "往来单位名称"),
    },
    "gl_balance": {
        "account_code": ("会计科目编号", "科目编号", "会计科目编码", "会计科目代码", "KCode"),
        "account_name": ("会计科目名称", "KName"),
        "aux_party": ("辅助名称", "辅助核算名称", "往来单位名称", "客户", "供应商"),
        "side": ("KBalanceType", "期末余额方向", "期末方向"),
        "opening": ("期初本币余额",),
        "closing": ("期末本币余额",),
        "debit": (
            "借方本币发生额",
            "本期借方发生",
            "本期借方发生额",
            "借方本期发生额",
            "本月借方发生额",
        ),
        "credit": (
            "贷方本币发生额",
            "本期贷方发生",
            "本期贷方发生额",
            "贷方本期发生额",
            "本月贷方发生额",
        ),
    },
}
