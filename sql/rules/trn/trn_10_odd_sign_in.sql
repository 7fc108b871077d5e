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
        class.class_no,
        sheet.signed_heads,
        sheet.listed_heads,
        sheet.sessions,
        coalesce(
            sheet.sessions > 1
            and sheet.signed_heads >= policy.training_full_attendance_heads
            and sheet.signed_rows = sheet.signed_heads * sheet.sessions,
            false
        ) as is_full,
        coalesce(sheet.signed_heads <> sheet.listed_heads, false) as is_unequal,
        coalesce(odd.is_outside, false) as is_outside,
        coalesce(odd.is_holiday, false) as is_holiday,
        coalesce(odd.is_same_second, false) as is_same_second
    from stg_training_class as class
    inner join int_class_sheet as sheet on class.class_no = sheet.class_no
    inner join ref_policy_day as policy on class.starts_on = policy.day
    left join odd on class.class_no = odd.class_no

)

select
    class.class_no,
    coalesce(
        money.party_id, by_name.party_id, 'N:' || class.provider_key, class.employer_party_id
    ) as party_id,
    coalesce(money.party_name, class.provider, class.employer) as party_name,
    period_text(class.starts_on, class.ends_on) as period,
    'verify' as direction,
    cast(null as decimal(18, 2)) as amount,
    cast(null as decimal(18, 2)) as expected,
    cast(null as decimal(18, 2)) as actual,
    cast(null as varchar) as formula,
    cast(null as varchar) as money_key,
    class.ends_on as report_from,
    class.ends_on as report_to,
    class.starts_on,
    judged.signed_heads,
    judged.listed_heads,
    judged.sessions,
    rtrim(
        case when judged.is_full then '大班全程全勤；' else '' end
        || case when judged.is_same_second then '多人签到时间同一秒；' else '' end
        || case when judged.is_outside then '签到日期在班期之外；' else '' end
        || case when judged.is_holiday then '法定节假日签到；' else '' end
        || case when judged.is_unequal then '签到人数与花名册不符；' else '' end,
        '；'
    ) as reasons
from judged
inner join stg_training_class as class on judged.class_no = class.class_no
left join int_class_money as money on class.class_no = money.class_no
left join party_of_name as by_name on class.provider_key = by_name.name_key
where
    judged.is_full or judged.is_same_second or judged.is_outside
    or judged.is_holiday or judged.is_unequal
order by class.class_no;

select
    found.exception_no,
    class.row_id
from found
inner join stg_training_class as class on found.class_no = class.class_no
union all
select
    found.exception_no,
    odd.row_id
from found
inner join int_attendance_odd as odd on found.class_no = odd.class_no
