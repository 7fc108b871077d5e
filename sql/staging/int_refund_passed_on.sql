-- one row per year with money from the upper level for refunds: what came, what of it was to be
-- passed on by now, what was refunded and what is listed as pending
-- perhaps_again: of what is pending, the part that is so only if no application repeats another
-- a refund of the first days of a year, still within the time for the last money of the year
-- before, counts for that year
with

receipt as (

    select
        year,
        max(received_on) as received_on,
        max(pass_on_by) as pass_on_by,
        sum(case when pass_on_by < $as_of and not is_by_text then amount else 0 end) as booked,
        sum(case when pass_on_by < $as_of and is_by_text then amount else 0 end) as noted
    from int_refund_receipt
    group by year

),

refund as (

    select
        coalesce(before.year, extract(year from line.paid_on)) as year,
        sum(line.amount) as refunded
    from int_refund_line as line
    left join receipt as before
        on
            extract(year from line.paid_on) - 1 = before.year
            and line.paid_on <= before.pass_on_by
    group by coalesce(before.year, extract(year from line.paid_on))

),

waiting as (

    select
        year,
        sum(pending) as pending,
        sum(perhaps_again) as perhaps_again,
        bool_or(is_unknown) as is_unknown
    from int_refund_waiting
    group by year

)

select
    receipt.year,
    receipt.received_on,
    receipt.pass_on_by,
    cast(receipt.booked as decimal(18, 2)) as booked,
    cast(receipt.noted as decimal(18, 2)) as noted,
    cast(coalesce(refund.refunded, 0) as decimal(18, 2)) as refunded,
    cast(coalesce(waiting.pending, 0) as decimal(18, 2)) as pending,
    cast(coalesce(waiting.perhaps_again, 0) as decimal(18, 2)) as perhaps_again,
    coalesce(waiting.is_unknown, false) as is_pending_unknown
from receipt
left join refund on receipt.year = refund.year
left join waiting on receipt.year = waiting.year
