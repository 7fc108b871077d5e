-- labour contracts of union staff: one row per source row
-- a person is known by number, else by name
select
    row_id,
    name,
    id_no,
    coalesce(id_no_token, 'N:' || name) as person_key,
    starts_on,
    ends_on,
    last_paid_month,
    appraisal
from src_labour_contract
