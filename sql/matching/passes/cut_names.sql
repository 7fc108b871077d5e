-- names that no register knows and that may be cut off: one row per name and pairing
select distinct
    pairing_no,
    stated_id as party_id,
    coalesce(given_name, substr(stated_id, 3)) as party_name
from match_input
where stated_id like 'N:%' and length(coalesce(given_name, substr(stated_id, 3))) >= 6
