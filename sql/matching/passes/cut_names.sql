-- names that no register knows and that may be cut off: one row per name and pairing
select
    pairing_no,
    party_id,
    party_name
from match_party
where party_id like 'N:%' and length(party_name) >= 6
