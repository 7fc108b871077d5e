-- TRN-07 dead-or-imprisoned
-- grain: one row per class_no and id_token
select
    class_no,
    id_token,
    party_id,
    party_name,
    period,
    direction,
    amount,
    expected,
    actual,
    formula,
    money_key,
    report_on as report_from,
    report_on as report_to,
    name,
    id_no,
    person_status,
    status_from,
    status_to
from int_trainee_barred
where ground = 'dead_or_imprisoned'
order by class_no, id_token;

select
    found.exception_no,
    trainee.row_id
from found
inner join stg_trainee as trainee
    on found.class_no = trainee.class_no and found.id_token = trainee.id_token
union all
select
    found.exception_no,
    payment.row_id
from found
inner join stg_training_payment as payment on found.class_no = payment.class_no
where not payment.is_repeat and not payment.is_reversed
union all
select
    found.exception_no,
    met.status_row_id as row_id
from found
inner join int_trainee_status as met
    on found.class_no = met.class_no and found.id_token = met.id_token
where met.ground = 'dead_or_imprisoned'
