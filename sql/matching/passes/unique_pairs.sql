-- keys and amounts with one line on each side, near enough: one row per pair
select
    min(case when side = 'a' then line_id end) as a_line_id,
    min(case when side = 'b' then line_id end) as b_line_id
from match_pass
group by match_key, amount
having
    count(*) = 2
    and count(case when side = 'a' then 1 end) = 1
    and date_diff('day', min(day), max(day)) <= $window_days
