-- SME-07 refunded-late
-- grain: one row per party_id, policy and year
select
    party_id,
    policy,
    year,
    cast(year as varchar) as period,
    '' as direction,
    cast(null as decimal(18, 2)) as amount,
    cast(null as decimal(18, 2)) as expected,
    cast(null as decimal(18, 2)) as actual,
    cast(null as varchar) as formula,
    cast(null as varchar) as money_key,
    min(year_from) as report_from,
    max(year_to) as report_to,
    min(title) as title,
    max(paid_on) as paid_on,
    max(pay_by) as pay_by,
    max(date_diff('day', pay_by, paid_on)) as days_late
from int_refund_due
where paid_on > pay_by
group by party_id, policy, year
order by party_id, policy, year
