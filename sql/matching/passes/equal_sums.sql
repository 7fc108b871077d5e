-- keys whose lines add up to the same on both sides: one row per key
-- where both sides state parties, they are the same ones; where the key is no number of their own
-- (a day, an account), all lines state one party at most
with

equal as (

    select
        pairing_no,
        match_key,
        min(case when side = 'a' then place end) as part_place
    from match_pass
    group by pairing_no, match_key
    having
        count(case when side = 'a' then 1 end) > 0
        and count(case when side = 'b' then 1 end) > 0
        and sum(case when side = 'a' then amount end) = sum(case when side = 'b' then amount end)
        and sum(case when side = 'a' then amount end) <> 0

),

stated as (

    select
        match_pass.pairing_no,
        match_pass.match_key,
        match_pass.party,
        count(case when match_pass.side = 'a' then 1 end) as a_lines,
        count(case when match_pass.side = 'b' then 1 end) as b_lines
    from match_pass
    inner join equal
        on match_pass.pairing_no = equal.pairing_no and match_pass.match_key = equal.match_key
    where match_pass.party is not null
    group by match_pass.pairing_no, match_pass.match_key, match_pass.party

),

torn as (

    select
        stated.pairing_no,
        stated.match_key
    from stated
    inner join match_slot on stated.pairing_no = match_slot.pairing_no
    group by stated.pairing_no, stated.match_key, match_slot.has_number
    having
        (sum(a_lines) > 0 and sum(b_lines) > 0 and min(least(a_lines, b_lines)) = 0)
        or (not match_slot.has_number and count(*) > 1)

)

select
    equal.pairing_no,
    equal.match_key,
    equal.part_place
from equal
left join torn on equal.pairing_no = torn.pairing_no and equal.match_key = torn.match_key
where torn.match_key is null
