-- names that are cut off and can be one longer name only
select
    pairing_no,
    party_id,
    min(full_id) as full_id
from match_alike
group by pairing_no, party_id
having count(*) = 1
