-- one row per row of a member roll whose person is a member on the as-of day
select
    row_id,
    union_key,
    union_name,
    name,
    id_no,
    id_token,
    person_key,
    joined_on,
    status,
    source
from stg_member
where
    not has_left
    and (joined_on is null or joined_on <= $as_of)
    and (left_on is null or left_on >= $as_of)
