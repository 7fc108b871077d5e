-- one row per party and span in mode 部分代收 whose basic union's own account has bank lines: the
-- basic part that goes with the upper part paid, and what the account received for it: money of the
-- month in which the upper part was paid first, what is left over to the oldest span
-- periods before the union was founded, and unions that are dissolved, are left out
-- is_covered: the account has lines of the year in which the upper part was paid or an earlier one,
-- and some basic union's has of that in which the basic part was due or a later one
with

founded as (  -- since when the payer has a union that is not dissolved

    select
        party_id,
        min(founded_on) as founded_on
    from stg_union
    where party_id is not null and (dissolved_on is null or dissolved_on > $as_of)
    group by party_id

),

need as (

    select
        payment.party_id,
        payment.span_from,
        payment.span_to,
        max(payment.treasury_on) as treasury_on,
        sum(payment.paid) as paid,
        bool_and(span.is_mode_known) as is_mode_known,
        min(policy.fee_basic_share) as basic_share,
        div_half_up(
            sum(payment.paid) * min(policy.fee_basic_share), 1 - min(policy.fee_basic_share)
        ) as basic
    from int_payment as payment
    inner join int_fee_span as span
        on payment.party_id = span.party_id and payment.span_from = span.span_from
    inner join ref_policy_day as policy on payment.span_from = policy.day
    inner join founded on payment.party_id = founded.party_id
    where
        payment.item = '工会经费'
        and (founded.founded_on is null or payment.period_to >= founded.founded_on)
        and span.mode = '部分代收'
        and span.fraction is null
    group by payment.party_id, payment.span_from, payment.span_to
    having sum(payment.paid) > 0 and min(policy.fee_basic_share) < 1

),

received as (  -- what the account received from the employer, per month

    select
        party_id,
        cast(date_trunc('month', posted_on) as date) as month,
        sum(case when is_from_employer and amount > 0 then amount else 0 end) as received
    from int_basic_receipt
    group by party_id, cast(date_trunc('month', posted_on) as date)

),

account as (

    select
        party_id,
        sum(received) as received,
        min(month) as first_month
    from received
    group by party_id

),

listed as (  -- the end of the year of the last line of any basic union's account

    select add_months(date_trunc('year', max(posted_on)), 12) as until_on from int_basic_receipt

),

same_month as (  -- receipts serve the span whose upper part was paid in the same month first

    select
        need.*,
        account.received as account_received,
        need.treasury_on >= date_trunc('year', account.first_month) as is_begun,
        greatest(
            least(
                need.basic,
                coalesce(received.received, 0) - (
                    sum(need.basic) over (
                        partition by
                            need.party_id,
                            cast(date_trunc('month', need.treasury_on) as date)
                        order by need.span_from asc
                        rows between unbounded preceding and current row
                    ) - need.basic
                )
            ), 0
        ) as first_received
    from need
    inner join account on need.party_id = account.party_id
    left join received
        on
            need.party_id = received.party_id
            and cast(date_trunc('month', need.treasury_on) as date) = received.month

),

running as (  -- what is left serves the oldest span that is still open

    select
        same_month.*,
        account_received - sum(first_received) over (partition by party_id) as left_over,
        sum(basic - first_received) over (
            partition by party_id
            order by span_from asc
            rows between unbounded preceding and current row
        ) - (basic - first_received) as open_before
    from same_month

),

due as (

    select
        running.*,
        case policy.fee_passback_day_type
            when 'working' then target.day
            else add_days(running.treasury_on, policy.fee_passback_days)
        end as due_on,
        policy.fee_passback_day_type <> 'working'
        or coalesce(start.is_known and target.is_known, false) as is_calendar_known
    from running
    inner join ref_policy_day as policy on running.treasury_on = policy.day
    inner join ref_day as start on running.treasury_on = start.day
    left join ref_day as target
        on start.workday_no + policy.fee_passback_days = target.workday_no and target.is_workday

)

select
    party_id,
    span_from,
    span_to,
    treasury_on,
    due_on,
    is_calendar_known,
    is_mode_known,
    is_begun and due_on < listed.until_on as is_covered,
    paid,
    basic_share,
    basic,
    cast(
        first_received + greatest(least(basic - first_received, left_over - open_before), 0)
        as decimal(18, 2)
    ) as received
from due
cross join listed
