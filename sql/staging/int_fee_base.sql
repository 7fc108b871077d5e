-- one row per party and span with money paid: the declared base of the span, null where none was
select
    span.party_id,
    span.span_from,
    span.span_to,
    span.months,
    span.fee_rate,
    span.share,
    paid.paid,
    span.base_low as base
from int_fee_span as span
inner join int_fee_paid as paid
    on span.party_id = paid.party_id and span.span_from = paid.span_from
where paid.paid > 0
