-- lines of keys and amounts with more than one line on a side, and some on both
with

crowded as (

    select
        match_key,
        amount
    from match_pass
    group by match_key, amount
    having
        count(*) > 2
        and count(case when side = 'a' then 1 end) > 0
        and count(case when side = 'b' then 1 end) > 0

)

select
    match_pass.side,
    match_pass.line_id,
    match_pass.day,
    match_pass.match_key,
    match_pass.amount
from match_pass
inner join crowded
    on match_pass.match_key = crowded.match_key and match_pass.amount = crowded.amount
