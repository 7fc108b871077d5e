-- sets and lines of match_total that nothing simpler explains: the line has no single counterpart
-- of its party and amount within the window, and at least one line of the set has none either; of
-- whole hundreds, which come about by chance, none has one, save where the key is a number
with

involved as (

    select
        match_total.pairing_no,
        match_total.set_place,
        match_total.place as target_place,
        match_pass.place,
        false as is_target
    from match_total
    inner join match_pass
        on
            match_total.pairing_no = match_pass.pairing_no
            and match_total.set_side = match_pass.side
            and match_total.match_key = match_pass.match_key
    union all
    select
        pairing_no,
        set_place,
        place as target_place,
        place,
        true as is_target
    from match_total

),

placed as (

    select
        involved.pairing_no,
        involved.set_place,
        involved.target_place,
        involved.is_target,
        involved.place,
        match_open.side,
        match_open.day,
        match_open.amount,
        match_open.party,
        match_slot.window_days,
        match_slot.has_number
    from involved
    inner join match_open on involved.place = match_open.place
    inner join match_slot on involved.pairing_no = match_slot.pairing_no

),

single as (

    select distinct placed.place
    from placed
    inner join match_open as other
        on
            placed.pairing_no = other.pairing_no
            and placed.party = other.party
            and placed.amount = other.amount
    where
        placed.side <> other.side
        and abs(date_diff('day', placed.day, other.day)) <= placed.window_days

)

select
    placed.set_place,
    placed.target_place
from placed
left join single on placed.place = single.place
group by placed.set_place, placed.target_place
having
    count(case when placed.is_target and single.place is not null then 1 end) = 0
    and count(case when not placed.is_target and single.place is null then 1 end)
    >= max(
        case
            when placed.is_target and not placed.has_number and placed.amount % 100 = 0 then 1
            else 0
        end
    ) * (count(*) - 2) + 1
