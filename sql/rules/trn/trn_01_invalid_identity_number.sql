-- TRN-01 invalid-identity-number
-- grain: one row per class_no and id_token
select
    trainee.class_no,
    trainee.id_token,
    trainee.party_id,
    trainee.party_name,
    trainee.period,
    'verify' as direction,
    case when trainee.is_paid then trainee.subsidy end as amount,
    cast(null as decimal(18, 2)) as expected,
    case when trainee.is_paid then trainee.subsidy end as actual,
    case when trainee.is_paid then trainee.formula end as formula,
    trainee.money_key,
    trainee.report_on as report_from,
    trainee.report_on as report_to,
    trainee.name,
    trainee.id_no,
    trainee.id_fault as fault
from int_trainee as trainee
where trainee.id_fault is not null
order by trainee.class_no, trainee.id_token
