-- one row per party, refund policy and policy year with payments in the window or refunds: the sum
-- that the policy's threshold tests, and the limit in the same measure
-- average of two years: their sum against twice the threshold; a policy tested at the union adds up
-- the union's payers; is_collected: the collection list reaches back that far; is_known: the
-- average would not turn on how a year without payments counts
-- is_over: the limit is reached in whichever year payments with an open day count; is_perhaps_over:
-- in one of them it is; is_due_over, is_due_perhaps_over: only with the money short, likewise
-- is_short, is_perhaps_short: money short in the year's window (REM-01, REM-02), certain or not
with

asked as (

    select
        party_id,
        policy,
        year
    from int_refund_row
    where is_in_window
    union
    select
        party_id,
        policy,
        year
    from int_refund_line
    where is_in_window

),

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

short as (  -- a span belongs to the year of its first payment

    select
        gap.party_id,
        part.policy,
        part.year,
        part.is_in_window,
        gap.gap,
        gap.is_certain and not part.is_day_open as is_certain,
        cast(
            round(
                gap.gap
                * cast(
                    case
                        when part.is_shared
                            then coalesce(policy.upper_share, 1 - terms.fee_basic_share)
                        else 1
                    end as decimal(10, 6)
                ), 2
            ) as decimal(18, 2)
        ) as upper_gap
    from int_fee_gap as gap
    inner join int_refund_row as part
        on gap.party_id = part.party_id and gap.span_from = part.span_from
    inner join ref_refund_policy as policy on part.policy = policy.policy
    inner join ref_policy_day as terms on gap.span_from = terms.day
    where gap.is_short
    qualify row_number() over (
        partition by gap.party_id, gap.span_from, part.policy
        order by part.anchor_on asc, part.row_id asc
    ) = 1

),

unpaid as (  -- a month to that of its due day, or of itself where the policy counts by fee period

    select
        missing.party_id,
        policy.policy,
        policy.year_kind,
        policy.window_from,
        policy.window_to,
        case policy.anchor when 'fee_period' then missing.month else missing.due_on end
            as anchor_on,
        missing.wages is not null
        and missing.is_tax_mode
        and missing.is_mode_known
        and not missing.is_wage_split as is_certain,
        cast(
            round(missing.wages * cast(missing.fee_rate * missing.share as decimal(12, 8)), 2)
            as decimal(18, 2)
        ) as gap,
        case
            when missing.share = 1 then coalesce(policy.upper_share, 1 - terms.fee_basic_share)
            else 1
        end as upper_share
    from int_fee_missing as missing
    cross join ref_refund_policy as policy
    inner join ref_policy_day as terms on missing.month = terms.day

),

together as (

    select
        party_id,
        policy,
        year,
        is_in_window,
        gap,
        is_certain,
        upper_gap
    from short
    union all
    select
        party_id,
        policy,
        cast(
            extract(
                year from
                case year_kind when 'oct_sep' then add_months(anchor_on, 3) else anchor_on end
            ) as bigint
        ) as year,
        anchor_on between window_from and window_to as is_in_window,
        gap,
        is_certain,
        cast(round(gap * cast(upper_share as decimal(10, 6)), 2) as decimal(18, 2)) as upper_gap
    from unpaid
    where gap is null or gap > 0

),

