-- keys and amounts with one line on each side, near enough: one row per pair
-- is_torn: the two lines state different parties
with

pair as (

    select
        pairing_no,
        min(case when side = 'a' then place end) as a_place,
        min(case when side = 'b' then place end) as b_place,
        min(day) as first_day,
        max(day) as last_day,
        min(party) as one_party,
        max(party) as other_party
    from match_pass
    group by pairing_no, match_key, amount
    having count(*) = 2 and count(case when side = 'a' then 1 end) = 1

)

select
    pair.pairing_no,
    pair.a_place,
    pair.b_place,
    coalesce(pair.one_party <> pair.other_party, false)
    and shorter.party_id is null
    and longer.party_id is null as is_torn
from pair
inner join match_slot on pair.pairing_no = match_slot.pairing_no
left join match_alike as shorter
    on
        pair.pairing_no = shorter.pairing_no
        and pair.one_party = shorter.party_id
        and pair.other_party = shorter.full_id
left join match_alike as longer
    on
        pair.pairing_no = longer.pairing_no
        and pair.one_party = longer.full_id
        and pair.other_party = longer.party_id
where date_diff('day', pair.first_day, pair.last_day) <= match_slot.window_days
