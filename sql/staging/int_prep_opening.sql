-- one row per party: the latest opening balance not after the start of the period under review
select
    party_id,
    as_of as opening_on,
    balance as opening,
    row_id
from stg_prep_opening
where as_of <= $period_from
qualify row_number() over (
    partition by party_id
    order by as_of desc, row_id asc
) = 1
