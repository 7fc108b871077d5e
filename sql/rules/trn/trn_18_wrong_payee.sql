-- TRN-18 wrong-payee
-- grain: one row per class_no and payee
with

paid as (

    select
        class.class_no,
        class.starts_on,
        class.ends_on,
        class.provider,
        class.employer,
        payment.payee,
        payment.payee_key,
        payment.payee_party_id,
        payment.amount,
        reads_like_person(payment.payee_key) as is_person,
        class.provider is not null or class.employer is not null as is_told,
        coalesce(payment.payee_key = class.provider_key, false)
        or coalesce(payment.payee_key = class.employer_key, false)
        or coalesce(
            regexp_replace(payment.payee_key, '(基层)?工会(委员会)?$', '') = class.employer_key,
            false
        )
        or coalesce(payment.payee_party_id = class.employer_party_id, false)
        or coalesce(payment.payee_party_id = by_name.party_id, false) as is_named
    from stg_training_payment as payment
    inner join stg_training_class as class on payment.class_no = class.class_no
    left join party_of_name as by_name on class.provider_key = by_name.name_key
    where not payment.is_repeat

),

wrong as (

    select
        class_no,
        starts_on,
        ends_on,
        provider,
        employer,
        payee_key,
        payee_party_id,
        is_person,
        min(payee) as payee,
        sum(amount) as amount
    from paid
    where is_person or (is_told and not is_named)
    group by
        class_no, starts_on, ends_on, provider, employer, payee_key, payee_party_id, is_person
    having sum(amount) > 0

)

select
    class_no,
    payee,
    payee_party_id as party_id,
    payee as party_name,
    period_text(starts_on, ends_on) as period,
    'verify' as direction,
    amount,
    cast(null as decimal(18, 2)) as expected,
    amount as actual,
    cast(null as varchar) as formula,
    cast(null as varchar) as money_key,
    ends_on as report_from,
    ends_on as report_to,
    provider,
    employer,
    payee_key,
    case when is_person then '收款方为个人' else '收款方不是承训机构或委托单位' end as reason
from wrong
order by class_no, payee
