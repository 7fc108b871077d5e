-- tax collection rows that stand: no repeats, no reversed pairs; each with its due day (the row's
-- own, else the computed one) and the months it covers; duplicates are still in (see int_payment)
select
    collection.row_id,
    collection.party_id,
    collection.item,
    collection.period_from,
    collection.period_to,
    cast(date_trunc('month', collection.period_from) as date) as month_from,
    cast(date_trunc('month', collection.period_to) as date) as month_to,
    collection.base,
    collection.rate,
    collection.paid,
    collection.paid_on,
    collection.treasury_on,
    coalesce(collection.due_on, due.due_on) as due_on,
    collection.due_on is not null or coalesce(due.is_known, false) as is_calendar_known,
    collection.voucher_no,
    collection.channel,
    collection.receipt_no,
    collection.batch_no
from stg_tax_collection as collection
left join ref_fee_due as due
    on cast(date_trunc('month', collection.period_to) as date) = due.month
where not collection.is_repeat and not collection.is_reversed
