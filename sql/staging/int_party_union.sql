-- one row per party that has, or had, a union: the one in being, else the last one
select
    party_id,
    row_id,
    union_id,
    union_name,
    union_name_key,
    union_uscc,
    is_joint,
    covered_by_parent,
    covered_from,
    founded_on,
    dissolved_on,
    has_account,
    account_opened_on,
    account_name,
    account_name_key,
    account_no
from stg_union
where party_id is not null and founded_on is not null
qualify row_number() over (
    partition by party_id
    order by dissolved_on is not null asc, dissolved_on desc, founded_on asc, row_id asc
) = 1
