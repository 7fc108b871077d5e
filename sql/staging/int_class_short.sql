-- classes with fewer planned hours than their level needs (training.hours_by_level)
select
    class.class_no,
    class.planned_hours,
    item.item_number as required_hours
from stg_training_class as class
inner join ref_policy_item as item
    on
        item.name = 'training.hours_by_level'
        and class.level = item.item_key
        and class.starts_on >= item.starts_on
        and class.starts_on < item.ends_on
        and class.planned_hours < item.item_number
