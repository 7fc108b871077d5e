-- pairs of lines of one amount, near enough in days, that do not state different parties
-- lines without a party may be anybody's; the steps of days give the joins an equality
with

reach as (

    select
        match_pass.pairing_no,
        match_pass.place,
        match_pass.amount,
        match_pass.party,
        match_pass.day + match_day_step.days as day
    from match_pass
    inner join match_day_step on match_pass.pairing_no = match_day_step.pairing_no
    where match_pass.side = 'a'

),

line as (

    select
        pairing_no,
        place,
        amount,
        party,
        day
    from match_pass
    where side = 'b'

)

select
    reach.pairing_no,
    reach.place as a_place,
    line.place as b_place
from reach
inner join line
    on
        reach.pairing_no = line.pairing_no
        and reach.amount = line.amount
        and reach.day = line.day
where reach.party is null or line.party is null
union all
select
    reach.pairing_no,
    reach.place as a_place,
    line.place as b_place
from reach
inner join line
    on
        reach.pairing_no = line.pairing_no
        and reach.amount = line.amount
        and reach.day = line.day
        and reach.party = line.party
union all
select
    reach.pairing_no,
    reach.place as a_place,
    line.place as b_place
from reach
inner join match_alike
    on reach.pairing_no = match_alike.pairing_no and reach.party = match_alike.party_id
inner join line
    on
        reach.pairing_no = line.pairing_no
        and reach.amount = line.amount
        and reach.day = line.day
        and match_alike.full_id = line.party
union all
select
    reach.pairing_no,
    reach.place as a_place,
    line.place as b_place
from reach
inner join match_alike
    on reach.pairing_no = match_alike.pairing_no and reach.party = match_alike.full_id
inner join line
    on
        reach.pairing_no = line.pairing_no
        and reach.amount = line.amount
        and reach.day = line.day
        and match_alike.party_id = line.party
