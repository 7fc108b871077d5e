-- XCO-01 person-trained-in-two-counties
-- grain: one row per token and year; amount: all but the largest county's
with

county_year as (

    select
        token,
        county,
        year,
        sum(amount) as amount
    from city_item
    where kind = 'trained'
    group by token, county, year

)

select
    'trained' as kind,
    token,
    year,
    cast(sum(amount) - max(amount) as decimal(18, 2)) as amount
from county_year
group by token, year
having count(*) > 1
order by token, year
