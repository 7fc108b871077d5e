-- one row per class and person to be recovered for certain, whatever the number of reasons, with
-- the amount: the subsidy, and all persons of a class together never more than was paid (null where
-- nothing is left)
with

reason as (

    select
        class_no,
        id_token
    from int_trainee_status
    where is_certain and status <> '退休'
    union all
    select
        class_no,
        id_token
    from int_trainee_turn
    where turn > allowed and not is_cut
    union all
    select
        class_no,
        id_token
    from int_trainee_membership
    where not is_member and not is_open
    union all
    select
        class_no,
        id_token
    from int_trainee_age
    where is_young or age_months >= late_months
    union all
    select
        class_no,
        id_token
    from int_trainee_result
    where has_failed or lacks_cert
    union all
    select
        class_no,
        id_token
    from int_trainee_hours
    where is_short and is_certain

),

person as (

    select distinct
        class_no,
        id_token
    from reason

),

summed as (

    select
        trainee.class_no,
        trainee.id_token,
        trainee.subsidy,
        trainee.formula,
        money.claimable - sum(trainee.subsidy) over (
            partition by trainee.class_no order by trainee.id_token asc
            rows between unbounded preceding and current row
        ) + trainee.subsidy as left_over
    from person
    inner join int_trainee as trainee
        on person.class_no = trainee.class_no and person.id_token = trainee.id_token
    inner join int_class_money as money on person.class_no = money.class_no

)

select
    class_no,
    id_token,
    case when left_over > 0 then cast(least(subsidy, left_over) as decimal(18, 2)) end as amount,
    case
        when subsidy <= left_over then formula
        when left_over > 0
            then
                'min(' || cast(subsidy as varchar) || ',' || cast(left_over as varchar) || ')='
                || cast(left_over as varchar)
    end as formula
from summed
