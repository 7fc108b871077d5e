-- purchases with a card that a trip of the car covers: one row per purchase
-- a purchase known by its day only is covered by any trip of that day
with

trip_day as (  -- one row per trip and day; most trips end on the day they began

    select
        plate,
        covers_from,
        covers_to,
        cast(covers_from as date) as day
    from stg_trip
    where cast(covers_from as date) = cast(covers_to as date)
    union all
    select
        trip.plate,
        trip.covers_from,
        trip.covers_to,
        calendar.day
    from stg_trip as trip
    inner join ref_day as calendar
        on
            calendar.day >= cast(trip.covers_from as date)
            and calendar.day <= cast(trip.covers_to as date)
    where cast(trip.covers_from as date) <> cast(trip.covers_to as date)

)

select distinct spend.row_id
from int_spend as spend
inner join trip_day on spend.plate = trip_day.plate and spend.txn_on = trip_day.day
where
    not spend.has_time
    or (spend.txn_at >= trip_day.covers_from and spend.txn_at <= trip_day.covers_to)
