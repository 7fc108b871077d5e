-- one row per party and month of a span for which money was paid
with

paid as (

    select
        party_id,
        span_from,
        span_to
    from int_payment
    group by party_id, span_from, span_to
    having sum(paid) > 0

)

select
    paid.party_id,
    months.month
from paid
inner join int_span_month as months
    on paid.span_from = months.span_from and paid.span_to = months.span_to
