-- one row per application for a refund that was not rejected: the year whose refund money waits for
-- it (the first with such money since it was filed), and what of it is still to be paid
-- refunds of payer, policy and year serve the oldest application first; an application that names
-- no known policy is served by what the named ones leave of any refund of its year
-- perhaps_again: of that, what is to be paid only if the applications of payer, policy and year add
-- up, and none is another one filed again
with

named as (

    select
        application.row_id,
        application.party_id,
        coalesce(policy.policy, '') as policy,
        application.year,
        application.applied_on,
        application.amount is null as is_unknown,
        coalesce(application.amount, 0) as amount
    from stg_refund_application as application
    left join ref_refund_policy as policy
        on application.policy = policy.policy or application.policy = policy.title
    where coalesce(application.outcome, '通过') <> '退回'

),

asked as (

    select
        party_id,
        policy,
        year,
        sum(amount) as amount,
        max(amount) as highest
    from named
    group by party_id, policy, year

),

refunded as (

    select
        party_id,
        policy,
        year,
        sum(amount) as amount
    from int_refund_line
    group by party_id, policy, year

),

refunded_at_all as (

    select
        party_id,
        year,
        sum(amount) as amount
    from refunded
    group by party_id, year

),

served as (  -- what of the refunds the applications under their own policy take up

    select
        asked.party_id,
        asked.year,
        sum(least(asked.amount, refunded.amount)) as amount
    from asked
    inner join refunded
        on
            asked.party_id = refunded.party_id
            and asked.policy = refunded.policy
            and asked.year = refunded.year
    where asked.policy <> ''
    group by asked.party_id, asked.year

),

paid as (

    select
        asked.*,
        coalesce(
            case
                when asked.policy <> '' then refunded.amount
                else refunded_at_all.amount - coalesce(served.amount, 0)
            end, 0
        ) as paid
    from asked
    left join refunded
        on
            asked.party_id = refunded.party_id
            and asked.policy = refunded.policy
            and asked.year = refunded.year
    left join refunded_at_all
        on asked.party_id = refunded_at_all.party_id and asked.year = refunded_at_all.year
    left join served on asked.party_id = served.party_id and asked.year = served.year

),

in_turn as (

    select
        named.*,
        paid.paid,
        greatest(paid.amount - paid.paid, 0) - greatest(paid.highest - paid.paid, 0) as again,
        sum(named.amount) over (
            partition by named.party_id, named.policy, named.year
            order by named.applied_on asc, named.row_id asc
            rows between unbounded preceding and current row
        ) as running
    from named
    inner join paid
        on
            named.party_id = paid.party_id
            and named.policy = paid.policy
            and named.year = paid.year

),

waiting as (

    select
        in_turn.*,
        greatest(least(amount, running - paid), 0) as pending
    from in_turn

),

doubted as (  -- the latest application first

    select
        waiting.*,
        greatest(
            least(
                pending,
                again + pending - sum(pending) over (
                    partition by party_id, policy, year
                    order by applied_on desc, row_id desc
                    rows between unbounded preceding and current row
                )
            ), 0
        ) as perhaps_again
    from waiting

)

select
    doubted.row_id,
    min(receipt.year) as year,
    doubted.is_unknown,
    cast(doubted.pending as decimal(18, 2)) as pending,
    cast(doubted.perhaps_again as decimal(18, 2)) as perhaps_again
from doubted
inner join int_refund_receipt as receipt on extract(year from doubted.applied_on) <= receipt.year
group by doubted.row_id, doubted.is_unknown, doubted.pending, doubted.perhaps_again
