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

)

select
    member.union_id,
    min(member.union_name) as union_name,
    tested.policy,
    tested.year,
    entitled.year_from,
    entitled.year_to,
    entitled.tested_limit,
    cast(sum(tested.own_tested) as decimal(18, 2)) as union_tested,
    max(tested.own_tested) as highest_tested,
    policy.is_threshold_exclusive,
    entitled.tested_at,
    cast(sum(coalesce(opened.due, 0)) as decimal(18, 2)) as due,
    cast(
        sum(case when opened.party_id is null then 0 else coalesce(refunded.refunded, 0) end)
        as decimal(18, 2)
    ) as refunded_of_due,
    cast(sum(coalesce(refunded.refunded, 0)) as decimal(18, 2)) as refunded
from member
inner join joint_union on member.union_id = joint_union.union_id
inner join int_refund_tested as tested on member.party_id = tested.party_id
inner join int_refund_entitled as entitled
    on
        tested.party_id = entitled.party_id
        and tested.policy = entitled.policy
        and tested.year = entitled.year
inner join ref_refund_policy as policy on tested.policy = policy.policy
left join int_refund_open as opened
    on
        tested.party_id = opened.party_id
        and tested.policy = opened.policy
        and tested.year = opened.year
        and opened.state in ('无需申请', '已申请', '审核中')
left join refunded
    on
        tested.party_id = refunded.party_id
        and tested.policy = refunded.policy
        and tested.year = refunded.year
where entitled.threshold is not null
group by
    member.union_id, tested.policy, tested.year, entitled.year_from, entitled.year_to,
    entitled.tested_limit, entitled.tested_at, policy.is_threshold_exclusive
