-- one row per class and person to be recovered for certain, whatever the number of reasons, with
-- the amount: the subsidy, and all persons of a class together never more than was paid, of a class
-- paid short, or for fewer heads than are listed, never more than goes beyond what the other
-- trainees are owed (null where nothing is left, and where nobody knows who owes what)
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
    where is_certain and (is_young or age_months >= late_months)
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

other as (  -- trainees of whom nothing is recovered

    select
        trainee.class_no,
        count(*) as heads,
        count(trainee.subsidy) as own_count,
        coalesce(sum(trainee.subsidy), 0) as own_sum
    from stg_trainee as trainee
    left join person
        on trainee.class_no = person.class_no and trainee.id_token = person.id_token
    where not trainee.is_repeat and person.class_no is null
    group by trainee.class_no

),

limited as (

    select
        money.class_no,
        case
            when money.is_unsure then null
            when
                (money.amount < money.expected or money.listed > money.due_heads)
                and other.class_no is not null
                then
                    least(
                        money.claimable,
                        money.amount - other.own_sum - money.unit * greatest(
                            least(money.due_heads, other.heads, money.sure_heads)
                            - other.own_count,
                            0
                        )
                    )
            else money.claimable
        end as claimable
    from int_class_money as money
    left join other on money.class_no = other.class_no

),

summed as (

    select
        trainee.class_no,
        trainee.id_token,
        trainee.subsidy,
        trainee.formula,
        limited.claimable - sum(trainee.subsidy) over (
            partition by trainee.class_no order by trainee.id_token asc
            rows between unbounded preceding and current row
        ) + trainee.subsidy as left_over
    from person
    inner join int_trainee as trainee
        on person.class_no = trainee.class_no and person.id_token = trainee.id_token
    inner join limited on person.class_no = limited.class_no

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
