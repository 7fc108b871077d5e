-- labour contracts of union staff: one row per source row
-- a person is known by number, else by the only number that stands beside the name, else by name
with

only_number as (

    select
        name,
        min(id_no_token) as id_no_token
    from src_labour_contract
    group by name
    having count(distinct id_no_token) = 1

)

select
    source.row_id,
    source.name,
    source.id_no,
    coalesce(source.id_no_token, only_number.id_no_token, 'N:' || source.name) as person_key,
    source.starts_on,
    source.ends_on,
    source.last_paid_month,
    source.appraisal
from src_labour_contract as source
left join only_number on source.name = only_number.name
