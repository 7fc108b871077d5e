-- lines beside the lines of the other side that their list names, party by party and to the fen
-- one row per line and named line; a list counts when it adds up to its line, when it is met in
-- full and when exactly as many lines fit it as it has: those of one day and key, of one day where
-- no key has all of them, or of the window
with

target as (

    select
        match_pass.pairing_no,
        match_pass.place,
        match_pass.side,
        match_pass.day,
        match_slot.window_days
    from match_pass
    inner join match_slot on match_pass.pairing_no = match_slot.pairing_no
    inner join (
        select
            place,
            sum(amount) as amount
        from match_list
        group by place
        having count(*) > 1 and count(*) = count(party_id)
    ) as listed
        on match_pass.place = listed.place and match_pass.amount = listed.amount

),

member as (

    select
        target.pairing_no,
        target.place as target_place,
        target.side,
        target.day,
        target.window_days,
        coalesce(match_full_name.full_id, match_list.party_id) as party,
        match_list.amount,
        count(*) as lines
    from target
    inner join match_list on target.place = match_list.place
    left join match_full_name
        on
            match_list.pairing_no = match_full_name.pairing_no
            and match_list.party_id = match_full_name.party_id
    group by
        target.pairing_no, target.place, target.side, target.day, target.window_days,
        coalesce(match_full_name.full_id, match_list.party_id), match_list.amount

),

met as (

    select
        member.target_place,
        member.lines,
        match_open.place,
        match_open.party,
        match_open.amount,
        cast(match_open.day as varchar) as day,
        coalesce(match_open.shared_key, '') as shared_key
    from member
    inner join match_open
        on
            member.pairing_no = match_open.pairing_no
            and member.party = match_open.party
            and member.amount = match_open.amount
    where
        member.side <> match_open.side
        and abs(date_diff('day', member.day, match_open.day)) <= member.window_days

),

placed as (  -- what fits, by day and key, by day, and all of it

    select
        met.*,
        1 as width,
        met.day || '|' || met.shared_key as batch
    from met
    union all
    select
        met.*,
        2 as width,
        met.day as batch
    from met
    union all
    select
        met.*,
        3 as width,
        '' as batch
    from met

),

found as (

    select
        target_place,
        width,
        batch,
        party,
        amount,
        count(*) = min(lines) as is_exact
    from placed
    group by target_place, width, batch, party, amount

),

wanted as (

    select
        target_place,
        count(*) as members
    from member
    group by target_place

),

whole as (  -- what has all of the list and no more of it

    select
        found.target_place,
        found.width,
        found.batch
    from found
    inner join wanted on found.target_place = wanted.target_place
    where found.is_exact
    group by found.target_place, found.width, found.batch, wanted.members
    having count(*) = wanted.members

),

sole as (

    select
        target_place,
        width,
        min(batch) as batch
    from whole
    group by target_place, width
    having count(*) = 1

),

narrowest as (

    select
        target_place,
        min(width) as width
    from sole
    group by target_place

),

claim as (

    select
        placed.target_place,
        placed.place
    from placed
    inner join sole
        on
            placed.target_place = sole.target_place
            and placed.width = sole.width
            and placed.batch = sole.batch
    inner join narrowest
        on sole.target_place = narrowest.target_place and sole.width = narrowest.width

),

contested as (

    select place
    from claim
    group by place
    having count(*) > 1

),

unclear as (

    select distinct claim.target_place
    from claim
    inner join contested on claim.place = contested.place

)

select
    claim.target_place,
    claim.place
from claim
left join unclear on claim.target_place = unclear.target_place
where unclear.target_place is null
