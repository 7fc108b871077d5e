-- TRN-11 too-few-planned-hours
-- grain: one row per class_no and test
with

person_claim as (

    select
        class_no,
        sum(amount) as amount
    from int_trainee_claim
    group by class_no

),

head_claim as (

    select
        split_part(money_key, '|', 2) as class_no,
        amount
    from exception_item
    where rule = 'TRN-12' and direction = 'recover'

),

short_class as (  -- the whole class, less what narrower rules recover of it

    select
        money.class_no,
        money.claimable,
        money.is_unsure,
        cast(
            coalesce(person_claim.amount, 0) + coalesce(head_claim.amount, 0) as decimal(18, 2)
        ) as elsewhere,
        short.planned_hours,
        short.required_hours
    from int_class_money as money
    inner join int_class_short as short on money.class_no = short.class_no
    left join person_claim on money.class_no = person_claim.class_no
    left join head_claim on money.class_no = head_claim.class_no

),

person_day as (

    select
        class_no,
        id_token,
        session_on,
        sum(hours) as hours
    from stg_attendance
    where not is_repeat
    group by class_no, id_token, session_on

),

longest_day as (

    select
        class_no,
        max(hours) as hours
    from person_day
    group by class_no

),

full_day as (  -- more hours a day than allowed, by the sheets, else by the plan over all days

    select
        class.class_no,
        class.planned_hours,
        coalesce(
            longest_day.hours,
            ratio_half_up(
                class.planned_hours, date_diff('day', class.starts_on, class.ends_on) + 1
            )
        ) as day_hours,
        policy.training_max_hours_per_day as most_hours
    from stg_training_class as class
    inner join ref_policy_day as policy on class.starts_on = policy.day
    left join longest_day on class.class_no = longest_day.class_no

),

hit as (

    select
        class_no,
        '课时不足' as test,
        case when is_unsure then 'verify' else 'recover' end as direction,
        cast(claimable - elsewhere as decimal(18, 2)) as amount,
        elsewhere as expected,
        claimable as actual,
        cast(claimable as varchar) || '−' || cast(elsewhere as varchar) || '='
        || cast(claimable - elsewhere as varchar) as formula,
        cast(planned_hours as decimal(18, 6)) as hours,
        cast(required_hours as decimal(18, 6)) as limit_hours
    from short_class
    where claimable > elsewhere
    union all
    select
        class_no,
        '每日超时' as test,
        'verify' as direction,
        cast(null as decimal(18, 2)) as amount,
        cast(null as decimal(18, 2)) as expected,
        cast(null as decimal(18, 2)) as actual,
        cast(null as varchar) as formula,
        cast(day_hours as decimal(18, 6)) as hours,
        cast(most_hours as decimal(18, 6)) as limit_hours
    from full_day
    where day_hours > most_hours

)

select
    hit.class_no,
    hit.test,
    money.party_id,
    money.party_name,
    money.period,
    hit.direction,
    hit.amount,
    hit.expected,
    hit.actual,
    hit.formula,
    case when hit.amount is not null then 'class_balance|' || hit.class_no end as money_key,
    money.report_on as report_from,
    money.report_on as report_to,
    money.starts_on,
    hit.hours,
    hit.limit_hours
from int_class_money as money
inner join hit on money.class_no = hit.class_no
order by hit.class_no, hit.test
