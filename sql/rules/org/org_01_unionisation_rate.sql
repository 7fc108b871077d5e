-- ORG-01 unionisation-rate
-- grain: one row per metric, scope, day and published value
select wrong.*  -- noqa: AM04
from int_rate_wrong as wrong
where metric = '建会率'
order by metric, scope, rate_day, value
