-- one row per person of a list of the retired: since when, and whether the list leaves that open
select
    id_token,
    min(from_on) as retired_on,
    count(from_on) < count(*) as is_undated
from stg_person_status
where status = '退休'
group by id_token
