-- TRN-01 invalid-identity-number
-- grain: one row per class_no and id_token
-- numbers of 15 digits are out of force since 2013-01-01 (Identity Card Law)
with

tested as (

    select
        trainee.*,
        coalesce(
            trainee.id_fault,
            case
                when
                    regexp_matches(trainee.id_no, '^[0-9]{15}$')
                    and trainee.starts_on >= date '2013-01-01'
                    then '15位旧号已停用'
            end
        ) as fault
    from int_trainee as trainee

)

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
    trainee.fault
from tested as trainee
where trainee.fault is not null
order by trainee.class_no, trainee.id_token
