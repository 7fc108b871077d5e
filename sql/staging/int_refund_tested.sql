-- one row per party, refund policy and policy year with payments in it, or in one of the two years
-- before: the sum that the policy's threshold tests, and the limit in the same measure
-- average of two years: their sum against twice the threshold; a policy tested at the union adds up
-- the union's payers; is_collected: the collection list reaches back that far; is_known: the
-- average would not turn on how a year without payments counts
with

yearly as (

    select
        policy,
        party_id,
        year,
        sum(case when is_in_window then upper_part else 0 end) as in_window,
        sum(upper_part) as whole
    from int_refund_row
    group by policy, party_id, year

),

collected_year as (

    select distinct
        policy,
        year
    from yearly

),

gap as (

    select
        party_id,
        policy,
        year,
        upper_gap,
        upper_gap_perhaps
    from int_refund_gap

),

shifted as (  -- payments due in the window that count in the year after

    select
        payment.party_id,
        payment.policy,
        payment.year - 1 as year,
        sum(payment.upper_part) as upper_part
    from int_refund_row as payment
    inner join ref_refund_year as policy_year
        on payment.policy = policy_year.policy and payment.year - 1 = policy_year.year
    where payment.due_on <= policy_year.window_to
    group by payment.party_id, payment.policy, payment.year - 1

),

measured as (

    select
        basis.party_id,
        basis.policy,
        basis.year,
        policy.threshold,
        policy.threshold_test,
        policy.is_threshold_exclusive,
        policy.tested_at,
        coalesce(this_year.in_window, 0) as upper_part,
        coalesce(shifted.upper_part, 0) as shifted_part,
        last_year.party_id is not null as has_last,
        before_last.party_id is not null as has_before,
        case policy.threshold_test
            when 'avg_prior_2y' then coalesce(last_year.whole, 0) + coalesce(before_last.whole, 0)
            else coalesce(this_year.in_window, 0)
        end as tested,
        case policy.threshold_test
            when 'avg_prior_2y'
                then coalesce(last_gap.upper_gap, 0) + coalesce(before_gap.upper_gap, 0)
            else coalesce(this_gap.upper_gap, 0)
        end as tested_gap,
        case policy.threshold_test
            when 'avg_prior_2y'
                then
                    coalesce(last_gap.upper_gap_perhaps, 0)
                    + coalesce(before_gap.upper_gap_perhaps, 0)
            else coalesce(this_gap.upper_gap_perhaps, 0)
        end as tested_gap_perhaps
    from int_refund_basis as basis
    inner join ref_refund_policy as policy on basis.policy = policy.policy
    left join yearly as this_year
        on
            basis.party_id = this_year.party_id
            and basis.policy = this_year.policy
            and basis.year = this_year.year
    left join yearly as last_year
        on
            basis.party_id = last_year.party_id
            and basis.policy = last_year.policy
            and basis.year - 1 = last_year.year
    left join yearly as before_last
        on
            basis.party_id = before_last.party_id
            and basis.policy = before_last.policy
            and basis.year - 2 = before_last.year
    left join shifted
        on
            basis.party_id = shifted.party_id
            and basis.policy = shifted.policy
            and basis.year = shifted.year
    left join gap as this_gap
        on
            basis.party_id = this_gap.party_id
            and basis.policy = this_gap.policy
            and basis.year = this_gap.year
    left join gap as last_gap
        on
            basis.party_id = last_gap.party_id
            and basis.policy = last_gap.policy
            and basis.year - 1 = last_gap.year
    left join gap as before_gap
        on
            basis.party_id = before_gap.party_id
            and basis.policy = before_gap.policy
            and basis.year - 2 = before_gap.year

),

levelled as (  -- at the union where the policy says so

    select
        measured.*,
        sum(tested) over (partition by measured.policy, measured.year, joint.union_id)
            as union_tested,
        joint.union_id
    from measured
    left join int_party_union as joint on measured.party_id = joint.party_id

),

limited as (

    select
        levelled.*,
        case
            when tested_at = 'union' and union_id is not null then union_tested
            else tested
        end as level_tested,
        case threshold_test when 'avg_prior_2y' then 2 else 1 end * threshold as level_limit
    from levelled

)

select
    limited.party_id,
    limited.policy,
    limited.year,
    cast(limited.upper_part as decimal(18, 2)) as upper_part,
    cast(limited.tested as decimal(18, 2)) as own_tested,
    cast(limited.level_tested as decimal(18, 2)) as tested,
    cast(limited.level_tested + limited.shifted_part as decimal(18, 2)) as tested_unshifted,
    cast(limited.level_limit as decimal(18, 2)) as tested_limit,
    this_year.policy is not null as is_year_collected,
    coalesce(
        limited.level_tested > limited.level_limit
        or (limited.is_threshold_exclusive and limited.level_tested = limited.level_limit), false
    ) as is_over,
    coalesce(
        limited.level_tested + limited.tested_gap > limited.level_limit
        or (
            limited.is_threshold_exclusive
            and limited.level_tested + limited.tested_gap = limited.level_limit
        ), false
    ) as is_due_over,
    coalesce(
        limited.level_tested + limited.tested_gap_perhaps > limited.level_limit
        or (
            limited.is_threshold_exclusive
            and limited.level_tested + limited.tested_gap_perhaps = limited.level_limit
        ), false
    ) as is_due_perhaps_over,
    cast(limited.level_tested + limited.tested_gap_perhaps as decimal(18, 2)) as tested_due,
    coalesce(limited.threshold_test, '') <> 'avg_prior_2y'
    or (last_year.policy is not null and before_last.policy is not null) as is_collected,
    coalesce(limited.threshold_test, '') <> 'avg_prior_2y'
    or (limited.has_last and limited.has_before)
    or (limited.tested > 0 and 2 * limited.tested < limited.level_limit) as is_known
from limited
left join collected_year as this_year
    on limited.policy = this_year.policy and limited.year = this_year.year
left join collected_year as last_year
    on limited.policy = last_year.policy and limited.year - 1 = last_year.year
left join collected_year as before_last
    on limited.policy = before_last.policy and limited.year - 2 = before_last.year
