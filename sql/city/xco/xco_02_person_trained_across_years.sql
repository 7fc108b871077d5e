-- XCO-02 person-trained-across-years
-- grain: one row per token; amount: all but the largest year of a county
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

),

apart as (  -- in another county in another year

    select distinct one.token
    from county_year as one
    inner join county_year as other
        on
            one.token = other.token
            and one.county < other.county
            and one.year <> other.year

)

select
    'trained' as kind,
    county_year.token,
    cast(null as bigint) as year,
    cast(sum(county_year.amount) - max(county_year.amount) as decimal(18, 2)) as amount
from county_year
inner join apart on county_year.token = apart.token
group by county_year.token
order by county_year.token
