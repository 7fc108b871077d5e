-- SME-11 threshold-edge
-- grain: one row per party_id, policy and year
with

shifted as (  -- payments due inside the year that count in the next one

    select
        payment.party_id,
        payment.policy,
        policy_year.year,
        sum(payment.upper_part) as upper_part
    from int_refund_row as payment
    inner join ref_refund_year as policy_year
        on payment.policy = policy_year.policy and payment.year = policy_year.year + 1
    where payment.due_on <= policy_year.window_to
    group by payment.party_id, payment.policy, policy_year.year

),

judged as (

    select
        entitled.*,
        coalesce(shifted.upper_part, 0) as shifted_part,
        entitled.tested
        >= entitled.tested_limit * cast(1 - $sme_edge_pct as decimal(10, 6)) as is_near,
        entitled.tested + coalesce(shifted.upper_part, 0) >= entitled.tested_limit as is_shifted
    from int_refund_entitled as entitled
    left join shifted
        on
            entitled.party_id = shifted.party_id
            and entitled.policy = shifted.policy
            and entitled.year = shifted.year
    where not entitled.is_ineligible and entitled.threshold is not null and entitled.entitled > 0

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
