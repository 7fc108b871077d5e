-- FUEL-05 topup-not-in-books
-- grain: one row per month whose top-ups and vouchers differ (finding 充值与凭证不符), and per year
-- whose unspent top-ups were booked as spent (its December, finding 未用油款已列支出)
with

booked as (  -- vouchers about fuel that name no card may be the top-ups of the month, or not

    select
        topup.month,
        topup.month_end,
        topup.topped,
        topup.topped - topup.topped_open + case
            when topup.topped_open = topup.booked_open + topup.other_open then topup.topped_open
            else topup.booked_open
        end as booked
    from int_topup_month as topup

),

compared as (

    select
        month,
        '充值与凭证不符' as finding,
        strftime(month, '%Y-%m') as period,
        abs(topped - booked) as amount,
        topped as expected,
        booked as actual,
        cast(greatest(topped, booked) as varchar) || '−' || cast(least(topped, booked) as varchar)
        || '=' || cast(abs(topped - booked) as varchar) as formula,
        month as report_from,
        month_end as report_to
    from booked
    where add_days(month_end, $match_window_days) < $as_of
    union all
    select
        month_of.month,
        '未用油款已列支出' as finding,
        cast(expensed.year as varchar) as period,
        expensed.amount,
        cast(0 as decimal(18, 2)) as expected,
        expensed.amount as actual,
        'min(' || cast(expensed.expensed as varchar) || ',' || cast(expensed.unspent as varchar)
        || ')=' || cast(expensed.amount as varchar) as formula,
        month_of.month as report_from,
        month_of.month_end as report_to
    from int_topup_expensed as expensed
    inner join ref_month as month_of
        on
            expensed.year = extract(year from month_of.month)
            and extract(month from month_of.month) = 12

)

select
    compared.month,
    compared.finding,
    coalesce(by_name.party_id, 'N:' || self_unit.name_key) as party_id,
    self_unit.name as party_name,
    compared.period,
    'verify' as direction,
    cast(compared.amount as decimal(18, 2)) as amount,
    cast(compared.expected as decimal(18, 2)) as expected,
    cast(compared.actual as decimal(18, 2)) as actual,
    compared.formula,
    'card_topup|' || compared.period as money_key,
    compared.report_from,
    compared.report_to
from compared
cross join ref_self as self_unit
left join party_of_name as by_name on self_unit.name_key = by_name.name_key
where compared.amount > $tolerance_money_yuan
order by compared.month, compared.finding;

select
    found.exception_no,
    txn.row_id
from found
inner join stg_fuel_txn as txn on found.month = date_trunc('month', txn.txn_on)
where txn.kind = '充值' and found.finding = '充值与凭证不符'
union all
select
    found.exception_no,
    voucher.row_id
from found
inner join int_fuel_voucher as voucher on found.month = date_trunc('month', voucher.entry_on)
where found.finding = '充值与凭证不符'
union all
select
    found.exception_no,
    expense.row_id
from found
inner join int_topup_expense as expense on extract(year from found.month) = expense.year
where found.finding = '未用油款已列支出'
union all
select
    found.exception_no,
    balance.row_id
from found
inner join stg_fuel_balance as balance on found.month = balance.month
where found.finding = '未用油款已列支出' and balance.closing > 0
