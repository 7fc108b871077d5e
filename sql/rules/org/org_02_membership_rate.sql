-- ORG-02 membership-rate
-- grain: one row per metric, scope, day and published value
select wrong.*  -- noqa: AM04
from int_rate_wrong as wrong
where metric in ('入会率', '整改完成率')
order by metric, scope, rate_day, value
