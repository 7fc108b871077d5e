-- a line cancelled by the next opposite one of the same key and size, where every line of the
-- component has its own day: one row per pair; the cancelled line comes first
-- (match_pass holds one side's lines; its side is the sign of the amount)
with

line as (

    select
        match_pass.line_id,
        match_pass.side,
        match_pass.day,
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

clear_part as (  -- components without two lines on one day

    select part_line_id
    from line
    group by part_line_id
    having max(same_day) = 1

),

neighbour as (

    select
        line.line_id,
        line.side,
        line.day,
        line.part_line_id,
        lag(line.side) over (
            partition by line.part_line_id order by line.day asc
        ) as last_side,
        lag(line.day) over (
            partition by line.part_line_id order by line.day asc
        ) as last_day,
        lag(line.line_id) over (
            partition by line.part_line_id order by line.day asc
        ) as last_line_id
    from line
    inner join clear_part on line.part_line_id = clear_part.part_line_id

),

run as (  -- a run alternates: + - + -

    select
        neighbour.*,
        sum(
            case
                when
                    last_side <> side
                    and date_diff('day', last_day, day) <= $window_days
                    then 0
                else 1
            end
        ) over (
            partition by part_line_id
            order by day asc
            rows between unbounded preceding and current row
        ) as run_no
    from neighbour

),

placed as (

    select
        run.*,
        row_number() over (partition by part_line_id, run_no order by day asc) as place
    from run

)

select
    last_line_id as a_line_id,
    line_id as b_line_id
from placed
where place % 2 = 0
