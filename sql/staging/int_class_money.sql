-- one row per class for which money was paid: what, to whom, for how many, at which standard
-- heads: the payments' common number where all that was paid is no more than its standard (part
-- payments for the same heads), else their sum; a row below zero takes its heads away, unless it
-- names all of them (then money of the same heads went back)
-- is_added: several payments whose heads add up; sure_heads: listed and approved, where known
-- has_twin: two payments equal in everything, of which nobody knows whether they are one
-- lacks_heads: a payment says nothing that can be a number of heads
-- is_unsure: the class stands twice with other words, or several parties have its money, so that
-- nobody knows who owes what
-- unit: the standard, else the amount per head
-- expected: own subsidies and the standard for the other heads; due: expected, else what was paid
-- advance_allowed: agreed, else the allowed share of what is due
-- claimable: what can be recovered from persons and heads at most
with

paid as (

    select
        class_no,
        payee,
        payee_key,
        payee_party_id,
        heads,
        case when amount > 0 then greatest(heads, 0) end as paid_heads,
        case when amount < 0 then abs(heads) end as gone_heads,
        standard,
        amount,
        paid_on,
        count(*) over (
            partition by
                class_no, payee_key, payee_account, heads, standard, amount, paid_on, voucher_no
        ) > 1 as is_twin
    from int_class_payment

),

sized as (

    select
        paid.*,
        min(paid_heads) over (partition by class_no) as least_heads,
        max(paid_heads) over (partition by class_no) as most_paid_heads
    from paid

),

per_class as (

    select
        class_no,
        min(least_heads) as least_heads,
        min(least_heads) = min(most_paid_heads) as is_common,
        coalesce(sum(paid_heads), 0) - coalesce(sum(gone_heads), 0) as sum_heads,
        greatest(
            min(least_heads)
            - coalesce(sum(case when gone_heads <> least_heads then gone_heads end), 0),
            0
        ) as common_heads,
        bool_or(amount > 0 and heads <= 0) as lacks_heads,
        count(case when amount > 0 then 1 end) > 1 as is_parted,
        bool_or(is_twin) as has_twin,
        case when min(standard) = max(standard) then min(standard) end as payment_standard,
        sum(amount) as amount,
        min(paid_on) as first_paid_on,
        max(paid_on) as last_paid_on
    from sized
    group by class_no
    having sum(amount) > 0

),

per_payee as (

    select
        class_no,
        payee_key,
        min(payee) as payee,
        min(payee_party_id) as payee_party_id,
        sum(amount) as amount
    from paid
    group by class_no, payee_key

),

main_payee as (  -- the payee with the largest amount, else the first by name

    select
        class_no,
        payee,
        payee_party_id
    from per_payee
    qualify row_number() over (partition by class_no order by amount desc, payee asc) = 1

),

payee_count as (

    select
        class_no,
        count(*) as payees
    from (
        select
            class_no,
            payee_party_id
        from paid
        group by class_no, payee_party_id
        having sum(amount) > 0
    ) as paid_party
    group by class_no

),

roster as (

    select
        class_no,
        count(*) as listed,
        count(subsidy) as own_count,
        sum(subsidy) as own_sum
    from stg_trainee
    where not is_repeat
    group by class_no

),

rosters as (

    select count(*) > 0 as are_there from stg_trainee

),

joined as (

    select
        per_class.class_no,
        class.row_id as class_row_id,
        class.class_name,
        class.provider,
        class.starts_on,
        class.ends_on,
        coalesce(class.starts_on, per_class.first_paid_on) as policy_on,
        coalesce(class.ends_on, per_class.last_paid_on) as report_on,
        case
            when class.starts_on is null
                then period_text(per_class.first_paid_on, per_class.last_paid_on)
            else period_text(class.starts_on, class.ends_on)
        end as period,
        class.approved_heads,
        class.accepted_on,
        class.advance_agreed,
        main_payee.payee_party_id as party_id,
        main_payee.payee as party_name,
        per_class.least_heads,
        per_class.is_common,
        per_class.sum_heads,
        per_class.common_heads,
        per_class.is_parted,
        per_class.has_twin,
        per_class.lacks_heads,
        payee_count.payees > 1 or coalesce(class.is_unclear, false) as is_unsure,
        rosters.are_there as has_rosters,
        cast(per_class.amount as decimal(18, 2)) as amount,
        coalesce(class.standard, per_class.payment_standard) as standard,
        case
            when roster.listed > 0
                then least(roster.listed, coalesce(class.approved_heads, roster.listed))
            else class.approved_heads
        end as sure_heads,
        coalesce(roster.listed, 0) as listed,
        coalesce(roster.own_count, 0) as own_count,
        cast(coalesce(roster.own_sum, 0) as decimal(18, 2)) as own_sum
    from per_class
    inner join main_payee on per_class.class_no = main_payee.class_no
    inner join payee_count on per_class.class_no = payee_count.class_no
    left join stg_training_class as class on per_class.class_no = class.class_no
    left join roster on per_class.class_no = roster.class_no
    cross join rosters

),

headed as (  -- without a standard equal heads add up where as many are known, or rows are twins

    select
        joined.*,
        is_parted and (
            not is_common
            or case
                when standard is not null then amount > least_heads * standard
                else has_twin or coalesce(sum_heads <= sure_heads, false)
            end
        ) as is_added
    from joined

),

counted as (

    select
        headed.*,
        cast(
            case when is_added or not is_common then sum_heads else common_heads end as bigint
        ) as heads
    from headed

),

valued as (  -- due_heads: without any list of trainees only as many as are approved, else in common

    select
        counted.*,
        coalesce(standard, div_half_up(amount, heads)) as unit,
        case
            when is_added and not has_rosters
                then
                    least(
                        heads,
                        coalesce(sure_heads, case when is_common then common_heads else heads end)
                    )
            else heads
        end as due_heads
    from counted

),

priced as (

    select
        valued.*,
        case
            when standard is not null or own_count >= due_heads
                then cast(own_sum + greatest(due_heads - own_count, 0) * unit as decimal(18, 2))
        end as expected
    from valued

)

select
    priced.*,
    policy.training_max_class_size as most_heads,
    policy.training_advance_pct as advance_pct,
    coalesce(priced.expected, priced.amount) as due,
    cast(
        coalesce(
            priced.advance_agreed,
            round(
                policy.training_advance_pct * coalesce(priced.expected, priced.amount), 2
            )
        ) as decimal(18, 2)
    ) as advance_allowed,
    least(priced.amount, greatest(coalesce(priced.expected, priced.amount), 0)) as claimable
from priced
left join ref_policy_day as policy on priced.policy_on = policy.day
