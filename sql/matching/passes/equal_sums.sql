-- keys whose lines add up to the same on both sides: one row per key
select
    match_key,
    min(case when side = 'a' then line_id end) as part_line_id
from match_pass
group by match_key
having
    count(case when side = 'a' then 1 end) > 0
    and count(case when side = 'b' then 1 end) > 0
    and sum(case when side = 'a' then amount end) = sum(case when side = 'b' then amount end)
    and sum(case when side = 'a' then amount end) <> 0
