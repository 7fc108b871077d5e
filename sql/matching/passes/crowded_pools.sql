-- lines with more lines of the other side, their key and sign around them than $most_around
with

day_count as (

    select
        pairing_no,
        match_key,
        side,
        day,
        sign(amount) as sign_,
        count(*) as lines
    from match_pass
    group by pairing_no, match_key, side, day, sign(amount)

),

around as (

    select
        target.pairing_no,
        target.match_key,
        target.side,
        target.day,
        target.sign_,
        sum(other.lines) as lines
    from day_count as target
    inner join match_day_step on target.pairing_no = match_day_step.pairing_no
    inner join day_count as other
        on
            target.pairing_no = other.pairing_no
            and target.match_key = other.match_key
            and target.day + match_day_step.days = other.day
            and target.sign_ = other.sign_
    where target.side <> other.side
    group by target.pairing_no, target.match_key, target.side, target.day, target.sign_
    having sum(other.lines) > $most_around

)

select
    match_pass.place,
    cast(around.lines as bigint) as lines
from match_pass
inner join around
    on
        match_pass.pairing_no = around.pairing_no
        and match_pass.match_key = around.match_key
        and match_pass.side = around.side
        and match_pass.day = around.day
        and sign(match_pass.amount) = around.sign_
where match_pass.is_target
