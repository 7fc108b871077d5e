-- TRN-06 excluded-person
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
where ground = 'excluded'
order by class_no, id_token
