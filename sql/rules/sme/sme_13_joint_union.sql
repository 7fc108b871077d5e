-- SME-13 joint-union
-- grain: one row per union_id, policy and year
with

compared as (

    select
        joint.*,
        case
            when joint.tested_at = 'union' then joint.refunded
            else cast(joint.due - joint.refunded_of_due as decimal(18, 2))
        end as apart
    from int_refund_joint as joint
    where
        (
            joint.union_tested > joint.tested_limit
            or (joint.is_threshold_exclusive and joint.union_tested = joint.tested_limit)
        )
        and (
            joint.highest_tested < joint.tested_limit
            or (not joint.is_threshold_exclusive and joint.highest_tested = joint.tested_limit)
        )

)

select
    compared.union_id,
    compared.policy,
    compared.year,
    compared.union_id as party_id,
    compared.union_name as party_name,
    cast(compared.year as varchar) as period,
    'verify' as direction,
    compared.apart as amount,
    case when compared.tested_at = 'union' then 0 else compared.due end as expected,
    case when compared.tested_at = 'union' then compared.refunded else compared.refunded_of_due end
        as actual,
    case
        when compared.tested_at = 'union' then cast(compared.refunded as varchar)
        else
            cast(compared.due as varchar) || '−' || cast(compared.refunded_of_due as varchar) || '='
            || cast(compared.apart as varchar)
    end as formula,
    'upper_part|' || compared.union_id || '|' || cast(compared.year as varchar) as money_key,
    compared.year_from as report_from,
    compared.year_to as report_to,
    compared.union_tested,
    compared.tested_limit,
    case when compared.tested_at = 'union' then '应按工会合计判断' else '应按缴费单位判断' end
        as reason
from compared
where compared.apart > $tolerance_money_yuan
order by compared.union_id, compared.policy, compared.year;

select
    found.exception_no,
    payment.row_id
from found
inner join int_party_union as member on found.union_id = member.union_id
inner join int_refund_row as payment
    on
        member.party_id = payment.party_id
        and found.policy = payment.policy
        and found.year = payment.year
where payment.is_in_window
union all
select
    found.exception_no,
    member.row_id
from found
inner join int_party_union as member on found.union_id = member.union_id
union all
select
    found.exception_no,
    refund.row_id
from found
inner join int_party_union as member on found.union_id = member.union_id
inner join int_refund_line as refund
    on
        member.party_id = refund.party_id
        and found.policy = refund.policy
        and found.year = refund.year
