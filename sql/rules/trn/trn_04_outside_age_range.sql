-- TRN-04 outside-age-range
-- grain: one row per class_no and id_token
with

hit as (  -- under age, or at or above the retirement age; between two possible ages it is open

    select
        class_no,
        id_token,
        sex,
        post_type,
        age_months,
        case when is_young then least_months else early_months end as limit_months,
        late_months,
        is_certain and (is_young or age_months >= late_months) as is_certain
    from int_trainee_age
    where is_young or age_months >= early_months

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
    hit.sex,
    hit.post_type,
    hit.age_months,
    hit.limit_months,
    hit.late_months
from int_trainee as trainee
inner join hit on trainee.class_no = hit.class_no and trainee.id_token = hit.id_token
left join int_trainee_claim as claim
    on
        trainee.class_no = claim.class_no
        and trainee.id_token = claim.id_token
        and hit.is_certain
order by trainee.class_no, trainee.id_token
