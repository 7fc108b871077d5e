-- one row per year with money from the upper level for refunds: what came, what of it was to be
-- passed on by now, what was refunded and what is listed as pending
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

refunded as (

    select
        party_id,
        policy,
        year,
        sum(amount) as refunded
    from int_refund_line
    group by party_id, policy, year

),

refunded_at_all as (

    select
        party_id,
        year,
        sum(amount) as refunded
    from int_refund_line
    group by party_id, year

),

waiting as (  -- no outcome counts as accepted, a policy that is not known as none named

    select
        extract(year from application.applied_on) as year,
        sum(
            greatest(
                application.amount - coalesce(
                    case
                        when policy.policy is null then refunded_at_all.refunded
                        else refunded.refunded
                    end, 0
                ), 0
            )
        ) as pending,
        bool_or(application.amount is null) as is_unknown
    from stg_refund_application as application
    left join ref_refund_policy as policy
        on application.policy = policy.policy or application.policy = policy.title
    left join refunded
        on
            application.party_id = refunded.party_id
            and policy.policy = refunded.policy
            and application.year = refunded.year
    left join refunded_at_all
        on
            application.party_id = refunded_at_all.party_id
            and application.year = refunded_at_all.year
    where coalesce(application.outcome, '通过') <> '退回'
    group by extract(year from application.applied_on)

)

select
    receipt.year,
    receipt.received_on,
    receipt.pass_on_by,
    cast(receipt.booked as decimal(18, 2)) as booked,
    cast(receipt.noted as decimal(18, 2)) as noted,
    cast(coalesce(refund.refunded, 0) as decimal(18, 2)) as refunded,
    cast(coalesce(waiting.pending, 0) as decimal(18, 2)) as pending,
    coalesce(waiting.is_unknown, false) as is_pending_unknown
from receipt
left join refund on receipt.year = refund.year
left join waiting on receipt.year = waiting.year
