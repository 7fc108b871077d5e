-- lists of persons with a status: one row per source row
select
    row_id,
    id_no,
    id_no_token as id_token,
    name,
    status,
    from_on,
    to_on,
    trade,
    level,
    source
from src_person_status
