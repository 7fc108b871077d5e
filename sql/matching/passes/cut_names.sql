-- names that no register knows and that may be cut off: one row per name and pairing
select distinct
    pairing_no,
    stated_id as party_id,
    party_name
from match_input
where stated_id like 'N:%' and length(party_name) >= 6
