-- SME-11 threshold-edge
-- grain: one row per party_id, policy and year
with

judged as (

    select
        fact.*,
        tested >= tested_limit * cast(1 - $sme_edge_pct as decimal(10, 6)) as is_near,
        tested_unshifted >= tested_limit as is_shifted
    from int_refund_entitled as fact
    where not is_ineligible and entitled > 0

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
    case when is_near then '临近小额标准' else '跨期缴纳后低于标准' end as reason
from judged
where is_near or is_shifted
order by party_id, policy, year
