-- one row per day: whether it is worked, and the minutes of the day between which duty lies
with

hours as (

    select
        starts_on,
        ends_on,
        max(case when item_no = 1 then item_number * 60 end) as from_minute,
        max(case when item_no = 2 then item_number * 60 end) as to_minute
    from ref_policy_item
    where name = 'fuel.work_hours'
    group by starts_on, ends_on

)

select
    calendar.day,
    calendar.is_workday,
    calendar.is_holiday,
    hours.from_minute,
    hours.to_minute
from ref_day as calendar
inner join hours on calendar.day >= hours.starts_on and calendar.day < hours.ends_on
