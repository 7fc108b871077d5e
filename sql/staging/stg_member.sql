-- member rolls: one row per source row, with the union and who the person is (by number, else by
-- name); has_left: the row says that the person left and not when
select
    source.row_id,
    coalesce(by_name.union_key, 'U:' || source.union_name_key) as union_key,
    source.union_name,
    by_name.union_key is not null as is_registered,
    source.name,
    source.id_no,
    source.id_no_token as id_token,
    coalesce(source.id_no_token, 'N:' || source.name) as person_key,
    source.joined_on,
    source.left_on,
    coalesce(source.status, '') as status,
    source.left_on is null
    and coalesce(
        regexp_matches(source.status, '退会|除名|开除|注销|转出|离会|死亡|去世|已故'), false
    ) as has_left,
    source.source
from src_member as source
left join int_union_name as by_name on source.union_name_key = by_name.union_name_key
