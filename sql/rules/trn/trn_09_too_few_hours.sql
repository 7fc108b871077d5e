-- TRN-09 too-few-hours
-- grain: one row per class_no and id_token
with

hit as (  -- fewer hours than the least share of the plan, or no sign-in row among those of others

    select
        class_no,
        id_token,
        hours,
        planned_hours,
        cast(least_share * planned_hours as decimal(18, 6)) as least_hours,
        is_absent,
        is_short and is_certain as is_certain
    from int_trainee_hours
    where is_short or is_absent

)

select
    trainee.class_no,
    trainee.id_token,
    trainee.party_id,
    trainee.party_name,
    trainee.period,
    case when claim.amount is null then 'verify' else 'recover' end as direction,
    coalesce(claim.amount, trainee.subsidy) as amount,
    case when claim.amount is not null then cast(0 as decimal(18, 2)) end as expected,
    coalesce(claim.amount, trainee.subsidy) as actual,
    coalesce(claim.formula, trainee.formula) as formula,
    trainee.money_key,
    trainee.report_on as report_from,
    trainee.report_on as report_to,
    trainee.starts_on,
    trainee.name,
    trainee.id_no,
    hit.hours,
    hit.planned_hours,
    hit.least_hours,
    hit.is_absent
from int_trainee as trainee
inner join hit on trainee.class_no = hit.class_no and trainee.id_token = hit.id_token
left join int_trainee_claim as claim
    on
        trainee.class_no = claim.class_no
        and trainee.id_token = claim.id_token
        and hit.is_certain
order by trainee.class_no, trainee.id_token
