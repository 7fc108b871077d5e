-- one row per row of the union register, with the key of the union that it speaks of: its code,
-- else the only code that stands beside its name, else its name
with

only_code as (

    select
        union_name_key,
        min(union_uscc) as union_uscc
    from stg_union
    where union_uscc is not null
    group by union_name_key
    having count(distinct union_uscc) = 1

)

select
    union_row.row_id,
    union_row.party_id,
    union_row.union_name,
    union_row.union_name_key,
    coalesce(union_row.union_uscc, only_code.union_uscc) as union_uscc,
    coalesce(union_row.union_uscc, only_code.union_uscc, 'U:' || union_row.union_name_key)
        as union_key,
    union_row.covered_by_parent,
    union_row.covered_from,
    union_row.founded_on,
    union_row.dissolved_on,
    union_row.chair,
    union_row.address,
    union_row.phone,
    union_row.elected_on,
    union_row.term_years,
    union_row.extended_to,
    union_row.members,
    union_row.workers
from stg_union as union_row
left join only_code on union_row.union_name_key = only_code.union_name_key
