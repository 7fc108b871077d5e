-- one row per party with a union in being on the as-of day: since when, and whether any of its
-- unions has an account that is open by then
select
    party_id,
    min(founded_on) as founded_on,
    bool_or(has_account and account_opened_on <= $as_of) as has_open_account,
    min(union_name) as union_name,
    min(row_id) as row_id
from stg_union
where
    party_id is not null
    and founded_on <= $as_of
    and (dissolved_on is null or dissolved_on > $as_of)
group by party_id
