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
order by party_id, policy, year;

select
    found.exception_no,
    payment.row_id
from found
inner join int_refund_row as payment
    on
        found.party_id = payment.party_id
        and found.policy = payment.policy
        and found.year = payment.year
where payment.is_in_window
union all
select
    found.exception_no,
    payment.row_id
from found
inner join ref_refund_policy as policy on found.policy = policy.policy
inner join int_refund_row as payment
    on
        found.party_id = payment.party_id
        and found.policy = payment.policy
        and payment.year between found.year - 2 and found.year - 1
where policy.threshold_test = 'avg_prior_2y'
union all
select
    found.exception_no,
    payment.row_id
from found
inner join ref_refund_year as policy_year
    on found.policy = policy_year.policy and found.year = policy_year.year
inner join int_refund_row as payment
    on
        found.party_id = payment.party_id
        and found.policy = payment.policy
        and found.year + 1 = payment.year
        and policy_year.window_to >= payment.due_on
where found.reason = '跨期缴纳后低于标准'
