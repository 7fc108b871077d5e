-- keys on both sides whose lines did not match by it: one row per key
select
    pairing_no,
    match_key,
    min(case when side = 'a' then place end) as part_place
from match_pass
group by pairing_no, match_key
having
    count(case when side = 'a' then 1 end) > 0
    and count(case when side = 'b' then 1 end) > 0
