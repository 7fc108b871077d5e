-- lines of crowded components that no line of the other side can be: their party is known there
-- and every line of the other side within the component has another known party
with

line as (

    select
        match_component.side,
        match_component.line_id,
        match_component.part_line_id,
        match_open.party_id,
        match_open.is_known,
        count(case when not match_open.is_known and match_component.side = 'a' then 1 end)
            over (partition by match_component.part_line_id) as a_unknown,
        count(case when not match_open.is_known and match_component.side = 'b' then 1 end)
            over (partition by match_component.part_line_id) as b_unknown,
        count(case when match_component.side = 'a' then 1 end)
            over (partition by match_component.part_line_id, match_open.party_id) as a_same,
        count(case when match_component.side = 'b' then 1 end)
            over (partition by match_component.part_line_id, match_open.party_id) as b_same
    from match_component
    inner join match_open
        on
            match_component.side = match_open.side
            and match_component.line_id = match_open.line_id

)

select
    side,
    line_id
from line
where
    is_known
    and case when side = 'a' then b_unknown + b_same else a_unknown + a_same end = 0
