-- ORG-06 real-name-rate
-- grain: one row per metric, scope, day and published value
select wrong.*  -- noqa: AM04
from int_rate_wrong as wrong
where metric = '实名采集率'
order by metric, scope, rate_day, value
