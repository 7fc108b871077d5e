-- REM-10 paid-twice
-- grain: one row per party_id, item, fee period and amount paid
with

cleared as (

    select
        party_id,
        item,
        period_from,
        period_to,
        paid,
        count(*) + 1 as copies,
        sum(cleared) as cleared,
        sum(paid) + paid as paid_together,
        max(span_paid) as span_paid,
        max(expected) as span_expected
    from int_duplicate_payment
    group by party_id, item, period_from, period_to, paid

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
