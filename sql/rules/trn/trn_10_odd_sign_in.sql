-- TRN-10 odd-sign-in
-- grain: one row per class_no
with

odd as (

    select
        class_no,
        bool_or(is_outside) as is_outside,
        bool_or(is_holiday) as is_holiday,
        bool_or(is_same_second) as is_same_second
    from int_attendance_odd
    group by class_no

),

judged as (

    select
        sheet.class_no,
        class.starts_on,
        class.ends_on,
        class.party_id,
        class.party_name,
        sheet.signed_heads,
        sheet.listed_heads,
        sheet.sessions,
        sheet.sessions > 1
        and sheet.signed_heads >= class.full_heads
        and sheet.signed_rows = sheet.signed_heads * sheet.sessions as is_full,
        sheet.signed_heads <> sheet.listed_heads as is_unequal,
        odd.is_outside,
        odd.is_holiday,
        odd.is_same_second
    from int_class_sheet as sheet
    inner join int_class_party as class on sheet.class_no = class.class_no
    left join odd on sheet.class_no = odd.class_no

)

select
    class_no,
    party_id,
    party_name,
    period_text(starts_on, ends_on) as period,
    'verify' as direction,
    cast(null as decimal(18, 2)) as amount,
    cast(null as decimal(18, 2)) as expected,
    cast(null as decimal(18, 2)) as actual,
    cast(null as varchar) as formula,
    cast(null as varchar) as money_key,
    ends_on as report_from,
    ends_on as report_to,
    starts_on,
    signed_heads,
    listed_heads,
    sessions,
    rtrim(
        case when is_full then '大班全程全勤；' else '' end
        || case when is_same_second then '多人签到时间同一秒；' else '' end
        || case when is_outside then '签到日期在班期之外；' else '' end
        || case when is_holiday then '法定节假日签到；' else '' end
        || case when is_unequal then '签到人数与花名册不符；' else '' end,
        '；'
    ) as reasons
from judged
where is_full or is_same_second or is_outside or is_holiday or is_unequal
order by class_no
