-- lines of unbalanced components with two lines on one day: which one was cancelled stays open
with

line as (

    select
        match_pass.place,
        match_component.part_place,
        count(*) over (
            partition by match_component.part_place, match_pass.day
        ) as same_day
    from match_component
    inner join match_pass
        on match_component.place = match_pass.place
    where not match_component.is_balanced

),

tied_part as (

    select part_place
    from line
    group by part_place
    having max(same_day) > 1

)

select
    line.place,
    line.part_place
from line
inner join tied_part on line.part_place = tied_part.part_place
