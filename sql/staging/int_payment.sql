-- payments that count: collection rows that stand, less what is cleared as paid twice (REM-10):
-- second and later payments of the same payer, item, period and amount under other vouchers; where
-- the fee of the span is known, at most what was paid above it, taken from the latest copy first
with

copied as (  -- second and later payments

    select
        row_id,
        party_id,
        item,
        period_from,
        period_to,
        paid,
        treasury_on,
        span_from
    from int_collected
    where paid > 0
    qualify row_number() over (
        partition by party_id, item, period_from, period_to, paid
        order by treasury_on asc, row_id asc
    ) > 1

),

extra as (

    select
        copied.*,
        span.collected - span.sure_expected as excess,
        sum(copied.paid) over (
            partition by copied.party_id, copied.span_from
            order by copied.treasury_on desc, copied.row_id desc
            rows between unbounded preceding and current row
        ) as running
    from copied
    left join int_fee_span as span
        on copied.party_id = span.party_id and copied.span_from = span.span_from

),

cut as (

    select
        extra.*,
        case
            when excess is null then paid
            else greatest(least(paid, excess - (running - paid)), 0)
        end as cleared
    from extra

),

duplicate as (

    select
        row_id,
        cleared
    from cut
    qualify
        sum(cleared) over (partition by party_id, item, period_from, period_to, paid)
        > $tolerance_money_yuan

)

select
    collected.row_id,
    collected.party_id,
    collected.item,
    collected.period_from,
    collected.period_to,
    collected.base,
    collected.rate,
    collected.rate_mode,
    cast(collected.paid - coalesce(duplicate.cleared, 0) as decimal(18, 2)) as paid,
    collected.paid_on,
    collected.treasury_on,
    collected.due_on,
    collected.is_calendar_known,
    collected.voucher_no,
    collected.channel,
    collected.receipt_no,
    collected.batch_no,
    collected.span_from,
    collected.span_to
from int_collected as collected
left join duplicate on collected.row_id = duplicate.row_id
where duplicate.row_id is null or collected.paid > duplicate.cleared
