-- one row per party, refund policy and policy year with an application: whether one was made in
-- time and stands (is_applied), or is still being examined (is_pending); a rejected one is none
-- an application that names no known policy counts for every policy of its year
with

named as (

    select
        application.row_id,
        application.party_id,
        application.year,
        application.applied_on,
        application.outcome,
        policy.policy
    from stg_refund_application as application
    left join ref_refund_policy as policy
        on application.policy = policy.policy or application.policy = policy.title

)

select
    named.party_id,
    policy_year.policy,
    policy_year.year,
    bool_or(coalesce(named.outcome, '通过') = '通过') as is_applied,
    bool_or(named.outcome = '审核中') as is_pending
from named
inner join ref_refund_year as policy_year
    on
        named.year = policy_year.year
        and coalesce(named.policy, policy_year.policy) = policy_year.policy
where
    coalesce(named.outcome, '') <> '退回'
    and (policy_year.apply_by is null or named.applied_on <= policy_year.apply_by)
group by named.party_id, policy_year.policy, policy_year.year
