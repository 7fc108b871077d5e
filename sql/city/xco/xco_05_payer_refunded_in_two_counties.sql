-- XCO-05 payer-refunded-in-two-counties
-- grain: one row per token and year; amount: all but the largest county's
with

county_year as (

    select
        token,
        county,
        year,
        min(locale) as locale,
        sum(amount) as amount
    from city_item
    where kind = 'refunded'
    group by token, county, year

)

select
    'refunded' as kind,
    token,
    year,
    cast(sum(amount) - max(amount) as decimal(18, 2)) as amount
from county_year
group by token, year
having count(*) > 1 and count(distinct locale) = 1
order by token, year
