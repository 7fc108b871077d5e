-- XCO-03 vehicle-or-card-in-two-registers
-- grain: one row per kind and token
select
    kind,
    token,
    cast(null as bigint) as year,
    cast(null as decimal(18, 2)) as amount
from city_item
where kind in ('vehicle', 'card')
group by kind, token
having count(distinct county) > 1
order by kind, token
