-- tax collection rows that stand: no repeats, no reversed pairs; each with its due day (the row's
-- own, else the computed one), the months it covers and the span it belongs to: fee periods of a
-- payer that share a month are one span (first day of its first month to last day of its last)
-- duplicates are still in (see int_payment)
with

standing as (

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
        collection.rate_mode,
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

),

reached as (  -- the last month that the payer's earlier rows reach

    select
        standing.*,
        max(month_to) over (
            partition by party_id
            order by month_from asc, month_to asc, row_id asc
            rows between unbounded preceding and 1 preceding
        ) as reached_month
    from standing

),

numbered as (

    select
        reached.*,
        sum(case when month_from <= reached_month then 0 else 1 end) over (
            partition by party_id
            order by month_from asc, month_to asc, row_id asc
            rows between unbounded preceding and current row
        ) as span_no
    from reached

)

select
    row_id,
    party_id,
    item,
    period_from,
    period_to,
    base,
    rate,
    rate_mode,
    paid,
    paid_on,
    treasury_on,
    due_on,
    is_calendar_known,
    voucher_no,
    channel,
    receipt_no,
    batch_no,
    min(month_from) over (partition by party_id, span_no) as span_from,
    last_day(max(month_to) over (partition by party_id, span_no)) as span_to
from numbered
