-- lines of one side that share a key, beside single lines of the other that are their sum: one row
-- per set and line; all lines of the set lie near the line, and no two parties are stated
with

one_set as (

    select
        pairing_no,
        match_key,
        side,
        min(place) as set_place,
        sum(amount) as amount,
        min(day) as first_day,
        max(day) as last_day,
        max(party) as party
    from match_pass
    group by pairing_no, match_key, side
    having
        count(*) > 1
        and min(sign(amount)) = max(sign(amount))
        and coalesce(min(party) = max(party), true)

),

reach as (

    select
        one_set.*,
        one_set.first_day + match_day_step.days as day
    from one_set
    inner join match_day_step on one_set.pairing_no = match_day_step.pairing_no

)

select
    reach.pairing_no,
    reach.set_place,
    reach.match_key,
    reach.side as set_side,
    match_open.place
from reach
inner join match_slot on reach.pairing_no = match_slot.pairing_no
inner join match_open
    on
        reach.pairing_no = match_open.pairing_no
        and reach.amount = match_open.amount
        and reach.day = match_open.day
where
    reach.side <> match_open.side
    and abs(date_diff('day', reach.last_day, match_open.day)) <= match_slot.window_days
    and (
        reach.party = match_open.party
        or not match_slot.needs_party and (reach.party is null or match_open.party is null)
    )
