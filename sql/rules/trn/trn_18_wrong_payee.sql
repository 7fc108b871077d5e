-- TRN-18 wrong-payee
-- grain: one row per class_no and payee
with

paid as (

    select
        payment.class_no,
        payment.payee,
        payment.payee_key,
        payment.payee_party_id,
        payment.amount,
        coalesce(
            length(payment.payee_key) between 2 and 4
            and not regexp_matches(
                payment.payee_key, '[司校院局厂社店部所站馆队团处会办心]$'
            ),
            false
        ) as is_person,
        class.provider is not null or class.employer is not null as is_told,
        coalesce(payment.payee_key = class.provider_key, false)
        or coalesce(payment.payee_key = class.employer_key, false)
        or coalesce(payment.payee_party_id = class.employer_party_id, false)
        or coalesce(payment.payee_party_id = by_name.party_id, false) as is_named
    from stg_training_payment as payment
    inner join stg_training_class as class on payment.class_no = class.class_no
    left join party_of_name as by_name on class.provider_key = by_name.name_key
    where not payment.is_repeat and not payment.is_reversed

),

wrong as (

    select
        class_no,
        payee,
        min(payee_party_id) as payee_party_id,
        bool_or(is_person) as is_person,
        sum(amount) as amount
    from paid
    where is_person or (is_told and not is_named)
    group by class_no, payee
    having sum(amount) > 0

)

select
    wrong.class_no,
    wrong.payee,
    wrong.payee_party_id as party_id,
    wrong.payee as party_name,
    period_text(class.starts_on, class.ends_on) as period,
    'verify' as direction,
    wrong.amount,
    cast(null as decimal(18, 2)) as expected,
    wrong.amount as actual,
    cast(null as varchar) as formula,
    cast(null as varchar) as money_key,
    class.ends_on as report_from,
    class.ends_on as report_to,
    class.provider,
    class.employer,
    case when wrong.is_person then '收款方为个人' else '收款方不是承训机构或委托单位' end as reason
from wrong
inner join stg_training_class as class on wrong.class_no = class.class_no
order by wrong.class_no, wrong.payee;

select
    found.exception_no,
    payment.row_id
from found
inner join stg_training_payment as payment
    on found.class_no = payment.class_no and found.payee = payment.payee
where not payment.is_repeat and not payment.is_reversed
