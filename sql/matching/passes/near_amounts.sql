-- pairs of one key, near enough in days, whose amounts differ by no more than the tolerance and
-- whose lines do not state different parties
-- buckets as wide as the tolerance give the join an equality: neighbours lie at most one bucket off
with

bucketed as (

    select
        match_pass.pairing_no,
        match_pass.side,
        match_pass.place,
        match_pass.day,
        match_pass.amount,
        match_pass.party,
        match_pass.match_key,
        match_slot.width_fen,
        match_slot.tolerance,
        match_slot.window_days,
        cast(match_pass.amount * 100 as bigint) as fen
    from match_pass
    inner join match_slot on match_pass.pairing_no = match_slot.pairing_no
    where
        not exists (
            select 1 from match_doubt
            where match_doubt.pass_no <= 3 and match_doubt.place = match_pass.place
        )

),

line as (

    select
        bucketed.*,
        fen - fen % width_fen as bucket
    from bucketed

),

step as (

    select -1 as step
    union all
    select 0 as step
    union all
    select 1 as step

),

reach as (

    select
        line.pairing_no,
        line.place,
        line.day,
        line.amount,
        line.party,
        line.match_key,
        line.tolerance,
        line.window_days,
        line.bucket + step.step * line.width_fen as bucket
    from line
    cross join step
    where line.side = 'a'

)

select distinct
    reach.pairing_no,
    reach.place as a_place,
    line.place as b_place
from reach
inner join line
    on
        reach.pairing_no = line.pairing_no
        and reach.match_key = line.match_key
        and reach.bucket = line.bucket
where
    line.side = 'b'
    and abs(reach.amount - line.amount) <= reach.tolerance
    and sign(reach.amount) = sign(line.amount)
    and abs(date_diff('day', reach.day, line.day)) <= reach.window_days
    and coalesce(reach.party = line.party, true)
