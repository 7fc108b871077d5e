-- one row per party and span: what was paid for it
select
    party_id,
    span_from,
    span_to,
    cast(sum(paid) as decimal(18, 2)) as paid
from int_payment
group by party_id, span_from, span_to
