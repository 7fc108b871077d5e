-- one row per party, refund policy and policy year with money short (REM-01, REM-02): the gaps
-- inside the window, and the upper part of all gaps of the year, what is certain apart
-- a span belongs to the year of its first payment; a month without any to that of its due day, or
-- of itself where the policy counts by fee period
with

short as (

    select
        gap.party_id,
        part.policy,
        part.year,
        part.is_in_window,
        gap.gap,
        gap.is_certain,
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

unpaid as (

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

)

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
