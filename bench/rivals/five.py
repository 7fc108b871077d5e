"""Five rules by hand in SQL: what a bare DuckDB script and a dbt project compute.

The rules are the five that take longest of those REM, SME and PRE rules which find something in the
made data. Names in braces are tables of the script; a dbt project writes `ref` and `source` there.
"""

from __future__ import annotations

#: The input tables, by the names of their files.
SOURCES = (
    "tax_collection",
    "payroll",
    "settlement",
    "fund_transfer",
    "union_org",
    "refund_application",
)
#: Steps that several rules share, in order.
STEPS = {
    # a payment listed twice counts once; copy_no: the same payment under another voucher
    "standing": """
select *, row_number() over (
    partition by payer_uscc, item, period_from, period_to, paid order by treasury_on, row_id
) as copy_no
from (
    select * from {tax_collection}
    qualify row_number() over (
        partition by payer_uscc, item, period_from, period_to, voucher_no, paid order by row_id
    ) = 1
)""",
    "paid": """
select payer_uscc, period_from, period_to, any_value(payer_name) as payer_name, sum(paid) as paid
from {standing} where copy_no = 1
group by payer_uscc, period_from, period_to""",
    "wages": """
select payer_uscc, month, sum(wages) as wages
from (
    select distinct payer_uscc, strptime(month || '-01', '%Y-%m-%d')::date as month, wages
    from {payroll}
)
group by payer_uscc, month""",
}
#: Each rule's exceptions: party_id, name, first day and last day of the period, what was due, what
#: was there, the amount, and the period as text.
FINDINGS = {
    "REM-01": """
select unions.payer_uscc as party_id, unions.payer_name as name, months.month as period_from,
    last_day(months.month) as period_to, strftime(months.month, '%Y-%m') as period,
    round(wages.wages * 0.02, 2)::decimal(18, 2) as expected, 0::decimal(18, 2) as actual,
    round(wages.wages * 0.02, 2)::decimal(18, 2) as amount
from (select distinct payer_uscc, payer_name, founded_on from {union_org}) as unions
inner join (select distinct period_from as month from {standing}) as months
    on unions.founded_on <= months.month
inner join {wages} as wages
    on unions.payer_uscc = wages.payer_uscc and months.month = wages.month
left join {paid} as paid
    on unions.payer_uscc = paid.payer_uscc
    and months.month between paid.period_from and paid.period_to and paid.paid > 0
where paid.payer_uscc is null""",
    "REM-02": """
select payer_uscc as party_id, name, period_from, period_to,
    strftime(period_from, '%Y-%m') as period, expected, paid as actual, expected - paid as amount
from (
    select paid.payer_uscc, paid.period_from, paid.period_to, any_value(paid.payer_name) as name,
        any_value(paid.paid) as paid, count(*) as months,
        round(sum(wages.wages) * 0.02, 2)::decimal(18, 2) as expected
    from {paid} as paid
    inner join {wages} as wages
        on paid.payer_uscc = wages.payer_uscc
        and wages.month between paid.period_from and paid.period_to
    group by paid.payer_uscc, paid.period_from, paid.period_to
)
where months = date_diff('month', period_from, period_to) + 1 and expected - paid > 0.01""",
    "REM-06": """
with basic as (
    select fee.payer_uscc, any_value(fee.payer_name) as name, fee.period_from, fee.period_to,
        sum(coalesce(line.to_basic, round(fee.paid * 0.6, 2)))::decimal(18, 2) as basic
    from {standing} as fee
    left join {settlement} as line
        on fee.voucher_no = line.voucher_no
        and fee.payer_uscc = line.payer_uscc and fee.paid = line.gross
    where fee.copy_no = 1 and fee.item = '工会经费'
        and fee.payer_uscc in (select payer_uscc from {union_org})
    group by fee.payer_uscc, fee.period_from, fee.period_to
),
back as (
    select payer_uscc, period_from, sum(amount) as passed
    from {fund_transfer} where kind = '基层回拨' group by payer_uscc, period_from
)
select basic.payer_uscc as party_id, basic.name, basic.period_from, basic.period_to,
    strftime(basic.period_from, '%Y-%m') as period, basic.basic as expected,
    coalesce(back.passed, 0)::decimal(18, 2) as actual,
    (basic.basic - coalesce(back.passed, 0))::decimal(18, 2) as amount
from basic left join back
    on basic.payer_uscc = back.payer_uscc and basic.period_from = back.period_from
where basic.basic - coalesce(back.passed, 0) > 0.01""",
    "REM-10": """
with twice as (
    select payer_uscc, any_value(payer_name) as name, period_from, period_to,
        sum(paid) as paid, sum(paid) filter (where copy_no > 1) as extra
    from {standing} group by payer_uscc, item, period_from, period_to, paid having count(*) > 1
)
select twice.payer_uscc as party_id, twice.name, twice.period_from, twice.period_to,
    strftime(twice.period_from, '%Y-%m') as period,
    (twice.paid - least(extra, twice.paid - round(wages.wages * 0.02, 2)))::decimal(18, 2)
        as expected,
    twice.paid as actual,
    least(extra, twice.paid - round(wages.wages * 0.02, 2))::decimal(18, 2) as amount
from twice inner join {wages} as wages
    on twice.payer_uscc = wages.payer_uscc and twice.period_from = wages.month
where least(extra, twice.paid - round(wages.wages * 0.02, 2)) > 0.01""",
    "SME-01": """
with upper_part as (
    select payer_uscc, any_value(payer_name) as name,
        sum(round(paid * 0.4, 2)::decimal(18, 2)) as due
    from {standing}
    where copy_no = 1 and item = '工会经费' and year(treasury_on) = 2024
    group by payer_uscc
),
refund as (
    select payer_uscc, sum(amount) as refunded from {fund_transfer}
    where kind = '小微返还' and policy = 'small-2023-2024' and year(period_from) = 2024
    group by payer_uscc
)
select upper_part.payer_uscc as party_id, upper_part.name, date '2024-01-01' as period_from,
    date '2024-12-31' as period_to, '2024' as period, due as expected,
    coalesce(refunded, 0)::decimal(18, 2) as actual,
    (due - coalesce(refunded, 0))::decimal(18, 2) as amount
from upper_part
left join refund on upper_part.payer_uscc = refund.payer_uscc
where due < 10000 and due - coalesce(refunded, 0) > 0.01
    and upper_part.payer_uscc in (
        select payer_uscc from {refund_application}
        where policy = 'small-2023-2024' and year = 2024 and outcome = '通过'
    )
    and upper_part.payer_uscc in (
        select payer_uscc from {union_org} where account_opened_on <= date '2025-06-30'
    )""",
}
#: Source rows behind the exceptions of each rule: which table, and how its rows are met.
EVIDENCE = {
    "REM-01": ("payroll", "union_org"),
    "REM-02": ("tax_collection", "payroll"),
    "REM-06": ("tax_collection", "settlement", "fund_transfer"),
    "REM-10": ("tax_collection",),
    "SME-01": ("tax_collection", "refund_application", "fund_transfer"),
}
#: A row belongs to an exception if it names the payer and, where it has a period, lies in it.
ROW_DAY = {
    "tax_collection": "period_from",
    "payroll": "strptime(month || '-01', '%Y-%m-%d')::date",
    "settlement": None,
    "fund_transfer": "period_from",
    "union_org": None,
    "refund_application": None,
}
