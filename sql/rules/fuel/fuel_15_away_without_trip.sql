-- FUEL-15 away-without-trip
-- grain: one row per fill (card_no, txn_key)
with

city_day as (  -- days and cities of purchases: few

    select distinct
        txn_on,
        city
    from int_spend

),

away as (  -- on a day with a list of home cities, a city that the list does not have

    select
        city_day.txn_on,
        city_day.city
    from city_day
    inner join int_home_city_day as home on city_day.txn_on = home.day
    group by city_day.txn_on, city_day.city
    having
        not bool_or(
            city_day.city like '%' || home.city || '%'
            or home.city like '%' || city_day.city || '%'
        )

)

select
    spend.card_no,
    spend.txn_key,
    spend.party_id,
    spend.party_name,
    strftime(spend.txn_on, '%Y-%m-%d') as period,
    'verify' as direction,
    spend.paid as amount,
    cast(0 as decimal(18, 2)) as expected,
    spend.paid as actual,
    null as formula,
    spend.money_key,
    spend.txn_on as report_from,
    spend.txn_on as report_to,
    spend.card_last4,
    spend.plate,
    spend.city,
    spend.station,
    spend.txn_on,
    spend.row_id as source_row_id
from int_spend as spend
inner join away on spend.txn_on = away.txn_on and spend.city = away.city
left join int_spend_trip as trip on spend.row_id = trip.row_id
where spend.kind = '加油' and trip.row_id is null
order by spend.card_no, spend.txn_key
