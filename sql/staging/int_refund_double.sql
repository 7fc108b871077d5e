-- one row per refund that was made twice (SME-06), with the part of it that is double
-- later refunds of a payer's year: of the same policy for an overlapping period, or of one that
-- does not combine with an earlier one's; double is at most what all refunds exceed the highest
-- entitlement of these policies by, the latest refund first
-- claimable: what is left over, for the other rules to claim from the same refunds
with

line as (

    select
        refund.row_id,
        refund.party_id,
        refund.policy,
        refund.year,
        refund.amount,
        refund.is_doubtful,
        row_number() over (
            partition by refund.party_id, refund.year
            order by refund.paid_on asc, refund.transfer_no asc, refund.row_id asc
        ) as turn,
        coalesce(refund.period_from, entitled.year_from) as period_from,
        coalesce(refund.period_to, entitled.year_to) as period_to,
        entitled.entitlement
    from int_refund_line as refund
    inner join int_refund_entitled as entitled
        on
            refund.party_id = entitled.party_id
            and refund.policy = entitled.policy
            and refund.year = entitled.year
    where refund.is_in_window and entitled.is_year_collected

),

later as (  -- with the group of policies: those that do not combine are one

    select
        line.row_id,
        bool_or(earlier.policy <> line.policy) as is_across
    from line
    inner join line as earlier
        on line.party_id = earlier.party_id and line.year = earlier.year
    left join ref_refund_not_with as apart
        on line.policy = apart.policy and earlier.policy = apart.other
    where
        line.amount > 0
        and earlier.amount > 0
        and earlier.turn < line.turn
        and (
            apart.other is not null
            or (
                earlier.policy = line.policy
                and earlier.period_from <= line.period_to
                and earlier.period_to >= line.period_from
            )
        )
    group by line.row_id

),

apart_policy as (  -- policies of a payer's year that do not combine

    select distinct
        line.party_id,
        line.year,
        line.policy
    from line
    inner join line as other on line.party_id = other.party_id and line.year = other.year
    inner join ref_refund_not_with as apart
        on line.policy = apart.policy and other.policy = apart.other

),

grouped as (

    select
        line.*,
        case when apart_policy.policy is not null then '' else line.policy end as policy_group,
        later.row_id is not null as is_later,
        coalesce(later.is_across, false) as is_across
    from line
    left join apart_policy
        on
            line.party_id = apart_policy.party_id
            and line.year = apart_policy.year
            and line.policy = apart_policy.policy
    left join later on line.row_id = later.row_id

),

measured as (

    select
        grouped.*,
        sum(amount) over (partition by party_id, year, policy_group)
        - max(entitlement) over (partition by party_id, year, policy_group) as excess,
        sum(case when is_later then amount else 0 end) over (
            partition by party_id, year, policy_group
            order by turn desc
            rows between unbounded preceding and current row
        ) as running
    from grouped

),

cut as (

    select
        measured.*,
        case
            when is_later then greatest(least(amount, excess - (running - amount)), 0) else 0
        end as doubled
    from measured

)

select
    row_id,
    party_id,
    policy,
    year,
    amount,
    policy_group,
    is_later,
    is_across,
    is_doubtful,
    cast(doubled as decimal(18, 2)) as doubled,
    cast(
        greatest(
            excess - sum(doubled) over (partition by party_id, year, policy_group), 0
        ) as decimal(18, 2)
    ) as claimable
from cut
