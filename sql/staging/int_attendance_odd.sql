-- one row per sign-in row and oddity: outside the class days, on a public holiday, by a person who
-- is not on the list, or signed in the same second as others
-- times to the minute (all seconds of a class are zero) say nothing about the same second
with

roster as (

    select distinct
        class_no,
        id_token
    from stg_trainee

),

listed_class as (

    select distinct class_no
    from stg_trainee

),

to_second as (

    select class_no
    from stg_attendance
    group by class_no
    having max(second(signed_in_at)) > 0

),

same_second as (

    select
        sheet.class_no,
        sheet.signed_in_at,
        count(distinct sheet.id_token) as heads
    from stg_attendance as sheet
    inner join to_second on sheet.class_no = to_second.class_no
    where sheet.signed_in_at is not null
    group by sheet.class_no, sheet.signed_in_at

),

placed as (

    select
        sheet.row_id,
        sheet.class_no,
        sheet.session_on < class.starts_on or sheet.session_on > class.ends_on as is_outside,
        coalesce(calendar.is_holiday, false) as is_holiday,
        listed_class.class_no is not null and roster.id_token is null as is_stranger,
        coalesce(same_second.heads >= policy.training_same_second_heads, false) as is_same_second
    from stg_attendance as sheet
    inner join stg_training_class as class on sheet.class_no = class.class_no
    inner join ref_policy_day as policy on class.starts_on = policy.day
    left join ref_day as calendar on sheet.session_on = calendar.day
    left join listed_class on sheet.class_no = listed_class.class_no
    left join roster on sheet.class_no = roster.class_no and sheet.id_token = roster.id_token
    left join same_second
        on sheet.class_no = same_second.class_no and sheet.signed_in_at = same_second.signed_in_at

)

select
    row_id,
    class_no,
    is_outside,
    is_holiday,
    is_stranger,
    is_same_second
from placed
where is_outside or is_holiday or is_stranger or is_same_second
