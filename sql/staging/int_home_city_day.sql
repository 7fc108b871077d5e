-- one row per day and home city in force on it
select
    calendar.day,
    item.item_text as city
from ref_day as calendar
inner join ref_policy_item as item
    on calendar.day >= item.starts_on and calendar.day < item.ends_on
where item.name = 'fuel.home_cities'
