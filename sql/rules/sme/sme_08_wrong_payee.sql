-- SME-08 wrong-payee
-- grain: one row per refund
select
    party_id,
    transfer_no,
    payee_name_key,
    payee_account,
    paid_on,
    amount,
    line_no,
    case when is_unknown then payee_name end as party_name,
    cast(year as varchar) as period,
    'verify' as direction,
    cast(null as decimal(18, 2)) as expected,
    amount as actual,
    cast(null as varchar) as formula,
    'transfer|' || party_id || '|' || transfer_no || '|' || cast(paid_on as varchar) || '|'
    || cast(amount as varchar) || '|' || cast(line_no as varchar) as money_key,
    make_date(year, 1, 1) as report_from,
    make_date(year, 12, 31) as report_to,
    payee_name,
    reason,
    row_id as source_row_id
from int_refund_payee
where reason is not null
order by party_id, transfer_no, paid_on, amount, line_no
