-- one row per union of several payers, refund policy and policy year that is over: what its payers
-- are entitled to each for itself and what they were refunded, and the union's sum in the measure
-- of the policy's threshold
with

member as (

    select
        joint.union_id,
        min(joint.union_name) as union_name,
        min(joint.row_id) as row_id,
        joint.party_id
    from int_party_union as joint
    group by joint.union_id, joint.party_id

),

joint_union as (

    select union_id
    from member
    group by union_id
    having count(*) > 1

),

refunded as (

    select
        party_id,
        policy,
        year,
        sum(amount) as refunded
    from int_refund_line
    where is_in_window
    group by party_id, policy, year

),

judged as (  -- is_open: the party is owed its refund or has applied for it (int_refund_open)

    select
        member.*,
        entitled.policy,
        entitled.year,
        entitled.year_from,
        entitled.year_to,
        entitled.own_tested,
        entitled.tested_limit,
        entitled.tested_at,
        policy.is_threshold_exclusive,
        entitled.due,
        coalesce(refunded.refunded, 0) as refunded,
        not entitled.is_ineligible and entitled.entitled > 0 and entitled.state <> '未申请'
            as is_open
    from member
    inner join joint_union on member.union_id = joint_union.union_id
    inner join int_refund_entitled as entitled on member.party_id = entitled.party_id
    inner join ref_refund_policy as policy on entitled.policy = policy.policy
    left join refunded
        on
            entitled.party_id = refunded.party_id
            and entitled.policy = refunded.policy
            and entitled.year = refunded.year
    where entitled.threshold is not null

)

select
    union_id,
    min(union_name) as union_name,
    policy,
    year,
    year_from,
    year_to,
    tested_limit,
    cast(sum(own_tested) as decimal(18, 2)) as union_tested,
    max(own_tested) as highest_tested,
    is_threshold_exclusive,
    tested_at,
    cast(sum(case when is_open then due else 0 end) as decimal(18, 2)) as due,
    cast(sum(case when is_open then refunded else 0 end) as decimal(18, 2)) as refunded_of_due,
    cast(sum(refunded) as decimal(18, 2)) as refunded
from judged
group by
    union_id, policy, year, year_from, year_to, tested_limit, tested_at, is_threshold_exclusive
