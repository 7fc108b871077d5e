"""A synthetic finished run, of any size, that holds every awkward value."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from recon.base.models import (
    DEFINITE_DIRECTIONS,
    CheckRequest,
    CheckResult,
    ConfirmedMatch,
    DirectionTotal,
    Intake,
    MatchTables,
    RuleOutcome,
    SheetCertificate,
    SourceFile,
    Text,
)
from recon.output.datafiles import EXCEPTION_COLUMNS

RUN_ID = "0123456789abcdef"
NASTY = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "＝1+1",
    "</script><img src=x onerror=alert(1)>",
    "<r><t>rich</t></r>",
    "_x0041_",
    "bell\x07end",
    "  spaces  ",
    'a,b "quoted"\nline',
    "𠮷野家工会",
    "'quote",
)
_DIRECTIONS = (
    "pay_in",
    "remit_up",
    "give_back",
    "recover",
    "clear_out",
    "write_off",
    "lapsed",
    "verify",
    "",
)
RULES = {
    "REM-01": Text("超过缴费期限未缴纳工会经费", "union fee not paid by the due day"),
    "REM-06": Text("基层留成经费未按期返还", "basic share not passed back in time"),
    "SME-02": Text("小微企业经费应返未返", "refund due and not paid"),
    "FUEL-08": Text("单次加油量超过油箱容积", "fill exceeds the tank"),
    "ORG-03": Text("工会届满未换届", "term of the union has ended"),
}
_SEVERITIES = ("high", "medium", "low", "lead")

_FOLDER = TemporaryDirectory(prefix="recon-factory-")


def exceptions(count: int) -> pl.DataFrame:
    """Build exceptions of all directions and rules, the first ones with awkward texts."""
    n = pl.int_range(count, eager=True).alias("n")
    rules = pl.Series(list(RULES))
    base = pl.DataFrame(n).select(
        exception_id=pl.format("{}", (pl.col("n") * 2654435761 % 2**40)).str.pad_start(16, "0"),
        rule=rules.gather((n * len(RULES)) // max(count, 1)),
        severity=pl.Series(_SEVERITIES).gather(n % 4),
        direction=pl.Series(_DIRECTIONS).gather(n % 9),
        cents=(pl.col("n") * 7919 % 9_999_999 + 1),
        n=pl.col("n"),
    )
    names = pl.Series([*NASTY, *(f"某县第{i}实业有限公司工会委员会" for i in range(200))])
    amount = pl.when(pl.col("direction") != "").then(pl.col("cents"))
    money = pl.Decimal(18, 2)

    def yuan(cents: pl.Expr) -> pl.Expr:
        return (cents.cast(pl.Decimal(20, 2)) * pl.lit(Decimal("0.01"))).cast(money)

    built = base.with_columns(
        amount=yuan(amount),
        linked_to=pl.when(pl.col("n") % 17 == 16).then(pl.col("exception_id").shift(1)),
        party_id=pl.format("91450881MA5K{}", pl.col("n") % 214),
        party_name=names.gather(n % len(names)),
        period=pl.Series(["2024-03", "2024-01..2024-03", "2024", "2024-03-05", None]).gather(n % 5),
        expected=yuan(pl.col("cents") * 3),
        actual=yuan(pl.col("cents") * 2),
        difference=yuan(pl.col("cents")),
        message=pl.format(
            "{}2024-03应回拨{}元，实际回拨{}元，少回拨{}元，已超过期限45个工作日",
            names.gather(n % len(names)),
            yuan(pl.col("cents") * 3),
            yuan(pl.col("cents") * 2),
            yuan(pl.col("cents")),
        ),
        message_en=pl.format("{} was short by {} yuan", pl.col("n"), yuan(pl.col("cents"))),
        formula=pl.format("2%×{}−{}", yuan(pl.col("cents") * 3), yuan(pl.col("cents") * 2)),
        evidence=pl.concat_list(
            pl.format("代收2024/代收{}月.xlsx#明细!{}", pl.col("n") % 12 + 1, pl.col("n") + 2),
            pl.format("银行流水.csv!{}", pl.col("n") + 2),
        ),
        policy=pl.lit(["fee.rate=0.02@2024-03-31", "fee.passback_days=15@2024-03-31"]),
        unverified_policy=pl.col("n") % 3 == 0,
        explanations=pl.lit(["账户未开立或被冻结", "与其他批次合并支付", "银行退票"]),
        explanations_en=pl.lit(["account missing", "merged batch", "returned by the bank"]),
        detail=pl.lit('{"account_state":"待开户"}'),
    ).with_columns(
        counted=pl.col("direction").is_in(DEFINITE_DIRECTIONS)
        & pl.col("amount").is_not_null()
        & pl.col("linked_to").is_null()
    )
    return built.select(pl.col(name).cast(t) for name, t in EXCEPTION_COLUMNS.items())


def states(found: pl.DataFrame) -> pl.DataFrame:
    """Give every exception a state; a few carry a decision."""
    n = pl.int_range(found.height, eager=True)
    names = pl.Series(["new", "persisting", "changed", "relapsed"])
    decided = n % 50 == 1
    return (
        found.select("exception_id")
        .with_columns(
            state=names.gather(n % 4),
            verdict=pl.when(decided).then(pl.lit("成立")),
            confirmed_amount=pl.when(decided).then(found["amount"]),
            reviewer=pl.when(decided).then(pl.lit("张三")),
            reviewed_on=pl.when(decided).then(pl.lit(date(2024, 12, 30))),
        )
        .sort("exception_id")
    )


def _totals(found: pl.DataFrame) -> tuple[DirectionTotal, ...]:
    def total(rows: pl.DataFrame) -> Decimal:
        return sum(rows["amount"], start=Decimal("0.00"))

    return tuple(
        DirectionTotal(
            direction,
            (mine := found.filter((pl.col("direction") == direction) & pl.col("counted"))).height,
            total(mine.filter(~pl.col("unverified_policy"))),
            total(mine.filter("unverified_policy")),
        )
        for direction in DEFINITE_DIRECTIONS
    )


def _outcomes(found: pl.DataFrame) -> tuple[RuleOutcome, ...]:
    ran = []
    for code, title in RULES.items():
        mine = found.filter(pl.col("rule") == code)
        sums = mine.filter("counted").group_by("direction").agg(pl.col("amount").sum())
        ran.append(
            RuleOutcome(
                code,
                "exceptions" if mine.height else "clean",
                rows_examined=1204,
                exceptions=mine.height,
                amounts=dict(sums.sort("direction").iter_rows()),
                seconds=0.125,
                title=title,
            )
        )
    missing = Text("缺少表 lease（租赁合同）", "table lease is missing")
    late = Text("参数 surcharge.daily_rate 未启用", "surcharge.daily_rate is not in force")
    return (
        *ran,
        RuleOutcome("AST-03", "no_data", reason=missing, title=Text("租金未收", "rent unpaid")),
        RuleOutcome("REM-03", "not_in_force", reason=late, title=Text("滞纳金", "surcharge")),
        RuleOutcome("REM-09", "clean", rows_examined=12, title=Text("骤降", "sudden drop")),
    )


def intake() -> Intake:
    """Build an intake with a refused file, a hidden sheet, rejected cells and quality items."""
    money = {
        "paid": {
            "accepted": Decimal("1234567.89"),
            "rejected": Decimal("100.00"),
            "skipped": Decimal("1234667.89"),
        }
    }
    files = (
        SourceFile(0, "代收2024/代收1月.xlsx", "a" * 64, 20480, "xlsx", "read"),
        SourceFile(1, "银行流水.csv", "b" * 64, 1024, "csv", "read", "gb18030", "常用字比例 99%"),
        SourceFile(
            2,
            "坏文件.xls",
            "c" * 64,
            10,
            "unknown",
            "refused",
            None,
            None,
            Text("坏文件.xls: 打不开", "坏文件.xls: bad"),
        ),
    )
    sheets = (
        SheetCertificate(
            0, "明细", False, "tax_collection", 3, "内容", {"D": "paid"}, ("备用",),
            1210, 1204, 2, 4, money,
        ),
        SheetCertificate(
            1, None, False, "bank_txn", 1, "内容", {"对方账号": "party_account"}, (),
            500, 500, 0, 0, {},
        ),
    )  # fmt: skip
    cells = {
        "file": ["培训/花名册.xlsx", "培训/花名册.xlsx", "银行流水.csv", "x.xlsx"],
        "sheet": ["Sheet1", "Sheet1", None, "S"],
        "row_no": [7, 8, 9, 10],
        "table_name": ["trainee", "trainee", "bank_txn", "unknown"],
        "column_letter": ["C", "B", "F", "A"],
        "header": ["身份证号", "姓名", "对方账号", "备注"],
        "value": ["450881198501010016", "欧阳明", "45050000000001234", "电话13812345678=1"],
        "reason": [
            "校验位不符：450881198501010016",
            "不是文字",
            "不是账号",
            "=HYPERLINK(1)",
        ],
        "reason_en": ["bad check digit: 450881198501010016", "not text", "not an account", "x"],
    }
    rejected = pl.DataFrame(cells, schema_overrides={"row_no": pl.Int64})
    quality = rejected.with_columns(check=pl.lit("valid_id_no"))
    return Intake(files, sheets, {}, rejected, quality)


def matches() -> MatchTables:
    """Build lines of one pairing and one choice that is open beside one that is confirmed."""
    about = {"day": date(2024, 3, 5), "reference": "S1", "file": "银行流水.csv", "sheet": None}
    rows = [
        ("a", "matched", "60.00", "甲公司", None, None),
        ("a", "ambiguous", "40.00", NASTY[0], "open", 1),
        ("b", "confirmed", "60.00", "甲公司", "confirmed", None),
        ("b", "ambiguous", "39.00", "乙公司", "open", 0),
    ]
    lines = [
        {
            "pairing": "tax_to_bank",
            "side": side,
            "class": class_,
            "pass_no": 5,
            "group_id": (status or "m")[0] * 16,
            "amount": Decimal(amount),
            "party": party,
            "text": "摘要",
            "row_no": number,
            **about,
            "reason": "原因",
            "reason_en": "reason",
            "status": status,
            "option_no": option,
            "line_key": f"k{number}-1",
        }
        for number, (side, class_, amount, party, status, option) in enumerate(rows, start=1)
    ]
    schema = {"amount": pl.Decimal(18, 2), "sheet": pl.String, "option_no": pl.Int64}
    frame = pl.DataFrame(lines, schema_overrides=schema)
    path = Path(_FOLDER.name, "lines.parquet")
    frame.drop("status", "option_no", "line_key").write_parquet(path)
    return MatchTables(
        path,
        frame.filter(pl.col("status").is_not_null()).drop("class", "pass_no"),
    )


def result(count: int = 60, run_dir: Path = Path("run"), **request: object) -> CheckResult:
    """Build a finished run with `count` exceptions."""
    found = exceptions(count)
    wanted = CheckRequest(Path("data"), date(2024, 12, 31), **request)  # type: ignore[arg-type]
    parts = intake()
    policy = pl.DataFrame(
        {
            "name": ["fee.rate", "fee.passback_days"],
            "value": ["0.02", "15"],
            "starts_on": [date(2022, 1, 1), date(2020, 1, 1)],
            "is_verified": [True, False],
            "kind": ["policy", "policy"],
            "title": ["工会经费占全部职工工资总额的比例", "回拨期限"],
            "title_en": ["Union fee as a share of wages", "Days to pass the share back"],
            "reference": ["工会法第四十三条", None],
            "exceptions": [30, 30],
            "locale": ["base", "base"],
        }
    )
    unresolved = pl.DataFrame(
        {
            "name": ["某县第一实业公司"],
            "code": pl.Series([None], dtype=pl.String),
            "mentions": [3],
            "candidate_1": ["某县第1实业有限公司工会委员会"],
            "code_1": ["91450881MA5K0"],
            "score_1": [88],
        }
    )
    return CheckResult(
        run_id=RUN_ID,
        run_dir=run_dir,
        request=wanted,
        review_from=date(2024, 1, 1),
        review_to=date(2024, 12, 31),
        intake=parts,
        outcomes=_outcomes(found),
        exceptions=found,
        states=states(found),
        totals=_totals(found),
        policy_used=policy,
        unresolved=unresolved,
        control={
            "sheets": [{"file": "代收2024/代收1月.xlsx", "rows_read": 1210}],
            "reconciliations": [
                {
                    "name": "tax_to_bank",
                    "title": "代收与银行",
                    "difference": Decimal("0.00"),
                    "a_label": "代收明细",
                    "a_total": Decimal("100.00"),
                    "a_matched": Decimal("60.00"),
                    "a_unmatched": Decimal("40.00"),
                    "b_label": "银行流水",
                    "b_total": Decimal("99.00"),
                    "b_matched": Decimal("60.00"),
                    "b_unmatched": Decimal("39.00"),
                }
            ],
            "coverage": [
                {
                    "table": "payroll",
                    "rows": 3,
                    "why": "没有规则检查这张表",
                    "money": {
                        "wages": {
                            "examined": Decimal(0),
                            "not_examined": Decimal("5.00"),
                            "rejected": Decimal("1.00"),
                        }
                    },
                },
                {"table": "member", "rows": 2, "why": None, "money": {}},
            ],
        },
        run_info={
            "run_id": RUN_ID,
            "version": "0.1.0",
            "as_of": date(2024, 12, 31),
            "locale": "base",
            "mask": wanted.mask,
            "self": {"name": "某县总工会", "level": "county"},
        },
        warnings=(Text("银行流水最后日期早于截止日 31 天以上", "bank lines end early"),),
        matches=matches(),
        confirmed_matches=(
            ConfirmedMatch("c" * 16, "tax_to_bank", ("k3-1",), ("k4-1",), "张三", "2024-12-30"),
        ),
    )