gap as (  -- money short in the window, and the upper part of all gaps of the year

    select
        party_id,
        policy,
        year,
        bool_or(is_in_window and is_certain) as is_short,
        bool_or(is_in_window and not is_certain) as is_perhaps_short,
        cast(sum(case when is_certain then upper_gap else 0 end) as decimal(18, 2)) as upper_gap,
        cast(sum(coalesce(upper_gap, 0)) as decimal(18, 2)) as upper_gap_perhaps
    from together
    group by party_id, policy, year

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

swing as (  -- payments with an open day leave the sum, or come into it, in the year before

    select
        payment.party_id,
        payment.policy,
        case policy.threshold_test
            when 'avg_prior_2y' then payment.year + 2 else payment.year
        end as year,
        -payment.upper_part as upper_part
    from int_refund_row as payment
    inner join ref_refund_policy as policy on payment.policy = policy.policy
    where
        payment.is_day_open
        and (payment.is_in_window or policy.threshold_test = 'avg_prior_2y')
    union all
    select
        payment.party_id,
        payment.policy,
        case policy.threshold_test
            when 'avg_prior_2y' then payment.year else payment.year - 1
        end as year,
        payment.upper_part
    from int_refund_row as payment
    inner join ref_refund_policy as policy on payment.policy = policy.policy
    where payment.is_day_open

),

swung as (

    select
        party_id,
        policy,
        year,
        sum(least(upper_part, 0)) as lower_by,
        sum(greatest(upper_part, 0)) as higher_by
    from swing
    group by party_id, policy, year

),

measured as (

    select
        asked.party_id,
        asked.policy,
        asked.year,
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
        coalesce(swung.lower_by, 0) as lower_by,
        coalesce(swung.higher_by, 0) as higher_by,
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
        end as tested_gap_perhaps,
        coalesce(this_gap.is_short, false) as is_short,
        coalesce(this_gap.is_perhaps_short, false) as is_perhaps_short
    from asked
    inner join ref_refund_policy as policy on asked.policy = policy.policy
    left join yearly as this_year
        on
            asked.party_id = this_year.party_id
            and asked.policy = this_year.policy
            and asked.year = this_year.year
    left join yearly as last_year
        on
            asked.party_id = last_year.party_id
            and asked.policy = last_year.policy
            and asked.year - 1 = last_year.year
    left join yearly as before_last
        on
            asked.party_id = before_last.party_id
            and asked.policy = before_last.policy
            and asked.year - 2 = before_last.year
    left join shifted
        on
            asked.party_id = shifted.party_id
            and asked.policy = shifted.policy
            and asked.year = shifted.year
    left join swung
        on
            asked.party_id = swung.party_id
            and asked.policy = swung.policy
            and asked.year = swung.year
    left join gap as this_gap
        on
            asked.party_id = this_gap.party_id
            and asked.policy = this_gap.policy
            and asked.year = this_gap.year
    left join gap as last_gap
        on
            asked.party_id = last_gap.party_id
            and asked.policy = last_gap.policy
            and asked.year - 1 = last_gap.year
    left join gap as before_gap
        on
            asked.party_id = before_gap.party_id
            and asked.policy = before_gap.policy
            and asked.year - 2 = before_gap.year

),

levelled as (  -- at the union where the policy says so

    select
        measured.*,
        sum(tested) over (partition by measured.policy, measured.year, joint.union_id)
            as union_tested,
        sum(lower_by) over (partition by measured.policy, measured.year, joint.union_id)
            as union_lower_by,
        sum(higher_by) over (partition by measured.policy, measured.year, joint.union_id)
            as union_higher_by,
        joint.union_id
    from measured
    left join int_party_union as joint on measured.party_id = joint.party_id

),

limited as (

    select
        levelled.*,
        case threshold_test when 'avg_prior_2y' then 2 else 1 end * threshold as level_limit,
        tested_at = 'union' and union_id is not null as is_at_union
    from levelled

),

compared as (  -- over_from: the least sum that is over the limit

    select
        limited.*,
        case when is_at_union then union_tested else tested end as level_tested,
        case when is_at_union then union_tested + union_lower_by else tested + lower_by end
            as least_tested,
        case when is_at_union then union_tested + union_higher_by else tested + higher_by end
            as most_tested,
        case when is_threshold_exclusive then level_limit else level_limit + 0.01 end as over_from
    from limited

)

select
    compared.party_id,
    compared.policy,
    compared.year,
    cast(compared.upper_part as decimal(18, 2)) as upper_part,
    cast(compared.tested as decimal(18, 2)) as own_tested,
    cast(compared.level_tested as decimal(18, 2)) as tested,
    cast(compared.level_tested + compared.shifted_part as decimal(18, 2)) as tested_unshifted,
    cast(compared.level_limit as decimal(18, 2)) as tested_limit,
    this_year.policy is not null as is_year_collected,
    coalesce(compared.least_tested >= compared.over_from, false) as is_over,
    coalesce(compared.most_tested >= compared.over_from, false) as is_perhaps_over,
    coalesce(
        compared.least_tested < compared.over_from
        and compared.least_tested + compared.tested_gap >= compared.over_from, false
    ) as is_due_over,
    coalesce(
        compared.most_tested < compared.over_from
        and compared.most_tested + compared.tested_gap_perhaps >= compared.over_from, false
    ) as is_due_perhaps_over,
    cast(compared.level_tested + compared.tested_gap_perhaps as decimal(18, 2)) as tested_due,
    compared.is_short,
    compared.is_perhaps_short,
    coalesce(compared.threshold_test, '') <> 'avg_prior_2y'
    or (last_year.policy is not null and before_last.policy is not null) as is_collected,
    coalesce(compared.threshold_test, '') <> 'avg_prior_2y'
    or (compared.has_last and compared.has_before)
    or (compared.tested > 0 and 2 * compared.tested < compared.level_limit) as is_known
from compared
left join collected_year as this_year
    on compared.policy = this_year.policy and compared.year = this_year.year
left join collected_year as last_year
    on compared.policy = last_year.policy and compared.year - 1 = last_year.year
left join collected_year as before_last
    on compared.policy = before_last.policy and compared.year - 2 = before_last.year
