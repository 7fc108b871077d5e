-- one row per paid trainee of a class whose subsidy asks for membership, where something tells
-- the member roll wins over the trainee list's own word; a leaver without a date, a wrong number
-- here, a member of the same name without a right number, or a roll without anybody of the
-- person's employer leaves it open
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
        trainee.employer_party_id,
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

),

roll_union as (

    select distinct
        union_key,
        regexp_replace(
            regexp_replace(union_key, '^U:', ''), '(基层)?工会(委员会)?$', ''
        ) as employer_key
    from stg_member

),

covered as (  -- employers of whom the roll knows members: by the union's register, else by its name

    select registered.party_id
    from roll_union
    inner join int_union_row as registered on roll_union.union_key = registered.union_key
    union
    select coalesce(known.party_id, 'N:' || roll_union.employer_key) as party_id
    from roll_union
    left join party_of_name as known on roll_union.employer_key = known.name_key

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
        or (asked.employer_party_id is not null and covered.party_id is null)
    ) as is_open,
    case when asked.has_roll then '会员名册' else '学员花名册' end as told_by
from asked
left join by_number
    on asked.class_no = by_number.class_no and asked.id_token = by_number.id_token
left join by_name on asked.name = by_name.name
left join covered on asked.employer_party_id = covered.party_id
where asked.has_roll or asked.is_member is not null
