-- one row per paid trainee of a class with planned hours that is over, where hours are known
-- the person's sign-in rows count, else the list's hours; where neither tells, sessions count,
-- which is not certain, as is what only a session signed twice with other times leaves short
-- is_absent: the class has sign-in rows, the person none
with

signed as (

    select
        class_no,
        id_token,
        count(case when not is_repeat then 1 end) as sessions,
        count(case when not is_repeat then hours end) as timed,
        sum(case when not is_repeat then hours end) as hours,
        sum(case when not is_copy then hours end) as most_hours
    from stg_attendance
    group by class_no, id_token

),

held as (  -- sessions that a class held, by its sheets

    select
        class_no,
        count(distinct cast(session_on as varchar) || coalesce(session, '')) as sessions
    from stg_attendance
    group by class_no

),

counted as (

    select
        trainee.class_no,
        trainee.id_token,
        trainee.planned_hours,
        policy.training_min_attendance as least_share,
        case
            when signed.timed = signed.sessions then signed.hours
            when trainee.hours is not null then trainee.hours
            when signed.sessions is not null
                then ratio_half_up(trainee.planned_hours * signed.sessions, held.sessions)
            when held.sessions is not null then 0
        end as hours,
        trainee.hours is not null as is_listed,
        signed.most_hours,
        coalesce(signed.timed = signed.sessions, false) as is_timed,
        held.sessions is not null and signed.sessions is null as is_absent
    from int_trainee as trainee
    inner join ref_policy_day as policy on trainee.starts_on = policy.day
    left join signed
        on trainee.class_no = signed.class_no and trainee.id_token = signed.id_token
    left join held on trainee.class_no = held.class_no
    where trainee.is_paid and trainee.planned_hours > 0 and trainee.ends_on <= $as_of

)

select
    class_no,
    id_token,
    cast(planned_hours as decimal(18, 6)) as planned_hours,
    cast(hours as decimal(18, 6)) as hours,
    least_share,
    hours < least_share * planned_hours as is_short,
    case
        when is_timed then most_hours < least_share * planned_hours
        else is_listed
    end as is_certain,
    is_absent
from counted
where hours is not null
