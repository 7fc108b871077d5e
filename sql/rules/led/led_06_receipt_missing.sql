-- LED-06 receipt-missing
-- grain: one row per party_id and fee period
with

missing as (

    select
        party_id,
        period_from,
        period_to,
        sum(paid) as paid
    from int_payment
    where item = '工会经费' and paid > 0 and receipt_no is null
    group by party_id, period_from, period_to

)

select
    party_id,
    period_from,
    period_to,
    period_text(period_from, period_to) as period,
    'verify' as direction,
    cast(null as decimal(18, 2)) as amount,
    cast(null as decimal(18, 2)) as expected,
    cast(null as decimal(18, 2)) as actual,
    cast(null as varchar) as formula,
    cast(null as varchar) as money_key,
    period_from as report_from,
    period_to as report_to,
    paid
from missing
order by party_id, period_from, period_to
