-- REM-10 paid-twice
-- grain: one row per party_id, item, fee period and amount paid
with

alike as (  -- what int_payment lacks of payments of one amount for one period is cleared

    select
        collected.party_id,
        collected.item,
        collected.period_from,
        collected.period_to,
        collected.paid,
        min(collected.span_from) as span_from,
        count(*) as copies,
        sum(collected.paid) as paid_together,
        sum(collected.paid - coalesce(payment.paid, 0)) as cleared
    from int_collected as collected
    left join int_payment as payment on collected.row_id = payment.row_id
    group by
        collected.party_id, collected.item, collected.period_from, collected.period_to,
        collected.paid

),

cleared as (

    select
        alike.*,
        span.collected as span_paid,
        span.sure_expected as span_expected
    from alike
    left join int_fee_span as span
        on alike.party_id = span.party_id and alike.span_from = span.span_from
    where alike.cleared > 0

)

select
    party_id,
    item,
    period_from,
    period_to,
    paid,
    period_text(period_from, period_to) as period,
    'clear_out' as direction,
    cleared as amount,
    cast(paid_together - cleared as decimal(18, 2)) as expected,
    cast(paid_together as decimal(18, 2)) as actual,
    case
        when cleared = paid_together - paid
            then
                cast(paid as varchar) || '×(' || cast(copies as varchar) || '−1)='
                || cast(cleared as varchar)
        when cleared = span_paid - span_expected
            then
                cast(span_paid as varchar) || '−' || cast(span_expected as varchar) || '='
                || cast(cleared as varchar)
    end as formula,
    'tax_payment|' || party_id || '|' || item || '|' || cast(period_from as varchar) || '|'
    || cast(period_to as varchar) || '|' || cast(paid as varchar) as money_key,
    period_from as report_from,
    period_to as report_to,
    copies
from cleared
order by party_id, item, period_from, period_to, paid
