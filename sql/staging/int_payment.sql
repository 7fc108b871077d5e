-- payments that count: collection rows that stand, less what REM-10 clears as paid twice,
-- each with its due day and the span of its fee period
select
    collected.row_id,
    collected.party_id,
    collected.item,
    collected.period_from,
    collected.period_to,
    collected.base,
    collected.rate,
    cast(collected.paid - coalesce(duplicate.cleared, 0) as decimal(18, 2)) as paid,
    collected.paid_on,
    collected.treasury_on,
    collected.due_on,
    collected.is_calendar_known,
    collected.voucher_no,
    collected.channel,
    collected.receipt_no,
    collected.batch_no,
    member.span_from,
    member.span_to
from int_collected as collected
inner join int_collected_span as member on collected.row_id = member.row_id
left join int_duplicate_payment as duplicate on collected.row_id = duplicate.row_id
where duplicate.row_id is null or collected.paid > duplicate.cleared
