-- lines of unbalanced components with two lines on one day: which one was cancelled stays open
with

line as (

    select
        match_pass.line_id,
        match_component.part_line_id,
        count(*) over (
            partition by match_component.part_line_id, match_pass.day
        ) as same_day
    from match_component
    inner join match_pass
        on
            match_component.side = match_pass.side
            and match_component.line_id = match_pass.line_id
    where not match_component.is_balanced

),

tied_part as (

    select part_line_id
    from line
    group by part_line_id
    having max(same_day) > 1

)

select
    line.line_id,
    line.part_line_id
from line
inner join tied_part on line.part_line_id = tied_part.part_line_id
