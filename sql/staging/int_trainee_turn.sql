-- one row per paid trainee of a known class: the how manieth paid class it is for the person in
-- the scope of training.dup_scope (calendar year of class start; or same trade and level)
-- order: class end, class number; is_cut: the number lost its end, so it may stand for others
with

scoped as (

    select
        trainee.row_id,
        trainee.class_no,
        trainee.id_token,
        trainee.starts_on,
        trainee.ends_on,
        coalesce(trainee.id_fault = '证件号被截断', false) as is_cut,
        policy.training_max_per_year as allowed,
        case policy.training_dup_scope
            when 'person_year' then cast(year(trainee.starts_on) as varchar)
            when 'person_trade_level' then trainee.trade || '|' || coalesce(trainee.level, '')
        end as scope
    from int_trainee as trainee
    inner join ref_policy_day as policy on trainee.starts_on = policy.day
    where trainee.is_paid

)

select
    row_id,
    class_no,
    id_token,
    scope,
    allowed,
    is_cut,
    row_number() over (
        partition by id_token, scope order by ends_on asc, class_no asc
    ) as turn,
    count(*) over (partition by id_token, scope) as classes,
    first_value(class_no) over (
        partition by id_token, scope order by ends_on asc, class_no asc
    ) as first_class_no
from scoped
where scope is not null
