-- vehicles: one row per plate; where it is listed twice, the row that says most
-- a plate that went on to a car acquired on or after the disposal of the one before has a row for
-- each: serves_from and serves_to are the days on which a row is the car of the plate
-- accepts_*: fuel kinds that the register's fuel word allows; grade: 1 = 89/90 … 4 = 98
-- a hybrid or electric car has no tank rule and no fuel kind to compare
with

worded as (

    select
        source.*,
        max(source.acquired_on) over (partition by source.plate) as last_acquired_on,
        replace(upper(coalesce(source.fuel_type, '')), '电喷', '') as fuel_word,
        coalesce(source.status, '') as status_word
    from src_vehicle as source

),

judged as (

    select
        worded.*,
        regexp_matches(fuel_word, '柴|(^|[^0-9])(0|5|10|20|35|50)[#＃号]') as accepts_diesel,
        regexp_matches(
            fuel_word, '汽油|(^|[^0-9])(89|90|92|93|95|97|98)([^0-9]|$)'
        ) as accepts_petrol,
        regexp_matches(fuel_word, '天然气|液化气|石油气|燃气|CNG|LNG|LPG') as accepts_gas,
        regexp_matches(fuel_word, '混|增程|双擎|HEV|油.*电|电.*油') as is_hybrid,
        regexp_matches(fuel_word, '电|(^|[^H])EV') as has_battery,
        coalesce(
            disposed_on <= last_acquired_on and coalesce(acquired_on < last_acquired_on, true),
            false
        ) as is_former
    from worded

),

served as (

    select
        judged.*,
        bool_or(is_former) over (partition by plate) as is_reused
    from judged

)

select
    row_id,
    plate,
    model,
    fuel_type,
    tank_l,
    norm_l_100km,
    acquired_on,
    owner_unit,
    owner_unit_key,
    status,
    sealed_on,
    disposed_on,
    coalesce(disposed_on <= $as_of, false)
    or (
        disposed_on is null
        and regexp_matches(status_word, '处置|调拨|报废|拍卖|划转|过户')
        and not regexp_matches(status_word, '待|拟')
    ) as is_disposed,
    regexp_matches(status_word, '封存')
    or (coalesce(sealed_on <= $as_of, false) and not regexp_matches(status_word, '在用|启用'))
        as is_sealed,
    regexp_matches(status_word, '在用|启用') as is_reopened,
    accepts_petrol,
    accepts_diesel,
    accepts_gas,
    has_battery and not is_hybrid as is_electric,
    is_hybrid,
    case
        when regexp_matches(fuel_word, '(^|[^0-9])98([^0-9]|$)') then 4
        when regexp_matches(fuel_word, '(^|[^0-9])(95|97)([^0-9]|$)') then 3
        when regexp_matches(fuel_word, '(^|[^0-9])(92|93)([^0-9]|$)') then 2
        when regexp_matches(fuel_word, '(^|[^0-9])(89|90)([^0-9]|$)') then 1
    end as grade,
    case when is_reused and not is_former then last_acquired_on else date '1900-01-01' end
        as serves_from,
    case when is_former then add_days(last_acquired_on, -1) else date '9999-12-31' end
        as serves_to,
    not is_former as is_current
from served
qualify row_number() over (
    partition by plate, is_former
    order by
        disposed_on is null asc,
        sealed_on is null asc,
        tank_l is null asc,
        fuel_type is null asc,
        row_id asc
) = 1
