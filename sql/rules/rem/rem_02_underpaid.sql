-- REM-02 underpaid
-- grain: one row per party_id and span of fee periods
select
    party_id,
    span_from,
    span_to,
    period_text(span_from, span_to) as period,
    case when is_certain then 'pay_in' else 'verify' end as direction,
    gap as amount,
    expected,
    paid as actual,
    percent_text(fee_rate) || '×' || cast(due_base as varchar)
    || case when share <> 1 then '×' || percent_text(share) else '' end
    || '−' || cast(paid as varchar) || '=' || cast(gap as varchar) as formula,
    'whole_fee|' || party_id || '|' || period_text(span_from, span_to) as money_key,
    span_from as report_from,
    span_to as report_to,
    basis,
    due_base
from int_fee_gap
where is_short
order by party_id, span_from;

select
    found.exception_no,
    payment.row_id
from found
inner join int_payment as payment
    on found.party_id = payment.party_id and found.span_from = payment.span_from
union all
select
    found.exception_no,
    payroll.row_id
from found
inner join stg_payroll as payroll on found.party_id = payroll.party_id
where
    payroll.month between found.span_from and found.span_to
    and found.basis like payroll.evidence || '%'
