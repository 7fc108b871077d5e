-- one row per class with sign-in rows: rows, persons, sessions, and the heads of the list
with

sheet as (

    select
        class_no,
        count(*) as signed_rows,
        count(distinct id_token) as signed_heads,
        count(distinct cast(session_on as varchar) || coalesce(session, '')) as sessions
    from stg_attendance
    where not is_repeat
    group by class_no

),

roster as (

    select
        class_no,
        count(*) as listed_heads
    from stg_trainee
    where not is_repeat
    group by class_no

)

select
    sheet.class_no,
    sheet.signed_rows,
    sheet.signed_heads,
    sheet.sessions,
    roster.listed_heads
from sheet
left join roster on sheet.class_no = roster.class_no
