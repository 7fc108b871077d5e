-- SME-11 threshold-edge
-- grain: one row per party_id, policy and year
with

judged as (

    select
        fact.*,
        policy.threshold_test,
        fact.tested >= fact.tested_limit * cast(1 - $sme_edge_pct as decimal(10, 6)) as is_near,
        fact.tested_unshifted >= fact.tested_limit as is_shifted
    from int_refund_entitled as fact
    inner join ref_refund_policy as policy on fact.policy = policy.policy
    where not fact.is_ineligible and fact.entitled > 0

)

select
    party_id,
    policy,
    year,
    cast(year as varchar) as period,
    'verify' as direction,
    entitled as amount,
    tested_limit as expected,
    tested as actual,
    cast(null as varchar) as formula,
    'upper_part|' || party_id || '|' || policy || '|' || cast(year as varchar) as money_key,
    year_from as report_from,
    year_to as report_to,
    title,
    case when is_near then '临近小额标准' else '跨期缴纳后低于标准' end as reason,
    case when threshold_test = 'avg_prior_2y' then year - 2 else year end as tested_from,
    year + 1 as next_year,
    case when not is_near then window_to end as late_until
from judged
where is_near or is_shifted
order by party_id, policy, year
