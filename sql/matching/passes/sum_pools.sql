-- for every line that may be a sum: the smaller lines of the other side near enough, with the same
-- key and sign; one row per line and member (match_day_step: minus the window to plus the window)
with

target as (

    select
        match_pass.side as target_side,
        match_pass.line_id as target_id,
        match_pass.amount,
        match_pass.match_key,
        match_pass.day + match_day_step.days as day
    from match_pass
    cross join match_day_step
    where match_pass.is_target

)

select
    target.target_side,
    target.target_id,
    member.line_id,
    cast(abs(target.amount) * 100 as bigint) as target_fen,
    cast(abs(member.amount) * 100 as bigint) as fen,
    member.day,
    member.reference,
    member.shared_key
from target
inner join match_pass as member
    on
        target.match_key = member.match_key
        and target.day = member.day
        and sign(target.amount) = sign(member.amount)
where target.target_side <> member.side and abs(member.amount) < abs(target.amount)
