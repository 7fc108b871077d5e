-- lines beside the lines of the other side that their list names, party by party and to the fen
-- one row per line and named line; a list counts when it adds up to its line, when it is met in
-- full and when exactly as many lines fit it as it has: those of one day and key, where these have
-- all of them
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
        cast(match_open.day as varchar) || '|' || coalesce(match_open.shared_key, '') as batch
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

wanted as (

    select
        target_place,
        count(*) as members
    from member
    group by target_place

),

found_in_batch as (

    select
        target_place,
        batch,
        party,
        amount,
        count(*) = min(lines) as is_exact
    from met
    group by target_place, batch, party, amount

),

whole_batch as (  -- a day and key that has all of the list and no more of it

    select
        found_in_batch.target_place,
        found_in_batch.batch
    from found_in_batch
    inner join wanted on found_in_batch.target_place = wanted.target_place
    where found_in_batch.is_exact
    group by found_in_batch.target_place, found_in_batch.batch, wanted.members
    having count(*) = wanted.members

),

one_batch as (

    select
        target_place,
        min(batch) as batch
    from whole_batch
    group by target_place
    having count(*) = 1

),

found_at_all as (

    select
        target_place,
        party,
        amount,
        count(*) = min(lines) as is_exact
    from met
    group by target_place, party, amount

),

whole_list as (

    select found_at_all.target_place
    from found_at_all
    inner join wanted on found_at_all.target_place = wanted.target_place
    where found_at_all.is_exact
    group by found_at_all.target_place, wanted.members
    having count(*) = wanted.members

),

claim as (

    select
        met.target_place,
        met.place
    from met
    left join one_batch on met.target_place = one_batch.target_place
    left join whole_list on met.target_place = whole_list.target_place
    where
        met.batch = one_batch.batch
        or one_batch.target_place is null and whole_list.target_place is not null

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
