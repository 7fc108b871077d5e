-- lines of keys and amounts with more than one line on a side, and some on both
with

crowded as (

    select
        pairing_no,
        match_key,
        amount
    from match_pass
    group by pairing_no, match_key, amount
    having
        count(*) > 2
        and count(case when side = 'a' then 1 end) > 0
        and count(case when side = 'b' then 1 end) > 0

)

select
    match_pass.pairing_no,
    match_pass.side,
    match_pass.place,
    match_pass.day,
    match_pass.match_key,
    match_pass.amount,
    match_pass.party,
    match_slot.window_days
from match_pass
inner join crowded
    on
        match_pass.pairing_no = crowded.pairing_no
        and match_pass.match_key = crowded.match_key
        and match_pass.amount = crowded.amount
inner join match_slot on match_pass.pairing_no = match_slot.pairing_no
