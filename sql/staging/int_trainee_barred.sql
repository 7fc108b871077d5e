-- one row per paid trainee and ground on which a list of persons bars the subsidy
select
    trainee.class_no,
    trainee.id_token,
    hit.ground,
    trainee.party_id,
    trainee.party_name,
    trainee.period,
    case when claim.amount is null then 'verify' else 'recover' end as direction,
    coalesce(claim.amount, trainee.subsidy) as amount,
    case when claim.amount is not null then cast(0 as decimal(18, 2)) end as expected,
    coalesce(claim.amount, trainee.subsidy) as actual,
    coalesce(claim.formula, trainee.formula) as formula,
    trainee.money_key,
    trainee.report_on,
    trainee.name,
    trainee.id_no,
    hit.person_status,
    hit.status_from,
    hit.status_to
from int_trainee as trainee
inner join (
    select
        class_no,
        id_token,
        ground,
        min(status) as person_status,
        min(from_on) as status_from,
        max(to_on) as status_to,
        bool_or(is_certain) as is_certain
    from int_trainee_status
    group by class_no, id_token, ground
) as hit on trainee.class_no = hit.class_no and trainee.id_token = hit.id_token
left join int_trainee_claim as claim
    on
        trainee.class_no = claim.class_no
        and trainee.id_token = claim.id_token
        and hit.is_certain
