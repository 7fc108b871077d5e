-- one row per identity number of a trainee or member: birth date, sex, what is wrong with it
-- sex: not of a number whose end was cut
-- fault: null for numbers that hold together and for other papers (7 to 12 letters and digits,
-- permits of foreigners), which are not tested
with

number_seen as (

    select id_no from stg_trainee
    union all
    select id_no from src_member

),

number_form as (

    select distinct
        id_no,
        length(id_no) as size,
        regexp_matches(id_no, '^[0-9]{17}[0-9X]$') as is_18,
        regexp_matches(id_no, '^[0-9]{15}$') as is_15,
        regexp_matches(id_no, '^([A-Z0-9]{7,12}|[A-Z]{3}[0-9]{12})$') as is_other,
        regexp_matches(id_no, '^[0-9]{15}000$') or regexp_matches(id_no, '^[0-9.]+E[+]?[0-9]+$')
            as looks_cut,
        substr(id_no, 1, 2) as province,
        case
            when length(id_no) = 18 then substr(id_no, 7, 8)
            when length(id_no) = 15 then '19' || substr(id_no, 7, 6)
        end as born_text
    from number_seen
    where id_no is not null

),

summed as (  -- the weighted sum of GB 11643

    select
        number_form.*,
        case
            when is_18 or is_15
                then
                    try_cast(
                        substr(born_text, 1, 4) || '-' || substr(born_text, 5, 2) || '-'
                        || substr(born_text, 7, 2) as date
                    )
        end as born_on,
        case
            when is_18 then try_cast(substr(id_no, 17, 1) as integer)
            when is_15 then try_cast(substr(id_no, 15, 1) as integer)
        end as sex_digit,
        case
            when is_18
                then
                    (
                        7 * try_cast(substr(id_no, 1, 1) as integer)
                        + 9 * try_cast(substr(id_no, 2, 1) as integer)
                        + 10 * try_cast(substr(id_no, 3, 1) as integer)
                        + 5 * try_cast(substr(id_no, 4, 1) as integer)
                        + 8 * try_cast(substr(id_no, 5, 1) as integer)
                        + 4 * try_cast(substr(id_no, 6, 1) as integer)
                        + 2 * try_cast(substr(id_no, 7, 1) as integer)
                        + 1 * try_cast(substr(id_no, 8, 1) as integer)
                        + 6 * try_cast(substr(id_no, 9, 1) as integer)
                        + 3 * try_cast(substr(id_no, 10, 1) as integer)
                        + 7 * try_cast(substr(id_no, 11, 1) as integer)
                        + 9 * try_cast(substr(id_no, 12, 1) as integer)
                        + 10 * try_cast(substr(id_no, 13, 1) as integer)
                        + 5 * try_cast(substr(id_no, 14, 1) as integer)
                        + 8 * try_cast(substr(id_no, 15, 1) as integer)
                        + 4 * try_cast(substr(id_no, 16, 1) as integer)
                        + 2 * try_cast(substr(id_no, 17, 1) as integer)
                    ) % 11
        end as remainder
    from number_form

),

judged as (

    select
        summed.*,
        -- nobody alive was born before 1900
        case when born_on >= date '1900-01-01' and born_on <= $as_of then born_on end as birth_on,
        case
            when is_18 then substr(id_no, 18, 1) = substr('10X98765432', remainder + 1, 1)
            else true
        end as is_check_right,
        -- provinces of GB/T 2260; a first digit 9 is a foreigner's permit
        province in (
            '11', '12', '13', '14', '15', '21', '22', '23', '31', '32', '33', '34', '35', '36',
            '37', '41', '42', '43', '44', '45', '46', '50', '51', '52', '53', '54', '61', '62',
            '63', '64', '65', '71', '81', '82', '83'
        ) or substr(province, 1, 1) = '9' as is_area_right
    from summed

)

select
    id_no,
    birth_on as born_on,
    case
        when looks_cut and not is_check_right then null
        when sex_digit % 2 = 1 then '男'
        when sex_digit % 2 = 0 then '女'
    end as sex,
    case
        when is_other then null
        when is_18 and birth_on is not null and is_check_right and is_area_right then null
        when is_15 and birth_on is not null and is_area_right then null
        when looks_cut then '证件号被截断'
        when not is_18 and not is_15 then '位数或字符不对'
        when not is_area_right then '地区码无效'
        when birth_on is null then '出生日期无效'
        else '校验码不符'
    end as fault
from judged
