-- for every line that may be a sum: the smaller lines of the other side near enough, with the same
-- key and sign, not of another party; one row per line and member (match_day_step: minus the window
-- to plus the window); what the members have in common (set_key) makes pools of their own
-- match_crowded_pool: lines with so many lines around them that nobody looks further
with

target as (

    select
        match_pass.pairing_no,
        match_pass.side,
        match_pass.place,
        match_pass.amount,
        match_pass.party,
        match_pass.match_key,
        match_pass.day + match_day_step.days as day
    from match_pass
    inner join match_day_step on match_pass.pairing_no = match_day_step.pairing_no
    left join match_crowded_pool on match_pass.place = match_crowded_pool.place
    where match_pass.is_target and match_crowded_pool.place is null

)

select
    target.place as target_place,
    member.place,
    member.set_key,
    cast(abs(target.amount) * 100 as bigint) as target_fen,
    cast(abs(member.amount) * 100 as bigint) as fen,
    member.day,
    member.reference,
    member.shared_key,
    case when member.is_of_one_party then member.party end as party
from target
inner join match_pass as member
    on
        target.pairing_no = member.pairing_no
        and target.match_key = member.match_key
        and target.day = member.day
        and sign(target.amount) = sign(member.amount)
where
    target.side <> member.side
    and abs(member.amount) < abs(target.amount)
    and coalesce(target.party = member.party, true)
