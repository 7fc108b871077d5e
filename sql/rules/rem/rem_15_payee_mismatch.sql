-- REM-15 payee-account-mismatch
-- grain: one row per transfer
select
    party_id,
    kind,
    transfer_no,
    payee_name_key,
    payee_account,
    paid_on,
    amount,
    line_no,
    case when is_unknown then payee_name end as party_name,
    case
        when period_from is not null
            then period_text(period_from, coalesce(period_to, period_from))
        else strftime(paid_on, '%Y-%m-%d')
    end as period,
    'verify' as direction,
    cast(null as decimal(18, 2)) as expected,
    amount as actual,
    cast(null as varchar) as formula,
    'transfer|' || party_id || '|' || transfer_no || '|' || cast(paid_on as varchar) || '|'
    || cast(amount as varchar) || '|' || cast(line_no as varchar) as money_key,
    coalesce(period_from, paid_on) as report_from,
    coalesce(period_to, period_from, paid_on) as report_to,
    payee_name,
    reason,
    row_id as source_row_id
from int_passback_payee
where reason is not null
order by party_id, transfer_no, paid_on, amount, line_no
