-- one row per paid trainee of a class whose subsidy asks for membership, where something tells
-- the member roll wins over the trainee list's own word; a leaver without a date, a wrong number
-- here, or a member of the same name without a right number leaves it open
with

roll as (  -- is any member roll there at all

    select count(*) > 0 as has_roll
    from stg_member

),

asked as (

    select
        trainee.class_no,
        trainee.id_token,
        trainee.name,
        trainee.is_member,
        trainee.starts_on,
        trainee.id_fault is not null as is_misnumbered,
        roll.has_roll
    from int_trainee as trainee
    inner join ref_policy_day as policy on trainee.starts_on = policy.day
    inner join roll on roll.has_roll is not null
    where trainee.is_paid and policy.training_requires_member

),

by_number as (

    select
        asked.class_no,
        asked.id_token,
        bool_or(not member.has_left) as is_certain
    from asked
    inner join stg_member as member
        on
            asked.id_token = member.id_token
            and coalesce(asked.starts_on >= member.joined_on, true)
            and coalesce(asked.starts_on <= member.left_on, true)
    group by asked.class_no, asked.id_token

),

by_name as (

    select distinct member.name
    from stg_member as member
    left join int_identity as identity on member.id_no = identity.id_no
    where member.id_token is null or identity.fault is not null

)

select
    asked.class_no,
    asked.id_token,
    case
        when not asked.has_roll then asked.is_member
        else coalesce(by_number.is_certain, false)
    end as is_member,
    asked.has_roll
    and coalesce(
        not by_number.is_certain,
        by_name.name is not null
        or asked.is_misnumbered
    ) as is_open,
    case when asked.has_roll then '会员名册' else '学员花名册' end as told_by
from asked
left join by_number
    on asked.class_no = by_number.class_no and asked.id_token = by_number.id_token
left join by_name on asked.name = by_name.name
where asked.has_roll or asked.is_member is not null
