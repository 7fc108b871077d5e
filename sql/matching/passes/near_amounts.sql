-- pairs of one key, near enough in days, whose amounts differ by no more than the tolerance
-- buckets as wide as the tolerance give the join an equality: neighbours lie at most one bucket off
with

bucketed as (

    select
        side,
        line_id,
        day,
        amount,
        match_key,
        cast(amount * 100 as bigint) as fen
    from match_pass

),

line as (

    select
        side,
        line_id,
        day,
        amount,
        match_key,
        fen - fen % $width_fen as bucket
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
        line.line_id,
        line.day,
        line.amount,
        line.match_key,
        line.bucket + step.step * $width_fen as bucket
    from line
    cross join step
    where line.side = 'a'

)

select distinct
    reach.line_id as a_line_id,
    line.line_id as b_line_id
from reach
inner join line on reach.match_key = line.match_key and reach.bucket = line.bucket
where
    line.side = 'b'
    and abs(reach.amount - line.amount) <= $tolerance
    and sign(reach.amount) = sign(line.amount)
    and abs(date_diff('day', reach.day, line.day)) <= $window_days
