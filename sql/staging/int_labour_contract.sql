-- one row per person: the contract that ends last of those begun by the as-of day, and the last
-- month paid on any row
select
    person_key,
    name,
    id_no,
    starts_on,
    ends_on,
    appraisal,
    max(last_paid_month) over (partition by person_key) as last_paid_month
from stg_labour_contract
where starts_on <= $as_of
qualify row_number() over (
    partition by person_key
    order by ends_on desc, row_id asc
) = 1
